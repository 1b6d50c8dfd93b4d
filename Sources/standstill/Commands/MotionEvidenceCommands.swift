internal import ArgumentParser
internal import NodeService
internal import PauseEvidence
internal import SignedStatements

/// Writes everything that was signed about a motion to files.
struct MotionExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write everything that was signed about a motion to files, whether or not there is an order.",
        discussion: """
            Writes charter, keys.jws and record.jws, none over a file that is there. An order has files of its own: \
            `standstill order export`.
            """
    )

    @Argument(help: "The motion's id, or a unique beginning of at least 6 digits.")
    var motion: String

    @Option(name: .customLong("to"), help: ArgumentHelp("The directory to make or fill.", valueName: "directory"))
    var target: String

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let configuration = try node.configuration()
        let charter = try NodeStart.readCharter(at: configuration.charter)
        let client = NodeClient(configuration, directory: node.directory)
        let items = try await ExportedFiles.items(of: motion, from: client)
        let id = items.lazy.compactMap { item -> StatementID? in
            if case .statement(let statement) = item, statement.kind == .motion { statement.id } else { nil }
        }.first
        guard let id else { throw NodeClient.otherVersion }
        let export = try MotionExport(of: id, charter: charter, items: items)
        try ExportedFiles.write(export.files, under: charter, to: target, output)
        Console.people("verify: standstill motion verify \(target) --pin-charter \(charter.id)")
    }
}

/// Judges a motion from its files alone.
struct MotionVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judge a motion from its files alone: who agreed, and who of them owes its share of the signature.",
        discussion: """
            Needs no node, network or key of its own. Pin the charter's id from a source you trust. Ends with 0 if the \
            parties have agreed, 10 unpinned, 11 invalid, 12 not agreed, 14 insufficient evidence.
            """
    )

    @Argument(help: "The directory of an exported motion.")
    var directory: String

    @Option(help: ArgumentHelp("The charter's id, 64 digits, from a source you trust.", valueName: "id"))
    var pinCharter: String?

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let report = MotionVerification.verify(
            charter: try InputFile.read("\(directory)/\(EvidenceFile.charter.rawValue)", limit: CharterLimits.size),
            keys: try InputFile.readIfPresent("\(directory)/\(EvidenceFile.keys.rawValue)", limit: EvidenceLimits.keys),
            record: try InputFile.readIfPresent(
                "\(directory)/\(EvidenceFile.record.rawValue)",
                limit: EvidenceLimits.record
            ),
            pin: try CharterPin.read(pinCharter)
        )
        if output.isJSON {
            try Console.json(report)
        } else {
            Console.data(report.lines.joined(separator: "\n"))
        }
        if report.verdict != .agreed { throw ExitCode(report.verdict.exitCode) }
    }
}
