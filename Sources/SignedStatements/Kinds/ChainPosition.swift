internal import QuorumPolicy

/// A place in the chain of orders, and the order that it follows (Protocol §7.8).
public struct ChainPosition: Hashable, Sendable {
    /// 1 for the first order, one more for each that counts.
    public let seq: Int
    /// Counts the rounds for one `seq`.
    public let round: Int
    /// The order before; nil exactly for `seq` 1.
    public let previous: OrderDigest?

    public init(seq: Int, round: Int, previous: OrderDigest?) {
        self.seq = seq
        self.round = round
        self.previous = previous
    }

    var members: OrderedMap<String, CanonicalJSON> {
        ["prev": .digest(orNone: previous), "round": .count(round), "seq": .count(seq)]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        seq = try reader.count("seq")
        round = try reader.ordinal("round")
        previous = try reader.digestOrNone("prev")
        guard (seq == 1) == (previous == nil) else {
            throw reader.invalid("prev", "must be \"none\" for seq 1 and a digest for every later one")
        }
    }
}
