internal import ArgumentParser
internal import CryptoPrimitives
internal import NodeService
internal import PauseAgreement
internal import SignedStatements

/// Shows what an order says and how it stands.
struct OrderShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what an order says and how it stands; without a motion, the newest that counts."
    )

    @Argument(help: "The id of the order's motion, or a unique beginning of at least 6 digits.")
    var motion: String?

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let client = try node.client()
        let status = try await client.status()
        guard let motion = try motion.map({ try status.motion($0).id }) ?? status.agreement.orders.last?.motion else {
            throw CommandFailure("no order counts yet", hint: "`standstill status` shows how far the motions are")
        }
        let charter = try NodeStart.readCharter(at: node.configuration().charter)
        let stored = try await StoredOrder(of: motion, from: client, charter: charter)
        let counted = status.agreement.orders.first { $0.motion == motion }
        let view = OrderView(stored.order.value, state: counted?.state ?? "not published")
        if output.isJSON { return try Console.json(view) }
        Console.data(view.lines.joined(separator: "\n"))
    }
}

/// An order's claims and state.
private struct OrderView: Encodable {
    let order: String
    let charter: String
    let motion: String
    let action: String
    let rule: String
    let seq: Int
    let round: Int
    let previous: String
    let proposed: String
    let effective: String
    let end: String
    let summary: String
    let terms: String
    let key: String
    /// not published, not-yet, in-force, ended or replaced.
    let state: String

    init(_ order: Order, state: String) {
        let claims = order.claims
        self.order = order.digest.description
        charter = claims.charter.description
        motion = claims.motion.description
        action = claims.action.rawValue
        rule = claims.rule.text
        seq = claims.position.seq
        round = claims.position.round
        previous = claims.position.previous?.description ?? "none"
        proposed = claims.proposed.description
        effective = claims.effective.description
        end = claims.end.description
        summary = claims.summary.text
        terms = claims.terms.description
        key = order.kid
        self.state = state
    }

    var lines: [String] {
        [
            summary,
            "",
            "state      \(state)",
            "order      \(order)",
            "motion     \(motion)",
            "charter    \(charter)",
            "action     \(action) under rule \(rule)",
            "place      \(seq) of the chain, round \(round); after order \(previous)",
            "effective  \(effective) to \(end)",
            "proposed   \(proposed)",
            "terms      sha256:\(terms)",
            "key        \(key)",
        ]
    }
}
