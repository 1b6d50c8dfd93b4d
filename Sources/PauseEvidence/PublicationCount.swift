internal import QuorumPolicy
internal import SignedStatements

/// Judges whether a record quorum saw the order in time (Protocol §7.8).
///
/// A party's receipt counts even if it gave another one for the same place of the chain. That is misconduct, of which at
/// most `fault-bound` parties are assumed; discounting it would let anyone who holds the other receipt undo a published
/// order, and anyone who leaves it out of a bundle restore it.
struct PublicationCount {
    private let record: MotionRecord
    private let publishBy: Instant
    let onTime: PartySet
    let late: PartySet

    /// Nil without the motion, which says until when receipts count.
    init?(_ record: MotionRecord) {
        guard let publishBy = record.motion?.motion.schedule.publishBy else { return nil }
        self.record = record
        self.publishBy = publishBy
        onTime = PartySet(record.publications.filter { $0.value < publishBy }.map(\.key))
        late = PartySet(record.publications.keys).subtracting(onTime)
    }

    var isPublished: Bool { record.record.isSatisfied(by: onTime) }

    /// It can never count, whatever else comes to light, while at most `fault-bound` parties lie.
    ///
    /// Either a record quorum gave the round up, or every record quorum contains more parties than may lie of whom it is
    /// known that they saw the order too late, gave their receipt to another one, or gave the round up without it. Judging by
    /// single parties would let a liar's line turn an order that counts into one that does not.
    var isVoid: Bool {
        guard !isPublished else { return false }
        return record.record.isSatisfied(by: PartySet(record.lapses.keys))
            || record.record.fewest(of: excluded).atLeast > record.charter.limits.faultBound
    }

    /// Parties of which no honest one gave a receipt in time.
    private var excluded: PartySet {
        let gaveUp = PartySet(record.lapses.filter { !$0.value.contains(record.claims.digest) }.map(\.key))
        return late.union(record.gaveToAnother).union(gaveUp).subtracting(onTime)
    }

    var publication: OrderReport.Publication {
        OrderReport.Publication(
            fact: fact,
            publishBy: publishBy.description,
            onTime: receipts(of: onTime),
            late: receipts(of: late),
            missing: record.record.parties.subtracting(onTime).subtracting(late).map(\.text),
            gaveToAnother: record.gaveToAnother.subtracting(onTime).subtracting(late).map(\.text),
            gaveUp: PartySet(record.lapses.keys).map(\.text)
        )
    }

    private var fact: OrderReport.Fact {
        guard let missing = record.record.missing(from: onTime) else {
            return .holds("a record quorum gave receipts dated before publish-by, \(publishBy): \(onTime)")
        }
        if isVoid {
            return .fails(
                "no record quorum gave receipts dated before publish-by, \(publishBy), and none can have given them; "
                    + "late, for another order, or gave the round up: \(excluded.union(PartySet(record.lapses.keys)))"
            )
        }
        return .unknown("receipts dated before publish-by, \(publishBy), are not enough: \(missing.sentence())")
    }

    private func receipts(of parties: PartySet) -> [OrderReport.PublicationReceipt] {
        parties.compactMap { party in
            record.publications[party].map { OrderReport.PublicationReceipt(party: party.text, at: $0.description) }
        }
    }
}
