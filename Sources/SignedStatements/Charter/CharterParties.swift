internal import CryptoPrimitives
internal import QuorumPolicy

/// The lines `class`, `party` and `tag`.
extension CharterBuilder {
    mutating func addClass(_ fields: inout CharterFields) throws(CharterError) {
        let name = try declare(.partyClass, &fields)
        guard classes.count < CharterLimits.classes else {
            throw fields.invalid("class", name.text, "is one too many: use \(CharterLimits.classes) at most")
        }
        classes.append(.init(name: name, description: try fields.quotation("the description")))
    }

    mutating func addParty(_ fields: inout CharterFields) throws(CharterError) {
        let name = try declare(.party, &fields)
        guard parties.count < CharterLimits.parties else {
            throw fields.invalid("party", name.text, "is one too many: use \(CharterLimits.parties) at most")
        }
        let partyClass = try known("class", &fields) { $0 == .partyClass }
        let identityKey = try takePoint("ed25519", of: name, &fields)
        let transportKey = try takeKey("x25519", &fields)
        guard Self.isUsableForX25519(transportKey) else {
            throw fields.invalid("x25519 key of", name.text, "is not one that this software makes: copy it again")
        }
        let ceremonyKey = try takePoint("ceremony", of: name, &fields)
        parties.append(
            .init(
                name: name,
                partyClass: partyClass,
                identityKey: identityKey,
                transportKey: transportKey,
                ceremonyKey: ceremonyKey,
                legalName: try fields.quotation("the legal name"),
                tags: [:]
            )
        )
    }

    mutating func addTag(_ fields: inout CharterFields) throws(CharterError) {
        let name = try known("party", &fields) { $0 == .party }
        try once("tag \(name)", fields)
        var tags = OrderedMap<String, String>()
        repeat {
            let text = try fields.word("a tag such as jurisdiction=Arland")
            let parts = text.utf8.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ (1...64).contains($0.count) }),
                text.utf8.allSatisfy({ $0 < 0x7F })
            else { throw fields.invalid("tag", text, "must be KEY=VALUE in ASCII, 64 bytes each at most") }
            let (key, value) = (String(parts[0]) ?? "", String(parts[1]) ?? "")
            guard tags[key] == nil else { throw fields.invalid("tag", text, "repeats \"\(key)\": give it once") }
            guard tags.count < CharterLimits.tags else {
                throw fields.invalid("tag", text, "is one too many: use \(CharterLimits.tags) at most")
            }
            tags[key] = value
        } while !fields.isAtEnd
        guard let index = parties.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("a known party is in the list")
        }
        parties[index] = parties[index].tagged(tags)
    }

    private mutating func takePoint(
        _ prefix: String,
        of party: PartyName,
        _ fields: inout CharterFields
    ) throws(CharterError) -> Element {
        guard let point = Element(encoding: try takeKey(prefix, &fields)) else {
            throw fields.invalid(
                "\(prefix) key of",
                party.text,
                "is not a point of the prime-order group: copy it again"
            )
        }
        return point
    }

    /// Whether the encoding is the canonical one (RFC 7748 §5) and the point is not of small order.
    private static func isUsableForX25519(_ key: Bytes32) -> Bool {
        let bytes = key.array
        let isReduced =
            bytes[31] < 0x7F || bytes[31] == 0x7F && (bytes[1..<31].contains { $0 != 0xFF } || bytes[0] < 0xED)
        // Any private key shows a small order: the shared secret is zero.
        let probe = SecretBytes(copying: [UInt8](repeating: 1, count: 32))
        guard isReduced, X25519.sharedSecret(probe, key) != nil else { return false }
        return true
    }
}

extension Charter.Party {
    fileprivate func tagged(_ tags: OrderedMap<String, String>) -> Charter.Party {
        Charter.Party(
            name: name,
            partyClass: partyClass,
            identityKey: identityKey,
            transportKey: transportKey,
            ceremonyKey: ceremonyKey,
            legalName: legalName,
            tags: tags
        )
    }
}
