import AssemblySupport
import CryptoPrimitives
import PauseAgreement
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing
import ThresholdSigning

@testable import PauseEvidence

/// Whatever crashes and delays, honest parties sign nothing that convicts anybody (Protocol §10, rule 9).
@Suite("No honest party is ever convicted")
struct HonestConductTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `crashing and restarting at any moment, nobody signs anything that convicts anybody`(seed: UInt64) throws {
        let assembly = try Assembly(labs: 2, of: 3, governments: 2, of: 2, seed: seed)
        var random = SeededRandom(seed: seed &* 104_729)
        for node in assembly.nodes {
            try assembly.act(node.name.text) { participant, now in try participant.ratify(at: now) }
        }
        try stir(assembly, rounds: 10, &random)
        try assembly.run(seconds: 2)
        let names = assembly.nodes.map(\.name.text)
        for round in 0..<2 {
            // Motions that pass, fail and compete for one place, so that closes, shares, receipts and lapses all occur.
            var motions: [StatementID] = []
            for proposer in names.prefix(1 + Int(seed % 2)) where round == 0 || proposer == names[0] {
                motions.append(try assembly.propose(by: proposer))
            }
            for motion in motions {
                for name in names where Int.random(in: 0..<8, using: &random) > 0 {
                    let answer: Answer = Int.random(in: 0..<5, using: &random) == 0 ? .decline : .agree
                    // A node may have closed or ended the motion already.
                    try? assembly.cast(answer, by: name, on: motion)
                }
            }
            try stir(assembly, rounds: 8, &random)
            try assembly.run(seconds: 31)
        }
        let crowd = try Crowd(assembly)
        #expect(try crowd.search().findings.isEmpty)
        #expect(crowd.honest.count > 60)
        for name in names {
            let status = try assembly.status(name)
            #expect(status.misconduct.isEmpty && status.equivocators.isEmpty)
        }
    }

    private func stir(_ assembly: Assembly, rounds: Int, _ random: inout SeededRandom) throws {
        for _ in 0..<rounds {
            try assembly.step(deliveries: Int.random(in: 1...40, using: &random))
            if Int.random(in: 0..<3, using: &random) == 0 { try assembly.pass(milliseconds: 700) }
            let victim = assembly.nodes[Int.random(in: assembly.nodes.indices, using: &random)]
            try assembly.stop(victim.name.text)
            try assembly.start(victim.name)
        }
    }

    @Test func `what others sign cannot convict an honest party: contributions and nonces in two versions`() throws {
        var crowd = try Crowd.shared.get()
        // lab.p1 and lab.p2 sign second versions of everything that others' work depends on without naming it.
        for name in ["lab.p1", "lab.p2"] {
            for kind in [StatementKind.ceremonyContribution, .ceremonyDealing, .keyNonces] {
                try crowd.say(try Self.other(crowd.statement(kind, by: name).body), by: name)
            }
        }
        let statements = crowd.honest + crowd.forged
        // Who has both versions finds the right ones, in whatever order they came.
        for all in [statements, crowd.forged + crowd.honest] {
            for finding in MisconductSearch(trusted: all, charter: crowd.charter).findings {
                #expect(["lab.p1", "lab.p2"].contains(finding.party.text), "\(finding)")
            }
        }
        let second = crowd.forged.map(\.kind)
        // Whoever searches only the second versions sees shares that do not fit them.
        let swapped = statements.filter { statement in
            let isLiar = ["lab.p1", "lab.p2"].contains(statement.head.party.text)
            return !(isLiar && second.contains(statement.kind)) || crowd.forged.contains(statement)
        }
        let findings = MisconductSearch(trusted: swapped, charter: crowd.charter).findings
        for finding in findings where finding.condition == nil {
            #expect(["lab.p1", "lab.p2"].contains(finding.party.text), "\(finding)")
        }
        #expect(findings.contains { $0.condition != nil && !["lab.p1", "lab.p2"].contains($0.party.text) })
    }

    @Test func `an honest share is right under the transcript its author recorded, whatever other dealings there are`()
        throws
    {
        let assembly = try Assembly(seed: 3)
        var crowd = try Crowd(assembly)
        let ceremony = try HandmadeCeremony(crowd.charter, attempt: 1)
        try ceremony.publish(in: &crowd)
        for party in ceremony.parties {
            let key = try ceremony.certificate(of: party.text)
            try crowd.say(.ceremonyCertificate(.init(attempt: 1, keys: [key])), by: party.text)
        }
        try ceremony.prove(in: &crowd, wrongly: nil)
        try sign(ceremony, &crowd)
        #expect(try crowd.search().findings.isEmpty)
        // lab.p1 has dealt twice, and whoever accuses the others shows the other dealing.
        let liar = try PartyName("lab.p1")
        let other = try crowd.say(
            .ceremonyDealing(.init(attempt: 1, keys: [ceremony.dealt(by: liar, version: 1)])),
            by: liar.text
        )
        let swapped = crowd.forged.filter {
            $0.kind != .ceremonyDealing || $0.head.party != liar || $0.id == other.id
        }
        // The other dealing makes a transcript too, one under which nobody's shares fit.
        var changed = ceremony
        changed.dealings[try ceremony.number(of: "lab.p1") - 1] = try ceremony.dealt(by: liar, version: 1)
        #expect(try changed.transcript().digest != ceremony.transcript().digest)
        #expect(MisconductSearch(trusted: swapped, charter: crowd.charter).findings.isEmpty)
        #expect(try crowd.search().findings.map(\.offence) == [.twoDealings])
    }

    @Test func `a party's two dealings are put together in every way, and of three one is not looked at`() throws {
        let liar = try PartyName("lab.p1")
        for lies in 1...EvidenceLimits.messagesPerStep {
            var crowd = try Crowd.shared.get()
            crowd.forgetKeyRecords()
            let ceremony = try HandmadeCeremony(crowd.charter, attempt: 2)
            for version in 1...lies {
                let other = CeremonyDealing(attempt: 2, keys: [try ceremony.dealt(by: liar, version: version)])
                try crowd.say(.ceremonyDealing(other), by: liar.text)
            }
            try ceremony.publish(in: &crowd)
            // A certificate of the true transcript with somebody else's signature.
            let right = try ceremony.certificate(of: "gov.p3")
            let signature = try ceremony.certificate(of: "lab.p2").signature
            let key = CeremonyCertificate.Key(rule: right.rule, signature: signature, transcript: right.transcript)
            try crowd.say(.ceremonyCertificate(.init(attempt: 2, keys: [key])), by: "gov.p3")
            let findings = try crowd.search().findings
            #expect(
                findings.contains { $0.offence == .wrongCertificate } == (lies < EvidenceLimits.messagesPerStep)
            )
            for finding in findings {
                #expect(finding.party == liar || finding.party.text == "gov.p3", "\(finding)")
            }
        }
        for (sizes, count) in [([2, 2, 2, 2], 16), ([2, 2, 2, 2, 2], 16), ([2, 0, 2], 0), ([1, 1], 1)] {
            let choices = sizes.map { Array(0..<$0) }
            #expect(Combinations.of(choices, atMost: EvidenceLimits.transcriptDrafts).count == count)
        }
    }

    @Test func `of two dealers with the same terms each is convicted, unless the other contributed twice`() throws {
        var crowd = try Crowd.shared.get()
        crowd.forgetKeyRecords()
        var ceremony = try HandmadeCeremony(crowd.charter, attempt: 2)
        try ceremony.share(termsOf: "lab.p1", with: "gov.p3")
        try ceremony.publish(in: &crowd)
        let findings = try crowd.search().findings.filter { $0.offence == .copiedTerms }
        #expect(findings.map(\.party.text) == ["gov.p3", "lab.p1"])
        #expect(findings.map { $0.condition?.contains("unless lab.p1 signed another contribution") } == [true, false])
        #expect(findings.allSatisfy { $0.condition != nil && $0.statements.count == 2 && $0.context.count == 2 })
    }

    @Test func `an abort after a share is no offence once the tries are used up`() throws {
        var crowd = try Crowd.shared.get()
        try crowd.shareKey(attempt: 3, by: "gov.p3")
        try crowd.abort(attempt: 3, .stopped, by: "gov.p3")
        #expect(try crowd.search().findings.map(\.offence) == [.abortAndKeyShare])
        let rule = try #require(crowd.charter.keyedRules.first?.name)
        for (retry, count) in [(EvidenceLimits.keyProofTries - 1, 1), (EvidenceLimits.keyProofTries, 0)] {
            let key = KeyNonces.Key(rule: rule, hiding: try Crowd.point(), binding: try Crowd.point())
            try crowd.say(.keyNonces(.init(attempt: 3, retry: retry, keys: [key])), by: "lab.p2")
            #expect(try crowd.search().findings.count == count)
        }
    }

    /// Five parties record the key and sign an order.
    private func sign(_ ceremony: HandmadeCeremony, _ crowd: inout Crowd) throws {
        let transcript = try ceremony.transcript()
        let digest = try #require(TranscriptDigest(transcript.digest))
        let key = KeyRecord.Key(rule: ceremony.rule, groupKey: transcript.groupKey.element, transcript: digest)
        for party in ceremony.parties { try crowd.say(.keyRecord(.init(attempt: 1, keys: [key])), by: party.text) }
        let proposed = try crowd.say(.motion(Scene.motion()), by: "lab.p2", at: Scene.instant(0))
        let claims = try #require(OrderClaims(proposed))
        let names = ["lab.p1", "lab.p2", "lab.p3", "gov.p1", "gov.p2"]
        let signers = try names.map { try HandmadeSigner(transcript, PartyName($0)) }
        let offers = try zip(names, signers).map { name, signer in
            let points = signer.commitments
            let nonces = OrderNonces(
                motion: proposed.id,
                attempt: 0,
                serial: 1,
                hiding: points.hiding.bytes,
                binding: points.binding.bytes
            )
            return try crowd.say(.nonceCommitment(nonces), by: name).id
        }
        let asked = OrderPackage(motion: proposed.id, attempt: 0, session: 1, commitments: offers)
        let package = try crowd.say(.package(asked), by: "lab.p4").id
        let signing = try SigningPackage(
            groupKey: transcript.groupKey,
            message: claims.signingInput(for: transcript.groupKey.element),
            commitments: signers.map(\.commitments)
        )
        for (name, signer) in zip(names, signers) {
            let value = try signer.answer(signing).value
            let share = OrderShare(motion: proposed.id, package: package, share: value.bytes)
            try crowd.say(.signatureShare(share), by: name)
        }
    }

    /// The same step with other content.
    private static func other(_ body: StatementBody) throws -> StatementBody {
        switch body {
        case .ceremonyContribution(let old):
            let keys = old.keys.map {
                CeremonyContribution.Key(rule: $0.rule, commitment: $0.commitment, random: .zero)
            }
            return .ceremonyContribution(.init(attempt: old.attempt, keys: keys))
        case .keyNonces(let old):
            let keys = try old.keys.map {
                KeyNonces.Key(rule: $0.rule, hiding: try Crowd.point(), binding: try Crowd.point())
            }
            return .keyNonces(.init(attempt: old.attempt, retry: old.retry, keys: keys))
        default: return body
        }
    }
}
