public import CryptoPrimitives
public import QuorumPolicy

/// What a sealed ballot is for: charter, motion, party and rule (Protocol §11.2).
///
/// A ballot whose label is another one does not pass its check, so nobody can hand in a copy of somebody else's.
public struct BallotLabel: Hashable, Sendable {
    /// The charter's id.
    public let charter: Bytes32
    /// The id of the `motion` statement.
    public let motion: Bytes32
    /// Whose ballot it is.
    public let party: PartyName
    /// The name in the charter of the rule by which the motion is decided.
    public let rule: String
    /// ``AccessStructure/policyHash`` of that rule, 64 bytes.
    public let policyHash: [UInt8]

    public init(charter: Bytes32, motion: Bytes32, party: PartyName, rule: String, structure: AccessStructure) {
        self.charter = charter
        self.motion = motion
        self.party = party
        self.rule = rule
        policyHash = structure.policyHash
    }

    /// The label after its length, as every hash takes it.
    var framed: [UInt8] { .littleEndian64(encoding.count) + encoding }

    /// The tag, both ids, both names after their lengths, and the rule's hash.
    var encoding: [UInt8] {
        let party = [UInt8].ascii(party.text)
        let rule = [UInt8].ascii(rule)
        return .ascii("STANDSTILL-SEALED-BALLOT-LABEL-v1") + charter.array + motion.array
            + .littleEndian64(party.count) + party + .littleEndian64(rule.count) + rule + policyHash
    }
}
