import CryptoPrimitives
import QuorumPolicy
import Testing

@testable import SignedStatements

@Suite struct StatementTests {
    private static let samples = Result { try Samples.bodies() }

    @Test func `there is a sample of every kind`() throws {
        #expect(try Self.samples.get().map(\.kind) == StatementKind.allCases)
    }

    @Test func `what a party signs is read, verified and allowed`() throws {
        let charter = try Pilot.charter()
        for body in try Self.samples.get() {
            let signed = try Samples.signed(body)
            let read = try Statement(decoding: signed.text)
            #expect(read == signed.value)
            #expect(read.body == body)
            #expect(read.head == (try Samples.head()))
            #expect(read.id == (try Samples.draft(body)).id)
            #expect(try charter.verify(read) == signed)
            #expect(try Item(decoding: signed.text) == .statement(read))
            // The pilot opens its ballots itself, so that nobody has a share in opening them, and nobody votes in advance.
            guard ![.openingShare, .standingBallot, .standingRevocation, .standingReceipt].contains(body.kind) else {
                #expect(throws: StatementError.self) { try charter.check(signed) }
                continue
            }
            try charter.check(signed)
        }
    }

    @Test func `a receipt names 1 to 64 commitments, by the names of parties`() throws {
        func receipt(_ entries: OrderedMap<PartyName, StatementID>) -> StatementBody {
            .receipt(Receipt(motion: Pilot.id("motion"), commitments: entries))
        }
        func entries(_ count: Int) throws -> OrderedMap<PartyName, StatementID> {
            OrderedMap(try (0..<count).map { (try PartyName("lab.p\($0)"), Pilot.id("commitment \($0)")) })
        }
        // The longest names there are.
        let long = OrderedMap(
            try (100..<164).map { (try PartyName(String(repeating: "a", count: 60) + "\($0)"), Pilot.id("\($0)")) }
        )
        for good in [try entries(1), try entries(64), long] {
            let text = try Samples.signed(receipt(good)).text
            #expect(try Statement(decoding: text).body == receipt(good))
        }
        for bad in [0, 65] {
            #expect(throws: StatementError.self) { try Samples.signed(receipt(try entries(bad))) }
        }
        let text = try Samples.signed(receipt(try entries(2))).text
        let jws = try CompactJWS(decoding: text)
        let header = String(decoding: jws.header.encoded, as: UTF8.self)
        let payload = String(decoding: jws.payload, as: UTF8.self)
        let digest = Pilot.id("commitment 1").description
        for (part, wrong) in [("lab.p1", "lab p1"), ("lab.p1", "lab.P1"), (digest, String(digest.dropLast()))] {
            let forgery = forged(header: header, payload: payload.replacing(part, with: wrong), by: "lab.aster")
            #expect(throws: StatementError.self) { try Statement(decoding: forgery) }
        }
    }

    @Test func `the first statement of a party has no predecessor and every later one has`() throws {
        let head = try Samples.head(number: 1)
        let body = StatementBody.close(.init(motion: Pilot.id("motion")))
        #expect(try StatementDraft(head: head, body: body).signed(by: Pilot.signingKey(of: "lab.aster")).head == head)
        for (number, previous) in [(1, Pilot.id("x")), (2, nil), (0, nil)] as [(Int, StatementID?)] {
            let wrong = StatementHead(
                charter: head.charter,
                party: head.party,
                number: number,
                previous: previous,
                at: head.at
            )
            #expect(throws: StatementError.self) { try StatementDraft(head: wrong, body: body) }
        }
    }

    @Test(arguments: StatementKind.allCases)
    func `a member that is missing, extra, repeated, moved or of another type is refused`(kind: StatementKind) throws {
        let body = try #require(try Self.samples.get().first { $0.kind == kind })
        let text = try Samples.signed(body).text
        let jws = try CompactJWS(decoding: text)
        let header = String(decoding: jws.header.encoded, as: UTF8.self)
        let value = try CanonicalJSON(decoding: jws.payload)
        #expect(forged(header: header, payload: Mutation.spelled(value), by: "lab.aster") == text)
        let mutations = Mutation.all(of: value)
        #expect(mutations.count > 50)
        for mutation in mutations {
            let changed = forged(header: header, payload: mutation.json, by: "lab.aster")
            #expect(throws: StatementError.self, "\(mutation)") { try Statement(decoding: changed) }
        }
    }

    @Test(arguments: StatementKind.allCases)
    func `a change of any byte of a signed statement is refused`(kind: StatementKind) throws {
        let body = try #require(try Self.samples.get().first { $0.kind == kind })
        let charter = try Pilot.charter()
        let original = Array(try Samples.signed(body).text.utf8)
        // Every byte of the shortest kinds and of a motion, every fourth of the others, so that the test stays quick.
        let isShort = original.count < 700 || kind == .motion
        for position in stride(from: 0, to: original.count, by: isShort ? 1 : 4) {
            var changed = original
            changed[position] = successor(of: original[position])
            let text = String(decoding: changed, as: UTF8.self)
            #expect(throws: StatementError.self, "byte \(position)") { try charter.verify(decoding: text) }
        }
    }

    @Test func `no statement is read as another kind`() throws {
        for body in try Self.samples.get() {
            let jws = try CompactJWS(decoding: try Samples.signed(body).text)
            let payload = String(decoding: jws.payload, as: UTF8.self)
            for typ in Item.typs where typ != body.kind.typ {
                let header = CompactJWS.Header(kid: "lab.aster", typ: typ).encoded
                let text = forged(header: String(decoding: header, as: UTF8.self), payload: payload, by: "lab.aster")
                #expect(throws: StatementError.self, "\(body.kind) as \(typ)") { try Item(decoding: text) }
            }
        }
    }

    @Test func `an unknown kind is named with the nearest known one`() throws {
        let header = #"{"alg":"EdDSA","kid":"lab.aster","typ":"standstill-reciept"}"#
        let text = forged(header: header, payload: "{}", by: "lab.aster")
        #expect(throws: StatementError.unknownKind("standstill-reciept", suggestion: "standstill-receipt")) {
            try Item(decoding: text)
        }
    }

    @Test func `only the identity key of the party under the same charter verifies`() throws {
        let charter = try Pilot.charter()
        let aster = try Pilot.party("lab.aster")
        let draft = try Samples.draft(.close(.init(motion: Pilot.id("motion"))))
        let other = draft.signed(by: Pilot.signingKey(of: "lab.borealis"))
        #expect(throws: StatementError.wrongSignature(aster)) { try charter.verify(other) }
        #expect(throws: StatementError.wrongSigningKey(aster)) {
            try draft.signed(by: Pilot.signingKey(of: "lab.borealis"), in: charter)
        }

        let renamed = try Charter(Array(Pilot.text.replacing("Pilot charter", with: "Other charter").utf8))
        let own = draft.signed(by: Pilot.signingKey(of: "lab.aster"))
        #expect(throws: StatementError.wrongCharter(aster, found: charter.id, expected: renamed.id)) {
            try renamed.verify(own)
        }

        let stranger = try Samples.draft(.close(.init(motion: Pilot.id("motion"))), of: "lab.zephyr")
        #expect(throws: StatementError.unknownParty(try Pilot.party("lab.zephyr"))) {
            try charter.verify(stranger.signed(by: Pilot.signingKey(of: "lab.zephyr")))
        }
    }

    @Test func `the header names the party of the payload`() throws {
        let text = try Samples.signed(.close(.init(motion: Pilot.id("motion")))).text
        let payload = String(decoding: try CompactJWS(decoding: text).payload, as: UTF8.self)
        let header = #"{"alg":"EdDSA","kid":"lab.borealis","typ":"standstill-close"}"#
        #expect(throws: StatementError.compact(.keyIdentifier)) {
            try Statement(decoding: forged(header: header, payload: payload, by: "lab.borealis"))
        }
    }

    @Test func `a draft beyond a bound cannot be made`() throws {
        let addresses = try (1...9).map { try #require(PeerAddress("node\($0).example:7001")) }
        _ = try Samples.draft(.address(.init(addresses: Array(addresses.dropLast()))))
        #expect(throws: StatementError.invalidMember("addresses", reason: "has 9 elements instead of 0...8")) {
            try Samples.draft(.address(.init(addresses: addresses)))
        }
        #expect(throws: StatementError.self) {
            try Samples.draft(.address(.init(addresses: [addresses[0], addresses[0]])))
        }
        let ids = (1...300).map { Pilot.id("\($0)") }
        #expect(throws: StatementError.self) {
            try Samples.draft(.package(.init(motion: ids[0], attempt: 1, session: 1, commitments: ids)))
        }
        #expect(throws: StatementError.invalidMember("commitments", reason: "lists a statement twice")) {
            try Samples.draft(.package(.init(motion: ids[0], attempt: 1, session: 1, commitments: [ids[1], ids[1]])))
        }
        #expect(throws: StatementError.invalidMember("serial", reason: "is not in 1...9007199254740991")) {
            let nonces = OrderNonces(
                motion: ids[0],
                attempt: 0,
                serial: 0,
                hiding: Pilot.bytes32("a"),
                binding: Pilot.bytes32("b")
            )
            return try Samples.draft(.nonceCommitment(nonces))
        }
    }

    @Test(arguments: [
        "", "host", "host:", ":7001", "host:0", "host:07001", "host:65536", "Host:7001", "host:7001 ", "[::1]",
        "::1:7001",
        "[host]:7001", "[::1]x:7001", "ho st:7001", "host:+1", "[]:1", "ho/st:1",
        String(repeating: "a", count: 254) + ":1",
    ])
    func `an address in another form is refused`(text: String) {
        #expect(PeerAddress(text) == nil)
    }

    @Test(arguments: ["host:1", "node-1.example.org:65535", "192.0.2.1:7001", "[::1]:7001", "[2001:db8::192.0.2.1]:1"])
    func `an address is written as it was read`(text: String) {
        #expect(PeerAddress(text)?.description == text)
    }

    @Test func `a complaint comes with the reason that needs one and no other`() throws {
        let complaint = Pilot.bytes(128, "complaint")
        func abort(_ reason: CeremonyAbort.Reason, _ complaint: [UInt8]?, rule: String?) throws -> StatementDraft {
            let content = CeremonyAbort(
                attempt: 1,
                reason: reason,
                culprit: try Pilot.party("gov.union"),
                rule: try rule.map(Pilot.rule),
                complaint: complaint
            )
            return try Samples.draft(.ceremonyAbort(content))
        }
        _ = try abort(.wrongShare, complaint, rule: "decide")
        _ = try abort(.silence, nil, rule: nil)
        #expect(throws: StatementError.self) { try abort(.wrongShare, nil, rule: "decide") }
        #expect(throws: StatementError.self) { try abort(.silence, complaint, rule: "decide") }
        #expect(throws: StatementError.self) { try abort(.wrongShare, complaint, rule: nil) }
        #expect(throws: StatementError.self) { try abort(.wrongShare, Array(complaint.dropLast()), rule: "decide") }
    }
}
