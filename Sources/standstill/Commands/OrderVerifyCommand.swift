internal import ArgumentParser
internal import CryptoPrimitives
internal import PauseEvidence
internal import SignedStatements

/// Judges an order from its files alone.
struct OrderVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Judge an order from its files alone: what is proven, who counted, who was ignored and why.",
        discussion: """
            Needs no node, network or key of its own. Pin the charter's id or the group key from a source you trust: \
            without a pin, any stranger's order would do. Ends with 0 if the order is or will be in force, 10 unpinned, \
            11 invalid, 12 void, 13 ended, 14 insufficient evidence.
            """
    )

    @Argument(help: "The directory of an exported order, or its order.jws.")
    var path: String

    @Option(help: ArgumentHelp("The charter, if it is not in the directory.", valueName: "file"))
    var charter: String?

    @Option(help: ArgumentHelp("The keys.jws, if it is not in the directory.", valueName: "file"))
    var keys: String?

    @Option(help: ArgumentHelp("The record.jws, if it is not in the directory.", valueName: "file"))
    var record: String?

    @Option(help: ArgumentHelp("The charter's id, 64 digits, from a source you trust.", valueName: "id"))
    var pinCharter: String?

    // The word after it is its value whatever it looks like: base64url and PEM may begin with a dash.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The group key in base64url or a PEM file, from a source you trust.", valueName: "key")
    )
    var pinKey: String?

    @Option(help: ArgumentHelp("Judge for this instant instead of now.", valueName: "instant"))
    var at: String?

    @OptionGroup var output: OutputFormat

    func validate() throws {
        if pinCharter != nil, pinKey != nil { throw ValidationError("Give --pin-charter or --pin-key, not both") }
    }

    func run() async throws {
        let report = OrderVerification.verify(try bundle(), pin: try pin(), at: try instant())
        if output.isJSON {
            try Console.json(report)
        } else {
            Console.data(report.lines.joined(separator: "\n"))
        }
        if !report.verdict.isPositive { throw ExitCode(report.verdict.exitCode) }
    }

    private func bundle() throws(CommandFailure) -> EvidenceBundle {
        let directory = InputFile.isDirectory(path) ? path : nil
        return EvidenceBundle(
            order: try InputFile.read(directory.map { Self.file(.order, in: $0) } ?? path, limit: EvidenceLimits.order),
            charter: try Self.content(charter, .charter, directory, CharterLimits.size),
            keys: try Self.content(keys, .keys, directory, EvidenceLimits.keys),
            record: try Self.content(record, .record, directory, EvidenceLimits.record)
        )
    }

    /// A file that was named, or else the one in the directory if there is one.
    private static func content(
        _ named: String?,
        _ file: EvidenceFile,
        _ directory: String?,
        _ limit: Int
    ) throws(CommandFailure) -> [UInt8]? {
        if let named { return try InputFile.read(named, limit: limit) }
        guard let directory else { return nil }
        return try InputFile.readIfPresent(Self.file(file, in: directory), limit: limit)
    }

    private static func file(_ file: EvidenceFile, in directory: String) -> String { "\(directory)/\(file.rawValue)" }

    private func pin() throws(CommandFailure) -> OrderVerification.Pin? {
        if let pinKey { return .groupKey(try GroupKeyInput.read(pinKey)) }
        return try CharterPin.read(pinCharter).map { .charter($0) }
    }

    private func instant() throws(CommandFailure) -> Instant {
        guard let at else { return Clock.now }
        guard let instant = Instant(at) else {
            throw CommandFailure(
                "--at \"\(at)\" is not an instant",
                hint: "write it as 2027-12-01T00:00:00Z",
                exitStatus: ExitStatus.usage
            )
        }
        return instant
    }
}
