internal import BallotSealing
internal import QuorumPolicy
internal import SignedStatements

/// What the parties have lodged for motions to come: standing ballots, what took them back, and who recorded it when
/// (Protocol §7.11).
///
/// A set of facts, as a motion is one; what of it counts for a motion, the receipts on that motion say.
struct StandingBallots: Sendable {
    /// One standing ballot as its author lodged it.
    struct Lodged: Hashable, Sendable {
        let pattern: StandingPattern
        let lodgedAt: Instant
        let sealed: MotionState.SealedBallot

        var author: PartyName { sealed.author }
    }

    /// The rule whose quorums record.
    private let record: ThresholdTree
    private(set) var ballots: OrderedMap<StatementID, Lodged> = [:]
    /// Who has ever lodged one.
    private(set) var authors = PartySet()
    /// Revocations and when they were said, by the ballot that they take back.
    private(set) var revocations: OrderedMap<StatementID, OrderedMap<StatementID, Instant>> = [:]
    /// When each recorder says it recorded a standing ballot or a revocation.
    private var receipts: OrderedMap<StatementID, OrderedMap<PartyName, Instant>> = [:]
    /// When a record quorum had recorded it.
    private var recorded: OrderedMap<StatementID, Instant> = [:]
    /// Standing ballots and revocations that this party has not receipted.
    private(set) var awaitingReceipt: [StatementID] = []
    /// What this party's own standing ballots say.
    var held: OrderedMap<StatementID, HeldBallot> = [:]

    init(record: ThresholdTree) {
        self.record = record
    }

    var isEmpty: Bool { ballots.isEmpty }

    /// Whether a statement is a standing ballot or a revocation that is known here.
    func contains(_ id: StatementID) -> Bool {
        date(of: id) != nil
    }

    /// When a standing ballot was lodged, or a revocation said, by its author's clock.
    func date(of id: StatementID) -> Instant? {
        ballots[id]?.lodgedAt ?? revocations.values.lazy.compactMap { $0[id] }.first
    }

    mutating func lodge(_ id: StatementID, _ ballot: Lodged) {
        ballots[id] = ballot
        authors.insert(ballot.author)
        awaitingReceipt.append(id)
    }

    /// Takes a standing ballot back; `false` when that was said too often.
    ///
    /// Every revocation is a fact by itself: nodes that heard different ones first would else never agree.
    mutating func revoke(_ ballot: StatementID, by id: StatementID, at instant: Instant) -> Bool {
        guard revocations[ballot, default: [:]].count < Limits.revocationsPerStandingBallot else { return false }
        revocations[ballot, default: [:]][id] = instant
        awaitingReceipt.append(id)
        return true
    }

    /// Records a recorder's word; `false` when it has said so before.
    mutating func receipt(_ id: StatementID, by recorder: PartyName, at instant: Instant, isOwn: Bool) -> Bool {
        guard receipts[id]?[recorder] == nil else { return false }
        receipts[id, default: [:]][recorder] = instant
        if recorded[id].map({ instant < $0 }) ?? true { recorded[id] = instantOfQuorum(for: id) }
        if isOwn { forgetReceipt(of: id) }
        return true
    }

    /// This party gives no receipt for it any more.
    mutating func forgetReceipt(of id: StatementID) { awaitingReceipt.removeAll { $0 == id } }

    /// Who has recorded a standing ballot or a revocation.
    func recorders(of id: StatementID) -> PartySet { PartySet(receipts[id, default: [:]].keys) }

    /// The instant up to which the receipts of a record quorum are dated; nil as long as none has recorded it.
    func instantRecorded(_ id: StatementID) -> Instant? { recorded[id] }

    /// Whether a record quorum has recorded it.
    func isRecorded(_ id: StatementID) -> Bool { recorded[id] != nil }

    /// The first instant up to which the receipts of a record quorum are dated.
    private func instantOfQuorum(for id: StatementID) -> Instant? {
        var recorders = PartySet()
        let byDate = receipts[id, default: [:]].map { (at: $0.value, recorder: $0.key) }.sorted { $0 < $1 }
        return byDate.first { receipt in
            recorders.insert(receipt.recorder)
            return record.isSatisfied(by: recorders)
        }?.at
    }

    /// Whether there is room for one more of a party's standing ballots.
    func hasRoom(for author: PartyName, at now: Instant) -> Bool {
        let own = ballots.values.filter { $0.author == author }
        return own.count < Limits.standingBallotsPerParty
            && own.count { now <= $0.pattern.until } < Limits.liveStandingBallotsPerParty
    }

    /// The standing ballots of a motion's voters that bind them for it, by the receipts that are here: of every voter the one
    /// that was recorded first and `isLeft`.
    ///
    /// Not the one with the lowest serial: that could be made up later, to stand before a promise.
    func serving(
        _ motion: MotionState,
        notice: Seconds,
        tolerance: Seconds,
        isLeft: (StatementID) -> Bool
    ) -> [StatementID] {
        var chosen: OrderedMap<PartyName, (recordedAt: Instant, serial: Int, id: StatementID)> = [:]
        for (id, ballot) in ballots {
            guard
                motion.voters.contains(ballot.author), ballot.pattern.matches(motion.motion),
                // Who recorded it that early had not seen the motion: one that is dated later than this waits (§7.1).
                let recordedAt = recorded[id], recordedAt + tolerance + tolerance < motion.proposedAt
            else { continue }
            let candidate = (recordedAt: recordedAt, serial: ballot.pattern.serial, id: id)
            guard
                chosen[ballot.author].map({ candidate < $0 }) ?? true,
                !isRevoked(id, when: { $0 + notice <= motion.proposedAt }), isLeft(id)
            else { continue }
            chosen[ballot.author] = candidate
        }
        return chosen.values.map(\.id).sorted()
    }

    private func isRevoked(_ ballot: StatementID, when hasRunOut: (Instant) -> Bool) -> Bool {
        revocations[ballot, default: [:]].keys.contains { recorded[$0].map(hasRunOut) ?? false }
    }
}
