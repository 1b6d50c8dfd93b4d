import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseAgreement

@Suite("What must always hold")
struct SafetyTests {
    let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    @Test func `no ballot is opened before a record quorum has closed`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in voters.dropLast() { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 5)
        #expect(try assembly.statements(.close, at: "lab.p1").isEmpty)
        #expect(try assembly.statements(.opening, at: "lab.p1").isEmpty)
        try assembly.run(seconds: 6)
        #expect(try assembly.statements(.opening, at: "lab.p1").count == 6)
    }

    @Test func `closing early waits until every voter's commitment is certified`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in voters.dropLast() { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 1)
        #expect(try assembly.status("lab.p1").motions.first?.phase == "committing")
        #expect(try assembly.status("lab.p1").motions.first?.missing == ["gov.p3"])
        try assembly.cast(.decline, by: "gov.p3", on: motion)
        try assembly.run(seconds: 1)
        #expect(try assembly.status("lab.p1").motions.first?.phase == "published")
    }

    @Test func `nobody opens when the certified ballots cannot suffice`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "lab.p3", "gov.p1"] { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 12)
        #expect(try assembly.statements(.close, at: "lab.p1").count == 7)
        #expect(try assembly.statements(.opening, at: "lab.p1").isEmpty)
        try assembly.run(seconds: 20)
        #expect(try assembly.status("gov.p3").motions.first?.phase == "failed")
    }

    @Test func `a commitment gets no receipt after this node's own CLOSE or after the deadline`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        try assembly.run(seconds: 10)
        #expect(try assembly.statements(.close, at: "lab.p1").count == 7)
        let late = try assembly.forge(
            .commitment(BallotCommitment(motion: motion, seal: .digest(PublicRandom.bytes32()))),
            by: "gov.p3"
        )
        try assembly.hand(late, to: "lab.p1")
        try assembly.settle()
        #expect(try assembly.statements(.receipt, at: "lab.p1").isEmpty)
    }

    @Test func `a second commitment is kept as proof, gets no receipt, and its author is named`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        let number = (try assembly.lastStatement(of: "gov.p3")?.head.number ?? 0) + 1
        let first = try assembly.forge(
            .commitment(BallotCommitment(motion: motion, seal: .digest(PublicRandom.bytes32()))),
            by: "gov.p3",
            number: number
        )
        let second = try assembly.forge(
            .commitment(BallotCommitment(motion: motion, seal: .digest(PublicRandom.bytes32()))),
            by: "gov.p3",
            number: number
        )
        try assembly.hand(first, to: "lab.p1")
        try assembly.hand(second, to: "lab.p1")
        try assembly.run(seconds: 1)
        let own = try assembly.statements(.receipt, at: "lab.p1").filter { $0.head.party.text == "lab.p1" }
        #expect(own.count == 1)
        #expect(
            try assembly.node("lab.p1").observations.contains(
                .equivocation(PartyName("gov.p3"), first.id, second.id)
            )
        )
        #expect(try assembly.status("lab.p1").equivocators == ["gov.p3"])
    }

    @Test func `an opening that does not match its seal changes nothing and names its author`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        assembly.delivers = { item, _ in
            if case .statement(let statement) = item { statement.kind != .opening } else { true }
        }
        try assembly.run(seconds: 2)
        let commitment = try #require(
            assembly.statements(.commitment, at: "lab.p1").first { $0.head.party.text == "gov.p3" }
        )
        let mismatched = try assembly.forge(
            .opening(
                Opening(
                    motion: motion,
                    commitment: commitment.id,
                    ballot: Ballot(.decline),
                    salt: PublicRandom.bytes32()
                )
            ),
            by: "gov.p3"
        )
        let before = try assembly.status("lab.p1")
        try assembly.hand(mismatched, to: "lab.p1")
        #expect(try assembly.status("lab.p1").motions == before.motions)
        #expect(try assembly.status("lab.p1").misconduct.map(\.offence) == ["opening-mismatch"])
        #expect(
            try assembly.node("lab.p1").observations.contains(
                .refused(mismatched.id, from: PartyName("gov.p3"), .sealMismatch)
            )
        )
    }

    @Test func `a party that declined never signs, even when the motion passes`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in voters where name != "lab.p4" { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.cast(.decline, by: "lab.p4", on: motion)
        try assembly.run(seconds: 3)
        #expect(try assembly.status("lab.p4").motions.first?.phase == "published")
        let signed =
            try assembly.statements(.signatureShare, at: "lab.p1") + assembly.statements(.nonceCommitment, at: "lab.p1")
        #expect(!signed.isEmpty)
        #expect(!signed.contains { $0.head.party.text == "lab.p4" })
    }

    @Test func `a statement of this party that this node did not make stops it until its operator has looked`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let twin = try assembly.forge(.address(AddressList(addresses: [])), by: "lab.p2")
        try assembly.hand(twin, to: "lab.p2")
        #expect(try assembly.status("lab.p2").isAbstaining)
        let motion = try assembly.propose()
        #expect(throws: ParticipantError.abstaining) { try assembly.cast(.agree, by: "lab.p2", on: motion) }
        try assembly.run(seconds: 1)
        #expect(!(try assembly.statements(.close, at: "lab.p1").contains { $0.head.party.text == "lab.p2" }))
        // Neither a restart nor time changes that; the operator does.
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"))
        #expect(try assembly.status("lab.p2").isAbstaining)
        try assembly.act("lab.p2") { participant, now in participant.acknowledge(at: now) }
        #expect(try assembly.status("lab.p2").isAbstaining == false)
    }

    @Test func `a nonce commitment that a hostile coordinator puts into two packages is answered once`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        // Shares never arrive, so the order is not made and the coordinator could ask again.
        assembly.delivers = { item, _ in
            if case .statement(let statement) = item { statement.kind != .signatureShare } else { true }
        }
        try assembly.run(seconds: 1)
        let package = try #require(assembly.statements(.package, at: "gov.p1").first)
        guard case .package(let body) = package.body else { return }
        let again = try assembly.forge(
            .package(OrderPackage(motion: motion, attempt: body.attempt, session: 99, commitments: body.commitments)),
            by: package.head.party.text
        )
        for name in voters where name != package.head.party.text { try assembly.hand(again, to: name) }
        try assembly.settle()
        for name in voters {
            let shares = try assembly.statements(.signatureShare, at: name).filter { $0.head.party.text == name }
            let answered = shares.compactMap {
                if case .signatureShare(let share) = $0.body { share.package } else { nil }
            }
            #expect(!answered.contains(again.id))
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `what a node knows depends on the statements, not on their order`(seed: UInt64) throws {
        let assembly = try Assembly(seed: seed)
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(name == "gov.p3" ? .decline : .agree, by: name, on: motion) }
        try assembly.run(seconds: 2)
        var random = SeededRandom(seed: seed)
        var late = Participant(
            charter: assembly.charter,
            signer: PartySecrets(seed: SecretBytes.random(count: 32)).signer(for: try PartyName("observer"))
        )
        _ = late.resume(at: assembly.now)
        for item in try assembly.items(of: "lab.p1").shuffled(using: &random) {
            _ = try late.receive(item, at: assembly.now)
        }
        let there = late.agreement.status(at: assembly.now)
        let here = try assembly.status("lab.p1")
        #expect(late.parkedCount == 0)
        #expect(there.orders == here.orders)
        #expect(there.motions.map(\.voters) == here.motions.map(\.voters))
        #expect(there.ceremony.keys == here.ceremony.keys)
    }

    @Test func `a party that receipted an order does not give up its round, so a late receipt still counts`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        assembly.delivers = { item, _ in
            if case .statement(let statement) = item { statement.kind != .publicationReceipt } else { true }
        }
        try assembly.run(seconds: 40)
        #expect(try assembly.status("lab.p1").motions.first?.phase == "publishing")
        #expect(try voters.allSatisfy { try assembly.statements(.lapse, at: $0).isEmpty })
        assembly.delivers = { _, _ in true }
        for name in voters {
            for receipt in try assembly.statements(.publicationReceipt, at: name) {
                assembly.spread(.statement(receipt), from: name)
            }
        }
        try assembly.settle()
        #expect(try voters.allSatisfy { try assembly.status($0).motions.first?.phase == "published" })
    }

    @Test func `a receipted order is ruled out only by more parties than may lie`() throws {
        let assembly = try Assembly()
        var chain = OrderChain(record: assembly.charter.recordRule.tree)
        let position = ChainPosition(seq: 1, round: 0, previous: nil)
        let mine = OrderDigest(PublicRandom.bytes32())
        let other = OrderDigest(PublicRandom.bytes32())
        let labs = try ["lab.p1", "lab.p2", "lab.p3"].map { try PartyName($0) }
        #expect(!chain.isRuledOut(mine, at: position, faultBound: 0))
        // 3 of 4 labs are in every quorum: with two of them elsewhere, every quorum has at least one of those two.
        let isFirst = chain.lapse(position, receipted: nil, by: labs[0])
        let isReceipted = chain.receipt(other, at: position, by: labs[1])
        #expect(isFirst && isReceipted)
        #expect(chain.isRuledOut(mine, at: position, faultBound: 0))
        #expect(!chain.isRuledOut(mine, at: position, faultBound: 1))
        _ = chain.lapse(position, receipted: mine, by: labs[2])
        #expect(!chain.isRuledOut(mine, at: position, faultBound: 1))
    }

    @Test func `a conflicting statement is proof of equivocation even when it says nothing new`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let first = try #require(
            assembly.statements(.ratification, at: "lab.p1").first { $0.head.party.text == "gov.p3" }
        )
        try assembly.pass(milliseconds: 5_000)
        let again = try assembly.forge(first.body, by: "gov.p3", number: first.head.number)
        try assembly.hand(again, to: "lab.p1")
        #expect(try assembly.status("lab.p1").equivocators == ["gov.p3"])
        #expect(try assembly.items(of: "lab.p1").contains { $0.id == again.id })
    }

    @Test func `a round whose motion failed early is given up without any further event`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(name.hasPrefix("gov") ? .decline : .agree, by: name, on: motion) }
        try assembly.run(seconds: 2)
        #expect(try assembly.status("lab.p1").motions.first?.phase == "failed")
        #expect(try assembly.statements(.lapse, at: "lab.p1").isEmpty)
        try assembly.run(seconds: 30)
        #expect(try assembly.statements(.lapse, at: "lab.p1").count == 7)
    }

    @Test func `nobody can stop a ceremony that everybody has finished`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let abort = CeremonyAbort(
            attempt: 1,
            reason: .stopped,
            culprit: try PartyName("gov.p3"),
            rule: nil,
            complaint: nil
        )
        let item = try assembly.forge(.ceremonyAbort(abort), by: "gov.p3")
        for name in voters { try assembly.hand(item, to: name) }
        #expect(try voters.allSatisfy { try assembly.status($0).ceremony.stage == "finished" })
        let motion = try assembly.propose()
        for name in voters where name != "gov.p3" { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 12)
        #expect(try assembly.status("lab.p1").motions.first?.phase == "published")
    }

    @Test func `a nonce commitment off the group is refused, so it cannot spoil anybody's package`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        let torsion = try #require(
            Hex.decode("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f").flatMap { Bytes32($0) }
        )
        let offer = try assembly.forge(
            .nonceCommitment(
                OrderNonces(motion: motion, attempt: 0, serial: 1, hiding: torsion, binding: Element.base.bytes)
            ),
            by: "gov.p3"
        )
        try assembly.hand(offer, to: "lab.p1")
        let offers = try assembly.node("lab.p1").with { $0.agreement.motions[motion]?.signing.offers }
        #expect(offers?.isEmpty == true)
        // It is no fact, and kept as proof.
        #expect(try assembly.status("lab.p1").misconduct.map(\.offence) == ["malformed-nonces"])
        #expect(
            try assembly.node("lab.p1").observations.contains(
                .refused(offer.id, from: PartyName("gov.p3"), .malformedNonces)
            )
        )
    }

    @Test func `a motion over the limit is not signed, and its number is used for something else`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        _ = try assembly.propose()
        _ = try assembly.propose()
        let before = try assembly.status("lab.p1").statementNumber
        #expect(throws: ParticipantError.tooManyOpenMotions) { _ = try assembly.propose() }
        #expect(try assembly.status("lab.p1").statementNumber == before)
        let next = try assembly.propose(by: "lab.p2")
        try assembly.cast(.agree, by: "lab.p1", on: next)
        try assembly.run(seconds: 1)
        #expect(try voters.allSatisfy { try assembly.status($0).equivocators.isEmpty })
        #expect(try assembly.status("lab.p1").statementNumber > before)
    }

    @Test func `a motion that a verified order names is taken although its proposer has too many open`() throws {
        let (assembly, motion) = try LimitsTests.orderOverTheLimit()
        #expect(try assembly.status("gov.p3").orders.map(\.motion) == [motion.description])
    }
}
