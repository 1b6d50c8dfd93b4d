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

    /// No quorum is left that could have given its receipts in time, or one was reached only afterwards.
    var isLate: Bool {
        guard !isPublished else { return false }
        let excluded = late.union(record.gaveToAnother.subtracting(onTime))
        return record.record.isSatisfied(by: onTime.union(late))
            || !record.record.isSatisfied(by: record.record.parties.subtracting(excluded))
    }

    var publication: OrderReport.Publication {
        OrderReport.Publication(
            fact: fact,
            publishBy: publishBy.description,
            onTime: receipts(of: onTime),
            late: receipts(of: late),
            missing: record.record.parties.subtracting(onTime).subtracting(late).map(\.text),
            gaveToAnother: record.gaveToAnother.subtracting(onTime).subtracting(late).map(\.text)
        )
    }

    private var fact: OrderReport.Fact {
        guard let missing = record.record.missing(from: onTime) else {
            return .holds("a record quorum gave receipts dated before publish-by, \(publishBy): \(onTime)")
        }
        if isLate {
            return .fails(
                "no record quorum gave receipts dated before publish-by, \(publishBy); "
                    + "late or for another order: \(late.union(record.gaveToAnother.subtracting(onTime)))"
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
