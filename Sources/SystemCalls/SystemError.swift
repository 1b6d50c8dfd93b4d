internal import Glibc

/// A call to the operating system that failed.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The reasons that callers tell apart.
    package enum Reason: Hashable, Sendable {
        case notFound
        case alreadyExists
        case accessDenied
        /// A symbolic link stood where a file or directory was wanted.
        case symbolicLink
        case notADirectory
        case diskFull
        case readOnlyFileSystem
        case noTerminal
        case other
    }

    /// What was attempted, as a verb: "open", "write to".
    package let attempt: String
    /// The file it was attempted on, or what stands for one.
    package let object: String
    /// The number the system gave (`errno`).
    package let code: Int32

    package init(attempt: String, object: String, code: Int32) {
        self.attempt = attempt
        self.object = object
        self.code = code
    }

    package var reason: Reason {
        switch code {
        case ENOENT: .notFound
        case EEXIST: .alreadyExists
        case EACCES, EPERM: .accessDenied
        case ELOOP: .symbolicLink
        case ENOTDIR: .notADirectory
        case ENOSPC, EDQUOT: .diskFull
        case EROFS: .readOnlyFileSystem
        case ENXIO, ENOTTY: .noTerminal
        default: .other
        }
    }

    /// Whether the device itself failed, rather than refused.
    package var isDeviceFailure: Bool { code == EIO }

    /// Such as `cannot open /var/lib/standstill/party.key: Permission denied`.
    package var description: String {
        "cannot \(attempt) \(object): \(unsafe String(cString: strerror(code)))"
    }
}
