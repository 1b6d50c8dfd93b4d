internal import Glibc

/// The few operations on directory entries that a durable file needs.
package enum Directories {
    /// Makes one directory with mode 0700 and flushes its parent; fails when anything stands at the path.
    package static func create(_ path: String) throws(SystemError) {
        guard unsafe mkdir(path, 0o700) == 0 else {
            throw SystemError(attempt: "create", object: path, code: errno)
        }
        try synchronize(parent(of: path))
    }

    /// Puts a file in another's place in one step.
    package static func rename(_ source: String, to target: String) throws(SystemError) {
        guard unsafe Glibc.rename(source, target) == 0 else {
            throw SystemError(attempt: "rename", object: source, code: errno)
        }
    }

    /// Removes a file's entry; a missing one is no error.
    package static func removeFile(_ path: String) throws(SystemError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw SystemError(attempt: "remove", object: path, code: errno)
        }
    }

    /// Returns when the directory's entries are on the disk: a new file is found after a power cut only then.
    package static func synchronize(_ path: String) throws(SystemError) {
        try OpenFile(path, for: .directory).synchronize()
    }

    /// Everything before the last `/`; `.` for a bare name.
    package static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
