internal import ArgumentParser
internal import NodeNetwork
internal import NodeService
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// Signs the charter in the party's name, after it has been read.
struct CharterRatifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ratify",
        abstract: "Read the charter in plain words, and sign it in the party's name.",
        discussion: """
            Works with a running node, and without one. The node signs once its peers have said what they hold of this \
            party. A party ratifies once; a charter is replaced by another, never withdrawn. With --previous it also says \
            what the charter changes, as `charter diff` does.
            """
    )

    @OptionGroup var node: NodeLocation
    @OptionGroup var passphrase: PassphraseOption
    @OptionGroup var output: OutputFormat

    @Option(help: ArgumentHelp("The file of the charter that this one amends.", valueName: "file"))
    var previous: String?

    @Flag(name: .customLong("yes"), help: "Do not ask; the charter has been read.")
    var isRead = false

    func run() async throws {
        let configuration = try node.configuration()
        let charter = try NodeStart.readCharter(at: configuration.charter)
        guard let member = charter.party(configuration.party) else {
            throw NodeFailure.notInCharter(configuration.party, known: charter.parties.map(\.name))
        }
        if let end = CharterEnd(of: charter, at: Clock.now) { throw end.failure }
        Console.people(charter.prose())
        try tellChanges(charter)
        Console.people("charter  \(charter.id)\nparty    \(member.name), \(member.legalName)")
        try confirm(charter)
        if await LocalSocketClient.isServed(configuration.socket) {
            try await ratify(charter, through: NodeClient(configuration, directory: node.directory))
        } else {
            let secret = try passphrase.read(for: configuration.party, configured: configuration.passphraseFile)
            var start = try NodeStart(configuration, passphrase: secret)
            try start.ratify(at: Moment(Clock.now))
        }
        if output.isJSON {
            try Console.json(Ratified(charter: charter.id.description, party: member.name.text))
        } else {
            Console.data(charter.id.description)
        }
        Console.people("\(member.name) ratifies the charter; the others see it once the node runs and is connected")
    }

    /// What the charter changes, or how to find out.
    private func tellChanges(_ charter: Charter) throws(CommandFailure) {
        guard let id = charter.previous else {
            guard let previous else { return }
            throw CommandFailure(
                "the charter amends no other, so \(previous) is not its previous one",
                hint: "leave out --previous"
            )
        }
        guard let previous else {
            return Console.people("It takes the place of charter \(id); --previous FILE shows what it changes.\n")
        }
        let old = try InputFile.charter(previous).charter
        guard old.id == id else {
            throw CommandFailure(
                "\(previous) is charter \(old.id), but the charter amends charter \(id)",
                hint: "nothing was signed; find the file of that charter"
            )
        }
        let sections = CharterComparison(old: old, new: charter).sections.map { $0.joined(separator: "\n") }
        Console.people("\nWhat it changes:\n\n\(sections.joined(separator: "\n\n"))\n")
    }

    private struct Ratified: Encodable {
        let charter: String
        let party: String
    }

    /// Has the person type what shows that the charter in front of them is the one they were told of.
    private func confirm(_ charter: Charter) throws(CommandFailure) {
        guard !isRead else { return }
        let digits = charter.id.description.prefix(8)
        let question = "compare the charter's id with the other parties; type its first 8 digits: "
        guard let typed = Console.answer(to: question) else {
            throw CommandFailure(
                "ratifying asks for the first 8 digits of the charter's id, and there is no terminal to ask at",
                hint: "read `standstill charter show`, then ratify at a terminal or with --yes",
                exitStatus: ExitStatus.usage
            )
        }
        guard typed == digits else {
            throw CommandFailure(
                "these are not the first 8 digits of charter \(charter.id)",
                hint: "nothing was signed; check that this is the charter that was agreed"
            )
        }
    }

    /// The node signs the charter it has read, which must be the one that was shown.
    private func ratify(_ charter: Charter, through client: NodeClient) async throws {
        let status = try await client.status()
        guard status.agreement.charter == charter.id.description else {
            throw CommandFailure(
                "the running node has charter \(status.agreement.charter), the file is charter \(charter.id)",
                hint: "restart the node, or put the agreed charter back"
            )
        }
        _ = try await client.ask(.ratify)
    }
}
