internal import QuorumPolicy
public import SignedStatements

/// The chain of orders: which positions are taken, and by what (Protocol §7, step 8).
///
/// A position is (seq, round). A party gives one publication receipt per position and none after its LAPSE, so two orders
/// for one position cannot both count while at most `fault-bound` parties lie.
struct OrderChain: Sendable {
    /// One position's receipts and lapses.
    struct Round: Sendable {
        /// What each party receipted: one order, or more when it lies; every receipt counts, so that all nodes that know
        /// the same receipts agree whatever they heard first.
        var receipts: OrderedMap<PartyName, [OrderDigest]> = [:]
        var lapses = PartySet()
        /// Which order each lapsed party says it had receipted in the round; more than one when it lies.
        var receiptedByLapsed: OrderedMap<PartyName, [OrderDigest]> = [:]
    }

    private let record: ThresholdTree
    private var rounds: OrderedMap<ChainPosition, Round> = [:]
    private(set) var counted: OrderedMap<Int, CountedOrder> = [:]

    /// An order with a record quorum of publication receipts.
    struct CountedOrder: Hashable, Sendable {
        let motion: StatementID
        let digest: OrderDigest
        let round: Int
    }

    /// The position the next order takes: the first round of the next number that has not lapsed.
    private(set) var next = ChainPosition(seq: 1, round: 0, previous: nil)

    init(record: ThresholdTree) {
        self.record = record
    }

    private mutating func passLapsedRounds() {
        while hasLapsed(next) {
            next = ChainPosition(seq: next.seq, round: next.round + 1, previous: next.previous)
        }
    }

    /// Whether the chain stands at a position or has passed it.
    ///
    /// What was proposed for a position stays a fact after the position is over, so that late nodes know the same.
    func hasReached(_ position: ChainPosition) -> Bool {
        if position.seq == counted.count + 1 { return position.previous == head && position.round <= next.round }
        guard let taken = counted[position.seq] else { return false }
        return position.previous == counted[position.seq - 1]?.digest && position.round <= taken.round
    }

    /// The payload digest the next order must name as its predecessor; `nil` for the first.
    var head: OrderDigest? {
        counted.last?.value.digest
    }

    subscript(position: ChainPosition) -> Round {
        rounds[position, default: Round()]
    }

    func hasLapsed(_ position: ChainPosition) -> Bool {
        rounds[position].map { !$0.lapses.isEmpty && record.isSatisfied(by: $0.lapses) } ?? false
    }

    /// Whose receipts an order has at its position.
    func publishers(of digest: OrderDigest, at position: ChainPosition) -> PartySet {
        PartySet(self[position].receipts.filter { $0.value.contains(digest) }.map(\.key))
    }

    /// Records one party's publication receipt; `false` when it gave this one before.
    ///
    /// A liar may give one for every motion of the position, and all of them count: which it gave first nobody can know.
    mutating func receipt(_ digest: OrderDigest, at position: ChainPosition, by party: PartyName) -> Bool {
        let given = self[position].receipts[party, default: []]
        guard !given.contains(digest) else { return false }
        rounds[position, default: Round()].receipts[party, default: []].append(digest)
        return true
    }

    /// Records one party's LAPSE; `false` when it said so before, with the same order.
    mutating func lapse(_ position: ChainPosition, receipted: OrderDigest?, by party: PartyName) -> Bool {
        let named = self[position].receiptedByLapsed[party, default: []]
        let isKnown = receipted.map { named.contains($0) } ?? true
        guard !self[position].lapses.contains(party) || !isKnown else { return false }
        if let receipted { rounds[position, default: Round()].receiptedByLapsed[party, default: []].append(receipted) }
        rounds[position, default: Round()].lapses.insert(party)
        passLapsedRounds()
        return true
    }

    /// Whether a party may give a publication receipt: one per position, and none after its LAPSE.
    func mayReceipt(at position: ChainPosition, by party: PartyName) -> Bool {
        let round = self[position]
        return position == next && round.receipts[party] == nil && !round.lapses.contains(party)
    }

    /// The LAPSE that a party may sign when the time of every motion of the position is over; `nil` when it may sign none.
    ///
    /// A party that gave a publication receipt in the round gives the round up only when that order can count nowhere any
    /// more: otherwise the next round could make a second order for the same place.
    func lapse(at position: ChainPosition, by party: PartyName, faultBound: Int) -> Lapse? {
        guard position == next, !self[position].lapses.contains(party) else { return nil }
        let receipted = self[position].receipts[party]?.first
        if let receipted {
            guard isRuledOut(receipted, at: position, faultBound: faultBound) else { return nil }
        }
        return Lapse(position: position, receipted: receipted)
    }

    /// Whether an order can have no record quorum of receipts at its position, whatever up to `faultBound` liars did.
    ///
    /// A party that lapsed without having receipted it, or that receipted another order, gives it no receipt. When every
    /// quorum of the record rule has more such parties than may lie, the order cannot count anywhere, now or later.
    func isRuledOut(_ digest: OrderDigest, at position: ChainPosition, faultBound: Int) -> Bool {
        let round = self[position]
        let lapsed = round.lapses.filter { !round.receiptedByLapsed[$0, default: []].contains(digest) }
        let elsewhere = round.receipts.filter { !$0.value.contains(digest) }.map(\.key)
        let without = PartySet(lapsed).union(PartySet(elsewhere)).subtracting(publishers(of: digest, at: position))
        return record.fewest(of: without).atLeast > faultBound
    }

    /// Counts an order when its receipts suffice; `true` the first time.
    mutating func count(_ digest: OrderDigest, motion: StatementID, at position: ChainPosition) -> Bool {
        guard
            position.seq == counted.count + 1, position.previous == head,
            record.isSatisfied(by: publishers(of: digest, at: position))
        else { return false }
        counted[position.seq] = CountedOrder(motion: motion, digest: digest, round: position.round)
        next = ChainPosition(seq: counted.count + 1, round: 0, previous: digest)
        passLapsedRounds()
        return true
    }
}

extension ChainPosition: Comparable {
    public static func < (left: ChainPosition, right: ChainPosition) -> Bool {
        if (left.seq, left.round) != (right.seq, right.round) {
            return (left.seq, left.round) < (right.seq, right.round)
        }
        return switch (left.previous, right.previous) {
        case (_, nil): false
        case (nil, .some): true
        case (.some(let one), .some(let other)): one < other
        }
    }
}
