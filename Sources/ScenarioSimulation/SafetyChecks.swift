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
    private var standingAuthors: [StatementID: PartyName] = [:]
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
    mutating func learn(_ statement: Statement) {
        switch statement.body {
        case .motion(let motion): motions[statement.id] = motion
        case .commitment(let commitment):
            if !opened.contains(commitment.motion) { early[commitment.motion, default: []].insert(statement.id) }
        case .standingBallot:
            standingAuthors[statement.id] = statement.head.party
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
        for (committer, commitment) in body.commitments {
            if fails(.receiptOnce, unless: receipts[subject]?[committer] == nil) {
                return (.receiptOnce, "it gives \(committer) two receipts")
            }
            receipts[subject, default: [:]][committer] = commitment
            receiptsOf[commitment, default: PartySet()].insert(statement.head.party)
            let isLate = opened.contains(body.motion) && early[body.motion]?.contains(commitment) != true
            if isLate, charter.recordRule.tree.isSatisfied(by: receiptsOf[commitment] ?? PartySet()) {
                return (.noSecondThought, "its receipt certifies a commitment that was made after an honest opening")
            }
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
        let closers = PartySet(node.journal.statements(.close, about: motion).map(\.head.party))
        guard charter.recordRule.tree.isSatisfied(by: closers) else {
            return (.sealed, "it opens a ballot although only \(closers.count) parties have closed")
        }
        opened.insert(motion)
        return nil
    }

    private mutating func sign(_ body: OrderShare, _ node: SimulatedNode) -> Broken? {
        let agreeing = agreeing(on: body.motion, in: node.journal)
        guard let motion = motions[body.motion], let rule = charter.rule(motion.rule),
            rule.tree.isSatisfied(by: agreeing)
        else {
            return (
                .evidenceFirst, "it signs although its journal shows the agreement of \(agreeing.count) parties only"
            )
        }
        let cast = answers[Subject(party: node.party, motion: body.motion)]
        let lodged = standing(of: node.party, on: body.motion, in: node.journal).compactMap { promises[$0] }
        guard ([cast].compactMap(\.self) + lodged).contains(where: { $0.binds(among: agreeing) }) else {
            return (.conditionKept, "it signs although its operator did not agree, or not under this condition")
        }
        let own = node.journal.statements(.nonceCommitment, about: body.motion).filter { $0.head.party == node.party }
        for nonces in packages[body.package]?.commitments ?? [] where own.contains(where: { $0.id == nonces }) {
            let earlier = answered[node.party]?[nonces]
            if fails(.nonceOnce, unless: earlier == nil || earlier == body.package) {
                return (.nonceOnce, "one nonce commitment answers two packages")
            }
            answered[node.party, default: [:]][nonces] = body.package
        }
        return nil
    }

    /// Who agrees, of those whose commitments a journal shows certified and opened; read without the core.
    private func agreeing(on motion: StatementID, in journal: VirtualJournal) -> PartySet {
        var authors = standingAuthors
        for commitment in journal.statements(.commitment, about: motion) {
            authors[commitment.id] = commitment.head.party
        }
        var receipts: [StatementID: PartySet] = [:]
        for statement in journal.statements(.receipt, about: motion) {
            guard case .receipt(let receipt) = statement.body else { continue }
            for commitment in receipt.commitments.values {
                receipts[commitment, default: PartySet()].insert(statement.head.party)
            }
        }
        receipts.merge(standingReceipts(on: motion, in: journal)) { one, _ in one }
        let answers = journal.statements(.opening, about: motion).compactMap { statement -> Tally.OpenedAnswer? in
            guard case .opening(let opening) = statement.body,
                charter.recordRule.tree.isSatisfied(by: receipts[opening.commitment] ?? PartySet())
            else { return nil }
            return Tally.OpenedAnswer(authors[opening.commitment] ?? statement.head.party, opening.ballot.answer)
        }
        return Tally(answers).agreeing
    }

    /// A party's standing ballots that a journal shows certified for a motion.
    private func standing(of party: PartyName, on motion: StatementID, in journal: VirtualJournal) -> [StatementID] {
        standingReceipts(on: motion, in: journal).filter { ballot, recorders in
            standingAuthors[ballot] == party && charter.recordRule.tree.isSatisfied(by: recorders)
        }.map(\.key)
    }

    private func standingReceipts(
        on motion: StatementID,
        in journal: VirtualJournal
    ) -> [StatementID: PartySet] {
        var receipts: [StatementID: PartySet] = [:]
        for statement in journal.statements(.standingReceipt, about: motion) {
            guard case .standingReceipt(let receipt) = statement.body else { continue }
            receipts[receipt.statement, default: PartySet()].insert(statement.head.party)
        }
        return receipts
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
        let publishers = PartySet(node.journal.statements(.publicationReceipt, about: id).map(\.head.party))
        guard charter.recordRule.tree.isSatisfied(by: publishers) else {
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
    static func looked(at node: SimulatedNode, among parties: Int, _ now: Moment) -> Violation? {
        let held = node.heldCount
        let parked = node.with { $0.parkedCount } ?? 0
        guard held > 4096 * parties || parked > PauseAgreement.Limits.parkedItems else { return nil }
        return Violation(.bounded, at: now, by: node.party, "it holds \(held) identifiers and \(parked) parked items")
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
