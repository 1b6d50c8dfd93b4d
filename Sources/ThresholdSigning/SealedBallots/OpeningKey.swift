public import CryptoPrimitives
internal import QuorumPolicy

/// The key to which ballots are sealed: the charter's `open` key, made in its ceremony (Protocol §11.1).
///
/// A type of its own, because this key never signs: neither it nor its shares can be given to what signs.
public struct OpeningKey: Hashable, Sendable {
    /// h, the point ballots are sealed to.
    public let element: Element
    /// The rule whose quorums can read ballots.
    public let structure: AccessStructure

    public init(element: Element, structure: AccessStructure) {
        self.element = element
        self.structure = structure
    }

    public init(_ groupKey: GroupKey) {
        self.init(element: groupKey.element, structure: groupKey.structure)
    }

    /// h and the rule's hash, 96 bytes.
    var encoding: [UInt8] { element.bytes.array + structure.policyHash }

    /// Whether this is the same point under the same rule.
    func isSame(as other: OpeningKey) -> Bool {
        element == other.element && structure.policyHash == other.structure.policyHash
    }
}

/// What every leaf's opening share is checked against, prepared once for a key: n times D - 1 multiplications.
///
/// About half a second for 67 of 100; only who checks the shares of others needs it.
public struct VerificationShares: Hashable, Sendable {
    public let key: OpeningKey
    /// Y of every leaf, in order.
    public let points: [UncheckedElement]

    public init(of groupKey: GroupKey) {
        key = OpeningKey(groupKey)
        points = groupKey.structure.tree.leaves.map { groupKey.verificationShare(ofLeaf: $0.number) }
    }
}
