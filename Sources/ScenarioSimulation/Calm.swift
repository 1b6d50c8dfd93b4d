internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// When an order is owed (Protocol §10.2): those who agree form a quorum, keep to the protocol and are connected for long enough.
///
/// Whom a fault touches later is not counted on, and nothing is owed to it; the others owe the order all the same.
struct Calm {
    /// How long before commit-by faults must be over, in milliseconds, for those who are counted on: a node is down for three seconds, a
    /// line is made anew within two, and what was lost with it is asked for again.
    static let before: Int64 = 12_000
    /// How long before commit-by ballots must be cast where lines never break, in milliseconds.
    private static let ballotBefore: Int64 = 5_000
    /// How much longer it takes for each liar that is silent, in milliseconds: what it said that it has is not asked of another
    /// before (Protocol §9.5).
    private static let silence: Int64 = 10_000
    /// How much longer a node may be down, or a line cut or bad, in milliseconds.
    private static let grace: (crash: Int64, line: Int64) = (3000, 1000)
    /// From a fault's last moment until publish-by lines must not be worse than this.
    private static let mild = (delayMilliseconds: 1000, brokenPerMille: 30)
    /// Of how many cuts either side is tried as the one that is counted on.
    private static let cutLimit = 8

    private let scenario: Scenario
    private let vote: Scenario.Vote
    /// Who had keys when the ceremony was to be over.
    private let ready: PartySet
    /// Who is not there, or not reliably, from the last moment for faults on.
    private var away: PartySet
    /// Whose clock was beyond what the charter tolerates at some time: it may have closed by it.
    private var wild = PartySet()
    /// Cuts that are there after the last moment for faults.
    private var cuts: [(from: PartySet, to: PartySet)] = []
    /// The lines at the last moment for faults.
    private var conditions: NetworkConditions
    private var isMild = true

    /// Whether the motion of a number must become an order in the eyes of every party that is left.
    ///
    /// Nothing is owed to those who were not `ready`, since they had no keys when the ceremony was to be over.
    static func owesOrder(_ scenario: Scenario, motion: Int, ready: PartySet) -> (isOwed: Bool, to: PartySet) {
        guard scenario.votes.indices.contains(motion - 1) else { return (false, []) }
        var calm = Calm(scenario, scenario.votes[motion - 1], ready: ready)
        for fault in scenario.faults.sorted(by: { $0.at < $1.at }) { calm.take(fault) }
        return calm.verdict
    }

    /// How long before its time is over a ceremony must be undisturbed, in milliseconds: waits double on both sides of a line that
    /// was cut, and what was early is read again a minute later (Protocol §9).
    static let beforeKeys: Int64 = 180_000

    /// Whether every party must have its keys when the time of the ceremony is over: nobody lies, and all are there in calm.
    static func owesKeys(_ scenario: Scenario) -> Bool {
        scenario.ceremony >= beforeKeys
            && scenario.faults.allSatisfy { fault in
                guard fault.at < scenario.ceremony else { return true }
                return switch fault.action {
                case .crash(_, _, let back?), .crashLater(_, _, _, let back?):
                    fault.at + back <= scenario.ceremony - beforeKeys
                case .cut(_, _, let lasting?): fault.at + lasting <= scenario.ceremony - beforeKeys
                case .conditions: fault.at <= scenario.ceremony - beforeKeys
                case .crash, .crashLater, .start, .cut, .mend, .clock, .misbehave: false
                // Nobody was told that the node is broken.
                case .breakNode, .ratify, .propose, .cast, .stand: true
                }
            }
    }

    private init(_ scenario: Scenario, _ vote: Scenario.Vote, ready: PartySet) {
        self.scenario = scenario
        self.vote = vote
        self.ready = ready
        away = PartySet(scenario.charter.parties.map(\.name)).subtracting(ready)
        conditions = scenario.conditions
    }

    private var tolerance: Int64 { Int64(scenario.charter.limits.clockTolerance.count) * 1000 }

    private var commitBy: Int64 { scenario.ceremony + vote.at + vote.plan.commitSeconds * 1000 }

    /// The last moment for faults.
    private var end: Int64 { commitBy - before }

    private var before: Int64 {
        let silent = scenario.faults.count { if case .misbehave(_, .silent) = $0.action { true } else { false } }
        return Self.before + Self.silence * Int64(silent)
    }

    /// When the order counts, if it is owed: a fault afterwards can take it from nobody who is there.
    private var due: Int64 { commitBy + (vote.plan.signSeconds + vote.plan.publishSeconds) * 1000 + tolerance }

    private mutating func take(_ fault: Scenario.Fault) {
        if case .crash(let party, _, nil) = fault.action {
            away.insert(party)
            return
        }
        guard fault.at <= due else { return }
        switch fault.action {
        case .crash(let party, _, let back):
            if fault.at + (back ?? 0) > end + Self.grace.crash { away.insert(party) }
        // When it dies is not known, and it is back soon.
        case .crashLater(let party, _, _, let back): if back == nil { away.insert(party) }
        case .start(let party): if fault.at <= end, ready.contains(party) { away.remove(party) }
        case .cut(let senders, let receivers, let lasting):
            if let lasting, fault.at + lasting <= end + Self.grace.line { return }
            cuts.append((PartySet(senders), PartySet(receivers)))
        case .mend(let senders, let receivers):
            guard fault.at <= end else { return }
            cuts.removeAll { $0.from.isSubset(of: PartySet(senders)) && $0.to.isSubset(of: PartySet(receivers)) }
        case .clock(let party, let milliseconds):
            if milliseconds.magnitude > (tolerance / 2).magnitude { wild.insert(party) }
            if fault.at > end { away.insert(party) }
        case .conditions(let conditions):
            if fault.at > end + Self.grace.line {
                isMild = isMild && Self.isMild(conditions)
            } else {
                self.conditions = conditions
            }
        // Nobody was told that a node is broken; liars are not counted on in any case.
        case .misbehave, .breakNode, .ratify, .propose, .cast, .stand: break
        }
    }

    private static func isMild(_ conditions: NetworkConditions) -> Bool {
        conditions.delayMilliseconds.upperBound <= mild.delayMilliseconds
            && conditions.brokenPerMille <= mild.brokenPerMille
    }

    private var verdict: (isOwed: Bool, to: PartySet) {
        // Votes that need more than two of several parties' clocks to be right are judged with a majority that is.
        guard isMild, Self.isMild(conditions), wild.count <= scenario.charter.limits.faultBound else {
            return (false, [])
        }
        let lost = scenario.liars.union(away).union(wild)
        let all = PartySet(scenario.charter.parties.map(\.name)).subtracting(lost)
        var owed = PartySet()
        // Each party of one side of a cut is connected with all others of that side.
        for choice in 0..<(1 << min(cuts.count, Self.cutLimit)) {
            var left = all
            for (place, cut) in cuts.enumerated() {
                if place >= Self.cutLimit || choice >> place & 1 == 0 { left = left.subtracting(cut.from) }
                if place >= Self.cutLimit || choice >> place & 1 == 1 { left = left.subtracting(cut.to) }
            }
            if suffices(left) { owed = owed.union(left) }
        }
        return (!owed.isEmpty, owed)
    }

    /// Whether these parties make an order by themselves.
    private func suffices(_ left: PartySet) -> Bool {
        let charter = scenario.charter
        let bad = conditions.brokenPerMille > 0 || scenario.conditions.brokenPerMille > 0
        let margin = bad ? before : scenario.faults.isEmpty ? Self.ballotBefore : Self.before
        let answers = vote.ballots.filter {
            left.contains($0.party) && scenario.ceremony + vote.at + $0.after <= commitBy - margin
        }
        let agreeing = Tally(answers.map { Tally.OpenedAnswer($0.party, $0.answer) }).agreeing
        guard let rule = charter.action(vote.plan.action)?.rule, let tree = charter.rule(rule)?.tree else {
            return false
        }
        return left.contains(vote.proposer) && tree.isSatisfied(by: agreeing)
            && charter.recordRule.tree.isSatisfied(by: left)
    }
}
