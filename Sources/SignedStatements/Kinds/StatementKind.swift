/// What a party can state; the raw value is the KIND in the header's `typ`, "standstill-KIND".
public enum StatementKind: String, CaseIterable, Hashable, Sendable {
    case ratification
    case address
    case ceremonyContribution = "ceremony-contribution"
    case ceremonyDealing = "ceremony-dealing"
    case ceremonyCertificate = "ceremony-certificate"
    case ceremonyAbort = "ceremony-abort"
    case keyNonces = "key-nonces"
    case keyShare = "key-share"
    case keyRecord = "key-record"
    case standingBallot = "standing-ballot"
    case standingRevocation = "standing-revocation"
    case standingReceipt = "standing-receipt"
    case motion
    case commitment
    case receipt
    case close
    case opening
    case openingShare = "opening-share"
    case nonceCommitment = "nonce-commitment"
    case package
    case signatureShare = "signature-share"
    case publicationReceipt = "publication-receipt"
    case lapse
    case accusation

    /// The header's `typ`.
    public var typ: String { StatementKind.prefix + rawValue }

    /// Reads a header's `typ`; nil if no party statement has it.
    public init?(typ: String) {
        guard typ.hasPrefix(Self.prefix) else { return nil }
        self.init(rawValue: String(typ.dropFirst(Self.prefix.count)))
    }

    /// The longest compact JWS of this kind, in bytes.
    public var sizeLimit: Int {
        self == .ceremonyDealing ? CompactJWS.Limits.dealing : CompactJWS.Limits.item
    }

    static let prefix = "standstill-"
}
