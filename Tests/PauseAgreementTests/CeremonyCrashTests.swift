import AssemblySupport
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

@Suite("The ceremony takes days, and nodes stop at every step")
struct CeremonyCrashTests {
    static let steps: [StatementKind] = [
        .ratification, .ceremonyContribution, .ceremonyDealing, .ceremonyCertificate, .keyNonces, .keyShare, .keyRecord,
    ]

    /// What every party says exactly once, however often it stops; nonces and shares once per try.
    private func requireOneOfEach(_ assembly: Assembly) throws {
        for name in Assembly.parties {
            let status = try assembly.status(name)
            #expect((status.ceremony.stage, status.ceremony.attempt) == ("finished", 1))
            #expect(status.ceremony.failures.isEmpty && status.equivocators.isEmpty && !status.isAbstaining)
            #expect(try status.ceremony.keys == assembly.status("lab.p1").ceremony.keys)
            for step in Self.steps where step != .keyNonces && step != .keyShare {
                #expect(try assembly.statements(step, at: name).count == Assembly.parties.count)
            }
            let agreement = try assembly.node(name).with { participant in participant.agreement }
            #expect(agreement.ceremony.attempts.count == 1)
            #expect(agreement.ceremony.current.equivocators.isEmpty)
        }
    }

    /// Stopped before the statement is durable, it was never sent; stopped after that, it is sent when the node is back.
    @Test(arguments: steps, [true, false])
    func `whoever stops at whichever step, the ceremony goes on and nobody says anything twice`(
        step: StatementKind,
        isDurable: Bool
    ) throws {
        for victim in ["lab.p2", "gov.p3"] {
            let assembly = try Assembly(seed: UInt64(victim.utf8.count))
            var cut: Int?
            assembly.delivers = { item, _ in
                guard case .statement(let statement) = item, statement.head.party.text == victim else { return true }
                if cut == nil, statement.kind == step { cut = statement.head.number }
                return cut.map { statement.head.number < $0 } ?? true
            }
            try assembly.ratify()
            try assembly.settle()
            let number = try #require(cut)
            let node = try assembly.node(victim)
            try assembly.stop(victim)
            let position = try #require(
                node.journal.firstIndex { record, _ in
                    guard case .item(.statement(let statement)) = record else { return false }
                    return statement.head.party.text == victim && statement.head.number == number
                }
            )
            node.journal.removeSubrange((isDurable ? position + 1 : position)...)
            assembly.delivers = { _, _ in true }
            try assembly.start(node.name)
            try assembly.exchange()
            try assembly.run(seconds: 1)
            try requireOneOfEach(assembly)
        }
    }

    /// Only neighbours on a ring ever meet, so everything goes through third parties.
    ///
    /// All other nodes are switched off, and both are after they met; from the nonces to the shares a node keeps running,
    /// since nonces are never stored.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `with two nodes up at a time, the ceremony takes days and ends with one key for all`(seed: UInt64) throws {
        let assembly = try Assembly(seed: seed)
        let ring = Assembly.parties
        try assembly.ratify()
        for name in ring { try assembly.stop(name) }
        var meetings = 0
        while try !ring.allSatisfy({ try isFinished($0, in: assembly) }), meetings < 300 {
            try meet(ring[meetings % ring.count], ring[(meetings + 1) % ring.count], in: assembly)
            try assembly.pass(milliseconds: 6 * 3_600_000)
            meetings += 1
        }
        let days = meetings / 4
        #expect(days >= 7 && meetings < 300)
        for name in ring where try !assembly.node(name).isUp { try assembly.start(PartyName(name)) }
        try requireOneOfEach(assembly)
        let tries = try assembly.node("lab.p1").with { $0.agreement.ceremony.current.tries.count }
        #expect(tries == 1)
    }

    private func meet(_ one: String, _ other: String, in assembly: Assembly) throws {
        let pair = [one, other]
        assembly.delivers = { _, to in pair.contains(to.text) }
        for name in pair where try !assembly.node(name).isUp { try assembly.start(PartyName(name)) }
        for name in pair {
            for item in try assembly.items(of: name) { assembly.spread(item, from: name) }
        }
        try assembly.settle()
        // A node that has just started waits for more answers than the one it gets here.
        try assembly.pass(milliseconds: Limits.inquiryPatienceMilliseconds)
        try assembly.settle()
        for name in pair where try !isProving(name, in: assembly) { try assembly.stop(name) }
    }

    private func isProving(_ name: String, in assembly: Assembly) throws -> Bool {
        let own = try assembly.items(of: name).filter { $0.author?.text == name }
        let kinds = own.compactMap { if case .statement(let statement) = $0 { statement.kind } else { nil } }
        return kinds.contains(.keyNonces) && !kinds.contains(.keyShare)
    }

    private func isFinished(_ name: String, in assembly: Assembly) throws -> Bool {
        try assembly.statements(.keyRecord, at: name).count == Assembly.parties.count
    }
}
