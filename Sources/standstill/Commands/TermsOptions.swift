internal import ArgumentParser
internal import CryptoPrimitives
internal import NodeService

/// What a motion is about, as an operator states it.
struct TermsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What is paused, in machine-readable words; may be repeated.", valueName: "name=value"))
    var scope: [String] = []

    @Option(
        name: .customLong("text"),
        help: ArgumentHelp("An authentic text and its SHA-256; may be repeated.", valueName: "name=sha256")
    )
    var texts: [String] = []

    @Option(
        name: .customLong("text-file"),
        help: ArgumentHelp("An authentic text by its file, whose SHA-256 is computed.", valueName: "name=path")
    )
    var textFiles: [String] = []

    /// A motion that says nothing of what it is about would be signed by nobody in their senses.
    func requireSome(of what: String) throws(CommandFailure) {
        guard (scope + texts + textFiles).isEmpty else { return }
        throw CommandFailure(
            "\(what) does not say what it is about: it has neither scope nor text",
            hint: #"add --scope name=value, such as --scope "training-runs=above 1e26 operations", or --text-file"#,
            exitStatus: ExitStatus.usage
        )
    }

    /// The scope, name by name.
    func scopeEntries() throws(CommandFailure) -> [MotionRequest.ScopeEntry] {
        try scope.map { text throws(CommandFailure) in
            let (name, value) = try Self.pair(text, "--scope", "name=value")
            return MotionRequest.ScopeEntry(name: name, value: value)
        }
    }

    /// The texts, those given by their files hashed.
    func authenticTexts() throws(CommandFailure) -> [MotionRequest.AuthenticText] {
        var entries: [MotionRequest.AuthenticText] = []
        for text in texts {
            let (name, digest) = try Self.pair(text, "--text", "name=sha256")
            entries.append(MotionRequest.AuthenticText(name: name, sha256: digest))
        }
        for text in textFiles {
            let (name, path) = try Self.pair(text, "--text-file", "name=path")
            let digest: Bytes32 = SHA256.hash(try InputFile.read(path, limit: Self.longestText))
            entries.append(MotionRequest.AuthenticText(name: name, sha256: digest.description))
        }
        return entries
    }

    /// Bytes of a text that is hashed here: 256 MiB.
    private static let longestText = 256 << 20

    private static func pair(
        _ text: String,
        _ option: String,
        _ form: String
    ) throws(CommandFailure) -> (String, String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw CommandFailure(
                "\(option) \"\(text)\" has no name or no value",
                hint: "write \(option) \(form)",
                exitStatus: ExitStatus.usage
            )
        }
        return (String(parts[0]), String(parts[1]))
    }
}
