import AssemblySupport
import BallotSealing
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseAgreement

/// How a party could be rid of what it has lodged, or make others keep without end what it lodges (Protocol §7.11).
@Suite struct StandingEscapeTests {
    private let assembly: Assembly
    private static let liar = "lab.p3"
    private static let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    init() throws {
        assembly = try Assembly(opening: .guaranteed, standingNotice: 60)
        try assembly.makeKeys()
    }

    private struct Missing: Error {}

    /// A statement of the liar, made outside its node.
    private func said(
        _ body: StatementBody,
        by name: String = liar,
        number: Int,
        later seconds: Int64 = 0
    ) throws -> Item {
        let party = try PartyName(name)
        let head = StatementHead(
            charter: assembly.charter.id,
            party: party,
            number: number,
            previous: StatementID(assembly.charter.id.bytes),
            at: assembly.now.instant + (try #require(Seconds(seconds)))
        )
        let secrets = PartySecrets(seed: Assembly.seed(of: party))
        return .statement(try StatementDraft(head: head, body: body).signed(by: secrets.identity))
    }

    /// A standing ballot of the liar for the usual motion.
    private func standing(
        _ answer: Answer,
        serial: Int,
        number: Int,
        later seconds: Int64 = 0,
        until: Instant? = nil,
        salt: Bytes32 = .zero
    ) throws -> Item {
        var agreement = try assembly.node("lab.p1").with { $0.agreement }
        let known = agreement.sealing()
        let sealing = try #require(known)
        let usual = try assembly.standingProposal()
        let pattern = StandingPattern(
            action: .start,
            rule: try RuleName("decide"),
            terms: usual.terms,
            longest: usual.longest,
            until: until ?? usual.until,
            serial: serial
        )
        let subject = BallotSealing.Subject(party: try PartyName(Self.liar), pattern: pattern)
        let seal = try #require(sealing.seal(Ballot(answer), salt: salt, as: subject))
        return try said(
            .standingBallot(StandingBallot(pattern: pattern, seal: seal)),
            number: number,
            later: seconds
        )
    }

    private func spread(_ items: Item...) throws {
        for item in items { assembly.spread(item, from: Self.liar) }
        try assembly.settle()
    }

    private func castOthers(on motion: StatementID, declining: [String] = ["lab.p4"]) throws {
        for name in Self.voters where name != Self.liar {
            try assembly.cast(declining.contains(name) ? .decline : .agree, by: name, on: motion)
        }
    }

    private func status(_ id: StatementID, at name: String = "lab.p1") throws -> MotionStatus {
        try #require(try assembly.status(name).motions.first { $0.id == id.description })
    }

    private func agreement(at name: String = "lab.p1") throws -> Agreement {
        try assembly.node(name).with { $0.agreement }
    }

    private func restart(_ name: String) throws {
        try assembly.stop(name)
        try assembly.start(try PartyName(name))
        try assembly.settle()
    }

    // MARK: Promises

    /// All have voted and all they cast is open, but not what one of them has lodged.
    @Test func `a motion is not voted down as long as a standing ballot that counts is not open`() throws {
        try assembly.lodge(.agree, by: Self.liar)
        try assembly.run(seconds: 4)
        let ballot = try #require(try assembly.statements(.standingBallot, at: "lab.p1").first)
        let motion = try assembly.propose()
        try castOthers(on: motion)
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item, statement.head.party.text == Self.liar else { return true }
            switch statement.body {
            case .opening(let opening): return opening.commitment != ballot.id
            case .openingShare: return false
            default: return true
            }
        }
        try assembly.cast(.decline, by: Self.liar, on: motion)
        try assembly.run(seconds: 14)
        for name in Self.voters where name != Self.liar {
            #expect(try status(motion, at: name).phase == "published")
            #expect(try status(motion, at: name).agreeing.contains(Self.liar))
        }
    }

    @Test func `nor as long as one that a recorder lets count is not here, or not certified`() throws {
        let ballot = try standing(.agree, serial: 1, number: 101)
        let motion = try assembly.propose()
        try castOthers(on: motion)
        try assembly.cast(.decline, by: Self.liar, on: motion)
        let receipt = StandingReceipt(statement: ballot.id, motion: motion)
        try assembly.hand(try said(.standingReceipt(receipt), by: "gov.p1", number: 101), to: "lab.p1")
        try assembly.run(seconds: 5)
        #expect(try status(motion, at: "lab.p2").phase == "failed")
        #expect(try status(motion).phase == "opening")
        try assembly.hand(ballot, to: "lab.p1")
        #expect(try assembly.statements(.standingReceipt, at: "lab.p1").contains { $0.body.motion == motion })
        #expect(try status(motion).phase == "opening")
        let opening = Opening(motion: motion, commitment: ballot.id, ballot: Ballot(.agree), salt: .zero)
        try assembly.hand(try said(.opening(opening), by: "gov.p2", number: 101), to: "lab.p1")
        #expect(try agreement().motions[motion]?.openings[ballot.id] != nil)
        #expect(try status(motion).phase == "opening")
    }

    /// Its author and its own word are enough for it to be open there.
    @Test func `whoever opens its own on a motion of its own is bound all the same`() throws {
        try assembly.stop(Self.liar)
        let salt = Bytes32.zero
        let ballot = try standing(.agree, serial: 1, number: 101, salt: salt)
        try spread(ballot)
        try assembly.run(seconds: 4)
        let motion = try assembly.propose()
        try assembly.run(seconds: 1)
        let rival = try said(.motion(try assembly.motion()), number: 102)
        let receipt = StandingReceipt(statement: ballot.id, motion: rival.id)
        let opening = Opening(motion: rival.id, commitment: ballot.id, ballot: Ballot(.agree), salt: salt)
        try spread(rival, try said(.standingReceipt(receipt), number: 103), try said(.opening(opening), number: 104))
        #expect(try assembly.statements(.opening, at: "lab.p1").count == 1)
        try castOthers(on: motion)
        try assembly.run(seconds: 14)
        #expect(try status(motion).agreeing.contains(Self.liar))
    }

    /// A serial, like a number, can be kept back and used later.
    @Test(arguments: [1, 2])
    func `what was recorded first serves, whatever serial comes later`(serial: Int) throws {
        try assembly.stop(Self.liar)
        try spread(try standing(.agree, serial: 2, number: 102))
        try assembly.run(seconds: 2)
        // Of one serial that with the lower id would come first: some salt makes it lower.
        let first = try #require(try assembly.statements(.standingBallot, at: "lab.p1").first)
        let later = try (1...64).lazy.map { salt in
            try standing(
                .decline,
                serial: serial,
                number: 101,
                salt: try #require(Bytes32([UInt8](repeating: UInt8(salt), count: 32)))
            )
        }.first { serial == 1 || $0.id < first.id }
        try spread(try #require(later))
        try assembly.run(seconds: 4)
        let motion = try assembly.propose()
        try castOthers(on: motion)
        try assembly.run(seconds: 14)
        #expect(try status(motion).agreeing.contains(Self.liar))
    }

    // MARK: Revocations

    @Test func `of two revocations every node keeps both, whichever came first`() throws {
        try assembly.stop(Self.liar)
        let ballot = try standing(.agree, serial: 1, number: 101)
        try spread(ballot)
        let revocations = try (102...103).map { number in
            try said(.standingRevocation(StandingRevocation(ballot: ballot.id)), number: number)
        }
        assembly.relays = false
        for (index, name) in Self.voters.filter({ $0 != Self.liar }).enumerated() {
            try assembly.hand(revocations[index % 2], to: name)
        }
        for name in Self.voters where name != Self.liar {
            for revocation in revocations { try assembly.hand(revocation, to: name) }
        }
        try assembly.settle()
        for name in Self.voters where name != Self.liar {
            #expect(try agreement(at: name).standing.revocations[ballot.id]?.count == 2)
        }
        try assembly.run(seconds: 70)
        let motion = try assembly.propose()
        try castOthers(on: motion)
        try assembly.run(seconds: 12)
        #expect(try !status(motion).agreeing.contains(Self.liar))
    }

    @Test func `revocations of one ballot are bounded`() throws {
        let ballot = try standing(.agree, serial: 1, number: 101)
        try assembly.hand(ballot, to: "lab.p1")
        for number in 1...Limits.revocationsPerStandingBallot + 1 {
            let body = StandingRevocation(ballot: ballot.id)
            try assembly.hand(try said(.standingRevocation(body), number: 200 + number), to: "lab.p1")
        }
        #expect(
            try assembly.statements(.standingRevocation, at: "lab.p1").count == Limits.revocationsPerStandingBallot
        )
    }

    // MARK: What is kept

    @Test func `what a recorder lets count makes room for one of every voter, whoever makes more`() throws {
        assembly.delivers = { _, _ in false }
        let motion = try assembly.propose()
        let live = Limits.liveStandingBallotsPerParty
        for index in 1...live + 12 {
            let ballot = try standing(.agree, serial: index, number: 100 + index)
            let receipt = StandingReceipt(statement: ballot.id, motion: motion)
            if index > live {
                try assembly.hand(try said(.standingReceipt(receipt), by: "lab.p2", number: 500 + index), to: "lab.p1")
            }
            try assembly.hand(ballot, to: "lab.p1")
        }
        func kept() throws -> Int { try assembly.statements(.standingBallot, at: "lab.p1").count }
        #expect(try kept() == live + Self.voters.count)
        try restart("lab.p1")
        #expect(try agreement().standing.ballots.count == live + Self.voters.count)
        let more = try standing(.agree, serial: 99, number: 199)
        let receipt = StandingReceipt(statement: more.id, motion: motion)
        try assembly.hand(try said(.standingReceipt(receipt), by: "lab.p2", number: 599), to: "lab.p1")
        try assembly.hand(more, to: "lab.p1")
        #expect(try kept() == live + Self.voters.count)
    }

    @Test func `in a charter's life so many of a party are kept, run out or not`() throws {
        let party = try PartyName(Self.liar)
        var standing = StandingBallots(record: assembly.charter.recordRule.tree)
        let usual = try assembly.standingProposal()
        for serial in 1...Limits.standingBallotsPerParty {
            #expect(standing.hasRoom(for: party, at: assembly.now.instant))
            let pattern = StandingPattern(
                action: .start,
                rule: try RuleName("decide"),
                terms: usual.terms,
                longest: usual.longest,
                until: .earliest,
                serial: serial
            )
            let sealed = MotionState.SealedBallot(
                author: party,
                subject: BallotSealing.Subject(party: party, pattern: pattern),
                seal: .digest(pattern.digest),
                openable: nil,
                isStanding: true
            )
            let ballot = StandingBallots.Lodged(pattern: pattern, lodgedAt: .earliest, sealed: sealed)
            standing.lodge(StatementID(pattern.digest), ballot)
        }
        #expect(!standing.hasRoom(for: party, at: assembly.now.instant))
        #expect(standing.hasRoom(for: try PartyName("lab.p4"), at: assembly.now.instant))
    }

    @Test func `a receipt for what is not here waits`() throws {
        let ballot = try standing(.agree, serial: 1, number: 101)
        let receipt = StandingReceipt(statement: ballot.id)
        try assembly.hand(try said(.standingReceipt(receipt), by: "lab.p2", number: 501), to: "lab.p1")
        #expect(try assembly.statements(.standingReceipt, at: "lab.p1").isEmpty)
        try assembly.hand(ballot, to: "lab.p1")
        #expect(try assembly.statements(.standingReceipt, at: "lab.p1").map(\.head.party.text) == ["lab.p2", "lab.p1"])
    }

    @Test func `what has run out makes room`() throws {
        let soon = assembly.now.instant + (try #require(Seconds(5)))
        let live = Limits.liveStandingBallotsPerParty
        for index in 1...live + 1 {
            try assembly.hand(try standing(.agree, serial: index, number: 100 + index, until: soon), to: "lab.p1")
        }
        #expect(try assembly.statements(.standingBallot, at: "lab.p1").count == live)
        try assembly.run(seconds: 6)
        try assembly.hand(try standing(.agree, serial: 99, number: 199), to: "lab.p1")
        #expect(try agreement().standing.ballots.values.contains { $0.pattern.serial == 99 })
    }

    @Test func `what is dated far ahead waits`() throws {
        assembly.delivers = { _, _ in false }
        let ahead = try standing(.agree, serial: 1, number: 101, later: 3)
        let usual = try standing(.agree, serial: 2, number: 102, later: 2)
        let body = StatementBody.standingRevocation(StandingRevocation(ballot: usual.id))
        for item in [ahead, usual, try said(body, number: 103, later: 3)] { try assembly.hand(item, to: "lab.p1") }
        #expect(try assembly.statements(.standingBallot, at: "lab.p1").map(\.id) == [usual.id])
        #expect(try assembly.statements(.standingRevocation, at: "lab.p1").isEmpty)
        try assembly.run(seconds: 1)
        try assembly.hand(try said(.address(AddressList(addresses: [])), number: 104), to: "lab.p1")
        #expect(try assembly.statements(.standingBallot, at: "lab.p1").count == 2)
        #expect(try assembly.statements(.standingRevocation, at: "lab.p1").count == 1)
    }

    // MARK: Recorders

    /// Neither of the motions is opened, so only the recorder's own word on the first keeps it from the second.
    @Test func `what was let count for a motion that has not ended is let count for no other`() throws {
        try assembly.lodge(.agree, by: Self.liar)
        try assembly.run(seconds: 4)
        let first = try assembly.propose(by: "lab.p1")
        try assembly.run(seconds: 3)
        let second = try assembly.propose(by: "lab.p2")
        try assembly.run(seconds: 14)
        #expect(try assembly.statements(.close, at: "lab.p1").count { $0.body.motion == second } == 7)
        let served = try assembly.statements(.standingReceipt, at: "lab.p1").compactMap(\.body.motion)
        #expect(served == [StatementID](repeating: first, count: 7))
        #expect(try agreement().standing.awaitingReceipt.isEmpty)
    }

    @Test func `nobody receipts a ballot that has run out`() throws {
        let soon = assembly.now.instant + (try #require(Seconds(1)))
        let ballot = try standing(.agree, serial: 1, number: 101, until: soon)
        try assembly.run(seconds: 2)
        try assembly.hand(ballot, to: "lab.p1")
        #expect(try assembly.statements(.standingBallot, at: "lab.p1").count == 1)
        #expect(try assembly.statements(.standingReceipt, at: "lab.p1").isEmpty)
    }

    /// It may have receipted them, with another date, and does not know it any more.
    @Test func `after a write-off nobody receipts what was lodged or taken back before`() throws {
        let ballot = try standing(.agree, serial: 1, number: 101)
        let revocation = try said(.standingRevocation(StandingRevocation(ballot: ballot.id)), number: 102)
        try assembly.act("lab.p2") { participant, now in
            participant.suspect()
            return participant.acknowledge(writingOff: 500, at: now)
        }
        try assembly.hand(ballot, to: "lab.p2")
        try assembly.hand(revocation, to: "lab.p2")
        func own() throws -> Int {
            try assembly.statements(.standingReceipt, at: "lab.p2").count { $0.head.party.text == "lab.p2" }
        }
        #expect(try own() == 0)
        try assembly.run(seconds: 4)
        try assembly.hand(try standing(.agree, serial: 2, number: 103), to: "lab.p2")
        #expect(try own() == 1)
    }

    /// It may have let it count there.
    @Test func `after a write-off nobody lets a ballot count beside a motion from before`() throws {
        try assembly.lodge(.agree, by: Self.liar)
        try assembly.run(seconds: 4)
        let before = try assembly.propose()
        try assembly.act("lab.p2") { participant, now in
            participant.suspect()
            return participant.acknowledge(writingOff: 500, at: now)
        }
        try assembly.run(seconds: 3)
        let after = try assembly.propose(by: "lab.p4")
        try assembly.run(seconds: 11)
        let said = try assembly.statements(.standingReceipt, at: "lab.p2").filter { $0.head.party.text == "lab.p2" }
        #expect(said.allSatisfy { $0.body.motion == nil })
        #expect(try assembly.statements(.close, at: "lab.p2").contains { $0.body.motion == after })
        #expect(before != after)
    }

    /// The journal keeps what was refused and proves misconduct; it is no fact after a restart either.
    @Test func `a ballot that was refused and kept as proof is no ballot after a restart`() throws {
        let real = try standing(.agree, serial: 1, number: 101)
        guard case .statement(let statement) = real, case .standingBallot(let body) = statement.body else {
            throw Missing()
        }
        let pattern = StandingPattern(
            action: .start,
            rule: body.pattern.rule,
            terms: body.pattern.terms,
            longest: 2 * body.pattern.longest,
            until: body.pattern.until,
            serial: 1
        )
        let wider = try said(.standingBallot(StandingBallot(pattern: pattern, seal: body.seal)), number: 101)
        try assembly.hand(real, to: "lab.p1")
        try assembly.hand(wider, to: "lab.p1")
        #expect(try assembly.statements(.standingBallot, at: "lab.p1").count == 2)
        #expect(try agreement().standing.ballots.keys == [real.id])
        try restart("lab.p1")
        #expect(try agreement().standing.ballots.keys == [real.id])
    }
}
