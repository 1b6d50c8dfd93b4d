import Foundation
import NodeStore
import SystemCalls
import TestSupport
import Testing

@Suite struct DirectoryLockTests {
    @Test func `a second holder is refused and told who holds the lock`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lock")
        let lock = try DirectoryLock(file: path)
        let error = try #require(storeError { withExtendedLock(try DirectoryLock(file: path)) })
        #expect(error == .directoryInUse(path: directory.path, process: Int(CurrentProcess.identifier)))
        #expect(error.description.contains("process \(CurrentProcess.identifier)"))
        #expect(error.exitStatus == 75)
        withExtendedLock(lock)
    }

    @Test func `who holds a lock can be seen without taking or making it`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lock")
        #expect(try DirectoryLock.holder(file: path).isHeld == false)
        #expect(!FileManager.default.fileExists(atPath: path))
        let lock = try DirectoryLock(file: path)
        let holder = try DirectoryLock.holder(file: path)
        #expect(holder.isHeld && holder.process == Int(CurrentProcess.identifier))
        withExtendedLock(lock)
    }

    @Test func `seeing that a lock is free leaves it free`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lock")
        withExtendedLock(try DirectoryLock(file: path))
        #expect(try DirectoryLock.holder(file: path).isHeld == false)
        withExtendedLock(try DirectoryLock(file: path))
    }

    @Test func `the lock ends with its holder and the file stays`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lock")
        withExtendedLock(try DirectoryLock(file: path))
        #expect(FileManager.default.fileExists(atPath: path))
        withExtendedLock(try DirectoryLock(file: path))
    }

    @Test func `the lock of a process killed with kill -9 is free`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lock")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let lock = try DirectoryLock(file: path)
            kill(getpid(), SIGKILL)
            withExtendedLock(lock)
        }
        withExtendedLock(try DirectoryLock(file: path))
    }

    @Test func `a link in place of the lock file is refused`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("lock")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: directory.file("other"))
        #expect(throws: StoreError.self) { withExtendedLock(try DirectoryLock(file: path)) }
        #expect(!FileManager.default.fileExists(atPath: directory.file("other")))
    }
}

/// Keeps a lock until here.
func withExtendedLock(_ lock: borrowing DirectoryLock) {}
