internal import ArgumentParser
internal import NodeService
internal import PauseEvidence
internal import SignedStatements

/// Writes an order and everything that proves it to files.
struct OrderExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write an order and everything that proves it to files that anybody can verify.",
        discussion: """
            Writes order.jws, order.signing-input, order.sig, group.pem, group.jwk.json, charter, keys.jws and \
            record.jws, none over a file that is there.
            """
    )

    @Argument(help: "The id of the order's motion, or a unique beginning of at least 6 digits.")
    var motion: String

    @Option(name: .customLong("to"), help: ArgumentHelp("The directory to make or fill.", valueName: "directory"))
    var target: String

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let configuration = try node.configuration()
        let charter = try NodeStart.readCharter(at: configuration.charter)
        let client = NodeClient(configuration, directory: node.directory)
        let export = try await StoredOrder(of: motion, from: client, charter: charter).export()
        try ExportedFiles.write(export.files, under: charter, to: target, output)
        Console.people(
            """
            verify: standstill order verify \(target) --pin-charter \(charter.id)
            or, in \(target) and without this program: \(VerificationCommands.openssl)
            """
        )
    }
}
