internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// Everything this node knows of one motion: a set of facts, and what follows from them.
///
/// Facts are only ever added, and every derived answer depends on the set of facts alone, never on the order in which
/// they came (Protocol §10, rule 10).
struct MotionState: Sendable {
    /// One sealed ballot as its author signed it.
    struct SealedBallot: Hashable, Sendable {
        let author: PartyName
        let seal: Bytes32
    }

    let id: StatementID
    let motion: Motion
    let head: StatementHead
    /// When this node first saw the motion, by its own clock.
    let firstSeen: Instant
    /// What an order of this motion would be called.
    let orderDigest: OrderDigest
    /// The rule the motion asks.
    let decision: ThresholdTree
    /// The rule whose quorums certify, close and publish.
    let record: ThresholdTree

    private(set) var commitments: OrderedMap<StatementID, SealedBallot> = [:]
    /// Commitments that are not here and that a recorder's receipt names, one for each recorder and author.
    private var awaited: OrderedMap<AwaitedTurn, StatementID> = [:]
    private(set) var receipts: OrderedMap<StatementID, PartySet> = [:]
    /// Commitments that a record quorum has receipted; the set only grows.
    private(set) var certified: OrderedMap<StatementID, PartyName> = [:]
    private(set) var closes = PartySet()
    /// A record quorum has promised to receipt nothing more.
    private(set) var isClosed = false
    private(set) var openings: OrderedMap<StatementID, Ballot> = [:]
    var held: HeldBallot?
    var signing = SigningState()
    var order: Verified<Order>?
    /// The phase last seen and when it began, by this node's clock; for the screens.
    var phase: MotionPhase?
    var phaseSince: Instant?
    /// Set once, when the motion ends; it never changes afterwards.
    private(set) var outcome: Outcome?

    /// How a motion ended.
    enum Outcome: Hashable, Sendable {
        case published
        case failed
        case superseded
    }

    init(
        id: StatementID,
        motion: Motion,
        head: StatementHead,
        firstSeen: Instant,
        decision: ThresholdTree,
        record: ThresholdTree
    ) {
        self.id = id
        self.motion = motion
        self.head = head
        self.firstSeen = firstSeen
        orderDigest = OrderClaims(motion: motion, head: head, id: id).digest
        self.decision = decision
        self.record = record
    }

    mutating func end(_ outcome: Outcome, at now: Moment) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        phaseSince = now.instant
    }

    /// Those whose ballots count.
    var voters: PartySet { decision.parties }

    var position: ChainPosition { motion.position }

    var schedule: Motion.Schedule { motion.schedule }

    var proposer: PartyName { head.party }

    var proposedAt: Instant { head.at }
}

// MARK: - Facts

extension MotionState {
    func commitments(of party: PartyName) -> [StatementID] {
        commitments.filter { $0.value.author == party }.map(\.key)
    }

    mutating func commit(_ id: StatementID, _ ballot: SealedBallot) {
        commitments[id] = ballot
    }

    /// Notes a commitment that a receipt names and that is not here; `false` when it is awaited, or the recorder's turn is used.
    mutating func await(_ commitment: StatementID, of author: PartyName, by recorder: PartyName) -> Bool {
        let turn = AwaitedTurn(recorder: recorder, author: author)
        guard awaited[turn] == nil else { return false }
        let isNews = !isAwaited(commitment)
        awaited[turn] = commitment
        return isNews
    }

    func isAwaited(_ commitment: StatementID) -> Bool { awaited.values.contains(commitment) }

    /// Records a receipt; `false` when this recorder has receipted this commitment before.
    ///
    /// A recorder that receipts two commitments of one author lies; both receipts count, so that all nodes that know the
    /// same receipts agree whatever they heard first.
    mutating func receipt(_ commitment: StatementID, of author: PartyName, by recorder: PartyName) -> Bool {
        guard !receipts[commitment, default: []].contains(recorder) else { return false }
        receipts[commitment, default: []].insert(recorder)
        if certified[commitment] == nil, record.isSatisfied(by: receipts[commitment, default: []]) {
            certified[commitment] = author
        }
        return true
    }

    mutating func close(by party: PartyName) {
        closes.insert(party)
        isClosed = isClosed || record.isSatisfied(by: closes)
    }

    mutating func open(_ commitment: StatementID, _ ballot: Ballot) {
        openings[commitment] = ballot
    }
}

// MARK: - What follows

extension MotionState {
    /// A record quorum has receipted the commitment before closing.
    func isCertified(_ commitment: StatementID) -> Bool {
        certified[commitment] != nil
    }

    /// Those of whom a party has receipted a commitment.
    func authors(receiptedBy recorder: PartyName) -> PartySet {
        PartySet(commitments.filter { receipts[$0.key, default: []].contains(recorder) }.map(\.value.author))
    }

    /// The authors of certified commitments.
    var certifiedVoters: PartySet {
        PartySet(certified.values)
    }

    /// The guard of Protocol §7 step 5: opening cannot be in vain.
    var mayStillPass: Bool {
        decision.isSatisfied(by: certifiedVoters)
    }

    /// The authors whose certified ballots are open.
    var openedVoters: PartySet {
        PartySet(openings.keys.compactMap { isCertified($0) ? commitments[$0]?.author : nil })
    }

    /// Certified, opened answers; an equivocator may have several and is bound by each.
    var countedAnswers: [Tally.OpenedAnswer] {
        openings.compactMap { commitment, ballot in
            guard isCertified(commitment), let author = commitments[commitment]?.author else { return nil }
            return Tally.OpenedAnswer(author, ballot.answer)
        }
    }

    /// The greatest set of agreeing parties whose conditions the set itself meets.
    var tally: Tally {
        Tally(countedAnswers)
    }

    /// The agreeing set, when it satisfies the rule; `nil` before.
    var agreement: PartySet? {
        guard isClosed else { return nil }
        let agreeing = tally.agreeing
        return decision.isSatisfied(by: agreeing) ? agreeing : nil
    }

    /// Every voter's certified ballot is open, so nothing more can be added, and they do not suffice.
    var isVotedDown: Bool {
        isClosed && openedVoters == voters && agreement == nil
    }
}

/// Whose receipt for whom may make room for one commitment.
private struct AwaitedTurn: Hashable, Comparable {
    let recorder: PartyName
    let author: PartyName

    static func < (left: Self, right: Self) -> Bool {
        (left.recorder, left.author) < (right.recorder, right.author)
    }
}
