import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

@Suite("Receipts and signers wait a moment")
struct ReceiptTests {
    static let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    private func assemblyWithMotion(_ ballots: [String]) throws -> (Assembly, StatementID) {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in ballots { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.settle()
        return (assembly, motion)
    }

    /// The committers that each receipt of a party names.
    private func receipts(of name: String, in assembly: Assembly) throws -> [[String]] {
        try assembly.statements(.receipt, at: name).compactMap { statement in
            guard statement.head.party.text == name, case .receipt(let body) = statement.body else { return nil }
            return body.commitments.keys.map(\.text)
        }
    }

    @Test func `when everybody has committed, everybody gives one receipt at once, and closes`() throws {
        let (assembly, _) = try assemblyWithMotion(Self.voters)
        for name in Self.voters {
            #expect(try receipts(of: name, in: assembly) == [Self.voters.sorted()])
            #expect(try assembly.statements(.close, at: name).count == Self.voters.count)
        }
    }

    @Test func `commitments wait a moment for others, and no longer`() throws {
        let (assembly, motion) = try assemblyWithMotion(["lab.p1"])
        try assembly.pass(milliseconds: 100)
        try assembly.cast(.agree, by: "gov.p3", on: motion)
        try assembly.settle()
        #expect(try receipts(of: "lab.p2", in: assembly).isEmpty)
        try assembly.pass(milliseconds: Limits.receiptPatienceMilliseconds - 101)
        #expect(try receipts(of: "lab.p2", in: assembly).isEmpty)
        #expect(try assembly.node("lab.p2").with { $0.nextWake } == assembly.now + 1)
        try assembly.pass(milliseconds: 1)
        #expect(try receipts(of: "lab.p2", in: assembly) == [["gov.p3", "lab.p1"]])
        try assembly.cast(.agree, by: "gov.p1", on: motion)
        try assembly.run(seconds: 1)
        #expect(try receipts(of: "lab.p2", in: assembly) == [["gov.p3", "lab.p1"], ["gov.p1"]])
    }

    /// Commit-by is ten seconds after the proposal.
    @Test func `shortly before the deadline no commitment waits`() throws {
        let (assembly, motion) = try assemblyWithMotion([])
        try assembly.pass(milliseconds: 10_000 - Limits.receiptMarginMilliseconds)
        try assembly.cast(.agree, by: "lab.p1", on: motion)
        try assembly.settle()
        #expect(try receipts(of: "lab.p2", in: assembly) == [["lab.p1"]])
    }

    @Test func `a commitment that waits when its node is stopped gets its receipt after the restart`() throws {
        let (assembly, _) = try assemblyWithMotion(["lab.p1"])
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"))
        #expect(try receipts(of: "lab.p2", in: assembly).isEmpty)
        try assembly.run(seconds: 1)
        #expect(try receipts(of: "lab.p2", in: assembly) == [["lab.p1"]])
    }

    /// lab.p2 does not get the commitment of lab.p3.
    private func assemblyWithout() throws -> (Assembly, StatementID) {
        let (assembly, motion) = try assemblyWithMotion([])
        assembly.delivers = { item, to in
            guard case .statement(let statement) = item, to.text == "lab.p2" else { return true }
            return statement.kind != .commitment || statement.head.party.text != "lab.p3"
        }
        for name in ["lab.p1", "lab.p3"] { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 1)
        return (assembly, motion)
    }

    private func commitment(of name: String, in assembly: Assembly) throws -> Statement {
        try #require(try assembly.statements(.commitment, at: "lab.p1").first { $0.head.party.text == name })
    }

    private func recorders(of id: StatementID, on motion: StatementID, in assembly: Assembly) throws -> [String] {
        let known = try #require(try assembly.node("lab.p2").with { $0.agreement.motions[motion] })
        return known.record.parties.filter { known.hasReceipted(id, by: $0) }.map(\.text)
    }

    @Test(arguments: [false, true])
    func `a receipt counts for what is here, and for the rest when it comes`(restarts: Bool) throws {
        let (assembly, motion) = try assemblyWithout()
        let (known, late) = try (commitment(of: "lab.p1", in: assembly), commitment(of: "lab.p3", in: assembly))
        #expect(try recorders(of: known.id, on: motion, in: assembly) == Self.voters.sorted())
        #expect(try recorders(of: late.id, on: motion, in: assembly).isEmpty)
        if restarts {
            try assembly.stop("lab.p2")
            try assembly.start(PartyName("lab.p2"))
        }
        try assembly.hand(.statement(late), to: "lab.p2")
        #expect(try recorders(of: late.id, on: motion, in: assembly) == Self.voters.filter { $0 != "lab.p2" }.sorted())
        #expect(
            try assembly.node("lab.p2").observations.contains(.certified(motion, by: try PartyName("lab.p3")))
        )
    }

    @Test(arguments: [false, true])
    func `a receipt that ascribes one commitment to another party counts for the others, and convicts`(
        comesLater: Bool
    ) throws {
        let (assembly, motion) = try comesLater ? assemblyWithout() : assemblyWithMotion(["lab.p1", "lab.p3"])
        let (own, other) = try (commitment(of: "lab.p1", in: assembly), commitment(of: "lab.p3", in: assembly))
        if comesLater {
            // Otherwise its own receipt counts for the first already.
            try assembly.stop("lab.p2")
            let node = try assembly.node("lab.p2")
            node.journal = node.journal.filter { entry in
                guard case .item(.statement(let statement)) = entry.record else { return true }
                return statement.head.party.text != "gov.p1" || statement.kind != .receipt
            }
            try assembly.start(PartyName("lab.p2"), alone: true)
        }
        let receipt = Receipt(
            motion: motion,
            commitments: [try PartyName("lab.p1"): own.id, try PartyName("lab.p4"): other.id]
        )
        try assembly.hand(try assembly.forge(.receipt(receipt), by: "gov.p1", number: 400), to: "lab.p2")
        #expect(try recorders(of: own.id, on: motion, in: assembly).contains("gov.p1"))
        if comesLater {
            #expect(try assembly.status("lab.p2").misconduct.isEmpty)
            try assembly.hand(.statement(other), to: "lab.p2")
        }
        #expect(try !recorders(of: other.id, on: motion, in: assembly).contains("gov.p1"))
        let shown = try #require(try assembly.status("lab.p2").misconduct.first)
        #expect((shown.party, shown.offence) == ("gov.p1", "misattributed-receipt"))
    }

    /// It has used up what its own receipts can make room for, and its commitment will never be here.
    @Test func `what a liar's receipt says of a commitment that never comes takes nothing from the rest`() throws {
        let (assembly, motion) = try assemblyWithMotion(["lab.p1"])
        let id = try commitment(of: "lab.p1", in: assembly).id
        let fakes = [StatementID(PublicRandom.bytes32()), StatementID(PublicRandom.bytes32())]
        let liar = try PartyName("gov.p3")
        for (index, fake) in fakes.enumerated() {
            let named = index == 0 ? [liar: fake] : [liar: fake, try PartyName("lab.p1"): id]
            let receipt = try assembly.forge(
                .receipt(Receipt(motion: motion, commitments: OrderedMap(named.map { ($0.key, $0.value) }))),
                by: "gov.p3",
                number: 400 + index
            )
            try assembly.hand(receipt, to: "lab.p2")
        }
        #expect(try recorders(of: id, on: motion, in: assembly) == ["gov.p3"])
    }

    @Test(arguments: [false, true])
    func `signers wait a moment for a ballot that is still to be opened, and for none that is open`(isOpen: Bool) throws
    {
        let (assembly, _) = try assemblyWithMotion([])
        let motion = try #require(try assembly.status("lab.p1").motions.first?.id)
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item, case .opening = statement.body else { return true }
            return isOpen || statement.head.party.text != "gov.p3"
        }
        func offers() throws -> Bool {
            try assembly.statements(.nonceCommitment, at: "lab.p1").contains { $0.head.party.text == "lab.p1" }
        }
        for name in Self.voters { try assembly.cast(.agree, by: name, on: try #require(StatementID(motion))) }
        try assembly.settle()
        #expect(try assembly.statements(.close, at: "lab.p1").count == Self.voters.count)
        #expect(try offers() == isOpen)
        try assembly.pass(milliseconds: Limits.signingPatienceMilliseconds - 1)
        #expect(try offers() == isOpen)
        try assembly.pass(milliseconds: 1)
        try assembly.settle()
        #expect(try offers())
        #expect(try assembly.status("lab.p1").orders.count == 1)
    }
}
