/// The files that are kept beside an order, and how much of each a verifier reads (Protocol §8).
public enum EvidenceFile: String, CaseIterable, Hashable, Sendable, Codable {
    /// The compact JWS without a line feed, so that every JWT library and every digest tool sees the same bytes.
    case order = "order.jws"
    /// The ASCII bytes that the signature is over: header, a full stop, payload.
    case signingInput = "order.signing-input"
    /// The signature, 64 bytes.
    case signature = "order.sig"
    /// The group key as SubjectPublicKeyInfo.
    case groupPEM = "group.pem"
    /// The group key as JWK without `alg`.
    case groupJWK = "group.jwk.json"
    /// The charter, byte for byte.
    case charter
    /// Every party's key record and every rule's key proof, one compact JWS a line.
    case keys = "keys.jws"
    /// What the parties signed about the order's motion, one compact JWS a line.
    case record = "record.jws"
}

/// What an evidence bundle may measure at most; anything longer is refused before it is read.
public enum EvidenceLimits {
    /// Bytes of `order.jws`: 16 KiB.
    public static let order = 16 << 10
    /// Bytes of `keys.jws`: 32 MiB.
    public static let keys = 32 << 20
    /// Lines of `keys.jws`: two per party and one per rule in each attempt of the ceremony.
    public static let keyLines = 2 * 1024 + 16 * 16
    /// Bytes of `record.jws`: 256 MiB.
    public static let record = 256 << 20
    /// Lines of `record.jws`: receipts of 500 recorders for 500 voters, and room to spare.
    public static let recordLines = 1 << 18
    /// Contributions, or dealings, of one party in one attempt of the ceremony that are looked at.
    public static let messagesPerStep = 2
    /// Ways of putting a rule's transcript together that are looked at, when somebody contributed or dealt in two ways.
    public static let transcriptDrafts = 16
    /// Tries of the key proof in one attempt of the ceremony.
    public static let keyProofTries = 64
    /// Bytes of a proof of misconduct: 128 MiB.
    public static let proof = 128 << 20
    /// Lines of a proof of misconduct: a charter, a ceremony of 1024 parties, and a party's statements for years.
    public static let proofLines = 1 << 15
}
