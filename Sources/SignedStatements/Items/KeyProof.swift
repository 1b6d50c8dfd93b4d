public import CryptoPrimitives
internal import QuorumPolicy

/// What a key proof says: this rule's key was made by this ceremony (Protocol §5).
public struct KeyProofClaims: Hashable, Sendable {
    /// The charter that this belongs to.
    public let charter: CharterID
    /// The rule that this is about.
    public let rule: RuleName
    /// The ceremony's public record.
    public let transcript: TranscriptDigest

    public init(charter: CharterID, rule: RuleName, transcript: TranscriptDigest) {
        self.charter = charter
        self.rule = rule
        self.transcript = transcript
    }

    /// The ASCII bytes that the group signs.
    public func signingInput(for groupKey: Element) -> [UInt8] {
        CompactJWS.signingInput(header: KeyProof.header(for: groupKey), payload: payload)
    }

    var payload: [UInt8] {
        CanonicalJSON.object(["charter": .digest(charter), "rule": .name(rule), "transcript": .name(transcript)])
            .encoded
    }
}

/// The first signature of a new group key, which shows that its holders can sign (Protocol §5); not checked as received.
///
/// Compares by the exact text.
public struct KeyProof: Hashable, Sendable {
    /// The header's `typ`.
    public static let typ = "standstill-key-proof"

    /// What the proof says.
    public let claims: KeyProofClaims
    /// The thumbprint of the group key that the header names, 43 characters.
    public let kid: String
    /// SHA-256 of the signing input.
    public let id: StatementID
    /// The compact JWS, ASCII, as received.
    public let text: String
    /// 64 bytes.
    public let signature: [UInt8]

    /// Puts the group's 64-byte signature to the claims.
    public init(_ claims: KeyProofClaims, groupKey: Element, signature: [UInt8]) {
        self.init(
            claims,
            CompactJWS(header: KeyProof.header(for: groupKey), payload: claims.payload, signature: signature)
        )
    }

    /// Reads a compact JWS; every spelling but the canonical one is refused.
    public init(decoding text: String) throws(StatementError) {
        try self.init(CompactJWS(decoding: text))
    }

    init(_ jws: CompactJWS) throws(StatementError) {
        guard jws.header.typ == KeyProof.typ else { throw .wrongKind(found: jws.header.typ, expected: KeyProof.typ) }
        var reader = try MemberReader(CanonicalJSON(decoding: jws.payload))
        let claims = KeyProofClaims(
            charter: try reader.digest("charter"),
            rule: try reader.ruleName("rule"),
            transcript: try reader.transcript("transcript")
        )
        try reader.finish()
        self.init(claims, jws)
    }

    private init(_ claims: KeyProofClaims, _ jws: CompactJWS) {
        self.claims = claims
        kid = jws.header.kid
        id = jws.id
        text = jws.text
        signature = jws.signature
    }

    /// Checks the signature under the group key that the ceremony made for ``KeyProofClaims/rule``.
    public func verified(by groupKey: Element) throws(StatementError) -> Verified<KeyProof> {
        let thumbprint = GroupKeyText(groupKey).thumbprint
        guard kid == thumbprint else { throw .wrongGroupKey(found: kid, expected: thumbprint) }
        guard Ed25519.verify(signature, of: claims.signingInput(for: groupKey), by: groupKey) else {
            throw .wrongGroupSignature(claims.rule)
        }
        return Verified(trusted: self)
    }

    public static func == (left: KeyProof, right: KeyProof) -> Bool { left.text == right.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }

    static func header(for groupKey: Element) -> CompactJWS.Header {
        CompactJWS.Header(kid: GroupKeyText(groupKey).thumbprint, typ: typ)
    }
}
