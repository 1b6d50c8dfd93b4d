public import CryptoPrimitives
public import QuorumPolicy

/// What a sealed ballot is for: charter, motion or pattern of motions, party and rule (Protocol §11.2).
///
/// A ballot whose label is another one does not pass its check, so nobody can hand in a copy of somebody else's.
public struct BallotLabel: Hashable, Sendable {
    /// What is voted on.
    public enum Subject: Hashable, Sendable {
        /// The id of the `motion` statement.
        case motion(Bytes32)
        /// The digest of a standing ballot's pattern.
        case pattern(Bytes32)
    }

    /// The charter's id.
    public let charter: Bytes32
    /// What is voted on.
    public let subject: Subject
    /// Whose ballot it is.
    public let party: PartyName
    /// The name in the charter of the rule by which the motion is decided.
    public let rule: String
    /// ``AccessStructure/policyHash`` of that rule, 64 bytes.
    public let policyHash: [UInt8]

    public init(charter: Bytes32, subject: Subject, party: PartyName, rule: String, structure: AccessStructure) {
        self.charter = charter
        self.subject = subject
        self.party = party
        self.rule = rule
        policyHash = structure.policyHash
    }

    /// The label after its length, as every hash takes it.
    var framed: [UInt8] { .littleEndian64(encoding.count) + encoding }

    /// The tag, both digests, both names after their lengths, and the rule's hash.
    var encoding: [UInt8] {
        let party = [UInt8].ascii(party.text)
        let rule = [UInt8].ascii(rule)
        return subject.tagged(charter)
            + .littleEndian64(party.count) + party + .littleEndian64(rule.count) + rule + policyHash
    }
}

extension BallotLabel.Subject {
    /// The tag of its kind, the charter and the digest: a ballot on one motion is never one on a pattern.
    fileprivate func tagged(_ charter: Bytes32) -> [UInt8] {
        switch self {
        case .motion(let id): .ascii("STANDSTILL-SEALED-BALLOT-LABEL-v1") + charter.array + id.array
        case .pattern(let digest): .ascii("STANDSTILL-STANDING-BALLOT-LABEL-v1") + charter.array + digest.array
        }
    }
}
