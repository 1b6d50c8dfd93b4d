internal import Glibc

/// One open file or directory; closed when its owner goes away.
///
/// Symbolic links are never followed at the last step of a path, and descriptors are not inherited by child processes.
package struct OpenFile: ~Copyable, Sendable {
    /// What a file is opened for.
    package enum Purpose: Hashable, Sendable {
        case reading
        /// A new file with mode 0600; fails when anything stands at the path.
        case creating
        /// Reading and writing; a new file gets mode 0600.
        case updating
        /// A directory, for ``OpenFile/synchronize()``.
        case directory

        fileprivate var flags: Int32 {
            switch self {
            // Without O_NONBLOCK, opening a pipe that was put where a file should be waits for ever.
            case .reading: O_RDONLY | O_NONBLOCK
            case .creating: O_RDWR | O_CREAT | O_EXCL
            case .updating: O_RDWR | O_CREAT | O_NONBLOCK
            case .directory: O_RDONLY | O_DIRECTORY
            }
        }
    }

    private let descriptor: Int32
    /// As given to ``init(_:for:)``.
    package let path: String

    package init(_ path: String, for purpose: Purpose) throws(SystemError) {
        descriptor = unsafe open(path, purpose.flags | O_NOFOLLOW | O_CLOEXEC, 0o600)
        self.path = path
        guard descriptor >= 0 else { throw SystemError(attempt: purpose.verb, object: path, code: errno) }
    }

    deinit {
        if descriptor >= 0 {
            close(descriptor)
        }
    }

    /// The facts of the open file itself, whatever has happened to its path since.
    package borrowing func facts() throws(SystemError) -> FileFacts {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure("examine") }
        return FileFacts(status)
    }

    /// Reads until the end or until `count` bytes are there.
    package borrowing func read(atMost count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        let filled = try read(into: &span)
        bytes.removeLast(count - filled)
        return bytes
    }

    /// Fills memory of the caller's, which may be guarded, and returns how many bytes there were.
    package borrowing func read(into memory: inout MutableSpan<UInt8>) throws(SystemError) -> Int {
        var filled = 0
        while filled < memory.count {
            let count = unsafe memory.withUnsafeMutableBytes { buffer in
                guard let start = buffer.baseAddress else { return 0 }
                return unsafe Glibc.read(descriptor, start + filled, buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read") }
            guard count > 0 else { break }
            filled += count
        }
        return filled
    }

    /// Writes all bytes where the file stands.
    package borrowing func write(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                guard let start = buffer.baseAddress else { return 0 }
                return unsafe Glibc.write(descriptor, start + written, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write to") }
            written += count
        }
    }

    /// Replaces the content; not atomic, for files whose content is a courtesy.
    package borrowing func overwrite(with bytes: [UInt8]) throws(SystemError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure("write to") }
        try write(bytes)
    }

    /// Returns when the content, or a directory's entries, are on the disk (`fsync`); never tried twice.
    package borrowing func synchronize() throws(SystemError) {
        guard fsync(descriptor) == 0 else { throw failure("flush to disk") }
    }

    /// Takes the one exclusive lock of the file, held until it is closed; false when another holder has it.
    package borrowing func lockExclusively() throws(SystemError) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw failure("lock") }
        return false
    }

    /// Whether another holder has the exclusive lock; looking takes a shared one for a moment.
    package borrowing func isLockedByAnother() throws(SystemError) -> Bool {
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 {
            _ = flock(descriptor, LOCK_UN)
            return false
        }
        guard errno == EWOULDBLOCK else { throw failure("examine the lock of") }
        return true
    }

    private borrowing func failure(_ attempt: String) -> SystemError {
        SystemError(attempt: attempt, object: path, code: errno)
    }
}

extension OpenFile.Purpose {
    fileprivate var verb: String {
        switch self {
        case .reading, .updating, .directory: "open"
        case .creating: "create"
        }
    }
}
