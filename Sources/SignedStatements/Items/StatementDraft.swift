public import CryptoPrimitives
internal import QuorumPolicy

/// A statement before it is signed; one that peers would refuse for its form cannot be made.
public struct StatementDraft: Hashable, Sendable {
    public let head: StatementHead
    public let body: StatementBody
    private let header: CompactJWS.Header
    private let payload: [UInt8]

    /// Spells the statement and reads it back, so that a bound or an order that its kind requires is never overlooked.
    public init(head: StatementHead, body: StatementBody) throws(StatementError) {
        self.head = head
        self.body = body
        header = CompactJWS.Header(kid: head.party.text, typ: body.kind.typ)
        payload =
            CanonicalJSON.object(
                OrderedMap(head.members.map { ($0.key, $0.value) } + body.members.map { ($0.key, $0.value) })
            ).encoded
        _ = try statement(signature: [UInt8](repeating: 0, count: Ed25519.signatureCount))
    }

    /// The ASCII bytes to sign.
    public var signingInput: [UInt8] { CompactJWS.signingInput(header: header, payload: payload) }

    /// What the statement will be called, whatever its signature.
    public var id: StatementID { StatementID(SHA256.hash(signingInput)) }

    /// The statement signed with any key; ``signed(by:in:)`` also makes sure that it is the party's.
    public func signed(by key: borrowing Ed25519SigningKey) -> Statement {
        guard let statement = try? statement(signature: key.sign(signingInput)) else {
            preconditionFailure("a draft was read back when it was made")
        }
        return statement
    }

    /// The statement signed with the party's identity key, as peers will verify it.
    public func signed(
        by key: borrowing Ed25519SigningKey,
        in charter: Charter
    ) throws(StatementError) -> Verified<Statement> {
        try charter.requireOwn(head)
        guard charter.party(head.party)?.identityKey == key.publicKey else { throw .wrongSigningKey(head.party) }
        return Verified(trusted: signed(by: key))
    }

    private func statement(signature: [UInt8]) throws(StatementError) -> Statement {
        let jws = CompactJWS(header: header, payload: payload, signature: signature)
        return try Statement(decoding: jws.text)
    }
}
