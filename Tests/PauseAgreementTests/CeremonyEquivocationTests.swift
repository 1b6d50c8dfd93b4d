import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

@Suite("Nobody gains by saying two things in one step of the ceremony")
struct CeremonyEquivocationTests {
    let parties = Assembly.parties
    let dealer = "gov.p3"

    /// The dealer sends one dealing to three parties and another one to the rest, each right for all who get it.
    private func split() throws -> (assembly: Assembly, dealings: [Item]) {
        let assembly = try Assembly()
        let real = try assembly.runToDealing(withholding: dealer)
        let other = try assembly.replaceDealing(real, with: assembly.damaged(real, for: "lab.p2"))
        let some = ["lab.p1", "lab.p2", "gov.p1"]
        assembly.delivers = { item, to in
            if item.id == real.id { return some.contains(to.text) }
            if item.id == other.id { return !some.contains(to.text) }
            return true
        }
        assembly.spread(.statement(real), from: dealer)
        assembly.spread(other, from: dealer)
        try assembly.exchange()
        return (assembly, [.statement(real), other])
    }

    @Test func `parties that were dealt different things certify different transcripts, so no key is made`() throws {
        let (assembly, _) = try split()
        try assembly.run(seconds: 5)
        for name in parties {
            #expect(try assembly.stage(at: name) == "certifying")
            #expect(try assembly.status(name).ceremony.keys.isEmpty)
            #expect(try assembly.statements(.keyNonces, at: name).isEmpty)
        }
        #expect(try assembly.failures(at: "lab.p1").contains("CER-04 lab.p3"))
        #expect(try assembly.failures(at: "lab.p3").contains("CER-04 lab.p1"))
    }

    @Test func `once both dealings are known everywhere, the dealer is named, and the next attempt makes the keys`()
        throws
    {
        let (assembly, dealings) = try split()
        try assembly.open()
        for name in parties where name != dealer {
            #expect(try assembly.failures(at: name) == ["CER-18 gov.p3"])
            let kept = try assembly.items(of: name).map(\.id)
            #expect(dealings.allSatisfy { kept.contains($0.id) }, "the proof is kept")
        }
        try assembly.requireOneView(at: "lab.p1", seeds: 1...4)
        // The dealer's own node has met a statement it did not make; its operator looks.
        try assembly.act(dealer) { participant, now in participant.acknowledge(at: now) }
        try assembly.retry()
        try assembly.run(seconds: 1)
        let keys = try assembly.status("lab.p1").ceremony.keys
        for name in parties {
            #expect(try assembly.stage(at: name) == "finished")
            #expect(try assembly.status(name).ceremony.keys == keys)
        }
    }

    @Test func `a second dealing after the proofs changes no key, also for who hears of it first`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let real = try #require(
            assembly.statements(.ceremonyDealing, at: "lab.p1").first { $0.head.party.text == dealer }
        )
        let body = StatementBody.ceremonyDealing(
            CeremonyDealing(attempt: 1, keys: try assembly.damaged(real, for: "lab.p2"))
        )
        for number in [real.head.number, 900] {
            let other = try assembly.forge(body, by: dealer, number: number)
            let view = try assembly.view(of: [other] + assembly.items(of: "lab.p1"))
            #expect(try view.ceremony.keys == assembly.status("lab.p1").ceremony.keys)
            #expect(view.ceremony.stage == "finished")
            #expect(view.parked == 0)
            try assembly.requireOneView(at: "lab.p1", seeds: 1...4, and: [other])
        }
    }

    @Test(arguments: [StatementKind.ceremonyContribution, .ceremonyCertificate, .keyNonces])
    func `a second message in any step ends the attempt and names its author`(kind: StatementKind) throws {
        let assembly = try Assembly()
        assembly.hold(kind == .keyNonces ? .keyShare : .keyNonces)
        try assembly.makeKeys()
        let first = try #require(assembly.statements(kind, at: dealer).first { $0.head.party.text == dealer })
        let body: StatementBody
        switch first.body {
        case .ceremonyContribution: body = .ceremonyContribution(assembly.contribution(attempt: 1))
        case .ceremonyCertificate(let certificate):
            let keys = certificate.keys.map {
                CeremonyCertificate.Key(
                    rule: $0.rule,
                    signature: .init(repeating: 1, count: 64),
                    transcript: $0.transcript
                )
            }
            body = .ceremonyCertificate(CeremonyCertificate(attempt: 1, keys: keys))
        case .keyNonces(let nonces):
            let keys = nonces.keys.map {
                KeyNonces.Key(rule: $0.rule, hiding: $0.binding, binding: $0.hiding)
            }
            body = .keyNonces(KeyNonces(attempt: 1, retry: 1, keys: keys))
        default: return
        }
        let again = try assembly.forge(body, by: dealer, number: 900)
        for name in parties.dropLast() { try assembly.hand(again, to: name) }
        for name in parties.dropLast() {
            #expect(try assembly.failures(at: name) == ["CER-18 gov.p3"])
            #expect(try assembly.items(of: name).contains { $0.id == again.id }, "the proof is kept")
        }
        try assembly.requireOneView(at: "lab.p1", seeds: 1...4)
    }

    @Test func `a certificate with a wrong signature names its author`() throws {
        let assembly = try Assembly()
        var forged: StatementID?
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item, statement.kind == .ceremonyCertificate else { return true }
            return statement.head.party.text != "gov.p3" || statement.id == forged
        }
        try assembly.makeKeys()
        let real = try #require(
            assembly.statements(.ceremonyCertificate, at: dealer).first { $0.head.party.text == dealer }
        )
        guard case .ceremonyCertificate(let certificate) = real.body else { return }
        let keys = certificate.keys.map {
            CeremonyCertificate.Key(rule: $0.rule, signature: .init(repeating: 1, count: 64), transcript: $0.transcript)
        }
        let item = try assembly.forge(
            .ceremonyCertificate(CeremonyCertificate(attempt: 1, keys: keys)),
            by: dealer,
            number: real.head.number
        )
        forged = item.id
        for name in parties.dropLast() { try assembly.hand(item, to: name) }
        for name in parties.dropLast() { #expect(try assembly.failures(at: name) == ["CER-16 gov.p3"]) }
        try assembly.requireOneView(at: "lab.p1", seeds: 1...4)
    }

    @Test func `terms that were not committed to name their dealer`() throws {
        let assembly = try Assembly()
        let real = try assembly.runToDealing(withholding: dealer)
        guard case .ceremonyDealing(let body) = real.body else { return }
        let keys = body.keys.map {
            CeremonyDealing.Key(
                rule: $0.rule,
                ephemeral: Element.base.bytes,
                proofOfPossession: $0.proofOfPossession,
                shares: $0.shares,
                commitment: $0.commitment
            )
        }
        let wrong = try assembly.replaceDealing(real, with: keys)
        assembly.delivers = { _, _ in true }
        assembly.spread(wrong, from: dealer)
        try assembly.exchange()
        #expect(try parties.allSatisfy { try assembly.failures(at: $0) == ["CER-10 gov.p3"] })
        #expect(try assembly.statements(.ceremonyCertificate, at: "lab.p1").isEmpty)
    }
}
