internal import ArgumentParser
internal import NodeService
internal import PauseAgreement
internal import SignedStatements

/// Lodges the party's ballot for motions to come.
struct BallotLodgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lodge",
        abstract: "Lodge a sealed ballot in advance, for every motion with just these terms; prints its serial.",
        discussion: """
            "We will pause if the others do under the same terms": the ballot is the party's on any such motion whose \
            ballots are due by --until, without anybody doing anything. It is spent when it is opened. It can be taken \
            back, and then binds for as long as the charter's standing-notice says. Scope and texts must be those of the \
            motion, word for word.
            """
    )

    @Argument(help: "agree, decline or abstain.")
    var answer: String

    @Option(name: .customLong("if"), help: ArgumentHelp("Agree only on this condition.", valueName: "condition"))
    var condition = ""

    @Option(help: "What the order does: start, renew or lift.")
    var action: String

    @OptionGroup var terms: TermsOptions

    @Option(help: ArgumentHelp("The longest that the order may last.", valueName: "length"))
    var atMost: String

    @Option(
        help: ArgumentHelp("When ballots must be in at the latest, such as 2027-12-01T00:00:00Z.", valueName: "instant")
    )
    var until: String

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        try checkWords()
        let request = StandingRequest(
            action: action,
            scope: try terms.scopeEntries(),
            texts: try terms.authenticTexts(),
            longest: atMost,
            until: until,
            answer: answer,
            condition: condition
        )
        let client = try node.client()
        let reply = try await client.ask(.lodge(request))
        guard let done = reply.done, let serial = reply.serial else { throw NodeClient.otherVersion }
        if output.isJSON {
            try Console.json(Lodged(serial: serial))
        } else {
            Console.data("\(serial)")
        }
        Console.people(
            """
            \(done)
            next: `standstill ballot standing` shows who has recorded it; it binds when a record quorum has
            """
        )
    }

    private func checkWords() throws(CommandFailure) {
        try AnswerWords.check(answer, condition: condition)
        guard OrderAction(rawValue: action) != nil else {
            throw CommandFailure.invalid("--action", action, "start, renew or lift")
        }
        guard Seconds(atMost) != nil else {
            let expected = "a whole number of the largest unit that fits, such as 90d, 12h, 30m or 45s"
            throw CommandFailure.invalid("--at-most", atMost, expected)
        }
        guard Instant(until) != nil else {
            throw CommandFailure.invalid("--until", until, "an instant such as 2027-12-01T00:00:00Z")
        }
        try terms.requireSome(of: "the standing ballot")
    }

    private struct Lodged: Encodable {
        let serial: Int
    }
}

/// Takes one of the party's standing ballots back.
struct BallotRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take a standing ballot back; it binds until the charter's notice has run out."
    )

    @Argument(help: "The serial, as ballot standing lists it.")
    var serial: Int

    @OptionGroup var node: NodeLocation

    func run() async throws {
        guard let done = try await node.client().ask(.revoke(serial: serial)).done else {
            throw NodeClient.otherVersion
        }
        Console.people("\(done); `standstill ballot standing` shows until when it binds")
    }
}

/// Lists ballots that were lodged in advance.
struct BallotStandingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "standing",
        abstract: "List the ballots that parties have lodged in advance, what for, and whether they bind."
    )

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let standing = try await node.client().status().agreement.standing
        if output.isJSON { return try Console.json(standing) }
        guard !standing.isEmpty else { return Console.people("nobody has lodged a ballot in advance") }
        Console.data(Self.lines(standing).joined(separator: "\n"))
    }

    /// A line for each, and under it what it is for.
    static func lines(_ standing: [StandingStatus]) -> [String] {
        var table = TextTable(["party", "serial", "state", "action", "at most", "until", "recorded by", "ballot"])
        for ballot in standing {
            let state = ballot.bindsUntil.isEmpty ? ballot.state : "\(ballot.state), until \(ballot.bindsUntil)"
            table.add([
                ballot.party, "\(ballot.serial)", state, ballot.action, ballot.longest, ballot.until,
                "\(ballot.recorders.count)", ballot.answer.isEmpty ? "sealed" : ballot.answer,
            ])
        }
        let rows = table.lines
        return [rows[0]] + zip(rows.dropFirst(), standing).flatMap { [$0, "  \($1.terms)"] }
    }
}
