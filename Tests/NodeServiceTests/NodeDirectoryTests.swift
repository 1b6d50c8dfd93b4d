import Foundation
import NodeService
import SystemCalls
import TestSupport
import Testing

@Suite struct NodeDirectoryTests {
    @Test func `a new directory is closed to others and may be made twice`() throws {
        let parent = try TemporaryDirectory()
        let directory = NodeDirectory(path: parent.file("node"))
        #expect(throws: SetupError.missing(path: directory.path, what: "node directory")) { try directory.check() }
        try directory.create()
        try directory.create()
        #expect(try FileFacts(ofPath: directory.path).permissions == 0o700)
        #expect(directory.journal == directory.path + "/journal.sqlite")
    }

    @Test(arguments: [
        (28, 74, "make room"), (30, 74, "mounted read-only"), (13, 73, "may write to it"), (2, 73, "above it"),
    ])
    func `what cannot be made is told with its own remedy and status`(code: Int32, status: Int32, remedy: String) {
        // ENOSPC, EROFS, EACCES and ENOENT.
        let error = SetupError.cannotCreate(SystemError(attempt: "create", object: "x", code: code))
        #expect(error.exitStatus == status && error.description.contains("; hint: "))
        #expect(error.description.contains(remedy))
    }

    @Test(arguments: [0o750, 0o705, 0o777])
    func `a directory that others may enter is refused with the command that closes it`(mode: Int) throws {
        let parent = try TemporaryDirectory()
        try parent.setMode(mode, of: parent.path)
        let error = try #require(setupError { try NodeDirectory(path: parent.path).check() })
        #expect(error.description.hasSuffix("hint: run `chmod 700 \(parent.path)`"))
        #expect(setupError { try NodeDirectory(path: parent.path).create() } == error)
    }

    @Test func `a file in its place is refused and a link to a directory is followed`() throws {
        let parent = try TemporaryDirectory()
        let file = try parent.write([], to: "file")
        #expect(throws: SetupError.wrongKind(path: file, expected: "directory")) {
            try NodeDirectory(path: file).check()
        }
        try NodeDirectory(path: parent.file("node")).create()
        try FileManager.default.createSymbolicLink(
            atPath: parent.file("link"),
            withDestinationPath: parent.file("node")
        )
        try NodeDirectory(path: parent.file("link")).check()
    }

    @Test(.enabled(if: CurrentProcess.user == 0, "needs the right to give a directory away"))
    func `a directory of another user is refused`() throws {
        let parent = try TemporaryDirectory()
        let directory = NodeDirectory(path: parent.file("node"))
        try directory.create()
        try FileManager.default.setAttributes([.ownerAccountID: 65_534], ofItemAtPath: directory.path)
        #expect(throws: SetupError.foreign(path: directory.path, owner: 65_534, user: 0)) { try directory.check() }
    }
}

@Suite struct ProcessHardeningTests {
    @Test func `a hardened process crashes without a word and makes private files`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path
        let result = await #expect(
            processExitsWith: .failure,
            observing: [\.standardErrorContent]
        ) { [path = path as String] in
            for shortfall in ProcessHardening.apply() { print(shortfall) }
            #expect(CurrentProcess.hasDefaultCrashSignals)
            try Data([1]).write(to: URL(filePath: path + "/file"))
            try Data([1]).write(to: URL(filePath: path + "/done"))
            let numbers = [0, 1, 2].filter { $0 > 5 }
            _ = numbers[3]
        }
        #expect(FileManager.default.fileExists(atPath: path + "/done"))
        #expect(try FileFacts(ofPath: path + "/file").isClosedToOthers)
        let spoken = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(!spoken.contains("Registers") && !spoken.contains("Backtrace"))
    }

    @Test func `every warning says what to do`() {
        let all: [ProcessHardening.Shortfall] = [
            .coreFilesAllowed(reason: "x"), .memoryReadable(reason: "x"), .memoryNotLocked, .fewOpenFiles(limit: 64),
        ]
        #expect(all.allSatisfy { $0.description.contains("; hint: ") })
    }
}
