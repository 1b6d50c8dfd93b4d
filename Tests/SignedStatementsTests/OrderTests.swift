import CryptoPrimitives
import QuorumPolicy
import Testing

@testable import SignedStatements

@Suite struct OrderTests {
    private func claims() throws -> OrderClaims {
        try #require(OrderClaims(try Samples.signed(.motion(Samples.motion())).value))
    }

    private func order() throws -> (Order, Element) {
        let key = Pilot.signingKey(of: Pilot.groupKeyOwner)
        let claims = try claims()
        let groupKey = key.publicKey
        return (Order(claims, groupKey: groupKey, signature: key.sign(claims.signingInput(for: groupKey))), groupKey)
    }

    private func keyProof() throws -> (KeyProof, Element) {
        let key = Pilot.signingKey(of: Pilot.groupKeyOwner)
        let claims = KeyProofClaims(
            charter: try Pilot.charter().id,
            rule: try Pilot.rule("decide"),
            transcript: try Pilot.transcript("transcript")
        )
        let groupKey = key.publicKey
        return (KeyProof(claims, groupKey: groupKey, signature: key.sign(claims.signingInput(for: groupKey))), groupKey)
    }

    @Test func `the payload is spelled as the specification says`() throws {
        let motion = try Samples.signed(.motion(Samples.motion()))
        let claims = try #require(OrderClaims(motion.value))
        let expected =
            #"{"action":"start","exp":1780444800,"iat":1772323200,"iss":"\#(try Pilot.charter().id)","jti":"\#(motion.id)","#
            + #""nbf":1772668800,"prev":"none","round":1,"rule":"decide","seq":1,"summary":"This order starts a pause that "#
            + #"is in force from 2026-03-05T00:00:00Z until 2026-06-03T00:00:00Z (UTC). Scope: deployment is \"not affected\"; "#
            + #"training-compute is \"above 1e26 FLOP\". Authentic texts: \"Terms of the pause\" (SHA-256 "#
            + #"\#(Pilot.bytes32("terms"))).","terms":"\#(try Samples.terms().digest)"}"#
        #expect(String(decoding: claims.payload, as: UTF8.self) == expected)
        #expect(claims.digest == OrderDigest(SHA256.hash(Array(expected.utf8))))
    }

    @Test func `terms are digested in their canonical spelling`() throws {
        let expected =
            #"{"scope":[{"name":"deployment","value":"not affected"},{"name":"training-compute","value":"above 1e26 FLOP"}],"#
            + #""texts":[{"name":"Terms of the pause","sha256":"\#(Pilot.bytes32("terms"))"}]}"#
        #expect(try Samples.terms().digest == SHA256.hash(Array(expected.utf8)))
    }

    @Test func `an order and a key proof are read and verified under the group key only`() throws {
        let (order, groupKey) = try order()
        #expect(try Order(decoding: order.text) == order)
        #expect(try Item(decoding: order.text) == .order(order))
        #expect(try order.verified(by: groupKey).value == order)
        let other = Pilot.signingKey(of: "lab.aster").publicKey
        #expect(
            throws: StatementError.wrongGroupKey(
                found: GroupKeyText(groupKey).thumbprint,
                expected: GroupKeyText(other).thumbprint
            )
        ) { try order.verified(by: other) }

        let (proof, _) = try keyProof()
        #expect(try KeyProof(decoding: proof.text) == proof)
        #expect(try Item(decoding: proof.text) == .keyProof(proof))
        #expect(try proof.verified(by: groupKey).value == proof)
        #expect(throws: StatementError.self) { try proof.verified(by: other) }
        #expect(throws: StatementError.self) { try Order(decoding: proof.text) }
        #expect(throws: StatementError.self) { try KeyProof(decoding: order.text) }
        #expect(throws: StatementError.self) { try Statement(decoding: order.text) }
    }

    @Test func `a change of any byte of an order or a key proof is refused`() throws {
        let (order, groupKey) = try order()
        let (proof, _) = try keyProof()
        for original in [order.text, proof.text].map({ Array($0.utf8) }) {
            for position in original.indices {
                var changed = original
                changed[position] = successor(of: original[position])
                let text = String(decoding: changed, as: UTF8.self)
                #expect(throws: StatementError.self, "byte \(position)") {
                    switch try Item(decoding: text) {
                    case .order(let order): _ = try order.verified(by: groupKey)
                    case .keyProof(let proof): _ = try proof.verified(by: groupKey)
                    case .statement(let statement): _ = try Pilot.charter().verify(statement)
                    }
                }
            }
        }
    }

    @Test func `a member of an order or key proof that is missing, extra, moved or of another type is refused`() throws
    {
        for text in [try order().0.text, try keyProof().0.text] {
            let jws = try CompactJWS(decoding: text)
            let header = String(decoding: jws.header.encoded, as: UTF8.self)
            for mutation in Mutation.all(of: try CanonicalJSON(decoding: jws.payload)) {
                let changed = forged(header: header, payload: mutation.json, by: Pilot.groupKeyOwner)
                #expect(throws: StatementError.self, "\(mutation)") { try Item(decoding: changed) }
            }
        }
    }

    @Test func `the order depends on the motion alone and only a motion gives one`() throws {
        let claims = try claims()
        #expect(try self.claims() == claims)
        let later = try Samples.motion(schedule: Samples.schedule(end: "2026-06-02T00:00:00Z"))
        let other = try #require(OrderClaims(try Samples.signed(.motion(later)).value))
        #expect(other.digest != claims.digest)
        #expect(OrderClaims(try Samples.signed(.close(.init(motion: Pilot.id("motion")))).value) == nil)
    }

    @Test func `the thumbprint is that of RFC 8037 A-3 and the JWK has no algorithm`() throws {
        let bytes = try #require(Base64URL.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
        let text = GroupKeyText(try #require(Bytes32(bytes).flatMap { Element(encoding: $0) }))
        #expect(text.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        #expect(
            text.jwk
                == #"{"crv":"Ed25519","kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k","kty":"OKP","#
                + #""x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
        )
    }

    @Test func `the PEM text is that of RFC 8410 section 10-1`() throws {
        let bytes = try #require(Hex.decode("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"))
        let text = GroupKeyText(try #require(Bytes32(bytes).flatMap { Element(encoding: $0) }))
        #expect(
            text.pem == """
                -----BEGIN PUBLIC KEY-----
                MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
                -----END PUBLIC KEY-----

                """
        )
    }
}
