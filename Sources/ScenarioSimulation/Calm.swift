internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// When an order is owed (Protocol §10.2): those who agree form a quorum, keep to the protocol and are connected for long enough.
struct Calm {
    /// How long before commit-by faults must be over, in milliseconds.
    static let before: Int64 = 12_000

    private let scenario: Scenario
    private let vote: Scenario.Vote
    private var down: Set<PartyName> = []
    /// Whose clock was beyond what the charter tolerates at some time: it may have closed by it.
    private var wild = PartySet()
    private var cuts: Set<[PartyName]> = []
    private var isTooLate = false

    /// Whether the motion of a number must become an order in the eyes of every party that is left.
    static func owesOrder(_ scenario: Scenario, motion: Int) -> (isOwed: Bool, to: PartySet) {
        guard scenario.votes.indices.contains(motion - 1) else { return (false, []) }
        var calm = Calm(scenario, scenario.votes[motion - 1])
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
                case .breakNode, .ratify, .propose, .cast: true
                }
            }
    }

    private init(_ scenario: Scenario, _ vote: Scenario.Vote) {
        self.scenario = scenario
        self.vote = vote
    }

    private var tolerance: Int64 { Int64(scenario.charter.limits.clockTolerance.count) * 1000 }

    private var end: Int64 { scenario.ceremony + vote.at + vote.plan.commitSeconds * 1000 - Self.before }

    private mutating func take(_ fault: Scenario.Fault) {
        switch fault.action {
        case .crash(let party, _, let back):
            guard let back else { return _ = down.insert(party) }
            isTooLate = isTooLate || fault.at + back > end + 3000
        case .crashLater(let party, _, _, let back): if back == nil { down.insert(party) }
        case .start(let party):
            down.remove(party)
            isTooLate = isTooLate || fault.at > end
        case .cut(let senders, let receivers, let lasting):
            if let lasting { return isTooLate = isTooLate || fault.at + lasting > end + 1000 }
            for sender in senders {
                for receiver in receivers where sender != receiver { cuts.insert([sender, receiver]) }
            }
        case .mend(let senders, let receivers):
            for sender in senders { for receiver in receivers { cuts.remove([sender, receiver]) } }
            isTooLate = isTooLate || fault.at > end
        case .clock(let party, let milliseconds):
            if milliseconds.magnitude > (tolerance / 2).magnitude { wild.insert(party) }
            isTooLate = isTooLate || fault.at > end
        case .conditions: isTooLate = isTooLate || fault.at > end + 1000
        case .misbehave: break
        case .breakNode: isTooLate = true
        case .ratify, .propose, .cast: break
        }
    }

    private var verdict: (isOwed: Bool, to: PartySet) {
        let charter = scenario.charter
        let cut = PartySet(cuts.flatMap(\.self))
        let lost = scenario.liars.union(PartySet(down)).union(wild).union(cut)
        let left = PartySet(charter.parties.map(\.name)).subtracting(lost)
        // Votes that need more than two of several parties' clocks to be right are judged with a majority that is.
        guard !isTooLate, wild.count <= charter.limits.faultBound, left.contains(vote.proposer) else {
            return (false, left)
        }
        let answers = vote.ballots.filter { left.contains($0.party) && scenario.ceremony + vote.at + $0.after <= end }
        let agreeing = Tally(answers.map { Tally.OpenedAnswer($0.party, $0.answer) }).agreeing
        guard
            let rule = charter.action(vote.plan.action)?.rule, let tree = charter.rule(rule)?.tree,
            tree.isSatisfied(by: agreeing), charter.recordRule.tree.isSatisfied(by: left)
        else { return (false, left) }
        return (true, left)
    }
}
