internal import QuorumPolicy
internal import SignedStatements

/// Counts again who agreed, from certified and opened ballots (Protocol §7.3 to §7.6).
struct RollCount {
    private let record: MotionRecord
    private let tally: Tally

    init(_ record: MotionRecord) {
        self.record = record
        tally = Tally(
            record.openings.compactMap { commitment, ballot in
                guard let author = record.commitments[commitment]?.author, record.isCertified(commitment) else {
                    return nil
                }
                return Tally.OpenedAnswer(author, ballot.answer)
            }
        )
    }

    var roll: OrderReport.Roll {
        OrderReport.Roll(
            fact: fact,
            isClosed: isClosed,
            agreeing: tally.agreeing.map(\.text),
            ballots: ballots,
            withdrawn: tally.rounds.flatMap { $0 }.map(\.party).sorted().map(\.text),
            namedByReceiptsOnly: record.rolls.subtracting(tally.agreeing).map(\.text)
        )
    }

    /// The greatest set of agreeing parties whose conditions the set itself meets.
    var agreeing: PartySet { tally.agreeing }

    private var isClosed: Bool { record.record.isSatisfied(by: record.closes) }

    private var ballots: [OrderReport.SealedBallot] {
        record.commitments
            .sorted { ($0.value.author, $0.key) < ($1.value.author, $1.key) }
            .map { id, commitment in
                let isCertified = record.isCertified(id)
                return OrderReport.SealedBallot(
                    party: commitment.author.text,
                    commitment: id.description,
                    isStanding: commitment.isStanding,
                    receipts: record.receipts[id, default: []].map(\.text),
                    isCertified: isCertified,
                    answer: record.openings[id].map { $0.answer.words } ?? "",
                    isCounted: isCertified && record.openings[id] != nil
                )
            }
    }

    private var fact: OrderReport.Fact {
        let rule = record.claims.rule
        if let missing = record.record.missing(from: record.closes) {
            return .unknown("the record does not show that the motion was closed: \(missing.sentence())")
        }
        guard let missing = record.decision.missing(from: tally.agreeing) else {
            return .holds("rule \(rule) is satisfied by the opened agreement of \(tally.agreeing)")
        }
        guard isExhausted else {
            return .unknown("the ballots supplied do not satisfy rule \(rule): \(missing.sentence())")
        }
        return .fails(
            "all ballots supplied are open and do not satisfy rule \(rule): \(missing.sentence())"
        )
    }

    /// Every voter has a ballot here, and all that are here are certified and open.
    private var isExhausted: Bool {
        PartySet(record.commitments.values.map(\.author)) == record.decision.parties
            && record.commitments.keys.allSatisfy { record.openings[$0] != nil && record.isCertified($0) }
    }
}

extension MotionRecord {
    /// Whether a record quorum gave receipts for the commitment.
    func isCertified(_ commitment: StatementID) -> Bool {
        receipts[commitment].map { record.isSatisfied(by: $0) } ?? false
    }
}
