import Foundation
import NodeStore
import SystemCalls
import TestSupport
import Testing

@Suite struct JournalFailureTests {
    @Test func `after a failed append nothing is appended any more and reading goes on`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("journal.sqlite")
        do {
            let journal = try directory.journal(maximumPages: 20)
            _ = try journal.append([someEntry(1)])
            #expect(throws: StoreError.diskFull(path: path)) {
                try journal.append([someEntry(2), someEntry(3, count: 200_000)])
            }
            #expect(journal.failure == .diskFull(path: path))
            #expect(throws: StoreError.stopped(after: .diskFull(path: path))) { try journal.append([someEntry(4)]) }
            #expect(journal.count == 1)
            #expect(try journal.allRows().map(\.entry) == [someEntry(1)])
            #expect(try journal.item(digest(1)) != nil)
            #expect(try journal.item(digest(2)) == nil)
        }
        let journal = try directory.journal()
        #expect(try journal.allRows().map(\.entry) == [someEntry(1)])
        #expect(try journal.append([someEntry(2)]) == 2...2)
    }

    @Test(.enabled(if: SmallDisk.isAvailable, "needs the right to mount a file system"))
    func `a full disk stops the journal and loses nothing that was acknowledged`() throws {
        let disk = try SmallDisk(kilobytes: 300)
        let path = disk.path + "/journal.sqlite"
        var acknowledged = 0
        do {
            let journal = try Journal(at: path, owner: someOwner(), key: someKey(), makesMissing: true)
            let error = storeError {
                for number in 1...1000 {
                    _ = try journal.append([someEntry(number, count: 1000)])
                    acknowledged = number
                }
            }
            #expect(error == .diskFull(path: path))
            #expect(throws: StoreError.stopped(after: .diskFull(path: path))) { try journal.append([someEntry(5000)]) }
            #expect(try journal.allRows().count == acknowledged)
        }
        #expect(acknowledged > 10)
        let rows = try Journal(at: path, owner: someOwner(), key: someKey(), makesMissing: false).allRows()
        #expect(rows.map(\.entry) == (1...acknowledged).map { someEntry($0, count: 1000) })
    }

    @Test(.enabled(if: SmallDisk.isAvailable, "needs the right to mount a file system"))
    func `on a disk mounted read-only a journal is opened for reading, with what is in its log`() throws {
        let directory = try TemporaryDirectory()
        let writer = try directory.journal()
        _ = try writer.append((1...5).map { someEntry($0) })
        let disk = try SmallDisk(kilobytes: 500)
        // As a crash leaves it: what was appended stands in the write-ahead log only.
        for name in ["journal.sqlite", "journal.sqlite-wal"] {
            try FileManager.default.copyItem(atPath: directory.file(name), toPath: disk.path + "/" + name)
        }
        let path = disk.path + "/journal.sqlite"
        try disk.makeReadOnly()
        let journal = try Journal(at: path, owner: someOwner(), key: someKey(), makesMissing: false)
        #expect(journal.failure == .readOnlyDisk(path: path))
        #expect(try journal.allRows().map(\.entry) == (1...5).map { someEntry($0) })
        #expect(throws: StoreError.stopped(after: .readOnlyDisk(path: path))) { try journal.append([someEntry(6)]) }
        #expect(throws: StoreError.readOnlyDisk(path: disk.path + "/new")) {
            try Journal(at: disk.path + "/new", owner: someOwner(), key: someKey(), makesMissing: true)
        }
        #expect(throws: StoreError.otherOwner(path: path, found: try someOwner(), expected: try someOwner(charter: 8)))
        {
            try Journal(at: path, owner: someOwner(charter: 8), key: someKey(), makesMissing: false)
        }
    }

    @Test(.enabled(if: SmallDisk.isAvailable, "needs the right to mount a file system"))
    func `a high-water file that could not be written is not tried again`() throws {
        let disk = try SmallDisk(kilobytes: 500)
        let path = disk.path + "/high-water"
        var mark = try HighWater(at: path, owner: someOwner(), journalNumber: 3)
        try disk.makeReadOnly()
        #expect(storeError { try mark.raise(to: 4) } == .readOnlyDisk(path: path))
        try disk.makeWritable()
        #expect(storeError { try mark.raise(to: 4) } == .stopped(after: .readOnlyDisk(path: path)))
        let number = mark.number
        #expect(number == 3)
        try disk.makeReadOnly()
        let later = try HighWater(at: path, owner: someOwner(), journalNumber: 9)
        let failure = later.failure
        #expect(failure == .readOnlyDisk(path: path))
    }

    @Test(.enabled(if: SmallDisk.isAvailable, "needs the right to mount a file system"))
    func `a directory on a full or read-only disk is locked all the same`() throws {
        let disk = try SmallDisk(kilobytes: 100)
        let path = disk.path + "/lock"
        func isLocked() -> Bool {
            let error = storeError { withExtendedLock(try DirectoryLock(file: path)) }
            return if case .directoryInUse = error { true } else { false }
        }
        withExtendedLock(try DirectoryLock(file: path))
        try disk.fill()
        do {
            let lock = try DirectoryLock(file: path)
            #expect(isLocked())
            withExtendedLock(lock)
        }
        try disk.makeReadOnly()
        let lock = try DirectoryLock(file: path)
        #expect(isLocked())
        withExtendedLock(lock)
    }

    @Test(.enabled(if: CurrentProcess.user != 0, "the superuser may write everywhere"))
    func `a file or directory without the right to write is refused`() throws {
        let directory = try TemporaryDirectory()
        do { _ = try directory.journal() }
        let path = directory.file("journal.sqlite")
        try directory.setMode(0o400, of: path)
        #expect(throws: StoreError.readOnly(path: path)) { try directory.journal() }
        try directory.setMode(0o600, of: path)
        try directory.setMode(0o500, of: directory.path)
        #expect(throws: StoreError.readOnly(path: directory.path)) { try directory.journal() }
        try directory.setMode(0o700, of: directory.path)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6])
    func `what was acknowledged survives kill -9 at any instant`(seed: Int) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, seed = seed as Int] in
            try appendUntilKilled(in: path, afterSeconds: 0.0071 * Double(seed))
        }
        let acknowledged = try Data(contentsOf: URL(filePath: path + "/acknowledged")).count
        let rows = try directory.journal(makesMissing: false).allRows()
        #expect(acknowledged > 0)
        #expect(rows.count >= 3 * acknowledged, "no acknowledged append is lost")
        #expect(rows.count.isMultiple(of: 3), "no append is there in part")
        #expect(rows.map(\.entry) == rows.indices.map { someEntry($0) })
    }
}

/// Appends three entries at a time and writes one byte to a file for each append that returned.
private func appendUntilKilled(in path: String, afterSeconds delay: Double) throws {
    let journal = try Journal(at: path + "/journal.sqlite", owner: someOwner(), key: someKey(), makesMissing: true)
    let acknowledgements = try OpenFile(path + "/acknowledged", for: .creating)
    for start in stride(from: 0, to: 3_000_000, by: 3) {
        _ = try journal.append((start..<start + 3).map { someEntry($0) })
        try acknowledgements.write([1])
        if start == 0 {
            Thread {
                Thread.sleep(forTimeInterval: delay)
                kill(getpid(), SIGKILL)
            }.start()
        }
    }
}

/// A file system of a few hundred kilobytes in memory.
private final class SmallDisk: Sendable {
    let path: String
    private let directory: TemporaryDirectory

    static let isAvailable = CurrentProcess.user == 0 && (try? SmallDisk(kilobytes: 100)) != nil

    init(kilobytes: Int) throws {
        directory = try TemporaryDirectory()
        path = directory.path
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k,mode=0700", "tmpfs", path)
    }

    func makeReadOnly() throws {
        try Self.run("mount", "-o", "remount,ro", path)
    }

    func makeWritable() throws {
        try Self.run("mount", "-o", "remount,rw", path)
    }

    /// Writes until nothing more fits.
    func fill() throws {
        let file = try OpenFile(path + "/filler", for: .creating)
        while (try? file.write(Array(repeating: 0, count: 512))) != nil {}
    }

    deinit {
        try? Self.run("umount", path)
    }

    private struct Refused: Error {}

    private static func run(_ command: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Refused() }
    }
}
