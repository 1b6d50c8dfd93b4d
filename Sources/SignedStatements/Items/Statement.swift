internal import CryptoPrimitives
internal import QuorumPolicy

/// A party's statement as received: its form is checked, its signature is not.
///
/// Compares by the exact text, which is what is stored and forwarded.
public struct Statement: Hashable, Sendable {
    /// Kept apart and shared: a statement passes through many hands, and none of them changes it.
    private final class Content: Sendable {
        let head: StatementHead
        let body: StatementBody
        let kind: StatementKind
        let id: StatementID
        let text: String
        let signature: [UInt8]

        init(head: StatementHead, body: StatementBody, id: StatementID, text: String, signature: [UInt8]) {
            self.head = head
            self.body = body
            kind = body.kind
            self.id = id
            self.text = text
            self.signature = signature
        }
    }

    private let content: Content

    /// Charter, party, number and time.
    public var head: StatementHead { content.head }
    /// What is stated.
    public var body: StatementBody { content.body }
    /// SHA-256 of the signing input; two signatures over one input have one id.
    public var id: StatementID { content.id }
    /// The compact JWS, ASCII, as received.
    public var text: String { content.text }
    var signature: [UInt8] { content.signature }

    /// Reads a compact JWS; every spelling but the canonical one is refused.
    public init(decoding text: String) throws(StatementError) {
        try self.init(CompactJWS(decoding: text))
    }

    init(_ jws: CompactJWS) throws(StatementError) {
        guard let kind = StatementKind(typ: jws.header.typ) else {
            throw .wrongKind(found: jws.header.typ, expected: "a party's statement")
        }
        let (head, body) = try Statement.read(CanonicalJSON(decoding: jws.payload), as: kind)
        guard jws.header.kid == head.party.text else { throw .compact(.keyIdentifier) }
        content = Content(head: head, body: body, id: jws.id, text: jws.text, signature: jws.signature)
    }

    /// Puts a 64-byte signature to a draft, which has been read back already.
    init(_ draft: StatementDraft, signature: [UInt8]) {
        let text = String(decoding: draft.signingInput, as: UTF8.self) + "." + Base64URL.encode(signature)
        content = Content(head: draft.head, body: draft.body, id: draft.id, text: text, signature: signature)
    }

    static func read(
        _ payload: CanonicalJSON,
        as kind: StatementKind
    ) throws(StatementError) -> (StatementHead, StatementBody) {
        var reader = try MemberReader(payload)
        let head = try StatementHead(from: &reader)
        let body = try StatementBody(kind, from: &reader)
        try reader.finish()
        return (head, body)
    }

    /// The kind that the header names.
    public var kind: StatementKind { content.kind }

    /// The ASCII bytes that the signature is over.
    public var signingInput: [UInt8] {
        Array(text.utf8.dropLast(CompactJWS.signatureTail))
    }

    public static func == (left: Statement, right: Statement) -> Bool {
        left.content === right.content || left.text == right.text
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
