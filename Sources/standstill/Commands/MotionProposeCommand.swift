internal import ArgumentParser
internal import NodeService
internal import PauseAgreement
internal import SignedStatements

/// Proposes a motion in the party's name.
struct MotionProposeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose",
        abstract: "Propose to start, renew or lift a pause; prints the motion's id.",
        discussion: """
            Lengths of time are whole units: 90d, 12h, 30m, 45s. Those left out are the shortest that the charter \
            allows. Rule, place in the chain and wording follow from the charter and the orders before.
            """
    )

    @OptionGroup var node: NodeLocation

    @Option(help: "What the order does: start, renew or lift.")
    var action: String

    @OptionGroup var terms: TermsOptions

    @Option(help: ArgumentHelp("From now until ballots must be in.", valueName: "length"))
    var commitWithin = ""

    @Option(help: ArgumentHelp("From then until the order must be signed.", valueName: "length"))
    var signWithin = ""

    @Option(help: ArgumentHelp("From then until the order must be published.", valueName: "length"))
    var publishWithin = ""

    @Option(help: ArgumentHelp("When the order takes effect, such as 2027-12-01T00:00:00Z.", valueName: "instant"))
    var effective = ""

    @Option(name: .customLong("for"), help: ArgumentHelp("How long the order lasts.", valueName: "length"))
    var duration: String

    @OptionGroup var output: OutputFormat

    func run() async throws {
        try checkWords()
        let request = MotionRequest(
            action: action,
            scope: try terms.scopeEntries(),
            texts: try terms.authenticTexts(),
            commitWithin: commitWithin,
            signWithin: signWithin,
            publishWithin: publishWithin,
            effective: effective,
            duration: duration
        )
        let client = try node.client()
        let orders = try await client.status().agreement.orders
        if let warning = Self.warning(action: action, orders: orders) { Console.people(warning) }
        guard let id = try await client.ask(.propose(request)).motion else { throw NodeClient.otherVersion }
        if output.isJSON {
            try Console.json(Proposed(motion: id))
        } else {
            Console.data(id)
        }
        if let motion = try await client.status().agreement.motions.first(where: { $0.id == id }) {
            Console.people(
                """
                \(motion.summary)
                ballots until \(motion.commitBy), signed by \(motion.signBy), published by \(motion.publishBy)
                next: every party casts its ballot: `standstill ballot cast \(id.prefix(8)) agree|decline|abstain`
                """
            )
        }
    }

    /// What can be seen to be wrong without a node.
    private func checkWords() throws(CommandFailure) {
        guard OrderAction(rawValue: action) != nil else {
            throw CommandFailure.invalid("--action", action, "start, renew or lift")
        }
        let lengths = [
            ("--commit-within", commitWithin), ("--sign-within", signWithin), ("--publish-within", publishWithin),
        ]
        for (option, text) in lengths.filter({ !$0.1.isEmpty }) + [("--for", duration)] where Seconds(text) == nil {
            let expected = "a whole number of the largest unit that fits, such as 90d, 12h, 30m or 45s"
            throw CommandFailure.invalid(option, text, expected)
        }
        guard effective.isEmpty || Instant(effective) != nil else {
            throw CommandFailure.invalid("--effective", effective, "an instant such as 2027-12-01T00:00:00Z")
        }
        try terms.requireSome(of: "the motion")
    }

    /// What a proposer should hear before anybody votes; nil when there is a pause to renew or lift.
    static func warning(action: String, orders: [OrderStatus]) -> String? {
        guard action != OrderAction.start.rawValue else { return nil }
        let pauses = [OrderAction.start.rawValue, OrderAction.renew.rawValue]
        let hasPause = orders.contains { pauses.contains($0.action) && ["in-force", "not-yet"].contains($0.state) }
        return hasPause ? nil : "WARNING: no pause is in force or to come, so there is nothing to \(action)"
    }

    private struct Proposed: Encodable {
        let motion: String
    }
}
