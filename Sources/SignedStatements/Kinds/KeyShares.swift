public import CryptoPrimitives
internal import QuorumPolicy

/// A party's signature shares towards the key proofs (kind `key-share`, Protocol §5).
public struct KeyShares: StatementContent {
    /// For one rule that gets a key.
    public struct Key: Hashable, Sendable {
        /// The rule that this is about.
        public let rule: RuleName
        /// The scalar z of RFC 9591, as received.
        public let share: Bytes32

        public init(rule: RuleName, share: Bytes32) {
            self.rule = rule
            self.share = share
        }
    }

    /// Which attempt this belongs to, from 1.
    public let attempt: Int
    /// Counts the tries to sign within the attempt, from 1 (member `try`).
    public let retry: Int
    /// In the charter's order of rules.
    public let keys: [Key]

    public init(attempt: Int, retry: Int, keys: [Key]) {
        self.attempt = attempt
        self.retry = retry
        self.keys = keys
    }

    static let kind = StatementKind.keyShare

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "attempt": .count(attempt),
            "keys": .array(keys.map { .object(["rule": .name($0.rule), "share": .base64($0.share)]) }),
            "try": .count(retry),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        attempt = try reader.ordinal("attempt")
        retry = try reader.ordinal("try")
        keys = try reader.keys { (key) throws(StatementError) in
            Key(rule: try key.ruleName("rule"), share: try key.bytes32("share"))
        }
    }
}
