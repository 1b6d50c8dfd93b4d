import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseAgreement

@Suite("A node that lost its journal finds the ceremony that the others finished")
struct ForgottenCeremonyTests {
    static let late = "lab.p4"
    static let peer = "lab.p2"

    /// A finished ceremony, and what its liars say of it now.
    private func finished(liars: [String], versions: Int) throws -> (assembly: Assembly, inventions: [Item]) {
        let assembly = try Assembly()
        try assembly.makeKeys()
        return (assembly, try liars.flatMap { try assembly.inventions(of: $0, count: versions) })
    }

    /// The late node's journal after it has taken in these items in this order, from nothing but its seed.
    private func journal(of items: [Item], in assembly: Assembly) throws -> [Participant.Record] {
        let name = try PartyName(Self.late)
        var participant = Participant(
            charter: assembly.charter,
            signer: PartySecrets(seed: Assembly.seed(of: name)).signer(for: name)
        )
        var outputs = participant.resume(at: assembly.now)
        for item in items { outputs += try participant.receive(item, at: assembly.now) }
        #expect(participant.agreement.ceremony.stage == .finished)
        #expect(participant.parkedCount == 0)
        return outputs.compactMap { if case .append(let record) = $0 { record } else { nil } }
    }

    /// Starts the late node from that journal in its assembly.
    private func restart(_ assembly: Assembly, from records: [Participant.Record]) throws {
        try assembly.stop(Self.late)
        let node = try assembly.node(Self.late)
        node.journal = records.map { ($0, assembly.now.instant) }
        try assembly.start(node.name)
        try assembly.act(Self.late) { participant, now in participant.acknowledge(at: now) }
    }

    private func expectSame(_ assembly: Assembly) throws {
        let (left, right) = (try assembly.status(Self.late).ceremony, try assembly.status(Self.peer).ceremony)
        #expect(left.stage == "finished" && left.keys == right.keys)
    }

    @Test(arguments: UInt64(1)...6)
    func `invented messages of every kind, in any order, hide no real one, and a restart sees the same`(
        seed: UInt64
    ) throws {
        let (assembly, inventions) = try finished(liars: ["gov.p3"], versions: 5)
        var random = SeededRandom(seed: seed)
        let real = try assembly.items(of: Self.peer)
        let items =
            seed.isMultiple(of: 2)
            ? (inventions + real).shuffled(using: &random)
            : inventions.shuffled(using: &random) + real.shuffled(using: &random)
        try restart(assembly, from: journal(of: items, in: assembly))
        try expectSame(assembly)
        #expect(try assembly.node(Self.late).with { $0.agreement.holdsShares })
        #expect(
            try assembly.status(Self.late).misconduct.contains { $0.party == "gov.p3" && $0.offence == "two-dealings" }
        )
    }

    @Test func `several liars hide nothing either`() throws {
        let (assembly, inventions) = try finished(liars: ["gov.p3", "lab.p1"], versions: 3)
        try restart(assembly, from: journal(of: inventions + assembly.items(of: Self.peer), in: assembly))
        try expectSame(assembly)
    }

    @Test func `the node signs with the shares that it has recovered`() throws {
        let (assembly, inventions) = try finished(liars: ["gov.p3"], versions: 4)
        try restart(assembly, from: journal(of: inventions + assembly.items(of: Self.peer), in: assembly))
        let motion = try assembly.propose(by: Self.peer)
        for name in ["lab.p2", "lab.p3", Self.late, "gov.p1", "gov.p2"] {
            try assembly.cast(.agree, by: name, on: motion)
        }
        try assembly.run(seconds: 14)
        #expect(try assembly.status(Self.late).orders.count == 1)
    }

    @Test func `whoever has the keys has no use for another message, and a live attempt ends as before`() throws {
        let (assembly, inventions) = try finished(liars: ["gov.p3"], versions: 5)
        for item in inventions { try assembly.hand(item, to: Self.peer) }
        #expect(try assembly.node(Self.peer).with { $0.parkedCount } == 0)
        #expect(try assembly.stage(at: Self.peer) == "finished")
        let live = try Assembly()
        live.hold(.keyShare)
        try live.makeKeys()
        for item in try live.inventions(of: "gov.p3", count: 5) { try live.hand(item, to: Self.peer) }
        #expect(try live.failures(at: Self.peer) == ["CER-18 gov.p3"])
    }
}
