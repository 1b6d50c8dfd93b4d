import QuorumPolicy
import TestSupport
import Testing

@testable import SignedStatements

/// What a charter says of ballots that are lodged in advance, and which motions they are for (Protocol §7.11).
@Suite struct StandingBallotCheckTests {
    private static let usualNotice = "limit standing-notice 30d\n"

    /// The pilot with openings that a quorum guarantees, and without an action that lifts.
    private static func charter(notice: String) throws -> Charter {
        let guaranteed = replaced(
            "opening     self\n",
            by: "rule open both\nopening guaranteed\n",
            in: Pilot.text + notice
        )
        return try Charter(Array(replaced("action      lift        decide\n", by: "", in: guaranteed).utf8))
    }

    private static func replaced(_ old: String, by new: String, in text: String) -> String {
        text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }

    private func pattern(
        _ action: OrderAction = .start,
        rule: String = "decide",
        terms: MotionTerms? = nil,
        longest: String = "90d",
        until: String = "2026-03-02T00:00:00Z"
    ) throws -> StandingPattern {
        let usual = try Samples.terms()
        return StandingPattern(
            action: action,
            rule: try Pilot.rule(rule),
            terms: terms ?? usual,
            longest: try Pilot.seconds(longest),
            until: try Pilot.instant(until),
            serial: 1
        )
    }

    private func ballot(_ pattern: StandingPattern, seal: BallotCommitment.Seal? = nil) -> StatementBody {
        let usual = BallotCommitment.Seal.ciphertext(Pilot.bytes(StatementLimits.sealedBallot, "standing"))
        return .standingBallot(StandingBallot(pattern: pattern, seal: seal ?? usual))
    }

    /// The member for which the charter refuses a statement; nil when it allows it.
    private func member(
        refusedIn body: StatementBody,
        by party: String = "lab.aster",
        notice: String = usualNotice
    ) throws -> String? {
        let charter = try Self.charter(notice: notice)
        let name = try Pilot.party(party)
        let head = StatementHead(
            charter: charter.id,
            party: name,
            number: 7,
            previous: Pilot.id("previous"),
            at: try Pilot.instant("2026-03-01T00:00:00Z")
        )
        let key = Pilot.signingKey(of: party)
        let signed = try StatementDraft(head: head, body: body).signed(by: key, in: charter)
        do {
            try charter.check(signed)
            return nil
        } catch StatementError.refusedByCharter(let refused, let member, _) {
            #expect(refused == name)
            return member
        }
    }

    // MARK: The charter

    @Test
    func
        `a standing ballot is for an action of the charter, by its rule and a voter, for later, and sealed for a quorum`()
        throws
    {
        #expect(try member(refusedIn: ballot(pattern())) == nil)
        #expect(try member(refusedIn: ballot(pattern(.lift))) == "action")
        #expect(try member(refusedIn: ballot(pattern(rule: "record"))) == "rule")
        #expect(try member(refusedIn: ballot(pattern()), by: Pilot.observer) == "party")
        #expect(try member(refusedIn: ballot(pattern(until: "2026-03-01T00:00:01Z"))) == nil)
        #expect(try member(refusedIn: ballot(pattern(until: "2026-03-01T00:00:00Z"))) == "until")
        #expect(try member(refusedIn: ballot(pattern(), seal: .digest(Pilot.bytes32("seal")))) == "seal")
    }

    @Test func `without a notice nothing of it is allowed`() throws {
        let standing = Pilot.id("standing")
        let bodies: [StatementBody] = [
            ballot(try pattern()), .standingRevocation(.init(ballot: standing)),
            .standingReceipt(.init(statement: standing)),
            .standingReceipt(.init(statement: standing, motion: Pilot.id("motion"))),
        ]
        for body in bodies {
            #expect(try member(refusedIn: body, notice: "") == "charter")
            #expect(try member(refusedIn: body) == nil)
        }
    }

    @Test func `a pattern is read back with every value, and a length or a serial of zero is none`() throws {
        let body = ballot(try pattern(until: "9999-12-31T23:59:59Z"))
        #expect(try Samples.signed(body).value.body == body)
        #expect(throws: StatementError.self) { try Samples.signed(ballot(pattern(longest: "0s"))) }
        let usual = try pattern()
        let unnumbered = StandingPattern(
            action: usual.action,
            rule: usual.rule,
            terms: usual.terms,
            longest: usual.longest,
            until: usual.until,
            serial: 0
        )
        #expect(throws: StatementError.self) { try Samples.signed(ballot(unnumbered)) }
    }

    // MARK: What it is for

    @Test func `a motion is matched by action, rule and terms, up to the last second of both limits`() throws {
        let motion = try Samples.motion()
        let commitBy = motion.schedule.commitBy
        #expect(try pattern().until == commitBy)
        #expect(try pattern().matches(motion))
        #expect(try !pattern(.renew).matches(motion))
        #expect(try !pattern(rule: "record").matches(motion))
        #expect(try !pattern(until: "2026-03-01T23:59:59Z").matches(motion))
        #expect(try pattern(until: "9999-12-31T23:59:59Z").matches(motion))
        let terms = try Samples.terms()
        let others = [
            MotionTerms(scope: terms.scope, texts: []), MotionTerms(scope: [], texts: terms.texts),
            MotionTerms(scope: terms.scope.dropLast(), texts: terms.texts),
        ]
        for other in others { #expect(try !pattern(terms: other).matches(motion)) }
        let length = try #require(motion.schedule.end.elapsed(since: motion.schedule.effective))
        for (longest, isMatched) in [(length.count - 1, false), (length.count, true), (length.count + 1, true)] {
            let longest = try #require(Seconds(longest)).description
            #expect(try pattern(longest: longest).matches(motion) == isMatched)
        }
        let backwards = try Samples.motion(
            schedule: Samples.schedule(effective: "2026-03-05T00:00:01Z", end: "2026-03-05T00:00:00Z")
        )
        #expect(try !pattern().matches(backwards))
    }

    @Test func `every member of a pattern is in its digest`() throws {
        let usual = try pattern()
        let next = StandingPattern(
            action: usual.action,
            rule: usual.rule,
            terms: usual.terms,
            longest: usual.longest,
            until: usual.until,
            serial: 2
        )
        let patterns = [
            usual, next, try pattern(.renew), try pattern(rule: "record"), try pattern(longest: "89d"),
            try pattern(until: "2026-03-02T00:00:01Z"), try pattern(terms: MotionTerms(scope: [], texts: [])),
        ]
        #expect(Set(patterns.map(\.digest)).count == patterns.count)
    }
}
