package import SystemCalls

/// What to do about a file or directory that could not be made.
extension SystemError {
    /// One piece of advice, without a full stop.
    package var creationRemedy: String {
        switch reason {
        case .diskFull: "make room on the disk, or choose a path on another one"
        case .readOnlyFileSystem: "the disk is mounted read-only; choose a path on another one"
        case .notFound, .notADirectory, .alreadyExists, .accessDenied, .symbolicLink, .noTerminal, .other:
            "check that the directory above it is there and that you may write to it, or choose another path"
        }
    }

    /// The exit status that tells a full or unwritable disk from a path that cannot be used (BSD `sysexits`).
    package var creationStatus: Int32 {
        switch reason {
        case .diskFull, .readOnlyFileSystem: 74
        case .notFound, .notADirectory, .alreadyExists, .accessDenied, .symbolicLink, .noTerminal, .other:
            isDeviceFailure ? 74 : 73
        }
    }
}
