import AssemblySupport
import CryptoPrimitives
import PauseAgreement
import PeerProtocol
import QuorumPolicy
import SignedStatements
import Testing

@Suite("A node that was away learns everything from any one honest peer")
struct CatchUpTests {
    static let late = "lab.p4"
    static let others = ["lab.p1", "lab.p2", "lab.p3", "gov.p1", "gov.p2", "gov.p3"]

    /// An assembly in which the late node has missed a whole motion.
    private func afterMotion() throws -> Assembly {
        let assembly = try Assembly()
        try assembly.makeKeys()
        try assembly.stop(Self.late)
        let motion = try assembly.propose()
        for name in Self.others { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 14)
        #expect(try assembly.status("gov.p2").orders.count == 1)
        return assembly
    }

    @Test(arguments: others)
    func `whoever the one peer is, the late node ends with the same items and the same status`(peer: String) throws {
        let assembly = try afterMotion()
        let street = try Neighbourhood(assembly, [Self.late, peer])
        try street.wake(Self.late)
        try street.connect(Self.late, peer)
        try street.run(seconds: 20)
        try expectEqual(street, Self.late, peer)
        #expect(try street.refused(by: Self.late) == 0)
    }

    @Test func `a node with an empty journal learns everything too, and then abstains`() throws {
        let assembly = try afterMotion()
        let made = try assembly.statements(.ratification, at: Self.late).count
        try assembly.node(Self.late).journal = []
        let street = try Neighbourhood(assembly, [Self.late, "gov.p1"])
        try street.wake(Self.late)
        try street.connect(Self.late, "gov.p1")
        try street.run(seconds: 20)
        #expect(try street.status(Self.late).isAbstaining, "its own statements came from somebody else")
        #expect(try assembly.statements(.ratification, at: Self.late).count == made)
        try expectEqual(street, Self.late, "gov.p1")
        try street.act(Self.late) { participant, now in participant.acknowledge(at: now) }
        try street.run(seconds: 5)
        #expect(try !street.status(Self.late).isAbstaining)
        try expectEqual(street, Self.late, "gov.p1")
        #expect(try street.status("gov.p1").equivocators.isEmpty)
    }

    @Test func `peers that withhold or send rubbish make the late node later, not wrong`() throws {
        let assembly = try afterMotion()
        let street = try Neighbourhood(assembly, [Self.late] + Self.others)
        var random = SystemBits(state: 7)
        street.passes = { message, from, to in
            guard to == Self.late else { return message }
            switch (from, message) {
            case ("gov.p2", _): return message
            case ("lab.p1", .item), ("gov.p1", .item): return nil
            case ("lab.p2", .item(let bytes)), ("lab.p3", .item(let bytes)):
                var bytes = bytes
                // Behind the last full stop, so that the id is right and the signature is not; or anywhere.
                let start = from == "lab.p2" ? (bytes.lastIndex(of: UInt8(ascii: ".")) ?? 0) + 1 : 0
                let place = start + Int(random.next() % UInt64(bytes.count - start - 1))
                bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                return .item(bytes)
            case ("gov.p3", .have(let upTo, let identifiers)):
                return .have(upTo: upTo, identifiers: identifiers.reversed().dropLast())
            default: return message
            }
        }
        try street.wake(Self.late)
        for peer in Self.others { try street.connect(Self.late, peer) }
        try street.run(seconds: 240)
        try expectEqual(street, Self.late, "gov.p2")
        #expect(try street.refused(by: Self.late) > 0)
    }

    @Test func `what fell out of the items kept aside is fetched again`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        try assembly.stop(Self.late)
        let motion = try assembly.propose(by: "lab.p2")
        let count = PauseAgreement.Limits.parkedItemsPerAuthor + 44
        let party = try #require(assembly.charter.party(try PartyName("lab.p1")))
        let first = try #require(try assembly.lastStatement(of: "lab.p1")).head.number
        for serial in 1...count {
            let nonces = OrderNonces(
                motion: motion,
                attempt: (serial - 1) / 64,
                serial: serial,
                hiding: party.identityKey.bytes,
                binding: party.ceremonyKey.bytes
            )
            let item = try assembly.forge(.nonceCommitment(nonces), by: "lab.p1", number: first + serial)
            try assembly.hand(item, to: "gov.p1")
        }
        #expect(try assembly.statements(.nonceCommitment, at: "gov.p1").count == count)
        let street = try Neighbourhood(assembly, [Self.late, "gov.p1", "gov.p2"])
        // The motion itself is asked of a peer that never sends it; everything about it comes from the other at once.
        street.passes = { message, from, _ in
            if case .item = message, from == "gov.p2" { nil } else { message }
        }
        try street.wake(Self.late)
        try street.connect(Self.late, "gov.p2")
        try street.run(seconds: 1)
        try street.connect(Self.late, "gov.p1")
        try street.run(seconds: 5)
        let waiting = try assembly.node(Self.late).with { $0.parkedCount }
        #expect(waiting >= PauseAgreement.Limits.parkedItemsPerAuthor)
        #expect(try assembly.statements(.nonceCommitment, at: Self.late).isEmpty)
        try street.run(seconds: 90)
        #expect(try assembly.statements(.nonceCommitment, at: Self.late).count == count)
    }

    @Test func `a flood of invented messages of a ceremony hides the real ones from no node without a journal`() throws
    {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let inventions = try assembly.inventions(of: "gov.p3", count: 140).filter(Self.isCeremonyMessage)
        #expect(inventions.count > PauseAgreement.Limits.parkedItemsPerAuthor)
        let liar = try assembly.node("gov.p3")
        let rest = liar.journal.filter { record, _ in
            guard case .item(let item) = record else { return true }
            return !Self.isCeremonyMessage(item) || item.statementAuthor != "gov.p3"
        }
        liar.journal = inventions.map { (.item($0), assembly.now.instant) } + rest
        try assembly.node(Self.late).journal = []
        let street = try Neighbourhood(assembly, [Self.late, "gov.p1", "gov.p3"])
        try street.wake(Self.late)
        try street.connect(Self.late, "gov.p3")
        try street.run(seconds: 30)
        #expect(try street.status(Self.late).ceremony.stage != "finished")
        try street.connect(Self.late, "gov.p1")
        try street.run(seconds: 120)
        let (late, peer) = (try street.status(Self.late).ceremony, try street.status("gov.p1").ceremony)
        #expect(late.stage == "finished" && late.keys == peer.keys)
    }

    private static func isCeremonyMessage(_ item: Item) -> Bool {
        guard case .statement(let statement) = item else { return false }
        return statement.kind == .ceremonyContribution || statement.kind == .ceremonyDealing
    }

    private func expectEqual(_ street: Neighbourhood, _ one: String, _ other: String) throws {
        let difference = try street.difference(one, other)
        #expect(difference.isEmpty)
        let (left, right) = (try street.status(one), try street.status(other))
        #expect(left.orders == right.orders)
        #expect(left.equivocators == right.equivocators)
        #expect(left.parties == right.parties)
        #expect(left.ceremony.keys == right.ceremony.keys && left.ceremony.stage == right.ceremony.stage)
        #expect(left.motions.count == right.motions.count)
        for (mine, theirs) in zip(left.motions, right.motions) {
            #expect(mine.id == theirs.id && mine.phase == theirs.phase && mine.order == theirs.order)
            #expect(mine.voters == theirs.voters && mine.agreeing == theirs.agreeing)
            #expect(mine.shortfall == theirs.shortfall && mine.missing == theirs.missing)
            #expect(mine.coordinators == theirs.coordinators)
        }
    }
}

extension Item {
    /// Whose statement it is; `nil` for a group item.
    fileprivate var statementAuthor: String? {
        if case .statement(let statement) = self { statement.head.party.text } else { nil }
    }
}

/// Numbers that follow from a seed.
private struct SystemBits {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
