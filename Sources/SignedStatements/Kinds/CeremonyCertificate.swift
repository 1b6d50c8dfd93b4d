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
        /// Of the rule `open`, a proof of possession per leaf share of the party, 64 bytes each; of other rules none, since
        /// their keys prove themselves by signing.
        public let possession: [[UInt8]]

        public init(rule: RuleName, signature: [UInt8], transcript: TranscriptDigest, possession: [[UInt8]] = []) {
            self.rule = rule
            self.signature = signature
            self.transcript = transcript
            self.possession = possession
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
                        "rule": .name($0.rule), "signature": .base64($0.signature + $0.possession.joined()),
                        "transcript": .name($0.transcript),
                    ])
                }
            ),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        attempt = try reader.ordinal("attempt")
        keys = try reader.keys { (key) throws(StatementError) in
            let rule = try key.ruleName("rule")
            let signatures = try Self.signatures(from: &key)
            return Key(
                rule: rule,
                signature: signatures[0],
                transcript: try key.transcript("transcript"),
                possession: Array(signatures.dropFirst())
            )
        }
    }

    /// The member `signature`: the certificate's own, then the proofs of possession.
    private static func signatures(from key: inout MemberReader) throws(StatementError) -> [[UInt8]] {
        let size = Ed25519.signatureCount
        let bytes = try key.bytes("signature", atMost: CompactJWS.Limits.item)
        guard !bytes.isEmpty, bytes.count.isMultiple(of: size) else {
            throw key.invalid("signature", "is not \(size) bytes, or several times as many")
        }
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<$0 + size]) }
    }
}
