public import CryptoPrimitives

/// An order as received: the JWS that a rule's group key signs (Protocol §8); its form is checked, its signature is not.
///
/// Compares by the exact text. Two signatures over one motion give two texts with one ``OrderClaims/digest``.
public struct Order: Hashable, Sendable {
    /// The header's `typ`.
    public static let typ = "standstill-order"

    /// What the order says.
    public let claims: OrderClaims
    /// The thumbprint of the group key that the header names, 43 characters.
    public let kid: String
    /// SHA-256 of the signing input.
    public let id: StatementID
    /// The compact JWS, ASCII, as received.
    public let text: String
    /// 64 bytes.
    public let signature: [UInt8]

    /// Puts the group's 64-byte signature to an order.
    public init(_ claims: OrderClaims, groupKey: Element, signature: [UInt8]) {
        self.init(
            claims,
            CompactJWS(header: Order.header(for: groupKey), payload: claims.payload, signature: signature)
        )
    }

    /// Reads a compact JWS; every spelling but the canonical one is refused.
    public init(decoding text: String) throws(StatementError) {
        try self.init(CompactJWS(decoding: text))
    }

    init(_ jws: CompactJWS) throws(StatementError) {
        guard jws.header.typ == Order.typ else { throw .wrongKind(found: jws.header.typ, expected: Order.typ) }
        var reader = try MemberReader(CanonicalJSON(decoding: jws.payload))
        let claims = try OrderClaims(from: &reader)
        try reader.finish()
        self.init(claims, jws)
    }

    private init(_ claims: OrderClaims, _ jws: CompactJWS) {
        self.claims = claims
        kid = jws.header.kid
        id = jws.id
        text = jws.text
        signature = jws.signature
    }

    /// What the order says, by digest; the same for every signature over it.
    public var digest: OrderDigest { claims.digest }

    /// Checks the signature under a group key that the caller pinned or found in a key record for ``OrderClaims/rule``.
    public func verified(by groupKey: Element) throws(StatementError) -> Verified<Order> {
        let thumbprint = GroupKeyText(groupKey).thumbprint
        guard kid == thumbprint else { throw .wrongGroupKey(found: kid, expected: thumbprint) }
        guard Ed25519.verify(signature, of: claims.signingInput(for: groupKey), by: groupKey) else {
            throw .wrongGroupSignature(claims.rule)
        }
        return Verified(trusted: self)
    }

    public static func == (left: Order, right: Order) -> Bool { left.text == right.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }

    static func header(for groupKey: Element) -> CompactJWS.Header {
        CompactJWS.Header(kid: GroupKeyText(groupKey).thumbprint, typ: typ)
    }
}
