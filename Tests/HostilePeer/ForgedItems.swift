internal import CryptoPrimitives
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// Items that a hostile party signs with its real key, well-formed or not.
struct ForgedItems {
    let attack: Attack

    /// The next statement after the party's newest.
    func head(number: Int? = nil, party: PartyName? = nil, charter: CharterID? = nil) -> StatementHead {
        let next = number ?? (attack.last?.number ?? 0) + 1
        return StatementHead(
            charter: charter ?? attack.charter.id,
            party: party ?? attack.party,
            number: next,
            previous: next == 1 ? nil : attack.lastID ?? StatementID(.zero),
            at: attack.last?.at ?? .earliest
        )
    }

    /// A statement that is in order.
    func statement(_ body: StatementBody, head: StatementHead? = nil) throws -> [UInt8] {
        let draft = try StatementDraft(head: head ?? self.head(), body: body)
        return Array(draft.signed(by: attack.secrets.identity).text.utf8)
    }

    /// The payload of an address statement, as text to be spoiled.
    func payload(number: Int? = nil) throws -> String {
        let addresses = ["hostile.example:7411"].compactMap { PeerAddress($0) }
        let draft = try StatementDraft(head: head(number: number), body: .address(AddressList(addresses: addresses)))
        let parts = draft.signingInput.split(separator: UInt8(ascii: "."))
        guard parts.count == 2, let payload = Base64URL.decode(Array(parts[1])) else { throw AttackError.malformed }
        return String(decoding: payload, as: UTF8.self)
    }

    /// A compact JWS over any header and payload, signed by the party.
    func signed(header: String, payload: String) -> [UInt8] {
        let input = Array("\(Base64URL.encode(header.utf8)).\(Base64URL.encode(payload.utf8))".utf8)
        let signature = attack.secrets.identity.sign(input)
        return input + [UInt8(ascii: ".")] + Array(Base64URL.encode(signature).utf8)
    }

    func header(typ: String = "standstill-address", kid: String? = nil) -> String {
        #"{"alg":"EdDSA","kid":"\#(kid ?? attack.party.text)","typ":"\#(typ)"}"#
    }
}
