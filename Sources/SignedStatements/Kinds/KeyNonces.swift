public import CryptoPrimitives
internal import QuorumPolicy

/// A party's nonce commitments for the first signature of each new key (kind `key-nonces`, Protocol §5).
public struct KeyNonces: StatementContent {
    /// For one rule that gets a key.
    public struct Key: Hashable, Sendable {
        /// The rule that this is about.
        public let rule: RuleName
        /// The point D of RFC 9591, as received.
        public let hiding: Bytes32
        /// The point E of RFC 9591, as received.
        public let binding: Bytes32

        public init(rule: RuleName, hiding: Bytes32, binding: Bytes32) {
            self.rule = rule
            self.hiding = hiding
            self.binding = binding
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

    static let kind = StatementKind.keyNonces

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "attempt": .count(attempt),
            "keys": .array(
                keys.map {
                    .object(["binding": .base64($0.binding), "hiding": .base64($0.hiding), "rule": .name($0.rule)])
                }
            ),
            "try": .count(retry),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        attempt = try reader.ordinal("attempt")
        retry = try reader.ordinal("try")
        keys = try reader.keys { (key) throws(StatementError) in
            Key(
                rule: try key.ruleName("rule"),
                hiding: try key.bytes32("hiding"),
                binding: try key.bytes32("binding")
            )
        }
    }
}
