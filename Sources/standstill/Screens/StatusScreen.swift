internal import NodeService
internal import PauseAgreement

/// Everything a node knows on one screen: keys, motions, orders, peers, and what asks for attention.
struct StatusScreen {
    private let status: NodeStatus

    init(_ status: NodeStatus) {
        self.status = status
    }

    var lines: [String] {
        [heading + warnings, parties, motions, orders].filter { !$0.isEmpty }.joined(separator: [""]).map(\.self)
    }

    private var agreement: AgreementStatus { status.agreement }

    private var heading: [String] {
        [
            "\(agreement.party) in \(agreement.network), charter \(agreement.charter.prefix(16)), \(status.now)",
            "\(status.software), listens on \(status.listen), \(status.journalEntries) entries in the journal, "
                + "\(agreement.statementNumber) signed",
            CeremonyPage.heading(agreement.ceremony, now: status.now),
        ] + CeremonyPage.remedies(agreement.ceremony.failures)
    }

    private var warnings: [String] {
        status.warnings.map { "WARNING: \($0)" }
            + agreement.misconduct.map { "WARNING: \($0.party) \($0.sentence); see `standstill evidence list`" }
            + agreement.accusations.map { "\($0.accuser) accuses \($0.accused) of \($0.offence)" }
    }

    /// Party by step of the ceremony, and how the party can be reached.
    private var parties: [String] {
        var table = TextTable(["party", "class"] + CeremonyPage.header + ["connection"])
        for party in agreement.parties {
            let cells = CeremonyPage.cells(of: party, in: agreement.ceremony)
            table.add([party.name, party.partyClass] + cells + [connection(to: party.name)])
        }
        return table.lines
    }

    private func connection(to party: String) -> String {
        guard party != agreement.party else { return "this node" }
        guard let peer = status.peers.first(where: { $0.name == party }) else { return "" }
        let age = Clock.age(of: peer.since, at: status.now)
        guard peer.isConnected else {
            return "MISSING for \(age)\(peer.reason.isEmpty ? "" : ": \(peer.reason)")"
        }
        var text = "connected for \(age)"
        if let offset = peer.clockOffsetSeconds, offset != 0 { text += ", clock \(offset > 0 ? "+" : "")\(offset) s" }
        if peer.charter == "other" { text += ", ANOTHER CHARTER" }
        if peer.software != status.software, !peer.software.isEmpty { text += ", \(peer.software)" }
        return text
    }

    /// Open motions in full, and the last that ended on one line each.
    private var motions: [String] {
        let newestFirst = agreement.motions.sorted { ($1.proposedAt, $1.id) < ($0.proposedAt, $0.id) }
        let isOver = { (motion: MotionStatus) in ["published", "failed", "superseded", "void"].contains(motion.phase) }
        let open = newestFirst.filter { !isOver($0) }.flatMap { motion in
            ["motion \(motion.id.prefix(8)) of \(motion.proposer): \(motion.summary)"]
                + MotionLines.progress(of: motion, at: status.now) + deadline(of: motion)
        }
        let ended = newestFirst.filter(isOver)
        let last = ended.prefix(Self.endedShown).map { motion in
            "motion \(motion.id.prefix(8)) of \(motion.proposer), \(motion.action), proposed \(motion.proposedAt): "
                + motion.phase + (motion.shortfall.isEmpty ? "" : "; \(motion.shortfall)")
        }
        let rest = ended.count - last.count
        return open + last + (rest > 0 ? ["and \(rest) older motions: `standstill motion list`"] : [])
    }

    private static let endedShown = 3

    /// Until when what the motion waits for can still be done.
    private func deadline(of motion: MotionStatus) -> [String] {
        switch motion.phase {
        case "committing", "closing": ["  ballots until \(motion.commitBy)"]
        case "opening", "signing": ["  to be signed by \(motion.signBy)"]
        case "publishing": ["  to be published by \(motion.publishBy)"]
        default: []
        }
    }

    private var orders: [String] {
        guard !agreement.orders.isEmpty else { return [] }
        var table = TextTable(["order", "round", "action", "state", "effective", "end", "motion"])
        for order in agreement.orders {
            table.add([
                "\(order.seq)", "\(order.round)", order.action, order.state, order.effective, order.end,
                String(order.motion.prefix(8)),
            ])
        }
        return table.lines
    }
}
