internal import NodeService
internal import PauseAgreement

/// Everything a node knows on one screen: keys, motions, orders, peers, and what asks for attention.
struct StatusScreen {
    private let status: NodeStatus

    init(_ status: NodeStatus) {
        self.status = status
    }

    var lines: [String] {
        [heading + warnings, parties(withSteps: true), openMotions + endedMotions, orders]
            .filter { !$0.isEmpty }.joined(separator: [""]).map(\.self)
    }

    /// What a terminal can show at once: what asks for attention and what can still be voted on come first.
    func lines(fitting fit: ScreenFit) -> [String] {
        let sections = [
            (heading + warnings).flatMap(fit.wrapped), openMotions.flatMap(fit.wrapped), parties(fitting: fit),
            endedMotions.flatMap(fit.wrapped), orders.map(fit.cut),
        ]
        return fit.page(sections.filter { !$0.isEmpty }.joined(separator: [""]).map(\.self))
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
    private func parties(withSteps: Bool) -> [String] {
        var table = TextTable(["party", "class"] + (withSteps ? CeremonyPage.header : []) + ["connection"])
        for party in agreement.parties {
            let cells = withSteps ? CeremonyPage.cells(of: party, in: agreement.ceremony) : []
            table.add([party.name, party.partyClass] + cells + [connection(to: party.name)])
        }
        return table.lines
    }

    /// Once the keys are made, the steps give way to the connections.
    private func parties(fitting fit: ScreenFit) -> [String] {
        let table = parties(withSteps: true)
        let isMade = agreement.ceremony.stage == "finished"
        let fits = table.allSatisfy { $0.count <= fit.columns }
        return (fits || !isMade ? table : parties(withSteps: false)).map(fit.cut)
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

    private var newestMotions: [MotionStatus] {
        agreement.motions.sorted { ($1.proposedAt, $1.id) < ($0.proposedAt, $0.id) }
    }

    private static func isOver(_ motion: MotionStatus) -> Bool {
        ["published", "failed", "superseded", "void"].contains(motion.phase)
    }

    /// Open motions in full.
    private var openMotions: [String] {
        newestMotions.filter { !Self.isOver($0) }.flatMap { motion in
            ["motion \(motion.id.prefix(8)) of \(motion.proposer): \(motion.summary)"]
                + MotionLines.progress(of: motion, at: status.now) + deadline(of: motion)
        }
    }

    /// The last that ended, on one line each.
    private var endedMotions: [String] {
        let ended = newestMotions.filter(Self.isOver)
        let last = ended.prefix(Self.endedShown).map { motion in
            "motion \(motion.id.prefix(8)) of \(motion.proposer), \(motion.action), proposed \(motion.proposedAt): "
                + motion.phase + (motion.shortfall.isEmpty ? "" : "; \(motion.shortfall)")
        }
        let rest = ended.count - last.count
        return last + (rest > 0 ? ["and \(rest) older motions: `standstill motion list`"] : [])
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
