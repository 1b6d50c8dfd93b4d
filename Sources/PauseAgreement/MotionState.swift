internal import BallotSealing
internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// Everything this node knows of one motion: a set of facts, and what follows from them.
///
/// Facts are only ever added, and every derived answer depends on the set of facts alone, never on the order in which
/// they came (Protocol §10, rule 10).
struct MotionState: Sendable {
    /// One sealed ballot as its author signed it.
    struct SealedBallot: Hashable, Sendable {
        let author: PartyName
        /// What it is sealed for.
        let subject: BallotSealing.Subject
        let seal: BallotCommitment.Seal
        /// Verified, under `opening guaranteed`.
        let openable: OpenableBallot?
        /// Lodged in advance.
        let isStanding: Bool
    }

    /// What a sealed ballot turned out to be.
    enum OpenedBallot: Hashable, Sendable {
        case ballot(Ballot)
        /// A quorum has opened it, and it holds no ballot: it counts as abstaining, and its author is shown with it.
        case unreadable

        var answer: Answer {
            switch self {
            case .ballot(let ballot): ballot.answer
            case .unreadable: .abstain
            }
        }
    }

    /// This party's own ballot and its seal.
    struct OwnBallot: Hashable, Sendable {
        let held: HeldBallot
        let seal: BallotCommitment.Seal
    }

    /// What never changes, so that copies share it.
    private final class Fixed: Sendable {
        let id: StatementID
        let motion: Motion
        let head: StatementHead
        let firstSeen: Instant
        let claims: OrderClaims
        let orderDigest: OrderDigest
        let decision: ThresholdTree
        let record: ThresholdTree
        let own: PartyName

        init(
            _ id: StatementID,
            _ motion: Motion,
            _ head: StatementHead,
            firstSeen: Instant,
            decision: ThresholdTree,
            record: ThresholdTree,
            own: PartyName
        ) {
            (self.id, self.motion, self.head) = (id, motion, head)
            (self.firstSeen, self.decision, self.record, self.own) = (firstSeen, decision, record, own)
            claims = OrderClaims(motion: motion, head: head, id: id)
            orderDigest = claims.digest
        }
    }

    private let fixed: Fixed

    private(set) var commitments: OrderedMap<StatementID, SealedBallot> = [:]
    /// Commitments that are not here and that a recorder's receipt names, one for each recorder and author.
    private var awaited: OrderedMap<AwaitedTurn, StatementID> = [:]
    /// Everybody's commitments, ascending.
    private var committed: OrderedMap<PartyName, [StatementID]> = [:]
    /// The standing ballots that recorders let count, ascending.
    private var served: OrderedMap<PartyName, [StatementID]> = [:]
    /// Those that are not here, by the recorder that lets them count.
    private var awaitedStanding: OrderedMap<PartyName, [StatementID]> = [:]
    /// Who has receipted each commitment and each standing ballot that is here.
    private var receipts: OrderedMap<StatementID, Receipted> = [:]
    /// What receipts that were taken say of commitments that are not here.
    private var pending: OrderedMap<StatementID, [PendingReceipt]> = [:]
    /// Commitments that a record quorum has receipted; the set only grows.
    private(set) var certified: OrderedMap<StatementID, PartyName> = [:]
    /// The authors of certified commitments, and how far they are towards the rule that the motion asks.
    private(set) var certifiedVoters = PartySet()
    private var certification: QuorumProgress
    /// The parties that promise to receipt nothing more.
    private(set) var closes = PartySet()
    private var closing: QuorumProgress
    private(set) var openings: OrderedMap<StatementID, OpenedBallot> = [:]
    /// How sealed ballots are opened for a quorum.
    private(set) var opening = OpeningState()
    /// Those of whom this party has receipted a commitment.
    private var receiptedByOwn = PartySet()
    /// Those who have committed and of whom this party has receipted nothing.
    private(set) var awaitingReceipt = PartySet()
    /// Since when somebody is among them, by this node's clock.
    private var awaitingSince: Moment?
    var ownBallot: OwnBallot?
    var signing = SigningState()
    var order: Verified<Order>?
    /// The phase last seen and when it began, by this node's clock; for the screens.
    var phase: MotionPhase?
    var phaseSince: Instant?
    /// Set once, when the motion ends; it never changes afterwards.
    private(set) var outcome: Outcome?

    // What follows from the certified openings is asked at every event, and so kept right by whatever changes it.

    /// The greatest set of agreeing parties whose conditions the set itself meets.
    private(set) var tally = Tally([])
    /// The authors whose certified ballots are open.
    private(set) var openedVoters = PartySet()
    /// The agreeing set, when the motion is closed and the set satisfies the rule; `nil` before.
    private(set) var agreement: PartySet?
    /// The attempts at a signature that this set can make, in their order; none before there is one.
    private(set) var turns: [Int] = []

    /// How a motion ended.
    enum Outcome: Hashable, Sendable {
        case published
        case failed
        case superseded
    }

    /// What became of a receipt.
    enum ReceiptEffect: Hashable {
        case early
        case ofAnother
        case repeated
        /// With it, what these have sealed is certified; and it may ascribe something to another party than its author.
        case counted(certified: [PartyName], isWrong: Bool = false)
    }

    init(
        id: StatementID,
        motion: Motion,
        head: StatementHead,
        firstSeen: Instant,
        decision: ThresholdTree,
        record: ThresholdTree,
        own: PartyName
    ) {
        fixed = Fixed(id, motion, head, firstSeen: firstSeen, decision: decision, record: record, own: own)
        certification = QuorumProgress(towards: decision)
        closing = QuorumProgress(towards: record)
    }

    var id: StatementID { fixed.id }
    var motion: Motion { fixed.motion }
    var head: StatementHead { fixed.head }
    /// When this node first saw the motion, by its own clock.
    var firstSeen: Instant { fixed.firstSeen }
    /// What an order of this motion says.
    var claims: OrderClaims { fixed.claims }
    /// What an order of this motion would be called.
    var orderDigest: OrderDigest { fixed.orderDigest }
    /// The rule the motion asks.
    var decision: ThresholdTree { fixed.decision }
    /// The rule whose quorums certify, close and publish.
    var record: ThresholdTree { fixed.record }
    /// The party that this node speaks for.
    var own: PartyName { fixed.own }

    mutating func end(_ outcome: Outcome, at now: Moment) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        phaseSince = now.instant
    }

    /// What a party's ballot on this motion is sealed for.
    func subject(of party: PartyName) -> BallotSealing.Subject {
        BallotSealing.Subject(party: party, motion: id, rule: motion.rule)
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
        committed[party, default: []]
    }

    /// The commitments of a party, and its standing ballots that recorders let count.
    func ballots(of party: PartyName) -> [StatementID] {
        committed[party, default: []] + served[party, default: []]
    }

    /// Takes in a commitment, and the receipts that have waited for it.
    ///
    /// - Returns: Whether it is certified by them, and those that ascribe it to somebody else.
    mutating func commit(
        _ id: StatementID,
        _ ballot: SealedBallot,
        at now: Moment
    ) -> (isCertified: Bool, misattributed: [PendingReceipt]) {
        commitments[id] = ballot
        receipts[id] = Receipted(ballot, under: record)
        let earlier = committed[ballot.author, default: []]
        committed[ballot.author, default: []].insert(id, at: earlier.firstIndex { $0 > id } ?? earlier.endIndex)
        if !receiptedByOwn.contains(ballot.author) {
            if awaitingReceipt.isEmpty { awaitingSince = now }
            awaitingReceipt.insert(ballot.author)
        }
        let waiting = pending[id] ?? []
        pending[id] = nil
        for receipt in waiting where receipt.committer == ballot.author {
            _ = self.recorder(receipt.recorder).map { note($0, of: id, by: ballot.author) }
        }
        return (isCertified(id), waiting.filter { $0.committer != ballot.author })
    }

    /// Notes commitments that a recorder's receipt names and that are not here, one for each recorder and author; `false` when all of
    /// them are awaited, or the recorder's turns are used.
    mutating func await(_ named: Receipt, by recorder: PartyName) -> Bool {
        guard record.parties.contains(recorder) else { return false }
        var isNews = false
        for (author, commitment) in named.commitments where voters.contains(author) && commitments[commitment] == nil {
            let turn = AwaitedTurn(recorder: recorder, author: author)
            guard awaited[turn] == nil else { continue }
            isNews = !isAwaited(commitment) || isNews
            awaited[turn] = commitment
        }
        return isNews
    }

    func isAwaited(_ commitment: StatementID) -> Bool { awaited.values.contains(commitment) }

    /// Records a receipt that a recorder gave, part by part.
    ///
    /// A recorder that receipts two commitments of one author lies; both receipts count, so that all nodes that know the
    /// same receipts agree whatever they heard first. What it says of commitments that are not here, or ascribes to another
    /// party, takes nothing from the rest.
    mutating func receipt(_ receipt: Receipt, _ id: StatementID, by recorder: PartyName) -> ReceiptEffect {
        guard let recorder = self.recorder(recorder) else { return .repeated }
        var newlyCertified: [PartyName] = []
        var unknown: [(key: PartyName, value: StatementID)] = []
        var (isNews, isWrong) = (false, false)
        for (committer, commitment) in receipt.commitments {
            switch note(recorder, of: commitment, by: committer) {
            case .early: unknown.append((committer, commitment))
            case .ofAnother: isWrong = true
            case .repeated: break
            case .counted(let certified, _):
                newlyCertified += certified
                isNews = true
            }
        }
        guard isNews else { return unknown.isEmpty ? isWrong ? .ofAnother : .repeated : .early }
        for (committer, commitment) in unknown {
            pending[commitment, default: []].append(
                PendingReceipt(statement: id, recorder: recorder.name, committer: committer)
            )
        }
        return .counted(certified: newlyCertified, isWrong: isWrong && isMisattributed(receipt))
    }

    /// Takes in what a recorder says of one sealed ballot.
    private mutating func note(
        _ recorder: Recorder,
        of ballot: StatementID,
        by author: PartyName,
        isStanding: Bool = false
    ) -> ReceiptEffect {
        let effect = receipts.update(ballot) { $0.take(recorder, by: author, isStanding: isStanding) } ?? .early
        guard case .counted(let newlyCertified, _) = effect else { return effect }
        if recorder.isOwn, !isStanding {
            receiptedByOwn.insert(author)
            awaitingReceipt.remove(author)
        }
        guard !newlyCertified.isEmpty else { return effect }
        certified[ballot] = author
        certifiedVoters.insert(author)
        if let identifier = decision.identifier(of: author) { certification.insert(identifier, under: decision) }
        if openings[ballot] != nil { count() }
        return effect
    }

    /// Takes in that a recorder lets a standing ballot count.
    mutating func serve(_ id: StatementID, _ ballot: SealedBallot, by recorder: PartyName) -> ReceiptEffect {
        guard let recorder = self.recorder(recorder) else { return .repeated }
        if commitments[id] == nil {
            commitments[id] = ballot
            receipts[id] = Receipted(ballot, under: record)
            served[ballot.author] = (served[ballot.author, default: []] + [id]).sorted()
        }
        awaitedStanding.update(recorder.name) { $0.removeAll { $0 == id } }
        return note(recorder, of: id, by: ballot.author, isStanding: true)
    }

    /// Notes a standing ballot that a recorder lets count and that is not here; `false` when it is awaited, or the recorder
    /// names more than one of every voter.
    mutating func await(standing id: StatementID, by recorder: PartyName) -> Bool {
        let awaited = awaitedStanding[recorder, default: []]
        let named = served.values.reduce(0) { $0 + $1.count { hasReceipted($0, by: recorder) } }
        guard !awaited.contains(id), awaited.count + named < voters.count else { return false }
        let isNews = !awaits(standing: id)
        awaitedStanding[recorder, default: []].append(id)
        return isNews
    }

    func awaits(standing id: StatementID) -> Bool { awaitedStanding.values.contains { $0.contains(id) } }

    mutating func close(by party: PartyName) {
        guard let identifier = record.identifier(of: party) else { return }
        let wasClosed = isClosed
        closes.insert(party)
        closing.insert(identifier, under: record)
        if isClosed != wasClosed { count() }
    }

    /// Takes in that somebody has opened a sealed ballot.
    mutating func open(_ commitment: StatementID, _ ballot: Ballot, by speaker: PartyName) {
        opening.open(commitment, by: speaker)
        reveal(commitment, .ballot(ballot))
    }

    /// A quorum has opened it, and it holds no ballot.
    mutating func noteUnreadable(_ commitment: StatementID) { reveal(commitment, .unreadable) }

    private mutating func reveal(_ commitment: StatementID, _ ballot: OpenedBallot) {
        openings[commitment] = ballot
        let open = openings
        opening.forget { open[$0] != nil }
        if isCertified(commitment) { count() }
    }

    /// A quorum has opened it; it is open for all as soon as somebody says so.
    mutating func note(_ content: SealedContent, of commitment: StatementID, at now: Moment) {
        opening.note(content, of: commitment, at: now)
    }

    /// Takes in verified opening shares.
    mutating func share(_ commitments: [StatementID], by party: PartyName, _ shares: VerifiedOpeningShares) {
        let isNeeded = commitments.contains { openings[$0] == nil }
        opening.share(commitments, by: party, isNeeded ? shares : nil)
    }

    /// Sealed ballots that some have helped to open and nobody has opened.
    var unread: [StatementID] { opening.sharers.keys.filter { openings[$0] == nil && opening.read[$0] == nil } }

    /// Counts the certified, opened answers; an equivocator may have several and is bound by each.
    private mutating func count() {
        let answers = openings.compactMap { commitment, opened -> Tally.OpenedAnswer? in
            certified[commitment].map { Tally.OpenedAnswer($0, opened.answer) }
        }
        tally = Tally(answers)
        openedVoters = PartySet(answers.map(\.party))
        let agreeing = isClosed && decision.isSatisfied(by: tally.agreeing) ? tally.agreeing : nil
        guard agreeing != agreement else { return }
        agreement = agreeing
        turns = agreeing.map { attempts(among: $0) } ?? []
    }
}

// MARK: - What follows

extension MotionState {
    /// A record quorum has receipted the commitment before closing.
    func isCertified(_ commitment: StatementID) -> Bool {
        certified[commitment] != nil
    }

    /// From when this party gives receipts for what awaits them: after a moment in which others may come, and at once when the
    /// deadline is near; nil when nothing awaits any.
    var receiptsDue: Moment? {
        guard let awaitingSince, !awaitingReceipt.isEmpty else { return nil }
        return min(
            awaitingSince + Limits.receiptPatienceMilliseconds,
            Moment(schedule.commitBy) + -Limits.receiptMarginMilliseconds
        )
    }

    /// Those who have committed.
    var committers: PartySet { PartySet(committed.keys) }

    /// A record quorum has promised to receipt nothing more.
    var isClosed: Bool { closing.isQuorum }

    /// Whether a receipt waits for a commitment that it names.
    var hasPendingReceipts: Bool { !pending.isEmpty }

    /// Whether a receipt ascribes a commitment that is here to another party than its author.
    func isMisattributed(_ receipt: Receipt) -> Bool {
        receipt.commitments.contains { committer, id in
            commitments[id].map { $0.author != committer && !$0.isStanding } == true
        }
    }

    /// Whether a recorder has receipted a commitment, or lets a standing ballot count.
    func hasReceipted(_ ballot: StatementID, by recorder: PartyName) -> Bool {
        guard let identifier = record.identifier(of: recorder) else { return false }
        return receipts[ballot]?.progress.contains(identifier) == true
    }

    private func recorder(_ name: PartyName) -> Recorder? {
        let record = record
        guard let identifier = record.identifier(of: name) else { return nil }
        return Recorder(name: name, identifier: identifier, isOwn: name == own, record: record)
    }

    /// The guard of Protocol §7 step 5: opening cannot be in vain.
    var mayStillPass: Bool { certification.isQuorum }

    /// Whether this party has committed to a ballot.
    var committedByOwn: Bool { committed[own] != nil }

    /// Whether every certified ballot of this party is open.
    var hasOpenedOwn: Bool { ballots(of: own).allSatisfy { openings[$0] != nil || !isCertified($0) } }

    /// Whether a quorum can open the ballots: all of a charter, or none, since a ballot that fails its public check is never taken.
    private var isGuaranteed: Bool { commitments.values.first?.openable != nil }

    /// Certified ballots of a closed motion that a quorum is to open and nobody has opened, unless that would be in vain.
    var owesOpenings: Bool {
        isGuaranteed && isClosed && mayStillPass
            && certified.keys.contains { commitments[$0]?.openable != nil && openings[$0] == nil }
    }

    /// Whether this party, if it holds a share of the key that opens ballots, has not helped with one, or has read one.
    var mayOweOpenings: Bool {
        isGuaranteed && isClosed && mayStillPass
            && (!opening.read.isEmpty
                || certified.keys.contains { commitments[$0]?.openable != nil && !opening.hasShared($0, by: own) })
    }

    /// Whether a standing ballot is used up for this motion, or may yet be: it is to be opened, or this party has let it count
    /// and the motion has not ended.
    ///
    /// That it is open says nothing: its author could open it on a motion of its own, and be rid of it.
    func engages(_ id: StatementID) -> Bool {
        guard commitments[id]?.isStanding == true else { return false }
        return (isCertified(id) && isClosed && mayStillPass) || (outcome == nil && hasReceipted(id, by: own))
    }

    /// Every voter's certified ballot is open, so nothing more can be added, and they do not suffice.
    ///
    /// A standing ballot can add to what its author has cast: one that a recorder lets count is waited for.
    var isVotedDown: Bool {
        isClosed && openedVoters == voters && agreement == nil && awaitedStanding.values.allSatisfy(\.isEmpty)
            && served.values.allSatisfy { $0.allSatisfy { isCertified($0) && openings[$0] != nil } }
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
