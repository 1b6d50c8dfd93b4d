public import CryptoPrimitives
internal import QuorumPolicy

/// Round 1 of a ceremony: what one dealer publishes, its encrypted shares included (Protocol §5).
///
/// Points and scalars are as received: the ceremony judges them and names the dealer of a bad one.
public struct CeremonyDealing: StatementContent {
    /// For one rule that gets a key.
    public struct Key: Hashable, Sendable {
        /// The rule that this is about.
        public let rule: RuleName
        /// The dealer's ephemeral public key.
        public let ephemeral: Bytes32
        /// The proof of possession of the constant term, 64 bytes.
        public let proofOfPossession: [UInt8]
        /// One ciphertext per participant of the rule, in order of their numbers.
        public let shares: [[UInt8]]
        /// The commitment to the dealer's coefficients, D points.
        public let commitment: [Bytes32]

        public init(
            rule: RuleName,
            ephemeral: Bytes32,
            proofOfPossession: [UInt8],
            shares: [[UInt8]],
            commitment: [Bytes32]
        ) {
            self.rule = rule
            self.ephemeral = ephemeral
            self.proofOfPossession = proofOfPossession
            self.shares = shares
            self.commitment = commitment
        }
    }

    /// Which attempt this belongs to, from 1.
    public let attempt: Int
    /// One per rule with a key in which the party has a share, in the charter's order of rules.
    public let keys: [Key]

    public init(attempt: Int, keys: [Key]) {
        self.attempt = attempt
        self.keys = keys
    }

    static let kind = StatementKind.ceremonyDealing

    var members: OrderedMap<String, CanonicalJSON> {
        ["attempt": .count(attempt), "keys": .array(keys.map { .object($0.members) })]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        attempt = try reader.ordinal("attempt")
        keys = try reader.keys { (key) throws(StatementError) in try Key(from: &key) }
    }
}

extension CeremonyDealing.Key {
    fileprivate var members: OrderedMap<String, CanonicalJSON> {
        [
            "ephemeral": .base64(ephemeral),
            "pop": .base64(proofOfPossession),
            "rule": .name(rule),
            "shares": .array(shares.map { .base64($0) }),
            "vss": .array(commitment.map { .base64($0) }),
        ]
    }

    fileprivate init(from reader: inout MemberReader) throws(StatementError) {
        rule = try reader.ruleName("rule")
        ephemeral = try reader.bytes32("ephemeral")
        proofOfPossession = try reader.bytes("pop", count: Ed25519.signatureCount)
        shares = try reader.strings(
            "shares",
            count: 1...StatementLimits.parties,
            of: "1 to \(StatementLimits.encryptedShare) bytes in unpadded base64url"
        ) { text in
            Base64URL.decode(text).flatMap { (1...StatementLimits.encryptedShare).contains($0.count) ? $0 : nil }
        }
        commitment = try reader.strings(
            "vss",
            count: 1...StatementLimits.columns,
            of: "32 bytes in unpadded base64url"
        ) { text in
            Base64URL.decode(text).flatMap { Bytes32($0) }
        }
    }
}
