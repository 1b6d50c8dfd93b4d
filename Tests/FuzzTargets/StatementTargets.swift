internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// Texts that somebody signed: whatever is accepted must have exactly one spelling.
extension FuzzTarget {
    static let statements = [json, item, payload, instants]

    private static let json = FuzzTarget(name: "json", maximumCount: 4096) { bytes in
        guard let value = try? CanonicalJSON(decoding: bytes) else { return }
        try hold(value.encoded == bytes, "a value has two spellings")
    }

    /// A compact JWS as it travels.
    private static let item = FuzzTarget(name: "item", maximumCount: 8192) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let jws = try? CompactJWS(decoding: text) {
            let again = CompactJWS.signingInput(header: jws.header, payload: jws.payload)
            try hold(jws.signingInput == again, "a signing input has two spellings")
            try hold(text == String(decoding: again, as: UTF8.self) + "." + Base64URL.encode(jws.signature), "\(text)")
        }
        try checkItem(text)
    }

    /// A payload of the kind that the first byte picks, so that an input need not be spelled in base64url.
    private static let payload = FuzzTarget(name: "payload", maximumCount: 8192) { bytes in
        let typ = Item.typs[Int(bytes.first ?? 0) % Item.typs.count]
        let payload = Array(bytes.dropFirst())
        let header = CompactJWS.Header(kid: signer(of: payload), typ: typ)
        let input = CompactJWS.signingInput(header: header, payload: payload)
        try checkItem(String(decoding: input, as: UTF8.self) + "." + Base64URL.encode([UInt8](repeating: 1, count: 64)))
    }

    /// The party that the payload names, for the header.
    private static func signer(of payload: [UInt8]) -> String {
        guard case .object(let members)? = try? CanonicalJSON(decoding: payload),
            case .string(let party)? = members["party"]
        else { return "lab.p1" }
        return party
    }

    private static func checkItem(_ text: String) throws {
        guard let item = try? Item(decoding: text) else { return }
        try hold(item.text == text, "an item has two spellings")
        switch item {
        case .statement(let statement):
            let draft: StatementDraft
            do {
                draft = try StatementDraft(head: statement.head, body: statement.body)
            } catch {
                throw Finding("\(statement.kind) is read and cannot be written: \(error)")
            }
            try hold(draft.signingInput == statement.signingInput, "a \(statement.kind) has two spellings")
            try hold(draft.id == statement.id, "a \(statement.kind) has two names")
        case .order(let order):
            let again = try payload(of: order.claims.signingInput(for: someKey))
            try hold(try payload(of: Array(text.utf8)) == again, "an order has two spellings")
        case .keyProof(let proof):
            let again = try payload(of: proof.claims.signingInput(for: someKey))
            try hold(try payload(of: Array(text.utf8)) == again, "a key proof has two spellings")
        }
    }

    private static func payload(of text: [UInt8]) throws -> ArraySlice<UInt8> {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        try hold(parts.count >= 2, "an item without a payload")
        return parts[1]
    }

    private static let someKey = Ed25519SigningKey(seed: FuzzNode.key(9)).publicKey

    /// Points in time and lengths of it, as texts.
    private static let instants = FuzzTarget(name: "time", maximumCount: 64) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if let instant = Instant(text) { try hold(instant.description == text, "an instant has two spellings") }
        if let seconds = Seconds(text) { try hold(Seconds(seconds.description) == seconds, "\(text)") }
    }
}
