public import CryptoPrimitives
internal import QuorumPolicy

/// A statement before it is signed; one that peers would refuse for its form cannot be made.
public struct StatementDraft: Hashable, Sendable {
    /// Charter, party, number and time.
    public let head: StatementHead
    /// What is stated.
    public let body: StatementBody
    /// The ASCII bytes to sign.
    public let signingInput: [UInt8]
    /// What the statement will be called, whatever its signature.
    public let id: StatementID

    /// Reads the statement's members as peers will, so that a bound or an order that its kind requires is never overlooked.
    public init(head: StatementHead, body: StatementBody) throws(StatementError) {
        let header = CompactJWS.Header(kid: head.party.text, typ: body.kind.typ)
        let members = OrderedMap([head.members, body.members].flatMap { $0.map { ($0.key, $0.value) } })
        let payload = CanonicalJSON.object(members)
        (self.head, self.body) = try Statement.read(payload, as: body.kind)
        signingInput = CompactJWS.signingInput(header: header, payload: payload.encoded)
        id = StatementID(SHA256.hash(signingInput))
        let size = signingInput.count + CompactJWS.signatureTail
        guard size <= body.kind.sizeLimit else { throw .tooLarge(count: size, limit: body.kind.sizeLimit) }
    }

    /// The statement signed with any key; ``signed(by:in:)`` also makes sure that it is the party's.
    public func signed(by key: borrowing Ed25519SigningKey) -> Statement {
        Statement(self, signature: key.sign(signingInput))
    }

    /// The statement signed with the party's identity key, as peers will verify it.
    public func signed(
        by key: borrowing Ed25519SigningKey,
        in charter: Charter
    ) throws(StatementError) -> Verified<Statement> {
        guard try charter.requireOwn(head).identityKey == key.publicKey else { throw .wrongSigningKey(head.party) }
        return Verified(trusted: signed(by: key))
    }
}
