import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseAgreement

@Suite("What must happen in the end")
struct LivenessTests {
    static let labs = ["lab.p1", "lab.p2", "lab.p3", "lab.p4"]
    static let voters = labs + ["gov.p1", "gov.p2", "gov.p3"]
    static let phases: [StatementKind] = [.opening, .nonceCommitment, .package, .signatureShare, .publicationReceipt]

    @Test(arguments: labs, phases)
    func `whichever agreeing lab dies after its ballot is opened, the order is made`(
        victim: String,
        phase: StatementKind
    ) throws {
        let assembly = try Assembly(seed: UInt64(victim.utf8.last ?? 0))
        try assembly.makeKeys()
        let proposer = victim == "lab.p1" ? "lab.p2" : "lab.p1"
        let motion = try assembly.propose(by: proposer)
        for name in Self.voters { try assembly.cast(.agree, by: name, on: motion) }
        // The victim's opening arrives; from its first statement of the phase on, nothing more of it does.
        let phases = Self.phases
        let silent = phases[(phases.firstIndex(of: phase) ?? 0)...].filter { $0 != .opening }
        assembly.delivers = { item, to in
            guard case .statement(let statement) = item else { return true }
            return !(statement.head.party.text == victim && silent.contains(statement.kind))
                && !(to.text == victim && phase == .opening && statement.kind == .nonceCommitment)
        }
        try assembly.run(seconds: 14)
        #expect(try assembly.status(proposer).motions.first?.phase == "published")
        #expect(try assembly.status("gov.p3").motions.first?.phase == "published")
    }

    @Test func `a wrong signature share is named, and the others sign without it`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in Self.voters { try assembly.cast(.agree, by: name, on: motion) }
        // The first signer that is not the coordinator of the first package gives a wrong share instead of its own.
        var victim: PartyName?
        var forged: [StatementID] = []
        // It gets no shares either: with its own right one it would make the order by itself.
        assembly.delivers = { item, to in
            guard case .statement(let statement) = item else { return true }
            if victim == nil, case .package(let package) = statement.body {
                let offers = (try? assembly.statements(.nonceCommitment, at: statement.head.party.text)) ?? []
                let signers = package.commitments.compactMap { id in offers.first { $0.id == id }?.head.party }
                victim = signers.first { $0 != statement.head.party }
            }
            guard statement.kind == .signatureShare else { return true }
            return to != victim && (statement.head.party != victim || forged.contains(statement.id))
        }
        var answered: [StatementID] = []
        for _ in 0..<140 {
            try assembly.settle()
            let packages = try assembly.statements(.package, at: "lab.p1") + assembly.statements(.package, at: "lab.p2")
            for package in packages where !answered.contains(package.id) {
                answered.append(package.id)
                guard let victim else { continue }
                let share = try assembly.forge(
                    .signatureShare(OrderShare(motion: motion, package: package.id, share: Scalar(7).bytes)),
                    by: victim.text,
                    number: 10_000 + answered.count
                )
                forged.append(share.id)
                assembly.spread(share, from: victim.text)
            }
            try assembly.pass(milliseconds: 100)
        }
        let culprit = try #require(victim)
        for node in assembly.nodes where node.name != culprit {
            #expect(try assembly.status(node.name.text).motions.first?.phase == "published")
        }
        #expect(assembly.nodes.contains { $0.observations.contains(.faultySigner(motion, culprit)) })
    }

    @Test func `a withheld opening does not count, and its author is named as missing`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in Self.voters { try assembly.cast(.agree, by: name, on: motion) }
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item else { return true }
            return !(statement.head.party.text == "lab.p4" && statement.kind == .opening)
        }
        try assembly.run(seconds: 3)
        let status = try #require(assembly.status("lab.p1").motions.first)
        #expect(status.phase == "published")
        #expect(!status.agreeing.contains("lab.p4"))
        #expect(status.voters.first { $0.name == "lab.p4" }?.hasOpened == false)
    }

    @Test func `one government short ends without an order, says what was missing, and the next round begins`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in Self.labs + ["gov.p1"] { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.cast(.decline, by: "gov.p2", on: motion)
        try assembly.run(seconds: 12)
        #expect(try assembly.status("lab.p1").motions.first?.shortfall.contains("gov") == true)
        try assembly.run(seconds: 20)
        let status = try #require(assembly.status("lab.p1").motions.first)
        #expect(status.phase == "failed")
        #expect(status.shortfall.contains("1"))
        let next = try assembly.propose(by: "lab.p2")
        let second = try #require(assembly.status("gov.p1").motions.first { $0.id == next.description })
        #expect((second.seq, second.round) == (1, 1))
        for name in Self.voters { try assembly.cast(.agree, by: name, on: next) }
        try assembly.run(seconds: 3)
        #expect(try assembly.status("gov.p1").orders.count == 1)
    }

    @Test func `a motion whose position is taken is superseded, and the chain goes on from the order`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let first = try assembly.propose(by: "lab.p1")
        let rival = try assembly.propose(by: "lab.p2")
        for name in Self.voters { try assembly.cast(.agree, by: name, on: first) }
        try assembly.run(seconds: 3)
        let phases = try assembly.status("gov.p1").motions
        #expect(phases.first { $0.id == first.description }?.phase == "published")
        #expect(phases.first { $0.id == rival.description }?.phase == "superseded")
        let renewal = try assembly.propose(.renew, by: "gov.p1")
        for name in Self.voters { try assembly.cast(.agree, by: name, on: renewal) }
        try assembly.run(seconds: 3)
        #expect(try assembly.status("lab.p4").orders.map(\.seq) == [1, 2])
    }

    @Test func `parties that agree if the others do all count, and a condition nobody meets does not`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        func condition(_ text: String) throws -> Answer {
            .agreeIf(try Condition(parsingInput: text, with: assembly.charter.vocabulary))
        }
        try assembly.cast(condition("lab.p2 and gov.p1"), by: "lab.p1", on: motion)
        try assembly.cast(condition("lab.p1"), by: "lab.p2", on: motion)
        try assembly.cast(condition("3 of lab"), by: "lab.p3", on: motion)
        try assembly.cast(condition("gov.p3"), by: "lab.p4", on: motion)
        try assembly.cast(condition("2 of lab"), by: "gov.p1", on: motion)
        try assembly.cast(.agree, by: "gov.p2", on: motion)
        try assembly.cast(.decline, by: "gov.p3", on: motion)
        try assembly.run(seconds: 3)
        let status = try #require(assembly.status("lab.p1").motions.first)
        #expect(status.phase == "published")
        #expect(status.agreeing == ["gov.p1", "gov.p2", "lab.p1", "lab.p2", "lab.p3"])
        #expect(status.withdrawals.contains { $0.contains("lab.p4") && $0.contains("gov.p3") })
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `nodes that crash and restart at any moment finish, and never sign one number twice`(seed: UInt64) throws {
        let assembly = try Assembly(seed: seed)
        var random = SeededRandom(seed: seed &* 7919)
        for node in assembly.nodes {
            try assembly.act(node.name.text) { participant, now in try participant.ratify(at: now) }
        }
        func stir(_ rounds: Int) throws {
            for _ in 0..<rounds {
                try assembly.step(deliveries: Int.random(in: 1...40, using: &random))
                let victim = assembly.nodes[Int.random(in: assembly.nodes.indices, using: &random)]
                try assembly.stop(victim.name.text)
                try assembly.start(victim.name)
            }
        }
        try stir(12)
        try assembly.run(seconds: 2)
        #expect(try assembly.status("lab.p1").ceremony.stage == "finished")
        let motion = try assembly.propose()
        for name in Self.voters { try assembly.cast(.agree, by: name, on: motion) }
        try stir(12)
        try assembly.run(seconds: 12)
        for node in assembly.nodes {
            #expect(try assembly.status(node.name.text).motions.first?.phase == "published")
            #expect(try assembly.status(node.name.text).equivocators.isEmpty)
            #expect(!node.observations.contains { if case .twin = $0 { true } else { false } })
        }
    }
}
