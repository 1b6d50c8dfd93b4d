internal import SystemCalls

/// The right to be the only node in a directory, held until this value goes away.
///
/// Two nodes with one key would sign different statements under one number. The lock is the system's (`flock`), so it
/// ends with the process however that ends. The file stays: removing it would let two processes lock two files.
package struct DirectoryLock: ~Copyable, Sendable {
    private let file: OpenFile

    /// Locks a directory by a file in it, which is made when missing and tells who holds the lock.
    package init(file path: String) throws(StoreError) {
        file = try Self.lock(path)
    }

    /// Whether some process holds the lock, and which, if the file tells.
    ///
    /// Looking holds a shared lock for a moment, which a node that starts at that very moment takes for another node.
    package static func holder(file path: String) throws(StoreError) -> (isHeld: Bool, process: Int?) {
        do {
            let file = try OpenFile(path, for: .reading)
            guard try file.isLockedByAnother() else { return (false, nil) }
            return (true, holder(in: try file.read(atMost: 32)))
        } catch {
            guard error.reason == .notFound else { throw StoreError(error, path: path) }
            return (false, nil)
        }
    }

    private static func lock(_ path: String) throws(StoreError) -> OpenFile {
        do {
            let file = try open(path)
            guard try file.lockExclusively() else {
                throw StoreError.directoryInUse(
                    path: Directories.parent(of: path),
                    process: holder(in: try file.read(atMost: 32))
                )
            }
            // A courtesy to whoever comes next; a full disk must not keep a node from serving what it has.
            try? file.overwrite(with: Array("\(CurrentProcess.identifier)\n".utf8))
            return file
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// A file on a disk that is mounted read-only can be locked all the same, if it is there.
    private static func open(_ path: String) throws(SystemError) -> OpenFile {
        do {
            return try OpenFile(path, for: .updating)
        } catch {
            guard error.reason == .readOnlyFileSystem else { throw error }
            return try OpenFile(path, for: .reading)
        }
    }

    private static func holder(in content: [UInt8]) -> Int? {
        String(decoding: content, as: UTF8.self).split(separator: "\n").first.flatMap { Int($0) }
    }
}
