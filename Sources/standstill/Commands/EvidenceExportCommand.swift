internal import ArgumentParser
internal import NodeService
internal import PauseEvidence
internal import SignedStatements

/// Writes a proof of misconduct to a file, with the party's own accusation.
struct EvidenceExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write one proof of misconduct to a file that anybody can verify.",
        discussion: """
            The node signs an accusation in the party's name, sends it to all parties and puts it into the file: the party \
            answers for it. With --unsigned nobody does, and a proof stands by itself all the same.
            """
    )

    @Argument(help: "The party that `evidence list` names.")
    var party: String

    @Argument(help: "The offence's code, as `evidence list` shows it.")
    var offence: String

    @Option(name: .customLong("to"), help: ArgumentHelp("The file to write, none that is there.", valueName: "file"))
    var target: String

    @Option(
        help: ArgumentHelp(
            "The beginning of the statement that `evidence list` shows, if there are several proofs.",
            valueName: "id"
        )
    )
    var statement = ""

    @Flag(name: .customLong("unsigned"), help: "Accuse nobody: write the statements only.")
    var isUnsigned = false

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let configuration = try node.configuration()
        let charter = try NodeStart.readCharter(at: configuration.charter)
        try NewFile.checkAbsent(target)
        let request = EvidenceRequest(party: party, offence: offence, statement: statement, isSigned: !isUnsigned)
        let client = NodeClient(configuration, directory: node.directory)
        var text = ""
        var isComplete = false
        for try await reply in client.replies(to: .evidence(request)) {
            text += reply.piece ?? ""
            isComplete = reply.done != nil
        }
        guard isComplete else { throw NodeClient.otherVersion }
        let report = ProofVerification.verify(Array(text.utf8), pin: charter.id)
        guard report.verdict == .proven || report.verdict == .conditional else { throw NodeClient.otherVersion }
        try NewFile.create(target, Array(text.utf8))
        if output.isJSON {
            try Console.json(Exported(charter: charter.id.description, file: target, verdict: report.verdict))
        } else {
            Console.data(target)
        }
        Console.people("verify: standstill evidence verify \(target) --pin-charter \(charter.id)")
    }

    private struct Exported: Encodable {
        let charter: String
        let file: String
        let verdict: ProofVerdict
    }
}
