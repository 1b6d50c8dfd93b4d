internal import QuorumPolicy
public import SignedStatements

/// The question a node asks every peer before its first word: which is my newest statement that you know (Protocol §10.3).
///
/// A journal that was copied, restored or lost cannot say how much its party has signed; whoever received a statement can
/// prove it. What mattered was acknowledged by a record quorum, and two record quorums overlap, so the question is answered
/// when those who answered and this party make one. Parties that are up at different hours may never be so many at a
/// time: then it is answered when at least one has and the others have had time to connect.
struct StartInquiry: Hashable, Sendable {
    /// Who has answered.
    private(set) var answered = PartySet()
    private var firstAnswer: Moment?

    mutating func answer(by party: PartyName, at now: Moment) {
        answered.insert(party)
        firstAnswer = firstAnswer ?? now
    }

    func isOver(for party: PartyName, record: ThresholdTree, at now: Moment) -> Bool {
        guard let end = patienceEnd else { return false }
        return now >= end || record.isSatisfied(by: answered.union([party]))
    }

    /// When fewer answers suffice; `nil` before the first.
    var patienceEnd: Moment? {
        firstAnswer.map { $0 + Limits.inquiryPatienceMilliseconds }
    }
}

/// What a peer says of two statements: its own newest, and the newest of this party that it holds.
public struct PeerHead: Sendable {
    /// The number of the peer's newest statement, by its own word; 0 before the first.
    public let number: Int
    /// The newest statement of this party that the peer holds; `nil` when it holds none.
    public let newest: Item?

    public init(number: Int, newest: Item?) {
        self.number = number
        self.newest = newest
    }
}
