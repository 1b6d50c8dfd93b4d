internal import NodeService
internal import PauseAgreement

/// A motion on one page: what it says, how far it has come, and who has done what.
struct MotionPage {
    private let motion: MotionStatus
    private let now: String

    init(_ motion: MotionStatus, now: String) {
        self.motion = motion
        self.now = now
    }

    var lines: [String] {
        heading + schedule + progress + [""] + table + remarks
    }

    private var heading: [String] {
        [
            "motion \(motion.id)",
            "  \(motion.summary)",
            "  proposed by \(motion.proposer), \(motion.action) under rule \(motion.rule), "
                + "place \(motion.seq) of the chain, round \(motion.round)",
        ]
    }

    private var schedule: [String] {
        [
            "  proposed \(motion.proposedAt), ballots until \(motion.commitBy), signed by \(motion.signBy),",
            "  published by \(motion.publishBy), effective \(motion.effective), ends \(motion.end)",
        ]
    }

    private var progress: [String] {
        MotionLines.progress(of: motion, at: now)
    }

    private var table: [String] {
        var table = TextTable([
            "  party", "sealed", "certified", "closed", "opened", "signed", "published", "ballot",
        ])
        for voter in motion.voters {
            let steps = [
                voter.hasCommitted, voter.isCertified, voter.hasClosed, voter.hasOpened, voter.hasSigned,
                voter.hasPublished,
            ]
            table.add(["  \(voter.name)"] + steps.map { $0 ? "yes" : "-" } + [voter.answer])
        }
        return table.lines
    }

    private var remarks: [String] {
        var lines: [String] = []
        if !motion.agreeing.isEmpty { lines.append("  agreeing: \(motion.agreeing.joined(separator: ", "))") }
        lines += motion.withdrawals.map { "  condition not met: \($0)" }
        if !motion.coordinators.isEmpty {
            lines.append("  signing coordinated by: \(motion.coordinators.joined(separator: ", "))")
        }
        if !motion.order.isEmpty { lines.append("  order: \(motion.order)") }
        return lines.isEmpty ? [] : [""] + lines
    }
}

/// Lines about a motion that several screens show.
enum MotionLines {
    /// The phase, who is missing since when, and what it still takes.
    static func progress(of motion: MotionStatus, at now: String) -> [String] {
        var lines = ["  \(motion.phase) \(Clock.since(motion.since, at: now))"]
        if !motion.missing.isEmpty { lines.append("  missing: \(motion.missing.joined(separator: ", "))") }
        let isOver = ["failed", "void"].contains(motion.phase)
        if !motion.shortfall.isEmpty { lines.append("  \(isOver ? "why" : "it takes"): \(motion.shortfall)") }
        return lines
    }
}
