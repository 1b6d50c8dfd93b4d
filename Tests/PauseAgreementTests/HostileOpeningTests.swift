import AssemblySupport
import BallotSealing
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing
import ThresholdSigning

@testable import PauseAgreement

/// What liars try under `opening guaranteed` (Protocol §5.5 and §7.5).
@Suite struct HostileOpeningTests {
    private let voters = Assembly.parties
    private let liar = "gov.p3"

    private func assembly() throws -> Assembly {
        let assembly = try Assembly(opening: .guaranteed)
        try assembly.makeKeys()
        return assembly
    }

    private func state(_ motion: StatementID, at name: String, _ assembly: Assembly) throws -> MotionState {
        try assembly.node(name).with { participant in try #require(participant.agreement.motions[motion]) }
    }

    private func isRefused(_ item: Item, _ refusal: Refusal, at name: String, _ assembly: Assembly) throws -> Bool {
        let refused = Observation.refused(item.id, from: try PartyName(liar), refusal)
        return try assembly.node(name).observations.contains(refused)
    }

    private func restart(_ name: String, _ assembly: Assembly) throws {
        try assembly.stop(name)
        try assembly.start(PartyName(name))
    }

    @Test func `a ballot that was refused and kept as proof is refused again after a restart`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        try assembly.cast(.agree, by: liar, on: motion)
        try assembly.settle()
        let original = try #require(assembly.statements(.commitment, at: "lab.p1").first)
        guard case .commitment(let body) = original.body, case .ciphertext(var bytes) = body.seal else {
            throw Assembly.AssemblyError.badText
        }
        bytes[200] ^= 1
        let mauled = try assembly.forge(
            .commitment(BallotCommitment(motion: motion, seal: .ciphertext(bytes))),
            by: liar
        )
        try assembly.hand(mauled, to: "lab.p1")
        #expect(try isRefused(mauled, .malformedBallot, at: "lab.p1", assembly))
        #expect(try assembly.items(of: "lab.p1").contains(mauled), "two commitments convict their author")
        try restart("lab.p1", assembly)
        #expect(try state(motion, at: "lab.p1", assembly).commitments.keys == [original.id])
    }

    @Test func `an opening share that was refused and kept as proof is refused again after a restart`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item else { return true }
            return statement.kind != .openingShare && statement.kind != .opening
        }
        try assembly.run(seconds: 1)
        let own = try #require(assembly.statements(.openingShare, at: liar).first { $0.head.party.text == liar })
        guard case .openingShare(let body) = own.body else { throw Assembly.AssemblyError.badText }
        // A point of order two: nothing that multiplies it gets anywhere.
        var bytes = body.shares
        bytes.replaceSubrange(0..<32, with: [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F])
        let commitment = try #require(
            assembly.statements(.commitment, at: "lab.p1").first { $0.head.party.text == liar }
        )
        let wrong = try assembly.forge(
            .openingShare(SharedOpening(motion: motion, commitments: body.commitments, shares: bytes)),
            by: liar,
            number: commitment.head.number
        )
        try assembly.hand(wrong, to: "lab.p1")
        #expect(try isRefused(wrong, .wrongOpeningShare, at: "lab.p1", assembly))
        #expect(try assembly.items(of: "lab.p1").contains(wrong), "two statements with one number convict their author")
        try restart("lab.p1", assembly)
        let sharers = try state(motion, at: "lab.p1", assembly).opening.sharers
        #expect(sharers.values.allSatisfy { !$0.contains { $0.text == liar } })
    }

    /// Nobody could state such an opening, so it would be owed for ever.
    @Test func `a ballot whose condition names somebody who is no party counts as abstaining`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        for name in voters where name != liar { try assembly.cast(.agree, by: name, on: motion) }
        try assembly.settle()
        let party = try PartyName(liar)
        let seal = try assembly.node("lab.p1").with { participant in
            let ballot = Ballot(.agreeIf(try Condition(canonicalText: "lab.p9")))
            let subject = try #require(participant.agreement.motions[motion]).subject(of: party)
            return try #require(participant.agreement.sealing()?.seal(ballot, salt: .zero, as: subject))
        }
        let commitment = try assembly.forge(.commitment(BallotCommitment(motion: motion, seal: seal)), by: liar)
        assembly.spread(commitment, from: liar)
        try assembly.run(seconds: 6)
        for name in voters where name != liar {
            let state = try state(motion, at: name, assembly)
            #expect(state.openings[commitment.id] == .unreadable)
            #expect(state.opening.read.isEmpty)
            #expect(!state.owesOpenings)
        }
        #expect(try assembly.node("lab.p1").observations.contains(.unreadable(motion, by: party)))
    }

    @Test func `shares of a ballot that is not certified wait until it is`() throws {
        let assembly = try assembly()
        let motion = try assembly.propose()
        let held: Set<StatementKind> = [.receipt, .close, .opening, .openingShare]
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        assembly.delivers = { item, to in
            guard to.text == "lab.p1", case .statement(let statement) = item else { return true }
            return !held.contains(statement.kind)
        }
        try assembly.run(seconds: 1)
        let share = try #require(assembly.statements(.openingShare, at: liar).first { $0.head.party.text == liar })
        try assembly.hand(.statement(share), to: "lab.p1")
        #expect(try state(motion, at: "lab.p1", assembly).opening.sharers.keys.isEmpty)
        assembly.delivers = { _, _ in true }
        try assembly.exchange()
        #expect(
            try state(motion, at: "lab.p1", assembly).opening.sharers.values.allSatisfy {
                $0.contains(share.head.party)
            }
        )
    }

    @Test func `whoever has no share of the key says nothing of what others have opened`() throws {
        let assembly = try Assembly(observers: 1, opening: .guaranteed)
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in voters { try assembly.cast(.agree, by: name, on: motion) }
        assembly.delivers = { item, to in
            guard to.text == "observer.p1", case .statement(let statement) = item else { return true }
            return statement.kind != .opening
        }
        try assembly.run(seconds: 8)
        let state = try state(motion, at: "observer.p1", assembly)
        #expect(state.outcome == .published)
        #expect(state.opening.read.count == voters.count)
        let effects = try assembly.node("observer.p1").with { $0.agreement.pursue(at: assembly.now) }
        let owesNothing = effects.allSatisfy { if case .issue = $0 { false } else { true } }
        #expect(owesNothing)
    }

    // MARK: The ceremony

    /// Another dealing of the liar, which differs in the key that opens ballots and in no key that signs.
    private func otherDealing(_ assembly: Assembly) throws -> (real: Statement, other: Item) {
        let real = try #require(
            assembly.statements(.ceremonyDealing, at: "lab.p1").first { $0.head.party.text == liar }
        )
        guard case .ceremonyDealing(let body) = real.body else { throw Assembly.AssemblyError.badText }
        let damaged = try assembly.damaged(real, for: "lab.p2")
        let keys = zip(body.keys, damaged).map { $0.rule.text == CharterLimits.openRule ? $1 : $0 }
        #expect(keys != body.keys)
        let dealing = StatementBody.ceremonyDealing(CeremonyDealing(attempt: 1, keys: keys))
        return (real, try assembly.forge(dealing, by: liar, number: real.head.number))
    }

    @Test func `key proofs do not prove a key for opening ballots that others have not certified`() throws {
        let assembly = try assembly()
        let (real, other) = try otherDealing(assembly)
        let items = try assembly.items(of: "lab.p1")
        let misled = try assembly.view(of: [other] + items.filter { $0.id != real.id })
        #expect(misled.ceremony.stage == "certifying", "nothing is recorded of a key that nobody else has")
    }

    @Test func `a second dealing of the key that opens ballots alone changes no key, also for who hears of it first`()
        throws
    {
        let assembly = try assembly()
        let (_, other) = try otherDealing(assembly)
        let view = try assembly.view(of: [other] + assembly.items(of: "lab.p1"))
        #expect(try view.ceremony.keys == assembly.status("lab.p1").ceremony.keys)
        #expect(view.ceremony.stage == "finished")
        try assembly.requireOneView(at: "lab.p1", seeds: 1...4, and: [other])
    }
}
