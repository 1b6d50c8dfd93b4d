package import CryptoPrimitives
internal import SystemCalls

/// Where the passphrase of a key comes from; never the environment or the command line, which others can read.
package enum PassphraseSource: Hashable, Sendable {
    /// A file that only this user may read.
    case file(String)
    /// A file that systemd made for the service; systemd guards it by other means than mode bits.
    case credential(String)
    /// A person at the terminal.
    case terminal

    /// The name a systemd credential must have.
    package static let credentialName = "standstill-passphrase"
    /// The longest passphrase, in bytes.
    package static let maximumBytes = 1024
    /// The shortest passphrase for a new key, in bytes; whoever steals the file can try as many as they can pay for.
    package static let minimumBytesOfNew = 12

    /// Decides for the file if one is named, then for systemd's credential, then for the terminal.
    ///
    /// `credentials` is the value of the environment variable `CREDENTIALS_DIRECTORY`.
    package static func find(
        file: String?,
        credentials: String?,
        hasTerminal: Bool
    ) throws(SetupError) -> PassphraseSource {
        if let file { return .file(file) }
        if let credentials, !credentials.isEmpty {
            let path = "\(credentials)/\(credentialName)"
            if (try? FileFacts(ofPath: path)) != nil { return .credential(path) }
        }
        guard hasTerminal else { throw .noPassphrase }
        return .terminal
    }

    /// The same with what this process was given.
    package static func find(
        file: String?,
        environment: [String: String]
    ) throws(SetupError) -> PassphraseSource {
        try find(
            file: file,
            credentials: environment["CREDENTIALS_DIRECTORY"],
            hasTerminal: Terminal.isOnStandardInput
        )
    }

    /// The passphrase of an existing key, 1...1024 bytes.
    package func read(prompt: String) throws(SetupError) -> SecretBytes {
        switch self {
        case .file(let path):
            let content = try Self.content(of: path)
            guard let content else { throw .unusablePassphrase(source: path, detail: "is empty") }
            return try PassphraseLine.line(of: content, source: path)
        case .credential(let path):
            let file = try PrivateFile.open(path, what: "systemd credential")
            let content = try PrivateFile.secret(in: file, maximumBytes: Self.maximumBytes + 2)
            guard let content else { throw .unusablePassphrase(source: path, detail: "is empty") }
            return try PassphraseLine.line(of: content, source: path)
        case .terminal:
            let terminal = try Self.openTerminal()
            return try PassphraseLine.ask(prompt, on: terminal)
        }
    }

    /// The passphrase for a new key, at least 12 bytes; asked for twice at a terminal.
    package func readNew(prompt: String) throws(SetupError) -> SecretBytes {
        let passphrase = try read(prompt: prompt)
        guard passphrase.count >= Self.minimumBytesOfNew else {
            throw .unusablePassphrase(source: name, detail: "is shorter than \(Self.minimumBytesOfNew) bytes")
        }
        if case .terminal = self {
            let again = try read(prompt: "the same again: ")
            guard passphrase.isEqual(to: again) else {
                throw .unusablePassphrase(source: name, detail: "was not the same both times")
            }
        }
        return passphrase
    }

    private static func content(of path: String) throws(SetupError) -> SecretBytes? {
        do throws(SetupError) {
            return try PrivateFile.readSecret(path, what: "passphrase file", maximumBytes: maximumBytes + 2)
        } catch .missing(let path, _) {
            throw .noPassphraseFile(path: path)
        } catch {
            throw error
        }
    }

    private static func openTerminal() throws(SetupError) -> Terminal {
        do {
            return try Terminal.openSilently()
        } catch {
            throw .inaccessible(error)
        }
    }

    private var name: String {
        switch self {
        case .file(let path), .credential(let path): path
        case .terminal: "the terminal"
        }
    }
}
