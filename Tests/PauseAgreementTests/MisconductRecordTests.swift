import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

@Suite("What a node can prove, it keeps and shows")
struct MisconductRecordTests {
    private func commitment(_ motion: StatementID) -> StatementBody {
        .commitment(BallotCommitment(motion: motion, seal: .digest(PublicRandom.bytes32())))
    }

    @Test func `an offence is named, shown, survives a restart, and no fact is refused because of it`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        let number = (try assembly.lastStatement(of: "gov.p3")?.head.number ?? 0) + 1
        let first = try assembly.forge(commitment(motion), by: "gov.p3", number: number)
        let second = try assembly.forge(commitment(motion), by: "gov.p3", number: number + 2)
        for item in [first, second] { try assembly.hand(item, to: "lab.p1") }
        try assembly.run(seconds: 1)
        let statements = [first.id, second.id]
        #expect(
            try assembly.node("lab.p1").observations.contains(
                .misconduct(PartyName("gov.p3"), .twoCommitments, statements)
            )
        )
        // Both commitments are facts, and get what they would get from an honest node.
        #expect(try assembly.items(of: "lab.p1").filter { statements.contains($0.id) }.count == 2)
        #expect(try assembly.statements(.receipt, at: "lab.p1").count { $0.head.party.text == "lab.p1" } == 1)
        try assembly.stop("lab.p1")
        try assembly.start(PartyName("lab.p1"))
        let shown = try #require(assembly.status("lab.p1").misconduct.first)
        #expect((shown.party, shown.offence) == ("gov.p3", "two-commitments"))
        #expect(shown.statements == statements.map(\.description))
        #expect(shown.motion == motion.description)
    }

    @Test func `a refused statement that proves something is kept, and one that proves nothing is not`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        let sealed = try assembly.forge(commitment(motion), by: "gov.p3")
        try assembly.hand(sealed, to: "lab.p1")
        let opening = Opening(motion: motion, commitment: sealed.id, ballot: Ballot(.agree), salt: .zero)
        let number = (try assembly.lastStatement(of: "gov.p3")?.head.number ?? 0) + 5
        let mismatch = try assembly.forge(.opening(opening), by: "gov.p3", number: number)
        func nonces(_ hiding: Bytes32) -> StatementBody {
            .nonceCommitment(
                OrderNonces(motion: motion, attempt: 10_000, serial: 1, hiding: hiding, binding: Element.base.bytes)
            )
        }
        let point = (Scalar(3) * Element.base)?.bytes ?? .zero
        let useless = try assembly.forge(nonces(point), by: "lab.p4")
        let pointless = try assembly.forge(nonces(.zero), by: "lab.p3")
        for item in [mismatch, useless, pointless] { try assembly.hand(item, to: "lab.p1") }
        let offences = try assembly.status("lab.p1").misconduct.map { "\($0.party) \($0.offence)" }
        #expect(offences == ["gov.p3 opening-mismatch", "lab.p3 malformed-nonces"])
        let kept = try assembly.items(of: "lab.p1").map(\.id)
        #expect(kept.contains(mismatch.id))
        #expect(kept.contains(pointless.id))
        #expect(!kept.contains(useless.id))
        // What is kept is known: the same again adds nothing.
        let count = try assembly.node("lab.p1").journal.count
        try assembly.hand(mismatch, to: "lab.p1")
        #expect(try assembly.node("lab.p1").journal.count == count)
    }

    @Test func `of one offence of one party so many proofs are kept and no more`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        let sealed = try assembly.forge(commitment(motion), by: "gov.p3")
        try assembly.hand(sealed, to: "lab.p1")
        let number = (try assembly.lastStatement(of: "gov.p3")?.head.number ?? 0) + 5
        var kept: [Bool] = []
        for index in 0...Limits.proofsPerOffence {
            let salt = SHA256.hash([UInt8(index)])
            let opening = Opening(motion: motion, commitment: sealed.id, ballot: Ballot(.agree), salt: salt)
            // Numbers apart, so that the chain of the statements gives no further proof.
            let item = try assembly.forge(.opening(opening), by: "gov.p3", number: number + 2 * index)
            try assembly.hand(item, to: "lab.p1")
            kept.append(try assembly.items(of: "lab.p1").contains { $0.id == item.id })
        }
        #expect(kept == [Bool](repeating: true, count: Limits.proofsPerOffence) + [false])
        #expect(try assembly.status("lab.p1").misconduct.count == Limits.proofsPerOffence)
    }

    @Test func `an accusation is signed once, is everybody's to see, and is not signed while abstaining`() throws {
        let assembly = try Assembly()
        let accusation = Accusation(
            accused: try PartyName("gov.p3"),
            offence: .twoReceipts,
            motion: nil,
            proof: .zero,
            statements: [StatementID(.zero)]
        )
        for _ in 0..<2 {
            try assembly.act("lab.p1") { participant, now in try participant.accuse(accusation, at: now) }
        }
        try assembly.settle()
        #expect(try assembly.statements(.accusation, at: "gov.p1").count == 1)
        let shown = try assembly.status("gov.p1").accusations
        #expect(shown == [AccusationStatus(accuser: "lab.p1", accused: "gov.p3", offence: "two-receipts")])
        #expect(try assembly.status("gov.p1").misconduct.isEmpty)
        try assembly.act("lab.p2") { participant, _ in
            participant.suspect()
            return []
        }
        #expect(throws: ParticipantError.abstaining) {
            try assembly.act("lab.p2") { participant, now in try participant.accuse(accusation, at: now) }
        }
    }

    @Test func `nobody is accused before the peers have been asked for this party's newest statement`() throws {
        let assembly = try Assembly()
        let name = try PartyName("lab.p1")
        var started = Participant(
            charter: assembly.charter,
            signer: PartySecrets(seed: Assembly.seed(of: name)).signer(for: name)
        )
        _ = started.resume(at: assembly.now)
        let accusation = Accusation(
            accused: try PartyName("gov.p3"),
            offence: .twoReceipts,
            motion: nil,
            proof: .zero,
            statements: [StatementID(.zero)]
        )
        var error: ParticipantError?
        do throws(ParticipantError) { _ = try started.accuse(accusation, at: assembly.now) } catch let refused {
            error = refused
        }
        guard case .asking? = error else {
            Issue.record("accused without asking: \(String(describing: error))")
            return
        }
    }

    @Test func `a party has so many accusations and no more`() throws {
        var record = MisconductRecord()
        let (accuser, accused) = (try PartyName("lab.p1"), try PartyName("lab.p2"))
        for index in 0...Limits.accusationsPerParty {
            let accusation = Accusation(
                accused: accused,
                offence: .twoReceipts,
                motion: nil,
                proof: SHA256.hash(Array("\(index)".utf8)),
                statements: [StatementID(.zero)]
            )
            let reception = record.accuse(accusation, by: accuser)
            #expect(
                reception == (index < Limits.accusationsPerParty ? .taken : .refused(.limit("accusations")))
            )
        }
    }
}
