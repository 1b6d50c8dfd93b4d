internal import QuorumPolicy

/// A party's word that a round of the chain ended without an order, and that it gives no receipt for it any more (Protocol §7.8).
public struct Lapse: StatementContent {
    /// The place in the chain of orders.
    public let position: ChainPosition

    public init(position: ChainPosition) {
        self.position = position
    }

    static let kind = StatementKind.lapse

    var members: OrderedMap<String, CanonicalJSON> { position.members }

    init(from reader: inout MemberReader) throws(StatementError) {
        position = try ChainPosition(from: &reader)
    }
}
