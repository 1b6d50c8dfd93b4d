public import QuorumPolicy

/// A party's word that it saw an order before publish-by, one per position of the chain (Protocol §7.8).
public struct PublicationReceipt: StatementContent {
    /// The `motion` statement that this is about.
    public let motion: StatementID
    /// The order that was seen.
    public let order: OrderDigest
    /// The place in the chain of orders.
    public let position: ChainPosition
    /// The agreeing parties that the signer had seen.
    public let roll: PartySet

    public init(motion: StatementID, order: OrderDigest, position: ChainPosition, roll: PartySet) {
        self.motion = motion
        self.order = order
        self.position = position
        self.roll = roll
    }

    static let kind = StatementKind.publicationReceipt

    var members: OrderedMap<String, CanonicalJSON> {
        var members = position.members
        members["motion"] = .digest(motion)
        members["order"] = .digest(order)
        members["roll"] = .array(roll.map { .name($0) })
        return members
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
        order = try reader.digest("order")
        position = try ChainPosition(from: &reader)
        let names = try reader.strings("roll", count: 0...StatementLimits.parties, of: "a party's name") {
            try? PartyName($0)
        }
        roll = PartySet(names)
        guard roll.members == names else { throw reader.invalid("roll", "is not sorted, or names a party twice") }
    }
}
