internal import PauseAgreement
internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// Judges every statement as it is said, against all that was said before, from above: nothing here is known to a node.
///
/// Honest are the parties that were not declared faulty. Every check is written from the specification, not from the core.
struct SafetyChecks {
    private struct Subject: Hashable {
        let party: PartyName
        let motion: StatementID
    }

    private let charter: Charter
    /// Parties that may do anything.
    var faulty: Set<PartyName> = []
    /// Checks that say nothing, so that the ones behind them can be tried.
    var ignored: Set<Invariant> = []
    /// What the operators of honest parties answered.
    private var answers: [Subject: Answer] = [:]
    /// What they lodged in advance.
    private var promises: [StatementID: Answer] = [:]
    /// Motions of which an honest party had opened a ballot when a standing ballot was lodged.
    private var openedBefore: [StatementID: Set<StatementID>] = [:]
    /// Who lets a standing ballot count for a motion.
    private var servedBy: [StatementID: [StatementID: PartySet]] = [:]
    private var numbers: [PartyName: [Int: StatementID]] = [:]
    private var commitments: [Subject: StatementID] = [:]
    private var receipts: [Subject: [PartyName: StatementID]] = [:]
    private var closed: Set<Subject> = []
    private var motions: [StatementID: Motion] = [:]
    /// Everybody's commitments by motion, until the first honest opening.
    private var early: [StatementID: Set<StatementID>] = [:]
    private var opened: Set<StatementID> = []
    private var receiptsOf: [StatementID: PartySet] = [:]
    private var packages: [StatementID: OrderPackage] = [:]
    private var answered: [PartyName: [StatementID: StatementID]] = [:]
    private var counted: [Int: StatementID] = [:]

    init(charter: Charter) {
        self.charter = charter
    }

    mutating func intend(_ answer: Answer, by party: PartyName, on motion: StatementID) {
        answers[Subject(party: party, motion: motion)] = answer
    }

    mutating func intend(_ answer: Answer, by party: PartyName, standing ballot: StatementID) {
        promises[ballot] = answer
    }

    func publishBy(of motion: StatementID) -> Moment? { motions[motion].map { Moment($0.schedule.publishBy) } }

    /// An item is sent, by whoever.
    mutating func said(_ item: Item, by node: SimulatedNode, _ now: Moment) -> Violation? {
        guard case .statement(let statement) = item else { return nil }
        learn(statement)
        guard statement.head.party == node.party, !faulty.contains(node.party) else { return nil }
        if let broken = honest(statement, node, now) {
            return Violation(broken.invariant, at: now, by: node.party, broken.text)
        }
        return nil
    }

    /// What anybody may have said.
    private mutating func learn(_ statement: Statement) {
        switch statement.body {
        case .motion(let motion): motions[statement.id] = motion
        case .commitment(let commitment):
            if !opened.contains(commitment.motion) { early[commitment.motion, default: []].insert(statement.id) }
        case .standingBallot:
            if openedBefore[statement.id] == nil { openedBefore[statement.id] = opened }
        case .package(let package): packages[statement.id] = package
        default: break
        }
    }

    private typealias Broken = (invariant: Invariant, text: String)

    /// Whether a check finds something broken and is to say so.
    private func fails(_ invariant: Invariant, unless holds: Bool) -> Bool { !holds && !ignored.contains(invariant) }

    private mutating func honest(_ statement: Statement, _ node: SimulatedNode, _ now: Moment) -> Broken? {
        let known = numbers[node.party]?[statement.head.number]
        if fails(.numberOnce, unless: known == nil || known == statement.id) {
            return (.numberOnce, "two statements have number \(statement.head.number)")
        }
        numbers[node.party, default: [:]][statement.head.number] = statement.id
        if fails(.durable, unless: node.journal.isDurable(statement.id.bytes)) {
            return (.durable, "statement \(statement.head.number) is sent before it is durable")
        }
        switch statement.body {
        case .commitment(let body): return commit(body, statement)
        case .receipt(let body): return receipt(body, statement)
        case .standingReceipt(let body): return serve(body, statement)
        case .close(let body):
            closed.insert(Subject(party: node.party, motion: body.motion))
            return nil
        case .opening(let body): return open(body.motion, node)
        case .openingShare(let body): return open(body.motion, node)
        case .signatureShare(let body): return sign(body, node)
        // No operator of a simulation exports a proof, which is when an honest party accuses.
        case .accusation(let body):
            return faulty.contains(body.accused) ? nil : (.noFraming, "it accuses \(body.accused), who is honest")
        case .publicationReceipt(let body):
            guard let motion = motions[body.motion], node.clock(now).instant <= motion.schedule.publishBy else {
                return (.publishedInTime, "it gives a publication receipt after publish-by")
            }
            return nil
        default: return nil
        }
    }

    private mutating func commit(_ body: BallotCommitment, _ statement: Statement) -> Broken? {
        let subject = Subject(party: statement.head.party, motion: body.motion)
        if fails(.commitmentOnce, unless: commitments[subject] == nil) {
            return (.commitmentOnce, "it commits twice on one motion")
        }
        commitments[subject] = statement.id
        return nil
    }

    private mutating func receipt(_ body: Receipt, _ statement: Statement) -> Broken? {
        let subject = Subject(party: statement.head.party, motion: body.motion)
        if fails(.receiptBeforeClose, unless: !closed.contains(subject)) {
            return (.receiptBeforeClose, "it gives a receipt after its own close")
        }
        if fails(.receiptOnce, unless: receipts[subject]?[body.committer] == nil) {
            return (.receiptOnce, "it gives \(body.committer) two receipts")
        }
        receipts[subject, default: [:]][body.committer] = body.commitment
        receiptsOf[body.commitment, default: PartySet()].insert(statement.head.party)
        let isLate = opened.contains(body.motion) && early[body.motion]?.contains(body.commitment) != true
        if isLate, charter.recordRule.tree.isSatisfied(by: receiptsOf[body.commitment] ?? PartySet()) {
            return (.noSecondThought, "its receipt certifies a commitment that was made after an honest opening")
        }
        return nil
    }

    private mutating func serve(_ body: StandingReceipt, _ statement: Statement) -> Broken? {
        guard let motion = body.motion else { return nil }
        let subject = Subject(party: statement.head.party, motion: motion)
        if fails(.receiptBeforeClose, unless: !closed.contains(subject)) {
            return (.receiptBeforeClose, "it lets a standing ballot count after its own close")
        }
        servedBy[motion, default: [:]][body.statement, default: PartySet()].insert(statement.head.party)
        let isLate = openedBefore[body.statement]?.contains(motion) == true
        if isLate, charter.recordRule.tree.isSatisfied(by: servedBy[motion]?[body.statement] ?? PartySet()) {
            return (.noSecondThought, "its receipt certifies a standing ballot that was lodged after an honest opening")
        }
        return nil
    }

    private mutating func open(_ motion: StatementID, _ node: SimulatedNode) -> Broken? {
        let record = MotionView(of: motion, in: node.journal.items)
        guard charter.recordRule.tree.isSatisfied(by: record.closers) else {
            return (.sealed, "it opens a ballot although only \(record.closers.count) parties have closed")
        }
        opened.insert(motion)
        return nil
    }

    private mutating func sign(_ body: OrderShare, _ node: SimulatedNode) -> Broken? {
        let record = MotionView(of: body.motion, in: node.journal.items)
        let agreeing = record.agreeing(record: charter.recordRule.tree)
        guard let motion = motions[body.motion], let rule = charter.rule(motion.rule),
            rule.tree.isSatisfied(by: agreeing)
        else {
            return (
                .evidenceFirst, "it signs although its journal shows the agreement of \(agreeing.count) parties only"
            )
        }
        let cast = answers[Subject(party: node.party, motion: body.motion)]
        let lodged = record.standing(of: node.party, record: charter.recordRule.tree).compactMap { promises[$0] }
        guard ([cast].compactMap(\.self) + lodged).contains(where: { $0.binds(among: agreeing) }) else {
            return (.conditionKept, "it signs although its operator did not agree, or not under this condition")
        }
        for nonces in packages[body.package]?.commitments ?? [] where record.authors[nonces] == node.party {
            let earlier = answered[node.party]?[nonces]
            if fails(.nonceOnce, unless: earlier == nil || earlier == body.package) {
                return (.nonceOnce, "one nonce commitment answers two packages")
            }
            answered[node.party, default: [:]][nonces] = body.package
        }
        return nil
    }

    /// A node tells something to its operator.
    mutating func observed(_ observation: Observation, by node: SimulatedNode, _ now: Moment) -> Violation? {
        guard !faulty.contains(node.party) else { return nil }
        switch observation {
        case .misconduct(let accused, let offence, _) where fails(.noFraming, unless: faulty.contains(accused)):
            return Violation(.noFraming, at: now, by: node.party, "it holds \(accused) convicted: \(offence.sentence)")
        case .equivocation(let accused, _, _) where fails(.noFraming, unless: faulty.contains(accused)):
            return Violation(.noFraming, at: now, by: node.party, "it holds \(accused) convicted of equivocation")
        case .faultySigner(_, let accused) where fails(.noFraming, unless: faulty.contains(accused)):
            return Violation(.noFraming, at: now, by: node.party, "it calls the share of \(accused) wrong")
        case .published(let motion): return count(motion, node, now)
        default: return nil
        }
    }

    private mutating func count(_ id: StatementID, _ node: SimulatedNode, _ now: Moment) -> Violation? {
        guard let motion = motions[id] else { return nil }
        let record = MotionView(of: id, in: node.journal.items)
        guard charter.recordRule.tree.isSatisfied(by: record.publishers) else {
            return Violation(
                .publishedInTime,
                at: now,
                by: node.party,
                "an order counts without a record quorum of receipts"
            )
        }
        let earlier = counted[motion.position.seq]
        guard earlier == nil || earlier == id else {
            return Violation(.oneOrder, at: now, by: node.party, "two orders count for position \(motion.position.seq)")
        }
        counted[motion.position.seq] = id
        return nil
    }

    /// A node at rest.
    func looked(at node: SimulatedNode, _ now: Moment) -> Violation? {
        let held = node.heldCount
        let parked = node.with { $0.parkedCount } ?? 0
        guard held > 4096 * charter.parties.count || parked > PauseAgreement.Limits.parkedItems else { return nil }
        return Violation(.bounded, at: now, by: node.party, "it holds \(held) identifiers and \(parked) parked items")
    }
}

/// What a journal shows of one motion, read without the core.
private struct MotionView {
    private(set) var closers = PartySet()
    private(set) var publishers = PartySet()
    private(set) var authors: [StatementID: PartyName] = [:]
    private var receipts: [StatementID: PartySet] = [:]
    private var served: [StatementID] = []
    private var openings: [(commitment: StatementID, party: PartyName, answer: Answer)] = []

    init(of motion: StatementID, in items: [Item]) {
        for case .statement(let statement) in items
        where statement.body.motion == motion || statement.kind == .standingBallot {
            let author = statement.head.party
            authors[statement.id] = author
            switch statement.body {
            case .close: closers.insert(author)
            case .receipt(let body): receipts[body.commitment, default: PartySet()].insert(author)
            case .standingReceipt(let body):
                served.append(body.statement)
                receipts[body.statement, default: PartySet()].insert(author)
            case .opening(let body):
                openings.append((body.commitment, authors[body.commitment] ?? author, body.ballot.answer))
            case .publicationReceipt: publishers.insert(author)
            default: break
            }
        }
    }

    /// A party's standing ballots that are certified for the motion.
    func standing(of party: PartyName, record: ThresholdTree) -> [StatementID] {
        served.filter { authors[$0] == party && record.isSatisfied(by: receipts[$0] ?? PartySet()) }
    }

    /// Who agrees, of those whose commitments are certified and opened.
    func agreeing(record: ThresholdTree) -> PartySet {
        let certified = openings.filter { record.isSatisfied(by: receipts[$0.commitment] ?? PartySet()) }
        return Tally(certified.map { Tally.OpenedAnswer($0.party, $0.answer) }).agreeing
    }
}

extension Answer {
    /// Whether it agrees in this company.
    fileprivate func binds(among agreeing: PartySet) -> Bool {
        switch self {
        case .agree: true
        case .agreeIf(let condition): condition.isSatisfied(by: agreeing)
        case .decline, .abstain: false
        }
    }
}
