import AssemblySupport
import CryptoPrimitives
import PauseAgreement
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseEvidence

/// From what a node noticed to a file that convinces a stranger.
@Suite struct ProofSelectionTests {
    @Test func `whatever offence a node notes, its journal gives the proof, and its accusation stands`() throws {
        let assembly = try Assembly(seed: 31)
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in Crowd.voters { try assembly.cast(.agree, by: name, on: motion) }
        // A signer's share is replaced by a wrong one on the way to lab.p2, and its order is kept back.
        var culprit: PartyName?
        assembly.delivers = { item, to in
            guard case .statement(let statement) = item else { return to.text != "lab.p2" }
            guard to.text == "lab.p2", case .signatureShare(let share) = statement.body else { return true }
            guard to != statement.head.party, culprit == nil || culprit == statement.head.party else { return true }
            culprit = statement.head.party
            return share.share == Scalar(7).bytes
        }
        for _ in 0..<20 {
            try assembly.settle()
            try assembly.pass(milliseconds: 100)
            guard let name = culprit?.text else { continue }
            for package in try assembly.statements(.package, at: "lab.p2") {
                let body = StatementBody.signatureShare(
                    OrderShare(motion: motion, package: package.id, share: Scalar(7).bytes)
                )
                try assembly.hand(assembly.forge(body, by: name, number: 9_000 + 2 * package.head.number), to: "lab.p2")
            }
        }
        let name = try #require(culprit)
        let dealing = try #require(
            assembly.statements(.ceremonyDealing, at: "lab.p2").first { $0.head.party.text == "gov.p3" }
        )
        try assembly.hand(assembly.forge(dealing.body, by: "gov.p3", number: 7_000), to: "lab.p2")
        let offences = try assembly.node("lab.p2").with { $0.agreement.provenOffences }
        #expect(offences.contains { $0.offence == .wrongSignatureShare && $0.party == name })
        #expect(offences.contains { $0.offence == .twoDealings && $0.party.text == "gov.p3" })
        for offence in offences { try prove(offence, from: "lab.p2", assembly) }
    }

    private func prove(_ proven: ProvenOffence, from name: String, _ assembly: Assembly) throws {
        var selection = ProofSelection(
            of: proven.offence,
            by: proven.party,
            shown: proven.statements,
            motion: proven.motion
        )
        for case .statement(let statement) in try assembly.items(of: name) { selection.take(statement) }
        let proof = try #require(selection.proof(under: assembly.charter), "\(proven.offence)")
        var signed: Statement?
        try assembly.act(name) { participant, now in
            let outputs = try participant.accuse(proof.accusation, at: now)
            for case .send(.statement(let statement)) in outputs where statement.kind == .accusation {
                signed = statement
            }
            return outputs
        }
        let file = proof.file.with(try #require(signed))
        let report = ProofVerification.verify(file.bytes, pin: assembly.charter.id)
        #expect(report.verdict == (proven.isConditional ? .conditional : .proven))
        #expect(report.guilty == proven.party.text)
        #expect(report.accuser == name)
    }
}
