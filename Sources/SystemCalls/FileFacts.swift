internal import Glibc

/// What the file system says of a file: kind, owner, permissions, size.
package struct FileFacts: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case regularFile
        case directory
        case symbolicLink
        case socket
        case other
    }

    package let kind: Kind
    /// The number of the user it belongs to.
    package let owner: UInt32
    /// The twelve permission bits, such as 0o600.
    package let permissions: UInt32
    /// Bytes.
    package let size: Int

    /// The facts of what stands at a path; a symbolic link is not followed.
    package init(ofPath path: String) throws(SystemError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            throw SystemError(attempt: "examine", object: path, code: errno)
        }
        self.init(status)
    }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regularFile
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFSOCK: .socket
            default: .other
            }
        owner = status.st_uid
        permissions = status.st_mode & 0o7777
        size = Int(status.st_size)
    }

    /// Whether only the owner may read, write or enter.
    package var isClosedToOthers: Bool { permissions & 0o077 == 0 }

    /// The permissions as `chmod` and people write them: four octal digits.
    package var permissionsText: String {
        let digits = String(permissions, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension FileFacts {
    /// Fails when the process may not write to a file, or make files in a directory; opens nothing.
    package static func checkWritable(_ path: String) throws(SystemError) {
        guard unsafe faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 else {
            throw SystemError(attempt: "write to", object: path, code: errno)
        }
    }
}
