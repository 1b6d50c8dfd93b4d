public import CryptoPrimitives
internal import QuorumPolicy

/// Round 0 of a ceremony: fresh randomness, and a commitment to what the party will deal (Protocol §5).
public struct CeremonyContribution: StatementContent {
    /// For one rule that gets a key.
    public struct Key: Hashable, Sendable {
        /// The rule that this is about.
        public let rule: RuleName
        /// Binds the party's constant term and ephemeral key.
        public let commitment: Bytes32
        /// 32 fresh bytes.
        public let random: Bytes32

        public init(rule: RuleName, commitment: Bytes32, random: Bytes32) {
            self.rule = rule
            self.commitment = commitment
            self.random = random
        }
    }

    /// Which attempt this belongs to, from 1.
    public let attempt: Int
    /// One per rule with a key, in the charter's order of rules.
    public let keys: [Key]

    public init(attempt: Int, keys: [Key]) {
        self.attempt = attempt
        self.keys = keys
    }

    static let kind = StatementKind.ceremonyContribution

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "attempt": .count(attempt),
            "keys": .array(
                keys.map {
                    .object([
                        "commitment": .hex($0.commitment), "random": .base64($0.random), "rule": .name($0.rule),
                    ])
                }
            ),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        attempt = try reader.ordinal("attempt")
        keys = try reader.keys { (key) throws(StatementError) in
            Key(
                rule: try key.ruleName("rule"),
                commitment: try key.digestBytes("commitment"),
                random: try key.bytes32("random")
            )
        }
    }
}
