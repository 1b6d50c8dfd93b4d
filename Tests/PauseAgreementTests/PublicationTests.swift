import AssemblySupport
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseAgreement

@Suite("An order counts everywhere or nowhere")
struct PublicationTests {
    static let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    @Test func `an order kept in a drawer and produced after its round is void everywhere, and is shown so`() throws {
        let (assembly, watch) = try Self.start()
        try assembly.stop("lab.p4")
        let motion = try assembly.propose()
        for name in Self.voters where name != "lab.p4" { try assembly.cast(.agree, by: name, on: motion) }
        // One party gets all shares, finishes the signature by itself and keeps it.
        assembly.delivers = { item, to in
            guard case .statement(let statement) = item else { return false }
            return statement.kind != .publicationReceipt && (statement.kind != .signatureShare || to.text == "gov.p3")
        }
        try assembly.run(seconds: 40)
        let keeper = try #require(assembly.status("gov.p3").motions.first)
        #expect(!keeper.order.isEmpty)
        #expect(try assembly.status("lab.p1").motions.first?.phase == "failed")
        assembly.delivers = { _, _ in true }
        for item in try assembly.items(of: "gov.p3") { assembly.spread(item, from: "gov.p3") }
        try assembly.run(seconds: 1)
        for name in Self.voters where name != "lab.p4" {
            let status = try assembly.status(name)
            let page = try #require(status.motions.first)
            #expect((page.phase, page.order) == ("void", keeper.order), "\(name)")
            #expect(page.shortfall.contains("never counts: round 0 of place 1 was given up"), "\(name)")
            #expect(page.shortfall.contains("receipts dated before \(page.publishBy) are missing"), "\(name)")
            #expect(status.orders.isEmpty)
            #expect(try assembly.node(name).observations.contains(.void(motion)), "\(name)")
        }
        let next = try Self.pass(.start, in: assembly, by: Self.voters.filter { $0 != "lab.p4" })
        #expect((next.seq, next.round) == (1, 1))
        // Who was away through all of it ends the same.
        try assembly.start(PartyName("lab.p4"))
        try assembly.run(seconds: 1)
        try Self.expectOnePicture(assembly)
        #expect(watch.looks > 1_000)
    }

    /// The parties that are left cannot give the round up, so that it is over only by the clock.
    @Test func `nothing is proposed from a round's publish-by until four tolerances later`() throws {
        let (assembly, _) = try Self.start()
        for name in ["gov.p2", "gov.p3"] { try assembly.stop(name) }
        _ = try assembly.propose()
        try assembly.run(seconds: 24)
        let tolerance = assembly.charter.limits.clockTolerance
        let end = try (1...4).reduce(assembly.proposal().schedule.publishBy) { instant, _ in instant + tolerance }
        _ = try assembly.propose(by: "lab.p2")
        for seconds in [25, 4 * Int(tolerance.count) - 1] {
            try assembly.run(seconds: seconds)
            #expect(throws: ParticipantError.roundEnding(atLatest: end)) { try assembly.propose() }
        }
        try assembly.run(seconds: 1)
        _ = try assembly.propose()
        #expect(try assembly.status("lab.p1").motions.map(\.round) == [0, 0, 0])
    }

    /// Whoever votes could else have one ready for every round, and nobody could propose any more.
    @Test func `a motion that came too late for a receipt keeps nobody from proposing`() throws {
        let (assembly, _) = try Self.start()
        let late = try assembly.forge(.motion(assembly.motion()), by: "gov.p3", number: 400)
        try assembly.pass(milliseconds: 9_900)
        assembly.spread(late, from: "gov.p3")
        try assembly.settle()
        #expect(try assembly.status("lab.p1").motions.count == 1)
        // Its publish-by has passed, and its round is not given up yet.
        try assembly.pass(milliseconds: 15_200)
        _ = try assembly.propose()
    }

    @Test(arguments: [false, true])
    func `two orders that split a position are both void, and the next round makes one`(isLate: Bool) throws {
        let (assembly, _) = try Self.start()
        try assembly.stop("gov.p3")
        let present = Self.voters.filter { $0 != "gov.p3" }
        let motions = try [assembly.propose(by: "lab.p1"), assembly.propose(by: "lab.p2")]
        for name in present { for motion in motions { try assembly.cast(.agree, by: name, on: motion) } }
        let sides = [["lab.p1", "lab.p2", "gov.p1"], ["lab.p3", "lab.p4", "gov.p2"]]
        try Self.split(assembly, motions, sides: sides, closedAfter: 10)
        if isLate { try assembly.run(seconds: 22) }
        // The receipts are dated in time, and arrive in time or when everything is over.
        #expect(try present.allSatisfy { try assembly.statements(.publicationReceipt, at: $0).count == 1 })
        #expect(try present.allSatisfy { try assembly.statements(.lapse, at: $0).isEmpty })
        assembly.delivers = { _, _ in true }
        for name in present {
            for item in try assembly.items(of: name) where Self.isPublication(item) {
                assembly.spread(item, from: name)
            }
        }
        try assembly.run(seconds: 27)
        for name in present {
            let status = try assembly.status(name)
            #expect(status.orders.isEmpty)
            #expect(status.motions.map(\.phase) == ["void", "void"], "\(name)")
        }
        // All lapse at one moment, or as the receipts come: who hears a quorum of lapses first need not lapse any more.
        let lapses = try assembly.statements(.lapse, at: "lab.p1")
        #expect(assembly.charter.recordRule.tree.isSatisfied(by: PartySet(lapses.map(\.head.party))))
        for lapse in lapses {
            let receipts = try assembly.statements(.publicationReceipt, at: lapse.head.party.text)
            let own = receipts.first { $0.head.party == lapse.head.party }.map(\.body)
            guard case .publicationReceipt(let receipt) = own, case .lapse(let said) = lapse.body else {
                Issue.record("\(lapse.head.party) gave no receipt")
                continue
            }
            #expect(said.receipted == receipt.order)
        }
        let next = try Self.pass(.start, in: assembly, by: present)
        #expect((next.seq, next.round) == (1, 1))
        try assembly.start(PartyName("gov.p3"))
        try assembly.run(seconds: 1)
        try Self.expectOnePicture(assembly)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `a liar that receipts both orders and lapses too makes no two of them count`(seed: UInt64) throws {
        let (assembly, _) = try Self.start(faultBound: 1, seed: seed)
        var random = SeededRandom(seed: seed)
        let motions = try [assembly.propose(by: "lab.p1"), assembly.propose(by: "lab.p2")]
        for name in Self.voters { for motion in motions { try assembly.cast(.agree, by: name, on: motion) } }
        let shuffled = Self.voters.shuffled(using: &random)
        let liar = shuffled[0]
        let sides = [Array(shuffled.prefix(4)), Array(shuffled.dropFirst(3))]
        try Self.split(assembly, motions, sides: sides)
        var number = 10_000
        for motion in motions {
            let chosen = try #require(assembly.node(shuffled[1]).with { $0.agreement.motions[motion] })
            let receipt = PublicationReceipt(
                motion: motion,
                order: chosen.orderDigest,
                position: chosen.position,
                roll: []
            )
            for body in [.publicationReceipt(receipt), .lapse(Lapse(position: chosen.position))] as [StatementBody] {
                number += 1
                let item = try assembly.forge(body, by: liar, number: number)
                for name in shuffled.dropFirst() where Bool.random(using: &random) { try assembly.hand(item, to: name) }
            }
        }
        assembly.delivers = { _, _ in true }
        assembly.relays = true
        for name in Self.voters {
            for item in try assembly.items(of: name) where Self.isPublication(item) {
                assembly.spread(item, from: name)
            }
        }
        try assembly.run(seconds: 45)
        try Self.expectOnePicture(assembly, but: liar)
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `renewal and lifting race for one position, and one of them at most is ordered`(seed: UInt64) throws {
        let (assembly, _) = try Self.start(seed: seed)
        _ = try Self.pass(.start, in: assembly, by: Self.voters)
        let motions = try [assembly.propose(.renew, by: "lab.p1"), assembly.propose(.lift, by: "gov.p1")]
        var random = SeededRandom(seed: seed)
        for name in Self.voters.shuffled(using: &random) {
            for motion in motions { try assembly.cast(.agree, by: name, on: motion) }
        }
        try assembly.run(seconds: 45)
        try Self.expectOnePicture(assembly)
        let phases = try assembly.status("lab.p1").motions.filter { $0.seq == 2 }.map(\.phase)
        #expect(phases.count == 2 && phases.allSatisfy { ["published", "superseded", "void"].contains($0) })
        let next = try Self.pass(.lift, in: assembly, by: Self.voters)
        let isTaken = phases.contains("published")
        #expect((next.seq, next.round) == (isTaken ? 3 : 2, isTaken ? 0 : 1))
        try Self.expectOnePicture(assembly)
    }

    @Test func `a party that has receipted one order signs no other one of the position`() throws {
        let (assembly, _) = try Self.start()
        let motions = try [assembly.propose(by: "lab.p1"), assembly.propose(by: "lab.p2")]
        for name in Self.voters { try assembly.cast(.agree, by: name, on: motions[0]) }
        assembly.delivers = { item, _ in
            if case .statement(let statement) = item { statement.kind != .publicationReceipt } else { true }
        }
        try assembly.run(seconds: 2)
        for name in Self.voters { try assembly.cast(.agree, by: name, on: motions[1]) }
        try assembly.run(seconds: 3)
        let status = try assembly.status("lab.p1").motions
        #expect(status.first { $0.id == motions[0].description }?.phase == "publishing")
        #expect(status.first { $0.id == motions[1].description }?.phase == "signing")
        #expect(status.first { $0.id == motions[1].description }?.coordinators.isEmpty == true)
    }

    @Test func `a party that finds two orders of one position at once gives a receipt for one of them`() throws {
        let (assembly, _) = try Self.start()
        let motions = try [assembly.propose(by: "lab.p1"), assembly.propose(by: "lab.p2")]
        for name in Self.voters { for motion in motions { try assembly.cast(.agree, by: name, on: motion) } }
        try Self.split(assembly, motions, sides: [["lab.p1"], ["lab.p2"]])
        // Both orders arrive while the node may sign nothing.
        try assembly.node("gov.p3").with { $0.suspect() }
        for name in ["lab.p1", "lab.p2"] {
            for item in try assembly.items(of: name) {
                if case .order = item { try assembly.hand(item, to: "gov.p3") }
            }
        }
        #expect(try assembly.node("gov.p3").with { $0.agreement.motions.values.filter { $0.order != nil }.count } == 2)
        try assembly.act("gov.p3") { $0.acknowledge(at: $1) }
        let receipts = try assembly.statements(.publicationReceipt, at: "gov.p3")
            .filter { $0.head.party.text == "gov.p3" }
        #expect(receipts.count == 1)
    }

    @Test func `what one party can make others keep is bounded by position, whether its motions have ended or not`()
        throws
    {
        let (assembly, _) = try Self.start()
        for _ in 0..<Limits.motionsPerPosition {
            let motion = try assembly.propose(by: "lab.p1")
            for name in Self.voters { try assembly.cast(.decline, by: name, on: motion) }
            try assembly.run(seconds: 1)
        }
        #expect(try assembly.status("lab.p2").motions.map(\.phase).allSatisfy { $0 == "failed" })
        #expect(throws: ParticipantError.tooManyOpenMotions) { _ = try assembly.propose(by: "lab.p1") }
        let more = try assembly.forge(.motion(assembly.motion()), by: "lab.p1", number: 9_000)
        try assembly.hand(more, to: "lab.p2")
        #expect(try assembly.status("lab.p2").motions.count == Limits.motionsPerPosition)
        #expect(try assembly.node("lab.p2").with { $0.parkedCount } == 1)
        // Others may go on, and so may the same party in the next round.
        _ = try assembly.propose(by: "lab.p3")
        try assembly.run(seconds: 40)
        #expect(try assembly.status("lab.p1").motions.count == Limits.motionsPerPosition + 1)
        _ = try assembly.propose(by: "lab.p1")
        #expect(try assembly.status("lab.p2").motions.count == Limits.motionsPerPosition + 2)
    }
}

// MARK: - Steps

extension PublicationTests {
    /// Parties with keys, watched after every delivery.
    private static func start(faultBound: Int = 0, seed: UInt64 = 1) throws -> (Assembly, Watch) {
        let assembly = try Assembly(seed: seed, faultBound: faultBound)
        try assembly.makeKeys()
        let watch = Watch()
        assembly.observes = { try watch.look(at: $0) }
        return (assembly, watch)
    }

    private static func pass(_ action: OrderAction, in assembly: Assembly, by names: [String]) throws -> MotionStatus {
        let motion = try assembly.propose(action, by: "lab.p2")
        for name in names { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.run(seconds: 14)
        for name in names {
            #expect(
                try assembly.status(name).motions.first { $0.id == motion.description }?.phase == "published",
                "\(name)"
            )
        }
        return try #require(try assembly.status("lab.p2").motions.first { $0.id == motion.description })
    }

    /// Both motions are signed; each side gets the shares of one only, makes its order and receipts it.
    ///
    /// Neither order nor receipt gets about yet.
    private static func split(
        _ assembly: Assembly,
        _ motions: [StatementID],
        sides: [[String]],
        closedAfter seconds: Int = 0
    ) throws {
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item else { return false }
            return ![.signatureShare, .publicationReceipt].contains(statement.kind)
        }
        try assembly.run(seconds: seconds + 1)
        for (motion, side) in zip(motions, sides) {
            let shares = try assembly.nodes.flatMap { try assembly.items(of: $0.name.text) }.filter { item in
                guard case .statement(let statement) = item else { return false }
                return statement.kind == .signatureShare && statement.body.motion == motion
            }
            for name in side { for share in shares { try assembly.hand(share, to: name) } }
        }
    }

    private static func isPublication(_ item: Item) -> Bool {
        switch item {
        case .order: true
        case .statement(let statement): [.signatureShare, .publicationReceipt, .lapse].contains(statement.kind)
        case .keyProof: false
        }
    }

    /// All nodes show the same of chain and motions.
    private static func expectOnePicture(_ assembly: Assembly, but liar: String = "") throws {
        let pictures = try voters.filter { $0 != liar }.map { name in
            let status = try assembly.status(name)
            return [status.orders.map { "\($0.seq) \($0.round) \($0.digest)" }.joined(separator: ", ")]
                + status.motions.map {
                    [$0.id, $0.phase, $0.order, $0.shortfall, "\($0.agreeing)"].joined(separator: " ")
                }
        }
        for picture in pictures.dropFirst() { #expect(picture == pictures[0]) }
    }
}

/// Looks at every node after its every step: no two orders for one place, and nothing shown turns into its opposite.
private final class Watch {
    private var counted: OrderedMap<Int, OrderDigest> = [:]
    private var published: Set<StatementID> = []
    private var endedWithout: Set<StatementID> = []
    private(set) var looks = 0

    func look(at node: Assembly.Node) throws {
        looks += 1
        try node.with { participant in
            for (seq, order) in participant.agreement.chain.counted {
                #expect(counted[seq] == nil || counted[seq] == order.digest)
                counted[seq] = order.digest
                if let motion = participant.agreement.motions[order.motion] {
                    #expect(!participant.agreement.chain.hasLapsed(motion.position))
                }
            }
            for motion in participant.agreement.motions.values {
                switch motion.outcome {
                case .published: published.insert(motion.id)
                case .failed, .superseded: endedWithout.insert(motion.id)
                case nil: break
                }
            }
        }
        #expect(published.isDisjoint(with: endedWithout))
    }
}
