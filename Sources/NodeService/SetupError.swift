package import SystemCalls

/// What keeps a node from starting: something about its directory, configuration, key or passphrase.
package enum SetupError: Error, Hashable, Sendable {
    /// A line of the configuration, or the file as a whole when `line` is nil.
    case configuration(file: String, line: Int?, problem: ConfigurationProblem)
    /// The system refuses to open, read or write a file.
    case inaccessible(SystemError)
    /// The system refuses to make a file or directory.
    case cannotCreate(SystemError)
    /// Nothing stands where a file or directory should be.
    case missing(path: String, what: String)
    /// Something of another kind stands there: a link, a directory, a pipe.
    case wrongKind(path: String, expected: String)
    /// Other users may read or write a file or enter a directory.
    case exposed(path: String, permissions: String, remedy: String)
    /// Other users may change a file that they may read.
    case changeable(path: String, permissions: String)
    /// The file or directory belongs to another user.
    case foreign(path: String, owner: UInt32, user: UInt32)
    /// A file that must never be written over is there already.
    case exists(path: String)
    /// The file is longer than it can be.
    case tooLarge(path: String, maximumBytes: Int)
    /// The key file is not of a version this program knows.
    case unknownKeyVersion(path: String, found: String)
    /// A line of the key file does not read as it must.
    case malformedKey(path: String, line: Int, detail: String)
    /// The key file asks for more work than this program does for anybody.
    case costOutOfBounds(path: String)
    /// The passphrase is wrong or the file was changed; the encryption cannot tell which.
    case wrongPassphraseOrDamaged(path: String)
    /// The machine cannot give the memory that deriving the key takes.
    case notEnoughMemory(bytes: Int)
    /// There is no way to ask for the passphrase.
    case noPassphrase
    /// The file that should hold the passphrase is not there.
    case noPassphraseFile(path: String)
    /// The passphrase cannot be used.
    case unusablePassphrase(source: String, detail: String)
    /// The person at the terminal gave up.
    case cancelled
    /// This process simulates: whatever it draws at random can be foretold, so it must hold no keys.
    case foreseeableRandomness
}

extension SetupError {
    /// The exit status that tells a supervisor what happened (BSD `sysexits`).
    package var exitStatus: Int32 {
        switch self {
        case .noPassphrase, .noPassphraseFile, .unusablePassphrase, .wrongPassphraseOrDamaged, .cancelled: 77
        case .notEnoughMemory: 71
        case .foreseeableRandomness: 70
        case .exists: 73
        case .cannotCreate(let error): error.creationStatus
        case .configuration, .inaccessible, .missing, .wrongKind, .exposed, .changeable, .foreign, .tooLarge,
            .unknownKeyVersion, .malformedKey, .costOutOfBounds:
            78
        }
    }
}

extension SetupError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .configuration(let file, let line, let problem):
            "\(file)\(line.map { ", line \($0)" } ?? ""): \(problem)"
        case .inaccessible(let error):
            "\(error); hint: check that the file belongs to the user the node runs as"
        case .cannotCreate(let error):
            "\(error); hint: \(error.creationRemedy)"
        case .missing(let path, let what):
            "there is no \(what) at \(path); hint: check the path, or make one with `standstill party init`"
        case .wrongKind(let path, let expected):
            "\(path) is not a \(expected); hint: move it away, links are not followed"
        case .exposed(let path, let permissions, let remedy):
            "\(path) has mode \(permissions), so other users may read it; hint: run `\(remedy)`"
        case .changeable(let path, let permissions):
            "\(path) has mode \(permissions), so other users may change it; hint: run `chmod go-w \(path)`"
        case .foreign(let path, let owner, let user):
            "\(path) belongs to user \(owner), the node runs as user \(user); hint: run `chown \(user) \(path)` as root"
        case .exists(let path):
            "\(path) is there already and is never written over; hint: choose another path, or move it to a safe place yourself"
        case .tooLarge(let path, let maximumBytes):
            "\(path) is larger than \(maximumBytes) bytes; hint: check that it is the file you meant"
        case .unknownKeyVersion(let path, let found):
            "\(path) starts with \"\(found)\", this program reads \"standstill-key v1\"; hint: update the program or check the path"
        case .malformedKey(let path, let line, let detail):
            "\(path), line \(line): \(detail); hint: restore the file from its backup"
        case .costOutOfBounds(let path):
            "\(path) asks for more than 16 passes or 1 GiB of memory; hint: restore the file from its backup"
        case .wrongPassphraseOrDamaged(let path):
            "the passphrase does not open \(path): it is wrong, or the file was changed, which cannot be told apart; "
                + "hint: try the passphrase again, then the backup of the file"
        case .notEnoughMemory(let bytes):
            "deriving the key takes \(bytes >> 20) MiB of memory, which this machine does not give; "
                + "hint: stop other programs or raise the memory limit of the service"
        case .noPassphrase:
            "there is no passphrase for the key; hint: run in a terminal, set `passphrase-file` or --passphrase-file, "
                + "or give the service a systemd credential named \(PassphraseSource.credentialName)"
        case .noPassphraseFile(let path):
            "there is no passphrase file at \(path); hint: check the path, or write the passphrase into a file of mode 0600 there"
        case .unusablePassphrase(let source, let detail):
            "the passphrase from \(source) \(detail); hint: a passphrase is one line of text"
        case .foreseeableRandomness:
            "this process runs a simulation, whose randomness can be foretold; hint: handle keys in a process of its own"
        case .cancelled:
            "cancelled; hint: nothing was changed"
        }
    }
}
