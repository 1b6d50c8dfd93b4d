import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite struct FileTests {
    @Test func `a new file has mode 0600 and is never made over another`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("new")
        try AtomicFile.create(path, content: [1, 2, 3])
        let facts = try FileFacts(ofPath: path)
        #expect(facts.kind == .regularFile && facts.size == 3)
        #expect(facts.permissions == 0o600 && facts.permissionsText == "0600" && facts.isClosedToOthers)
        #expect(facts.owner == CurrentProcess.user)
        #expect(reason { try AtomicFile.create(path, content: [4]) } == .alreadyExists)
        #expect(try directory.content(of: "new") == [1, 2, 3])
    }

    @Test func `a replaced file has the new content and the mode of a new file`() throws {
        let directory = try TemporaryDirectory()
        try directory.write([1], to: "file", mode: 0o644)
        try AtomicFile.replace(directory.file("file"), content: [2, 3])
        #expect(try directory.content(of: "file") == [2, 3])
        #expect(try FileFacts(ofPath: directory.file("file")).permissions == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["file"])
    }

    @Test func `a link is not followed`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("link")
        try directory.write([1], to: "target")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: directory.file("target"))
        #expect(try FileFacts(ofPath: path).kind == .symbolicLink)
        #expect(reason { _ = try OpenFile(path, for: .reading).path } == .symbolicLink)
        #expect(reason { _ = try OpenFile(path, for: .updating).path } == .symbolicLink)
        #expect(reason { _ = try OpenFile(path, for: .creating).path } == .alreadyExists)
    }

    @Test func `reading stops at the end or at the count asked for`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write([1, 2, 3], to: "file")
        #expect(try OpenFile(path, for: .reading).read(atMost: 10) == [1, 2, 3])
        #expect(try OpenFile(path, for: .reading).read(atMost: 2) == [1, 2])
        #expect(try OpenFile(path, for: .reading).read(atMost: 0) == [])
    }

    @Test func `a missing file and a wrong kind are told apart`() throws {
        let directory = try TemporaryDirectory()
        #expect(reason { _ = try FileFacts(ofPath: directory.file("none")) } == .notFound)
        #expect(reason { _ = try OpenFile(directory.file("none"), for: .reading).path } == .notFound)
        let path = try directory.write([], to: "file")
        #expect(reason { try Directories.synchronize(path) } == .notADirectory)
        #expect(try FileFacts(ofPath: directory.path).kind == .directory)
    }

    @Test func `one holder at a time has a lock`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lock")
        let first = try OpenFile(path, for: .updating)
        #expect(try first.lockExclusively() == true)
        let second = try OpenFile(path, for: .updating)
        #expect(try second.lockExclusively() == false)
        try first.overwrite(with: [1, 2])
        try first.overwrite(with: [3])
        #expect(try directory.content(of: "lock") == [3])
    }

    @Test func `a pipe in place of a file does not make the reader wait`() throws {
        let directory = try TemporaryDirectory()
        let mkfifo = try Process.run(URL(filePath: "/usr/bin/env"), arguments: ["mkfifo", directory.file("pipe")])
        mkfifo.waitUntilExit()
        #expect(try OpenFile(directory.file("pipe"), for: .reading).facts().kind == .other)
    }

    @Test func `a new directory is closed to others`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("inner")
        try Directories.create(path)
        #expect(try FileFacts(ofPath: path).permissions == 0o700)
        #expect(reason { try Directories.create(path) } == .alreadyExists)
        #expect(reason { try Directories.create(path + "/a/b") } == .notFound)
    }

    @Test(arguments: [("a", "."), ("/a", "/"), ("/a/b", "/a"), ("a/b/c", "a/b")])
    func `the parent of a path is what stands before the last slash`(path: String, parent: String) {
        #expect(Directories.parent(of: path) == parent)
    }

    @Test func `an error says what was attempted on what and why`() throws {
        let directory = try TemporaryDirectory()
        do {
            _ = try FileFacts(ofPath: directory.file("none"))
        } catch {
            #expect("\(error)" == "cannot examine \(directory.file("none")): No such file or directory")
        }
    }
}

@Suite struct CurrentProcessTests {
    @Test func `crash signals, core files and memory are closed in a process that asks for it`() async {
        await #expect(processExitsWith: .success) {
            CurrentProcess.resetCrashSignals()
            #expect(CurrentProcess.hasDefaultCrashSignals)
            try CurrentProcess.forbidCoreFiles()
            try CurrentProcess.forbidDumps()
            CurrentProcess.closeNewFilesToOthers()
            let limits = try String(contentsOfFile: "/proc/self/limits", encoding: .utf8)
            let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
            #expect(core?.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"])
            #expect(try FileFacts(ofPath: "/proc/self/environ").owner == 0)
        }
    }

    @Test func `the limit of open files is raised as far as it goes and never lowered`() async {
        await #expect(processExitsWith: .success) {
            let before = try CurrentProcess.raiseOpenFileLimit(to: 1)
            let after = try CurrentProcess.raiseOpenFileLimit(to: before + 1)
            #expect(after == before || after == before + 1)
            #expect(try CurrentProcess.raiseOpenFileLimit(to: 1) == after)
        }
    }
}

@Suite struct FileSystemTests {
    @Test func `a directory lies somewhere with room, and memory is told from a disk`() throws {
        let directory = try TemporaryDirectory()
        let facts = try FileSystemFacts(ofPath: directory.path)
        #expect(facts.freeBytes > 0 && facts.freeFiles != 0)
        #expect(throws: SystemError.self) { try FileSystemFacts(ofPath: directory.file("none")) }
        let shared = "/dev/shm"
        guard FileManager.default.fileExists(atPath: shared) else { return }
        #expect(try FileSystemFacts(ofPath: shared).place == .memory)
    }
}

/// Why a call failed; nil when it did not.
private func reason(_ body: () throws -> Void) -> SystemError.Reason? {
    do {
        try body()
        return nil
    } catch {
        return (error as? SystemError)?.reason
    }
}
