import AssemblySupport
import CryptoPrimitives
import PauseEvidence
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

/// From what a node sees in an attempt to a file that convicts, and after a restart the same.
@Suite("Whoever spoils the ceremony is convicted by every node's journal")
struct CeremonyMisconductTests {
    let culprit = "gov.p3"
    let honest = Assembly.parties.dropLast()

    /// Checks that nodes show these offences of the culprit, and that their journals prove each, also after a restart.
    ///
    /// What is forged into the middle of a chain breaks it besides.
    private func require(
        _ offences: [Offence],
        conditional: [Offence] = [],
        in assembly: Assembly
    ) throws {
        for name in ["lab.p1", "gov.p1"] {
            for isRestarted in [false, true] {
                if isRestarted {
                    try assembly.stop(name)
                    try assembly.start(PartyName(name))
                }
                let proven = try assembly.node(name).with { $0.agreement.provenOffences }
                let found = Set(proven.map(\.offence)).subtracting([.brokenChain])
                #expect(found == Set(offences + conditional), "at \(name)")
                #expect(proven.allSatisfy { $0.party.text == culprit })
                for offence in proven {
                    #expect(offence.isConditional == conditional.contains(offence.offence))
                    try prove(offence, at: name, in: assembly)
                }
                #expect(try assembly.status(name).misconduct.count == proven.count)
            }
        }
    }

    private func prove(_ offence: ProvenOffence, at name: String, in assembly: Assembly) throws {
        var selection = ProofSelection(
            of: offence.offence,
            by: offence.party,
            shown: offence.statements,
            motion: offence.motion
        )
        for case .statement(let statement) in try assembly.items(of: name) { selection.take(statement) }
        let proof = try #require(selection.proof(under: assembly.charter), "\(offence)")
        let report = ProofVerification.verify(proof.file.bytes, pin: assembly.charter.id)
        #expect(report.verdict == (offence.isConditional ? .conditional : .proven), "\(offence)")
        #expect(report.guilty == culprit)
    }

    /// The culprit deals something else than its node would have.
    private func dealing(
        _ change: (CeremonyDealing.Key, Assembly) throws -> CeremonyDealing.Key
    ) throws -> Assembly {
        let assembly = try Assembly()
        let real = try assembly.runToDealing(withholding: culprit)
        guard case .ceremonyDealing(let body) = real.body else { throw Assembly.AssemblyError.badText }
        let wrong = try assembly.replaceDealing(real, with: body.keys.map { try change($0, assembly) })
        assembly.delivers = { _, _ in true }
        assembly.spread(wrong, from: culprit)
        try assembly.exchange()
        return assembly
    }

    private func copy(
        of key: CeremonyDealing.Key,
        ephemeral: Bytes32? = nil,
        proofOfPossession: [UInt8]? = nil,
        commitment: [Bytes32]? = nil
    ) -> CeremonyDealing.Key {
        CeremonyDealing.Key(
            rule: key.rule,
            ephemeral: ephemeral ?? key.ephemeral,
            proofOfPossession: proofOfPossession ?? key.proofOfPossession,
            shares: key.shares,
            commitment: commitment ?? key.commitment
        )
    }

    @Test func `a wrong share, in whichever attempt`() throws {
        let assembly = try Assembly()
        try assembly.failOfWrongShare()
        try require([.wrongDealtShare], in: assembly)
        try assembly.retry()
        try assembly.run(seconds: 1)
        #expect(try assembly.stage(at: "lab.p1") == "finished")
        try require([.wrongDealtShare], in: assembly)
    }

    @Test func `other terms than it had committed to, and those of another`() throws {
        try require(
            [.contributionMismatch],
            in: dealing { key, _ in copy(of: key, ephemeral: Element.base.bytes) }
        )
        let copied = try dealing { key, assembly in
            guard
                case .ceremonyDealing(let other) = try assembly.statements(.ceremonyDealing, at: "lab.p1")[0].body,
                let same = other.keys.first(where: { $0.rule == key.rule })
            else { throw Assembly.AssemblyError.badText }
            return same
        }
        try require([.contributionMismatch, .copiedTerms], in: copied)
    }

    @Test func `a dealing of another threshold, and one whose dealer does not know its secret`() throws {
        try require(
            [.malformedDealing],
            in: dealing { key, _ in copy(of: key, commitment: key.commitment + [Element.base.bytes]) }
        )
        try require(
            [],
            conditional: [.wrongProofOfPossession],
            in: dealing { key, _ in copy(of: key, proofOfPossession: [UInt8](repeating: 1, count: 64)) }
        )
    }

    @Test func `a false complaint`() throws {
        let assembly = try Assembly()
        assembly.hold(.keyNonces)
        try assembly.makeKeys()
        let base = Element.base.bytes.array
        let proofless = base + base + Scalar(3).bytes.array + Scalar(4).bytes.array
        let item = try assembly.forge(assembly.abort(.wrongShare, "lab.p2", complaint: proofless), by: culprit)
        for name in honest { try assembly.hand(item, to: name) }
        try require([], conditional: [.falseComplaint], in: assembly)
    }

    @Test func `a certificate with a wrong signature`() throws {
        let assembly = try Assembly()
        var forged: StatementID?
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item, statement.kind == .ceremonyCertificate else { return true }
            return statement.head.party.text != "gov.p3" || statement.id == forged
        }
        try assembly.makeKeys()
        let real = try #require(
            assembly.statements(.ceremonyCertificate, at: culprit).first { $0.head.party.text == culprit }
        )
        guard case .ceremonyCertificate(let certificate) = real.body else { return }
        let keys = certificate.keys.map {
            CeremonyCertificate.Key(rule: $0.rule, signature: .init(repeating: 1, count: 64), transcript: $0.transcript)
        }
        let body = StatementBody.ceremonyCertificate(CeremonyCertificate(attempt: 1, keys: keys))
        let item = try assembly.forge(body, by: culprit, number: real.head.number)
        forged = item.id
        for name in honest { try assembly.hand(item, to: name) }
        try require([.wrongCertificate], in: assembly)
    }

    /// The culprit's share never reached anybody; in its place comes this, under its number.
    private func keyShare(_ share: Bytes32) throws -> Assembly {
        let assembly = try Assembly()
        var forged: StatementID?
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item else { return false }
            return statement.kind != .keyShare || statement.head.party.text != "gov.p3" || statement.id == forged
        }
        try assembly.makeKeys()
        let real = try #require(assembly.statements(.keyShare, at: culprit).first { $0.head.party.text == culprit })
        let keys = assembly.charter.keyedRules.map { KeyShares.Key(rule: $0.name, share: share) }
        let wrong = StatementBody.keyShare(KeyShares(attempt: 1, retry: 1, keys: keys))
        let item = try assembly.forge(wrong, by: culprit, number: real.head.number)
        forged = item.id
        for name in honest { try assembly.hand(item, to: name) }
        return assembly
    }

    @Test func `a wrong share of a key proof`() throws {
        let assembly = try keyShare(Scalar(7).bytes)
        try require([], conditional: [.wrongKeyShare], in: assembly)
        // What its author shows to be two-faced elsewhere in the attempt explains nothing of it.
        let body = StatementBody.ceremonyContribution(assembly.contribution(attempt: 1))
        let second = try assembly.forge(body, by: culprit, number: 900)
        for name in honest { try assembly.hand(second, to: name) }
        try require([.twoContributions], conditional: [.wrongKeyShare], in: assembly)
    }

    @Test func `a share of a key proof that is no number, which is refused and kept`() throws {
        let assembly = try keyShare(Bytes32([UInt8](repeating: 255, count: 32)) ?? .zero)
        #expect(try assembly.stage(at: "lab.p1") == "proving")
        try require([.wrongKeyShare], in: assembly)
    }

    @Test func `a conditional proof is not shown any more once what explains it has turned up`() throws {
        let assembly = try keyShare(Scalar(7).bytes)
        let nonces = try #require(
            assembly.statements(.keyNonces, at: "lab.p1").first { $0.head.party.text == "lab.p4" }
        )
        guard case .keyNonces(let body) = nonces.body else { return }
        let swapped = body.keys.map { KeyNonces.Key(rule: $0.rule, hiding: $0.binding, binding: $0.hiding) }
        let other = StatementBody.keyNonces(KeyNonces(attempt: 1, retry: 1, keys: swapped))
        try assembly.hand(assembly.forge(other, by: "lab.p4", number: 900), to: "lab.p1")
        let proven = try assembly.node("lab.p1").with { $0.agreement.provenOffences }
        #expect(!proven.contains { $0.offence == .wrongKeyShare })
        #expect(proven.contains { $0.offence == .twoKeyNonces && $0.party.text == "lab.p4" })
    }

    @Test func `what parties made for dealings that a node does not hold convicts nobody there`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let real = try #require(
            assembly.statements(.ceremonyDealing, at: "lab.p1").first { $0.head.party.text == culprit }
        )
        let damaged = CeremonyDealing(attempt: 1, keys: try assembly.damaged(real, for: "lab.p2"))
        let other = try assembly.forge(.ceremonyDealing(damaged), by: culprit, number: 900)
        var late = Participant(
            charter: assembly.charter,
            signer: PartySecrets(seed: SecretBytes.random(count: 32)).signer(for: try PartyName("observer"))
        )
        _ = late.resume(at: assembly.now)
        for item in try [other] + assembly.items(of: "lab.p1") {
            guard case .statement(let statement) = item, statement.id != real.id else { continue }
            _ = try late.receive(item, at: assembly.now)
        }
        // Under the dealing that it has, everybody's share of the key proof is wrong.
        #expect(late.agreement.ceremony.attempts[0].seenFaults.contains { $0.reason == .wrongKeyShare })
        #expect(late.agreement.provenOffences.isEmpty)
    }

    @Test(arguments: [
        StatementKind.ceremonyContribution, .ceremonyDealing, .ceremonyCertificate, .keyNonces, .keyShare, .keyRecord,
    ])
    func `a second message in any step, also after the keys are made`(kind: StatementKind) throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let first = try #require(assembly.statements(kind, at: culprit).first { $0.head.party.text == culprit })
        // The same words again, in another place of its chain: an honest node says each of them once.
        let again = try assembly.forge(first.body, by: culprit, number: 900)
        for name in honest { try assembly.hand(again, to: name) }
        let expected: Offence =
            switch kind {
            case .ceremonyContribution: .twoContributions
            case .ceremonyDealing: .twoDealings
            case .ceremonyCertificate: .twoCertificates
            case .keyNonces: .twoKeyNonces
            case .keyShare: .twoKeyShares
            default: .twoKeyRecords
            }
        let nonces: [Offence] = kind == .keyNonces ? [.repeatedNoncePoint] : []
        try require([expected] + nonces, in: assembly)
        #expect(try assembly.stage(at: "lab.p1") == "finished")
    }

    @Test func `an abort and a share of the key proof in one attempt, in either order`() throws {
        for isAbortFirst in [true, false] {
            let assembly = try Assembly()
            assembly.delivers = { item, _ in
                guard case .statement(let statement) = item else { return false }
                return !(statement.kind == .keyShare && statement.head.party.text == "gov.p3")
            }
            try assembly.makeKeys()
            let share = try #require(
                assembly.statements(.keyShare, at: culprit).first { $0.head.party.text == culprit }
            )
            let shown = isAbortFirst ? try assembly.forge(share.body, by: culprit, number: 901) : .statement(share)
            let abort = try assembly.forge(assembly.abort(.stopped, culprit), by: culprit, number: 899)
            for item in [abort, shown] { for name in honest { try assembly.hand(item, to: name) } }
            try require(
                isAbortFirst ? [.abortAndKeyShare] : [],
                conditional: isAbortFirst ? [] : [.abortAndKeyShare],
                in: assembly
            )
        }
    }

    @Test func `two aborts of one attempt, and a contribution after the key record`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let aborts = [culprit, "lab.p2"]
        for (index, name) in aborts.enumerated() {
            let body = try assembly.abort(name == culprit ? .stopped : .silence, name)
            let item = try assembly.forge(body, by: culprit, number: 900 + 2 * index)
            for name in honest { try assembly.hand(item, to: name) }
        }
        let next = StatementBody.ceremonyContribution(assembly.contribution(attempt: 2))
        let contribution = try assembly.forge(next, by: culprit, number: 910)
        for name in honest { try assembly.hand(contribution, to: name) }
        try require([.twoAborts, .recordOfLeftAttempt], conditional: [.abortAndKeyShare], in: assembly)
        #expect(try assembly.stage(at: "lab.p1") == "finished")
    }
}
