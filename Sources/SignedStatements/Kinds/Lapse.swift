internal import QuorumPolicy

/// A party's word that a round of the chain ended without an order, and that it gives no receipt for it any more (Protocol §7.8).
public struct Lapse: StatementContent {
    /// The place in the chain of orders.
    public let position: ChainPosition
    /// The order its signer gave a publication receipt in this round, if it gave one.
    public let receipted: OrderDigest?

    public init(position: ChainPosition, receipted: OrderDigest? = nil) {
        self.position = position
        self.receipted = receipted
    }

    static let kind = StatementKind.lapse

    var members: OrderedMap<String, CanonicalJSON> {
        var members = position.members
        members["order"] = .digest(orNone: receipted)
        return members
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        position = try ChainPosition(from: &reader)
        receipted = try reader.digestOrNone("order")
    }
}
