internal import ArgumentParser
internal import QuorumPolicy
internal import SignedStatements

/// Says in plain words what a charter provides.
struct CharterShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Say in plain words what a charter provides."
    )

    @Argument(help: "The charter's file.")
    var file: String

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let check = try InputFile.charter(file)
        let charter = check.charter
        if output.isJSON {
            try Console.json(CharterSummary(charter))
        } else {
            Console.data("charter \(charter.id)\n\n\(charter.prose())\n\(Self.parties(charter))")
        }
        if let end = CharterEnd(of: charter, at: Clock.now) { Console.people("WARNING: \(end.sentence)") }
        if !check.refusals.isEmpty {
            Console.people("WARNING: this charter is refused; `standstill charter check \(file)` says why")
        }
    }

    private static func parties(_ charter: Charter) -> String {
        var table = TextTable(["party", "class", "vote", "legal name", ""])
        for party in charter.parties {
            let tags = party.tags.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            let vote = charter.voters.contains(party.name) ? "yes" : "no"
            table.add([party.name.text, party.partyClass.text, vote, party.legalName.text, tags])
        }
        return table.lines.joined(separator: "\n")
    }
}
