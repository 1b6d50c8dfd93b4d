import AssemblySupport
import BallotSealing
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseAgreement

/// Ballots that are lodged in advance: "we will pause if the others do under the same terms" (Protocol §7.11).
@Suite struct StandingBallotTests {
    static let notice: Int64 = 60
    let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    func assembly(seed: UInt64 = 1, faultBound: Int = 0) throws -> Assembly {
        let assembly = try Assembly(
            seed: seed,
            faultBound: faultBound,
            opening: .guaranteed,
            standingNotice: Self.notice
        )
        try assembly.makeKeys()
        return assembly
    }

    /// Lodges a standing ballot and waits until a motion of now would find it.
    func lodge(_ answer: Answer, by name: String, for proposal: StandingProposal? = nil, _ assembly: Assembly) throws {
        try assembly.lodge(answer, by: name, for: proposal)
        try assembly.run(seconds: 4)
    }

    func motion(_ assembly: Assembly, _ id: StatementID? = nil, at name: String = "lab.p1") throws -> MotionStatus {
        let motions = try assembly.status(name).motions
        return try #require(id.map { id in motions.first { $0.id == id.description } } ?? motions.first)
    }

    func voter(_ name: String, _ assembly: Assembly, _ id: StatementID? = nil) throws -> VoterStatus {
        try #require(try motion(assembly, id).voters.first { $0.name == name })
    }

    /// All but one cast their ballots.
    func castAll(_ answer: Answer = .agree, but absent: [String], on motion: StatementID, _ assembly: Assembly) throws {
        for name in voters where !absent.contains(name) { try assembly.cast(answer, by: name, on: motion) }
    }

    func condition(_ text: String) throws -> Answer { .agreeIf(try Condition(canonicalText: text)) }

    @Test func `a ballot that was lodged in advance is the party's ballot on a motion with these terms`() throws {
        let assembly = try assembly()
        try lodge(try condition("2of(lab.p1,lab.p2)"), by: "lab.p3", assembly)
        #expect(try assembly.statements(.standingReceipt, at: "lab.p1").count == 7)
        let id = try assembly.propose()
        try castAll(but: ["lab.p3", "lab.p4"], on: id, assembly)
        // Two labs of four are not enough without the third.
        try assembly.run(seconds: 14)
        #expect(try motion(assembly).phase == "published")
        #expect(try motion(assembly).agreeing.contains("lab.p3"))
        #expect(try voter("lab.p3", assembly).answer == "agree if 2of(lab.p1,lab.p2)")
        #expect(try assembly.statements(.commitment, at: "lab.p1").allSatisfy { $0.head.party.text != "lab.p3" })
    }

    @Test func `nobody waits for a party whose standing ballot serves, and its condition is kept`() throws {
        let assembly = try assembly()
        try lodge(try condition("2of(lab.p1,lab.p4)"), by: "lab.p3", assembly)
        let id = try assembly.propose()
        try castAll(but: ["lab.p3", "lab.p4"], on: id, assembly)
        try assembly.cast(.decline, by: "lab.p4", on: id)
        try assembly.run(seconds: 3)
        let status = try motion(assembly)
        #expect(status.phase == "failed", "all have voted, and it was closed before the deadline")
        #expect(!status.agreeing.contains("lab.p3"))
        #expect(status.withdrawals.contains { $0.hasPrefix("lab.p3: ") })
    }

    @Test func `a party that is dark has voted in advance`() throws {
        let assembly = try assembly()
        try lodge(.agree, by: "lab.p4", assembly)
        try assembly.stop("lab.p4")
        let id = try assembly.propose()
        try castAll(but: ["lab.p4"], on: id, assembly)
        try assembly.run(seconds: 8)
        #expect(try motion(assembly).phase == "published")
        #expect(try motion(assembly).agreeing.contains("lab.p4"))
    }

    @Test func `its author cannot take it back by silence, nor by another ballot`() throws {
        let assembly = try assembly()
        try lodge(.agree, by: "lab.p3", assembly)
        let id = try assembly.propose()
        try castAll(but: ["lab.p3", "lab.p4"], on: id, assembly)
        try assembly.cast(.decline, by: "lab.p3", on: id)
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item else { return true }
            return statement.head.party.text != "lab.p3" || ![.opening, .openingShare].contains(statement.kind)
        }
        try assembly.run(seconds: 14)
        #expect(try motion(assembly).agreeing.contains("lab.p3"))
        #expect(try motion(assembly).phase == "published")
    }

    @Test(arguments: ["action", "scope", "longest", "until"])
    func `it serves no motion but those that it describes`(what: String) throws {
        let assembly = try assembly()
        let usual = try assembly.standingProposal()
        let value = try #require(PlainText("above 1e25 operations"))
        let other =
            switch what {
            case "action": try assembly.standingProposal(.renew)
            case "longest": try assembly.standingProposal(longest: 86_399)
            // Three seconds before the commit deadline of the motion below.
            case "until":
                StandingProposal(
                    action: .start,
                    terms: usual.terms,
                    longest: usual.longest,
                    until: assembly.now.instant + (try #require(Seconds(11)))
                )
            default:
                StandingProposal(
                    action: .start,
                    terms: MotionTerms(scope: [.init(name: try PartyName("training-runs"), value: value)], texts: []),
                    longest: usual.longest,
                    until: usual.until
                )
            }
        try lodge(.agree, by: "lab.p3", for: other, assembly)
        let id = try assembly.propose()
        try castAll(but: ["lab.p3"], on: id, assembly)
        try assembly.run(seconds: 4)
        #expect(try motion(assembly).phase == "committing", "its author is waited for")
        try assembly.run(seconds: 9)
        #expect(try !motion(assembly).agreeing.contains("lab.p3"))
        #expect(try assembly.statements(.standingReceipt, at: "lab.p1").allSatisfy { $0.body.motion == nil })
    }

    @Test func `one that was lodged when the motion was known does not serve it`() throws {
        let assembly = try assembly()
        let id = try assembly.propose()
        try lodge(.agree, by: "lab.p3", assembly)
        try castAll(but: ["lab.p3"], on: id, assembly)
        try assembly.run(seconds: 12)
        #expect(try !motion(assembly).agreeing.contains("lab.p3"))
    }

    /// A motion may be dated twice the tolerance ahead: what is recorded in that time may have been lodged after its openings.
    @Test func `one that was recorded less than twice the tolerance before the motion does not serve it`() throws {
        let assembly = try assembly()
        try assembly.lodge(.agree, by: "lab.p3")
        try assembly.run(seconds: 2)
        let id = try assembly.propose()
        try castAll(but: ["lab.p3"], on: id, assembly)
        try assembly.run(seconds: 12)
        #expect(try !motion(assembly).agreeing.contains("lab.p3"))
    }

    // MARK: Revocation

    @Test(arguments: [50, 70])
    func `one that was taken back binds until the notice has run out`(seconds: Int) throws {
        let assembly = try assembly()
        try lodge(.agree, by: "lab.p3", assembly)
        try assembly.revoke(1, by: "lab.p3")
        try assembly.run(seconds: seconds)
        let id = try assembly.propose()
        try castAll(but: ["lab.p3"], on: id, assembly)
        try assembly.run(seconds: 12)
        #expect(try motion(assembly).agreeing.contains("lab.p3") == (seconds < 60))
    }

    @Test func `a motion that was proposed before the notice ran out is bound to the end`() throws {
        let assembly = try assembly()
        try lodge(.agree, by: "lab.p3", assembly)
        try assembly.revoke(1, by: "lab.p3")
        try assembly.run(seconds: 55)
        let id = try assembly.propose()
        try castAll(but: ["lab.p3", "lab.p4"], on: id, assembly)
        try assembly.run(seconds: 14)
        #expect(try motion(assembly).agreeing.contains("lab.p3"))
        #expect(try motion(assembly).phase == "published")
    }

    @Test func `a revocation that no record quorum has seen takes nothing back`() throws {
        let assembly = try assembly()
        try lodge(.agree, by: "lab.p3", assembly)
        assembly.delivers = { item, to in
            guard case .statement(let statement) = item, statement.kind == .standingRevocation else { return true }
            return to.text == "lab.p4"
        }
        try assembly.revoke(1, by: "lab.p3")
        try assembly.run(seconds: 70)
        let id = try assembly.propose()
        try castAll(but: ["lab.p3"], on: id, assembly)
        try assembly.run(seconds: 12)
        #expect(try motion(assembly).agreeing.contains("lab.p3"))
    }

    @Test func `nobody takes back another's`() throws {
        let assembly = try assembly()
        try lodge(.agree, by: "lab.p3", assembly)
        let ballot = try #require(try assembly.statements(.standingBallot, at: "lab.p1").first)
        let forged = try assembly.forge(.standingRevocation(StandingRevocation(ballot: ballot.id)), by: "lab.p4")
        try assembly.hand(forged, to: "lab.p1")
        #expect(try assembly.statements(.standingRevocation, at: "lab.p1").isEmpty)
        let reports = try assembly.node("lab.p1").observations
        #expect(reports.contains(.refused(forged.id, from: try PartyName("lab.p4"), .commitmentOfAnother)))
        #expect(throws: ParticipantError.unknownStandingBallot(1)) { try assembly.revoke(1, by: "lab.p4") }
    }

    // MARK: Spending

    @Test func `it is spent when it is opened`() throws {
        let assembly = try assembly()
        try lodge(.agree, by: "lab.p3", assembly)
        let first = try assembly.propose()
        try castAll(.decline, but: ["lab.p3"], on: first, assembly)
        try assembly.run(seconds: 40)
        #expect(try motion(assembly, first).phase == "failed")
        let second = try assembly.propose()
        try castAll(but: ["lab.p3"], on: second, assembly)
        try assembly.run(seconds: 12)
        #expect(try !motion(assembly, second).agreeing.contains("lab.p3"))
    }

    @Test func `a motion that nobody opens leaves it for the next`() throws {
        let assembly = try assembly()
        try lodge(.agree, by: "lab.p3", assembly)
        let first = try assembly.propose()
        // Opening would be in vain: no government has voted.
        try assembly.cast(.agree, by: "lab.p1", on: first)
        try assembly.run(seconds: 40)
        #expect(try assembly.statements(.standingReceipt, at: "lab.p1").count { $0.body.motion == first } == 7)
        #expect(try motion(assembly, first).phase == "failed")
        #expect(try assembly.statements(.openingShare, at: "lab.p1").isEmpty)
        let second = try assembly.propose()
        try castAll(but: ["lab.p3"], on: second, assembly)
        try assembly.run(seconds: 12)
        #expect(try motion(assembly, second).agreeing.contains("lab.p3"))
    }

    @Test func `of two motions that close together the one with the lower id is served`() throws {
        let assembly = try assembly()
        try lodge(.agree, by: "lab.p3", assembly)
        let ids = [try assembly.propose(by: "lab.p1"), try assembly.propose(by: "lab.p2")].sorted()
        for id in ids.reversed() { try castAll(but: ["lab.p3", "lab.p4"], on: id, assembly) }
        try assembly.run(seconds: 14)
        #expect(try voter("lab.p3", assembly, ids[0]).isCertified)
        #expect(try !voter("lab.p3", assembly, ids[1]).isCertified)
    }

    @Test func `the lowest serial serves, and the next one after it`() throws {
        let assembly = try assembly()
        try assembly.lodge(.decline, by: "lab.p3")
        try lodge(.agree, by: "lab.p3", assembly)
        let first = try assembly.propose()
        try castAll(.decline, but: ["lab.p3"], on: first, assembly)
        try assembly.run(seconds: 40)
        #expect(try voter("lab.p3", assembly, first).answer == "decline")
        let second = try assembly.propose()
        try castAll(but: ["lab.p3"], on: second, assembly)
        try assembly.run(seconds: 12)
        #expect(try voter("lab.p3", assembly, second).answer == "agree")
    }

    // MARK: Restart

    @Test func `a restart keeps what was lodged, recorded and taken back`() throws {
        let assembly = try assembly()
        try lodge(.agree, by: "lab.p3", assembly)
        try lodge(.agree, by: "lab.p4", assembly)
        try assembly.revoke(1, by: "lab.p4")
        try assembly.run(seconds: 70)
        for name in voters {
            try assembly.stop(name)
            try assembly.start(try PartyName(name))
            try assembly.settle()
        }
        try assembly.run(seconds: 1)
        let id = try assembly.propose()
        try castAll(but: ["lab.p3", "lab.p4"], on: id, assembly)
        // The others' openings are lost: its node must still know what it has sealed.
        assembly.delivers = { item, _ in
            guard case .statement(let statement) = item, case .opening(let opening) = statement.body else {
                return true
            }
            let isStanding = try? assembly.statements(.standingBallot, at: "gov.p1").contains {
                $0.id == opening.commitment
            }
            return isStanding != true || statement.head.party.text == "lab.p3"
        }
        try assembly.run(seconds: 14)
        #expect(try motion(assembly).agreeing == ["gov.p1", "gov.p2", "gov.p3", "lab.p1", "lab.p2", "lab.p3"])
        #expect(try assembly.statements(.standingReceipt, at: "lab.p1").count == 4 * 7, "nobody says it twice")
    }

    // MARK: The operator

    @Test func `an operator's mistakes are refused before anything is signed`() throws {
        let assembly = try assembly()
        let usual = try assembly.standingProposal()
        let past = StandingProposal(
            action: .start,
            terms: usual.terms,
            longest: usual.longest,
            until: assembly.now.instant
        )
        #expect(throws: ParticipantError.standingTooLate(past.until)) {
            try assembly.lodge(.agree, by: "lab.p3", for: past)
        }
        #expect(throws: ParticipantError.unknownParty(try PartyName("lab.p9"))) {
            try assembly.lodge(try condition("2of(lab.p1,lab.p9)"), by: "lab.p3")
        }
        #expect(throws: ParticipantError.motionInvalid("no order lasts no time at all")) {
            try assembly.lodge(.agree, by: "lab.p3", for: try assembly.standingProposal(longest: 0))
        }
        let motion = try assembly.propose()
        #expect(throws: ParticipantError.unknownParty(try PartyName("lab.p9"))) {
            try assembly.cast(try condition("2of(lab.p1,lab.p9)"), by: "lab.p3", on: motion)
        }
        for serial in 1...Limits.liveStandingBallotsPerParty {
            #expect(try assembly.lodge(.agree, by: "lab.p3") == serial)
        }
        #expect(throws: ParticipantError.tooManyStandingBallots) { try assembly.lodge(.agree, by: "lab.p3") }
        try assembly.revoke(2, by: "lab.p3")
        #expect(throws: ParticipantError.alreadyRevoked(2)) { try assembly.revoke(2, by: "lab.p3") }
        let watched = try Assembly(observers: 1, opening: .guaranteed, standingNotice: Self.notice)
        try watched.makeKeys()
        #expect(throws: ParticipantError.notAVoter) { try watched.lodge(.agree, by: "observer.p1") }
        let without = try Assembly(opening: .guaranteed)
        try without.makeKeys()
        #expect(throws: ParticipantError.noStandingBallots) { try without.lodge(.agree, by: "lab.p3") }
    }
}
