import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseEvidence

@Suite("A key record counts when every party signed it and every key has proven itself")
struct KeyRecordTests {
    @Test
    func `the keys of a real ceremony are verified`() throws {
        let evidence = try RealEvidence.shared.get()
        let record = try KeyRecordVerification.verify(evidence.export[.keys], charter: evidence.charter)
        #expect(record.groupKey(of: try RuleName("decide")) == evidence.groupKey)
        #expect(record.transcript(of: try RuleName("decide")) != nil)
        #expect(record.groupKey(of: try RuleName("record")) == nil)
        #expect(record.charter == evidence.charter.id)
    }

    @Test(arguments: 0..<8)
    func `a party without a record is named`(index: Int) throws {
        let scene = try Scene()
        var keys = scene.keys
        keys.remove(at: index)
        #expect(throws: EvidenceError.missingKeyRecords([try PartyName((Scene.everyone + [Scene.observer])[index])])) {
            try verify(keys, scene)
        }
    }

    @Test
    func `a party that signed other keys is named, whatever its place`() throws {
        for (index, party) in Scene.everyone.enumerated() {
            var scene = try Scene()
            let other = KeyRecord(
                attempt: 1,
                keys: try ["decide", "ending"].map { try Scene.key(of: $0, ceremony: "another ceremony") }
            )
            var keys = scene.keys
            keys[index] = .statement(try scene.say(.keyRecord(other), by: party, at: 0))
            #expect(throws: EvidenceError.differingKeyRecords([try PartyName(party)])) { try verify(keys, scene) }
        }
    }

    @Test
    func `of a liar that signed several records the one that all signed counts, and a proof of other keys nothing`()
        throws
    {
        var scene = try Scene()
        let expected = try verify(scene.keys, scene)
        let others = try ["decide", "ending"].map { try Scene.key(of: $0, ceremony: "another ceremony") }
        let lies = try Scene.everyone.prefix(2).map { party in
            Item.statement(try scene.say(.keyRecord(KeyRecord(attempt: 2, keys: others)), by: party, at: 0))
        }
        let proofs = try others.map { Item.keyProof(try Scene.proof(of: $0, charter: scene.charter)) }
        for keys in [lies + proofs + scene.keys, scene.keys + lies + proofs] {
            #expect(try verify(keys, scene) == expected)
            // A node hands out what proves the keys and no more.
            #expect(KeyRecordSelection(keys, charter: scene.charter).items.map(\.id) == scene.keys.map(\.id))
        }
        // Nothing is shared when the liar holds the true record back.
        let without = scene.keys.dropFirst() + lies
        #expect(throws: EvidenceError.differingKeyRecords([try PartyName("lab.p1")])) {
            try verify(Array(without), scene)
        }
    }

    @Test
    func `a rule without a proof is named`() throws {
        let scene = try Scene()
        #expect(throws: EvidenceError.missingKeyProof(try RuleName("ending"))) {
            try verify(scene.keys.dropLast(), scene)
        }
    }

    @Test
    func `a proof about another ceremony is refused`() throws {
        let scene = try Scene()
        let other = try Scene.proof(of: Scene.key(of: "ending", ceremony: "another"), charter: scene.charter)
        #expect(throws: EvidenceError.differingKeyProof(try RuleName("ending"), line: 10)) {
            try verify(scene.keys.dropLast() + [.keyProof(other)], scene)
        }
    }

    @Test
    func `a proof by another key is refused with its line`() throws {
        let scene = try Scene()
        let key = try Scene.key(of: "ending")
        let claims = KeyProofClaims(charter: scene.charter.id, rule: key.rule, transcript: key.transcript)
        let signature = Scene.signer(of: "decide").sign(claims.signingInput(for: key.groupKey))
        let forged = KeyProof(claims, groupKey: key.groupKey, signature: signature)
        #expect(throws: EvidenceError.line(.keys, line: 10, .wrongGroupSignature(key.rule))) {
            try verify(scene.keys.dropLast() + [.keyProof(forged)], scene)
        }
    }

    @Test
    func `a repeated, misplaced or broken line is refused with its number`() throws {
        let (scene, motion) = try Scene.published()
        let decide = try RuleName("decide")
        #expect(throws: EvidenceError.repeated(.keys, line: 11, what: "a key record of lab.p1")) {
            try verify(scene.keys + [scene.keys[0]], scene)
        }
        #expect(throws: EvidenceError.repeated(.keys, line: 11, what: "a key proof of rule \(decide)")) {
            try verify(scene.keys + [scene.keys[8]], scene)
        }
        #expect(throws: EvidenceError.misplaced(.keys, line: 11, kind: "standstill-order")) {
            try verify(scene.keys + [.order(motion.order)], scene)
        }
        #expect(throws: EvidenceError.misplaced(.keys, line: 11, kind: "standstill-motion")) {
            try verify(scene.keys + [.statement(motion.statement)], scene)
        }
        let text = Scene.lines(scene.keys.map(\.text))
        #expect(throws: EvidenceError.line(.keys, line: 11, .compact(.parts(1)))) {
            try KeyRecordVerification.verify(text + Array("\n".utf8), charter: scene.charter)
        }
        #expect(throws: EvidenceError.missingKeyRecords(scene.charter.partyNames)) {
            try KeyRecordVerification.verify([], charter: scene.charter)
        }
    }

    @Test
    func `the order of lines does not matter and the last line feed may be missing`() throws {
        let scene = try Scene()
        let expected = try verify(scene.keys, scene)
        #expect(try verify(scene.keys.reversed(), scene) == expected)
        let text = Scene.lines(scene.keys.map(\.text)).dropLast()
        #expect(try KeyRecordVerification.verify(Array(text), charter: scene.charter) == expected)
    }

    @Test
    func `more bytes or lines than the bounds are refused`() throws {
        let scene = try Scene()
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: EvidenceLimits.keys + 1)
        #expect(throws: EvidenceError.tooLarge(.keys, count: long.count, limit: EvidenceLimits.keys)) {
            try KeyRecordVerification.verify(long, charter: scene.charter)
        }
        let many = [UInt8](repeating: UInt8(ascii: "\n"), count: EvidenceLimits.keyLines + 1)
        #expect(throws: EvidenceError.tooManyLines(.keys, limit: EvidenceLimits.keyLines)) {
            try KeyRecordVerification.verify(many, charter: scene.charter)
        }
    }

    @discardableResult
    private func verify(_ keys: [Item], _ scene: Scene) throws(EvidenceError) -> VerifiedKeyRecord {
        try KeyRecordVerification.verify(Scene.lines(keys.map(\.text)), charter: scene.charter)
    }
}
