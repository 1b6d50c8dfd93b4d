public import CryptoPrimitives
internal import QuorumPolicy

/// The key to which ballots are sealed: the charter's `open` key, made in its ceremony (Protocol §11.1).
///
/// A type of its own, because this key never signs: neither it nor its shares can be given to what signs.
public struct OpeningKey: Hashable, Sendable {
    /// The rule whose quorums can read ballots, and what their shares are checked against.
    public let groupKey: GroupKey

    public init(_ groupKey: GroupKey) {
        self.groupKey = groupKey
    }

    /// h, the point ballots are sealed to.
    public var element: Element { groupKey.element }

    /// h and the rule's hash, 96 bytes.
    var encoding: [UInt8] { element.bytes.array + groupKey.structure.policyHash }

    /// Whether this is the same point under the same rule.
    func isSame(as other: OpeningKey) -> Bool {
        element == other.element && groupKey.structure.policyHash == other.groupKey.structure.policyHash
    }
}

/// What every leaf's opening share is checked against, prepared once for a key: n times D - 1 multiplications.
///
/// About half a second for 67 of 100; only who checks the shares of others needs it.
public struct VerificationShares: Hashable, Sendable {
    public let key: OpeningKey
    /// Y of every leaf, in order.
    public let points: [UncheckedElement]

    public init(of key: OpeningKey) {
        self.key = key
        points = key.groupKey.structure.tree.leaves.map { key.groupKey.verificationShare(ofLeaf: $0.number) }
    }
}
