public import CryptoPrimitives
internal import QuorumPolicy

/// The result of a ceremony, which every party signs: which group key each rule has (Protocol §2).
public struct KeyRecord: StatementContent {
    /// For one rule that has a key.
    public struct Key: Hashable, Sendable {
        /// The rule that this is about.
        public let rule: RuleName
        /// The Ed25519 key that signs for the rule.
        public let groupKey: Element
        /// The ceremony's public record.
        public let transcript: TranscriptDigest

        public init(rule: RuleName, groupKey: Element, transcript: TranscriptDigest) {
            self.rule = rule
            self.groupKey = groupKey
            self.transcript = transcript
        }
    }

    /// Which attempt this belongs to, from 1.
    public let attempt: Int
    /// In the charter's order of rules.
    public let keys: [Key]

    public init(attempt: Int, keys: [Key]) {
        self.attempt = attempt
        self.keys = keys
    }

    /// The group key of a rule, or nil if the rule has none.
    public func groupKey(of rule: RuleName) -> Element? {
        keys.first { $0.rule == rule }?.groupKey
    }

    static let kind = StatementKind.keyRecord

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "attempt": .count(attempt),
            "keys": .array(
                keys.map {
                    .object([
                        "key": .base64($0.groupKey.bytes), "rule": .name($0.rule), "transcript": .name($0.transcript),
                    ])
                }
            ),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        attempt = try reader.ordinal("attempt")
        keys = try reader.keys { (key) throws(StatementError) in
            guard let groupKey = Element(encoding: try key.bytes32("key")) else {
                throw key.invalid("key", "is not a point of the prime-order group")
            }
            return Key(
                rule: try key.ruleName("rule"),
                groupKey: groupKey,
                transcript: try key.transcript("transcript")
            )
        }
    }
}
