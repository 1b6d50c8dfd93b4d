internal import CryptoPrimitives
internal import PauseAgreement
internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// What a listed peer puts into items.
extension Misbehaviour {
    static let items: [Misbehaviour] = unreadable + unsigned + refused + ceremony

    private static func item(
        _ name: String,
        _ answer: Answer,
        _ bytes: @escaping @Sendable (ForgedItems) throws -> [UInt8]
    ) -> Misbehaviour {
        visiting(name, answer) { visit, attack in
            try await visit.send(.item(bytes(ForgedItems(attack: attack))))
        }
    }

    /// An address statement whose payload is spoiled before it is signed.
    private static func spoiled(
        _ name: String,
        _ words: String,
        _ spoil: @escaping @Sendable (String) -> String
    ) -> Misbehaviour {
        item(name, .itemRefused(words)) { forged in
            forged.signed(header: forged.header(), payload: spoil(try forged.payload()))
        }
    }

    private static let unreadable: [Misbehaviour] = [
        item("item-of-dots", .itemRefused("parts")) { _ in [UInt8](repeating: UInt8(ascii: "."), count: 1_000) },
        item("item-of-one-mib-of-dots", .itemRefused("parts")) { _ in
            [UInt8](repeating: UInt8(ascii: "."), count: (1 << 20) - 1)
        },
        item("item-not-utf-8", .itemRefused("header")) { _ in
            [0xff, 0xfe, UInt8(ascii: "."), 0xc0, UInt8(ascii: "."), 0x80]
        },
        item("item-of-an-unknown-kind", .itemRefused("standstill-")) { forged in
            forged.signed(header: forged.header(typ: "standstill-coup"), payload: try forged.payload())
        },
        item("item-with-escape-sequences", .itemRefused("unknown kind")) { forged in
            forged.signed(header: forged.header(typ: #"\u001b[2J\u001b]0;owned\u0007"#), payload: try forged.payload())
        },
        item("algorithm-none", .itemRefused("algorithm")) { forged in
            forged.signed(
                header: forged.header().replacing("EdDSA", with: "none"),
                payload: try forged.payload()
            )
        },
        item("header-with-a-key-of-its-own", .itemRefused("does not consist of")) { forged in
            let key = Base64URL.encode([UInt8](repeating: 1, count: 32))
            return forged.signed(
                header: forged.header().replacing(#""kid""#, with: #""jwk":{"x":"\#(key)"},"kid""#),
                payload: try forged.payload()
            )
        },
        item("item-of-20-kib", .itemRefused("at most 16384")) { forged in
            let text = String(repeating: "a", count: 20 << 10)
            return forged.signed(
                header: forged.header(),
                payload: try forged.payload().replacing("hostile", with: text)
            )
        },
        spoiled("blank-in-json", "unexpected byte") { $0.replacing("{\"", with: "{ \"") },
        spoiled("members-unsorted", "out of order") { payload in
            payload.replacing("}", with: #","aa":1}"#)
        },
        spoiled("member-twice", "repeated member") { payload in
            payload.replacing(#""party":"#, with: #""party":"nobody","party":"#)
        },
        spoiled("unknown-member", "does not belong here") { payload in payload.replacing(#"}"#, with: #","zz":true}"#)
        },
        spoiled("number-as-a-fraction", "fraction") { $0.replacing(#""number":"#, with: #""number":1."#) },
        spoiled("number-of-20-digits", "number above") {
            $0.replacing(#""number":"#, with: #""number":99999999999999999999"#)
        },
        spoiled("number-zero", "not in 1") { payload in
            payload.replacing(/"number":\d+/, with: #""number":0"#)
        },
        spoiled("escape-that-is-not-needed", "escape that") { $0.replacing("hostile", with: #"\u0068ostile"#) },
        spoiled("arrays-in-arrays", "more than 16 values") { payload in
            payload.replacing(
                "\"hostile.example:7411\"",
                with: String(repeating: "[", count: 4_000) + String(repeating: "]", count: 4_000)
            )
        },
        spoiled("time-spelled-out", "\"at\"") { payload in
            payload.replacing(/"at":\d+/, with: #""at":"2027-01-01T00:00:00Z""#)
        },
    ]

    private static let unsigned: [Misbehaviour] = [
        visiting("head-with-a-forged-statement-of-the-victims", .itemRefused("signature")) { visit, attack in
            let forged = ForgedItems(attack: attack)
            let head = forged.head(number: 500, party: attack.victim)
            let statement = try forged.statement(.address(AddressList(addresses: [])), head: head)
            try await visit.send(.head(number: 1, newest: statement))
        },
        visiting("head-with-a-statement-of-its-own", .itemRefused("not this party's")) { visit, attack in
            let forged = ForgedItems(attack: attack)
            try await visit.send(
                .head(number: 1, newest: forged.statement(.address(AddressList(addresses: []))))
            )
        },
        item("signature-altered", .itemRefused("signature")) { forged in
            var bytes = try forged.statement(.address(AddressList(addresses: [])))
            bytes[bytes.count - 20] ^= 1
            return bytes
        },
        item("signature-of-zeros", .itemRefused("signature")) { forged in
            let bytes = try forged.statement(.address(AddressList(addresses: [])))
            return Array(bytes.dropLast(86)) + [UInt8](repeating: UInt8(ascii: "A"), count: 86)
        },
        item("statement-of-another-charter", .itemRefused("charter")) { forged in
            try forged.statement(.address(AddressList(addresses: [])), head: forged.head(charter: CharterID(.zero)))
        },
        item("statement-of-an-unknown-party", .itemRefused("lab.nobody")) { forged in
            try forged.statement(
                .address(AddressList(addresses: [])),
                head: forged.head(party: PartyName("lab.nobody"))
            )
        },
        item("statement-in-another-partys-name", .itemRefused("signature")) { forged in
            let other = forged.attack.charter.parties.first {
                ![forged.attack.party, forged.attack.victim].contains($0.name)
            }
            return try forged.statement(.address(AddressList(addresses: [])), head: forged.head(party: other?.name))
        },
        item("statement-in-the-victims-name", .itemRefused("signature")) { forged in
            try forged.statement(
                .address(AddressList(addresses: [])),
                head: forged.head(number: 500, party: forged.attack.victim)
            )
        },
        item("order-signed-by-nobody", .itemRefused("is missing")) { forged in
            let payload = #"{"action":"start","charter":"\#(forged.attack.charter.id)"}"#
            return forged.signed(header: forged.header(typ: "standstill-order", kid: "nobody"), payload: payload)
        },
    ]

    /// What the party signs in order, and may not say.
    private static let refused: [Misbehaviour] = [
        item("nonces-of-small-order", .statementRefused("not a point")) { forged in
            try forged.statement(
                .nonceCommitment(
                    OrderNonces(
                        motion: forged.attack.motion,
                        attempt: 0,
                        serial: 1,
                        hiding: Bytes32([1] + [UInt8](repeating: 0, count: 31)) ?? .zero,
                        binding: .zero
                    )
                )
            )
        },
        item("nonces-of-an-attempt-far-away", .statementRefused("a limit is reached: attempts")) { forged in
            let point = Ed25519SigningKey(seed: .random(count: 32)).publicKey.bytes
            return try forged.statement(
                .nonceCommitment(
                    OrderNonces(motion: forged.attack.motion, attempt: 9_999, serial: 1, hiding: point, binding: point)
                )
            )
        },
        item("share-not-below-the-order", .nothing) { forged in
            try forged.statement(
                .signatureShare(
                    OrderShare(
                        motion: forged.attack.motion,
                        package: StatementID(SHA256.hash([1])),
                        share: Bytes32([UInt8](repeating: 255, count: 32)) ?? .zero
                    )
                )
            )
        },
        item("opening-of-nothing", .nothing) { forged in
            try forged.statement(
                .opening(
                    Opening(
                        motion: forged.attack.motion,
                        commitment: StatementID(SHA256.hash([2])),
                        ballot: Ballot(.agree),
                        salt: .zero
                    )
                )
            )
        },
        item("ratification-again", .statementRefused("")) { forged in
            let charter = forged.attack.charter
            return try forged.statement(
                .ratification(Ratification(network: charter.network, title: charter.title))
            )
        },
        item("motion-of-a-past-place", .statementRefused("")) { forged in
            try forged.statement(
                .motion(motion(forged, position: ChainPosition(seq: 1, round: 0, previous: nil), past: true))
            )
        },
        item("motion-of-a-place-to-come", .nothing) { forged in
            let position = ChainPosition(seq: 9, round: 0, previous: OrderDigest(SHA256.hash([3])))
            return try forged.statement(.motion(motion(forged, position: position, past: false)))
        },
        visiting("two-statements-with-one-number", .proof) { visit, attack in
            let forged = ForgedItems(attack: attack)
            for seal in [Bytes32.zero, SHA256.hash([4])] {
                let body = StatementBody.commitment(BallotCommitment(motion: attack.motion, seal: .digest(seal)))
                try await visit.send(.item(forged.statement(body)))
            }
        },
    ]

    private static func motion(_ forged: ForgedItems, position: ChainPosition, past: Bool) throws -> Motion {
        let charter = forged.attack.charter
        let start = past ? Instant.earliest : forged.attack.last?.at ?? .earliest
        func later(_ days: Int64) throws -> Instant {
            guard let length = Seconds(days * 86_400) else { throw AttackError.malformed }
            return start + length
        }
        guard let rule = charter.action(.start)?.rule else { throw AttackError.malformed }
        return Motion(
            action: .start,
            rule: rule,
            position: position,
            terms: MotionTerms(scope: [], texts: []),
            schedule: Motion.Schedule(
                commitBy: try later(1),
                signBy: try later(2),
                publishBy: try later(3),
                effective: try later(4),
                end: try later(5)
            )
        )
    }
}
