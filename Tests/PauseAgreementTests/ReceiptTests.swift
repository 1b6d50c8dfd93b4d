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

    @Test func `a receipt waits until all that it names is here, and then counts for all`() throws {
        let (assembly, motion) = try assemblyWithMotion([])
        assembly.delivers = { item, to in
            guard case .statement(let statement) = item, to.text == "lab.p2" else { return true }
            return statement.kind != .commitment || statement.head.party.text != "lab.p3"
        }
        for name in ["lab.p1", "lab.p3"] { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 1)
        func recorders(of author: String) throws -> PartySet {
            let state = try #require(try assembly.node("lab.p2").with { $0.agreement.motions[motion] })
            return try state.commitments(of: PartyName(author)).reduce([]) { $0.union(state.receipts(of: $1)) }
        }
        #expect(try recorders(of: "lab.p1").map(\.text) == ["lab.p2"])
        let late = try #require(
            try assembly.statements(.commitment, at: "lab.p1").first { $0.head.party.text == "lab.p3" }
        )
        try assembly.hand(.statement(late), to: "lab.p2")
        try assembly.run(seconds: 1)
        for author in ["lab.p1", "lab.p3"] { #expect(try recorders(of: author).map(\.text) == Self.voters.sorted()) }
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

    @Test func `a receipt that ascribes one commitment to another party counts for none, and convicts`() throws {
        let (assembly, motion) = try assemblyWithMotion(["lab.p1", "lab.p3"])
        let commitments = try assembly.statements(.commitment, at: "lab.p1")
        let own = try #require(commitments.first { $0.head.party.text == "lab.p1" })
        let other = try #require(commitments.first { $0.head.party.text == "lab.p3" })
        let receipt = Receipt(
            motion: motion,
            commitments: [try PartyName("lab.p1"): own.id, try PartyName("lab.p4"): other.id]
        )
        try assembly.hand(try assembly.forge(.receipt(receipt), by: "gov.p1", number: 400), to: "lab.p2")
        let state = try #require(try assembly.node("lab.p2").with { $0.agreement.motions[motion] })
        #expect(state.receipts(of: own.id).isEmpty)
        let shown = try #require(try assembly.status("lab.p2").misconduct.first)
        #expect((shown.party, shown.offence) == ("gov.p1", "misattributed-receipt"))
    }
}
