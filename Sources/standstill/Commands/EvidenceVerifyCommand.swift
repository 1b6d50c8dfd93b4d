internal import ArgumentParser
internal import PauseEvidence
internal import SignedStatements

/// Judges a proof of misconduct from its file alone.
struct EvidenceVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judge a proof of misconduct from its file alone.",
        discussion: """
            Needs no node, network or key of its own. Pin the charter's id from a source you trust: anybody can accuse \
            invented parties. Ends with 0 if the offence is proven, 10 unpinned, 11 malformed, 14 not proven, 15 proven \
            unless there is what the condition names, 16 if the accuser has accused falsely.
            """
    )

    @Argument(help: "The file.")
    var file: String

    @Option(help: ArgumentHelp("The charter's id, 64 digits, from a source you trust.", valueName: "id"))
    var pinCharter: String?

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let report = ProofVerification.verify(
            try InputFile.read(file, limit: EvidenceLimits.proof),
            pin: try CharterPin.read(pinCharter)
        )
        if output.isJSON {
            try Console.json(report)
        } else {
            Console.data(report.lines.joined(separator: "\n"))
        }
        guard report.verdict != .proven else { return }
        Console.people("hint: \(Self.hint(report.verdict))")
        throw ExitCode(report.verdict.exitCode)
    }

    private static func hint(_ verdict: ProofVerdict) -> String {
        switch verdict {
        case .proven: "keep the file"
        case .unpinned: "give the charter's id with --pin-charter; `standstill charter show` prints it at every party"
        case .malformed: "get the file again from whoever exported it, and compare charter ids"
        case .notProven: "ask for the whole file as `standstill evidence export` wrote it"
        case .conditional: "ask all parties for what the condition names; if nobody has it, the offence stands"
        case .falseAccusation: "keep the file: the accuser signed it, and it proves that the accuser was wrong"
        }
    }
}

/// A charter's id as people hand it on.
enum CharterPin {
    /// Reads 64 digits; nil for no text.
    static func read(_ text: String?) throws(CommandFailure) -> CharterID? {
        guard let text else { return nil }
        guard let id = CharterID(text) else {
            throw CommandFailure(
                "--pin-charter \"\(text)\" is not a charter's id",
                hint: "it has 64 digits out of 0-9 and a-f; `standstill charter show` prints it",
                exitStatus: ExitStatus.usage
            )
        }
        return id
    }
}
