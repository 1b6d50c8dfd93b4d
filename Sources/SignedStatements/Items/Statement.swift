internal import CryptoPrimitives
internal import QuorumPolicy

/// A party's statement as received: its form is checked, its signature is not.
///
/// Compares by the exact text, which is what is stored and forwarded.
public struct Statement: Hashable, Sendable {
    public let head: StatementHead
    public let body: StatementBody
    /// SHA-256 of the signing input; two signatures over one input have one id.
    public let id: StatementID
    /// The compact JWS, ASCII, as received.
    public let text: String
    let signature: [UInt8]

    /// Reads a compact JWS; every spelling but the canonical one is refused.
    public init(decoding text: String) throws(StatementError) {
        try self.init(CompactJWS(decoding: text))
    }

    init(_ jws: CompactJWS) throws(StatementError) {
        guard let kind = StatementKind(typ: jws.header.typ) else {
            throw .wrongKind(found: jws.header.typ, expected: "a party's statement")
        }
        var reader = try MemberReader(CanonicalJSON(decoding: jws.payload))
        head = try StatementHead(from: &reader)
        body = try StatementBody(kind, from: &reader)
        try reader.finish()
        guard jws.header.kid == head.party.text else { throw .compact(.keyIdentifier) }
        id = jws.id
        text = jws.text
        signature = jws.signature
    }

    /// The kind that the header names.
    public var kind: StatementKind { body.kind }

    /// The ASCII bytes that the signature is over.
    public var signingInput: [UInt8] {
        Array(text.utf8.prefix(text.utf8.count - Base64URL.encode(signature).utf8.count - 1))
    }

    public static func == (left: Statement, right: Statement) -> Bool { left.text == right.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
