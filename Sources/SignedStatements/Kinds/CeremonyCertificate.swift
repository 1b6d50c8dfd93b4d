internal import CryptoPrimitives
internal import QuorumPolicy

/// A party's word that it saw this transcript and that its own shares are right (Protocol §5).
public struct CeremonyCertificate: StatementContent {
    /// For one rule that gets a key.
    public struct Key: Hashable, Sendable {
        /// The rule that this is about.
        public let rule: RuleName
        /// The ceremony's own certificate signature over the transcript, 64 bytes.
        public let signature: [UInt8]
        /// The ceremony's public record.
        public let transcript: TranscriptDigest

        public init(rule: RuleName, signature: [UInt8], transcript: TranscriptDigest) {
            self.rule = rule
            self.signature = signature
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

    static let kind = StatementKind.ceremonyCertificate

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "attempt": .count(attempt),
            "keys": .array(
                keys.map {
                    .object([
                        "rule": .name($0.rule), "signature": .base64($0.signature), "transcript": .name($0.transcript),
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
                signature: try key.bytes("signature", count: Ed25519.signatureCount),
                transcript: try key.transcript("transcript")
            )
        }
    }
}
