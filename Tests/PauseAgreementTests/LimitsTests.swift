import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

@Suite("Limits bind what a node does, and never what it can learn")
struct LimitsTests {
    static let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    private static func digest(_ motion: StatementID, at name: String, in assembly: Assembly) throws -> OrderDigest {
        try assembly.node(name).with { participant in
            try #require(participant.agreement.motions[motion]).orderDigest
        }
    }

    /// An order that counts, of a motion that was over its proposer's limit at gov.p3: that heard of two others of lab.p1
    /// first, and everybody else of neither.
    static func orderOverTheLimit() throws -> (Assembly, StatementID) {
        let assembly = try Assembly()
        try assembly.makeKeys()
        var hidden: [StatementID] = []
        assembly.delivers = { item, to in !hidden.contains(item.id) || to.text == "gov.p3" }
        for action in [OrderAction.start, .lift] {
            let body = try assembly.motion(action)
            let item = try assembly.forge(.motion(body), by: "lab.p1", number: 5_000 + hidden.count)
            hidden.append(item.id)
            assembly.spread(item, from: "lab.p1")
        }
        try assembly.settle()
        #expect(try assembly.status("gov.p3").motions.count == 2)
        let motion = try assembly.propose(by: "lab.p1")
        for name in voters where name != "gov.p3" { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 12)
        return (assembly, motion)
    }

    @Test func `what was taken because a verified order named it is there again after a restart`() throws {
        let (assembly, motion) = try Self.orderOverTheLimit()
        let before = try assembly.status("gov.p3")
        #expect(before.orders.map(\.motion) == [motion.description])
        try assembly.stop("gov.p3")
        try assembly.start(PartyName("gov.p3"), alone: true)
        #expect(try assembly.status("gov.p3").orders == before.orders)
        // Nor does it give the round up, in which it has receipted an order.
        try assembly.run(seconds: 60)
        #expect(!(try assembly.statements(.lapse, at: "gov.p3").contains { $0.head.party.text == "gov.p3" }))
    }

    @Test func `every publication receipt of a liar counts, however many it gave before`() throws {
        let assembly = try Assembly(faultBound: 1)
        try assembly.makeKeys()
        let motions = try ["lab.p1", "lab.p2", "lab.p3"].map { try assembly.propose(by: $0) }
        for (number, motion) in motions.enumerated() {
            let receipt = PublicationReceipt(
                motion: motion,
                order: try Self.digest(motion, at: "gov.p3", in: assembly),
                position: try assembly.motion().position,
                roll: []
            )
            let item = try assembly.forge(.publicationReceipt(receipt), by: "lab.p4", number: 7_000 + 2 * number)
            try assembly.hand(item, to: "gov.p3")
        }
        for motion in motions {
            let digest = try Self.digest(motion, at: "gov.p3", in: assembly)
            let position = try assembly.motion().position
            let publishers = try assembly.node("gov.p3").with {
                $0.agreement.chain.publishers(of: digest, at: position)
            }
            #expect(publishers.map(\.text) == ["lab.p4"])
        }
    }

    @Test func `what a liar's lapses say does not depend on which came first`() throws {
        let record = try Assembly(faultBound: 1).charter.recordRule.tree
        let position = ChainPosition(seq: 1, round: 0, previous: nil)
        let digests = [OrderDigest(PublicRandom.bytes32()), OrderDigest(PublicRandom.bytes32())]
        let liar = try PartyName("gov.p1")
        var results: Set<[Bool]> = []
        for order in [
            [digests[0], nil], [nil, digests[0]], [digests[0], digests[1], nil], [digests[1], nil, digests[0]],
        ] {
            var chain = OrderChain(record: record)
            for receipted in order { _ = chain.lapse(position, receipted: receipted, by: liar) }
            let isRepeated = chain.lapse(position, receipted: digests[0], by: liar)
            #expect(!isRepeated)
            for name in ["gov.p2", "gov.p3"] { _ = chain.lapse(position, receipted: nil, by: try PartyName(name)) }
            results.insert([chain.isRuledOut(digests[0], at: position, faultBound: 0)])
        }
        #expect(results.count == 1)
    }

    @Test func `a commitment that a receipt names is taken, however many its author has made elsewhere`() throws {
        let assembly = try Assembly(faultBound: 1)
        try assembly.makeKeys()
        let motion = try assembly.propose()
        func commitment(_ number: Int) throws -> Item {
            let seal = BallotCommitment(motion: motion, seal: .digest(PublicRandom.bytes32()))
            return try assembly.forge(.commitment(seal), by: "gov.p3", number: number)
        }
        for number in 0..<12 { try assembly.hand(commitment(6_000 + 2 * number), to: "lab.p1") }
        let kept = try assembly.node("lab.p1").with { participant in
            try #require(participant.agreement.motions[motion]).commitments(of: PartyName("gov.p3")).count
        }
        #expect(kept == 8)
        let one = try commitment(6_100)
        for name in Self.voters where name != "lab.p1" { try assembly.hand(one, to: name) }
        try assembly.hand(one, to: "lab.p1")
        try assembly.run(seconds: 1)
        let isCertified = try assembly.node("lab.p1").with { $0.agreement.motions[motion]?.isCertified(one.id) }
        #expect(isCertified == true)
    }

    @Test func `after a restart every coordinator that has begun gets nonces of its own`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose(signBySeconds: 120)
        for name in Self.voters { try assembly.cast(.agree, by: name, on: motion) }
        assembly.delivers = { item, _ in
            if case .statement(let statement) = item { statement.kind != .signatureShare } else { false }
        }
        try assembly.run(seconds: 6)
        try assembly.stop("lab.p2")
        let node = try assembly.node("lab.p2")
        let sent = node.sent.count
        try assembly.start(PartyName("lab.p2"))
        try assembly.run(seconds: 1)
        let offers = node.sent.dropFirst(sent).compactMap { item -> OrderNonces? in
            guard case .statement(let statement) = item, case .nonceCommitment(let offer) = statement.body else {
                return nil
            }
            return offer
        }
        #expect(Set(offers.map(\.attempt)).count >= 3)
        #expect(Set(offers.map(\.serial)).count == offers.count)
        // None of them is lost when another one is asked for.
        #expect(!node.observations.contains { if case .noncesLost = $0 { true } else { false } })
    }

    @Test func `what waits is bounded by its size, and a verified item takes an unverified one's place`() throws {
        let assembly = try Assembly()
        try assembly.ratify()
        try assembly.settle()
        let statements = try (101...106).map { number -> Item in
            try assembly.forge(.address(AddressList(addresses: [])), by: "lab.p1", number: number)
        }
        let size = statements[0].text.utf8.count
        var parked = ParkedItems(bytesPerAuthor: 3 * size + size / 2, bytes: 100 * size)
        for item in statements {
            guard case .statement(let statement) = item else { continue }
            parked.park(item, as: .statement(try assembly.charter.verify(statement)))
        }
        #expect(parked.count == 3 && parked.contains(statements[5].id) && !parked.contains(statements[2].id))
        let hasForgotten = parked.takeForgotten()
        #expect(hasForgotten)
        var all = ParkedItems(bytesPerAuthor: 100 * size, bytes: 3 * size + size / 2)
        for item in statements { all.park(item, as: nil) }
        #expect(all.count == 3)
        guard case .statement(let last) = statements[5] else { return }
        all.park(statements[5], as: .statement(try assembly.charter.verify(last)))
        #expect(all.count == 3)
        #expect(all.takeAll().last?.event != nil)
    }
}

@Suite("Statements that were written off")
struct WriteOffTests {
    @Test func `a gap that says so convicts nobody, and any other break does`() throws {
        let assembly = try Assembly()
        let party = try PartyName("lab.p1")
        func statement(_ number: Int, previous: StatementID?) throws -> Statement {
            let head = StatementHead(
                charter: assembly.charter.id,
                party: party,
                number: number,
                previous: previous,
                at: assembly.now.instant
            )
            let draft = try StatementDraft(head: head, body: .address(AddressList(addresses: [])))
            return draft.signed(by: PartySecrets(seed: Assembly.seed(of: party)).identity)
        }
        let gap = StatementID(assembly.charter.id.bytes)
        let first = try statement(1, previous: nil)
        let lost = try statement(2, previous: first.id)
        for (previous, isBroken) in [(gap, false), (lost.id, false), (first.id, true)] {
            let next = try statement(3, previous: previous)
            for order in [[first, lost, next], [first, next, lost], [next, lost, first]] {
                var ledger = ConductLedger()
                var offences: [Offence] = []
                for one in order {
                    offences += ledger.contradictions(of: one).map(\.offence)
                    ledger.record(one)
                }
                #expect(offences == (isBroken ? [.brokenChain] : []))
            }
        }
    }

    @Test func `after a write-off nothing is said on what was proposed before, and everything on what comes later`()
        throws
    {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let before = try assembly.propose(by: "lab.p1")
        try assembly.act("lab.p2") { participant, now in
            participant.suspect()
            return participant.acknowledge(writingOff: 500, at: now)
        }
        #expect(throws: ParticipantError.writtenOff) { try assembly.cast(.agree, by: "lab.p2", on: before) }
        for name in LimitsTests.voters where name != "lab.p2" { try assembly.cast(.agree, by: name, on: before) }
        try assembly.run(seconds: 14)
        func said(_ motion: StatementID) throws -> [StatementKind] {
            try assembly.items(of: "lab.p2").compactMap { item in
                guard case .statement(let statement) = item, statement.head.party.text == "lab.p2",
                    statement.body.motion == motion
                else { return nil }
                return statement.kind
            }
        }
        #expect(try said(before) == [])
        // The others made the order; at the next position it takes part again.
        #expect(try assembly.status("lab.p2").orders.count == 1)
        let later = try assembly.propose(.renew, by: "lab.p1")
        for name in LimitsTests.voters { try assembly.cast(.agree, by: name, on: later) }
        try assembly.run(seconds: 14)
        #expect(try Set(said(later)).isSuperset(of: [.receipt, .close, .commitment, .opening, .publicationReceipt]))
    }

    @Test func `a statement of its own that waits for something does not stop a node again that was acknowledged`()
        throws
    {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        let receipt = Receipt(motion: motion, commitment: motion, committer: try PartyName("gov.p1"))
        let lost = try assembly.forge(.receipt(receipt), by: "lab.p2", number: 400)
        try assembly.hand(lost, to: "lab.p2")
        #expect(try assembly.status("lab.p2").isAbstaining)
        try assembly.act("lab.p2") { participant, now in participant.acknowledge(writingOff: 400, at: now) }
        for _ in 1...2 {
            try assembly.hand(lost, to: "lab.p2")
            #expect(try assembly.status("lab.p2").isAbstaining == false)
            try assembly.stop("lab.p2")
            try assembly.start(PartyName("lab.p2"))
        }
    }

    @Test func `a commitment that was not made with the ballot held here is not opened`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in LimitsTests.voters {
            try assembly.act(name) { participant, now in
                try participant.cast(Ballot(.agree), on: motion, at: now)
            }
        }
        let node = try assembly.node("lab.p2")
        try assembly.stop("lab.p2")
        let other = HeldBallot(motion: motion, ballot: Ballot(.decline), salt: PublicRandom.bytes32())
        let record = PartySecrets(seed: Assembly.seed(of: node.name)).signer(for: node.name).seal(other)
        node.journal = node.journal.map { entry in
            if case .heldBallot = entry.record { (.heldBallot(record), entry.at) } else { entry }
        }
        try assembly.start(PartyName("lab.p2"))
        try assembly.run(seconds: 12)
        #expect(try !assembly.statements(.opening, at: "lab.p1").isEmpty)
        #expect(!node.sent.contains { if case .statement(let said) = $0 { said.kind == .opening } else { false } })
        #expect(try LimitsTests.voters.allSatisfy { try assembly.status($0).misconduct.isEmpty })
    }

    @Test func `no ballot is cast before the peers have said what they hold`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        try assembly.stop("lab.p2")
        try assembly.start(PartyName("lab.p2"), alone: true)
        do {
            try assembly.cast(.agree, by: "lab.p2", on: motion)
            Issue.record("a ballot was cast")
        } catch ParticipantError.asking {
        }
    }
}
