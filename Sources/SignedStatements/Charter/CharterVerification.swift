internal import CryptoPrimitives
internal import QuorumPolicy

extension Charter {
    /// Checks that a party of this charter signed a statement under this charter.
    ///
    /// The strict rule of Protocol §4 under the party's identity key. What the statement says is not judged here but by
    /// ``check(_:)``, because proof of misconduct needs authentic statements whatever they say.
    public func verify(_ statement: Statement) throws(StatementError) -> Verified<Statement> {
        let party = try requireOwn(statement.head)
        guard Ed25519.verify(statement.signature, of: statement.signingInput, by: party.identityKey) else {
            throw .wrongSignature(party.name)
        }
        return Verified(trusted: statement)
    }

    /// As ``verify(_:)`` for the text of a compact JWS.
    public func verify(decoding text: String) throws(StatementError) -> Verified<Statement> {
        try verify(Statement(decoding: text))
    }

    // Inlined, or the optimizer of Swift 6.3 makes it report errors it never threw: docs/decisions/0025-phantom-throws.md.
    @discardableResult
    @inline(__always)
    func requireOwn(_ head: StatementHead) throws(StatementError) -> Party {
        guard head.charter == id else { throw .wrongCharter(head.party, found: head.charter, expected: id) }
        guard let party = party(head.party) else { throw .unknownParty(head.party) }
        return party
    }
}
