import QuorumPolicy
import SignedStatements
import Testing

@Suite struct MotionTests {
    private func member(refusedIn motion: Motion, by party: String = "lab.aster") throws -> String? {
        let name = try Pilot.party(party)
        do {
            try Pilot.charter().check(Samples.signed(.motion(motion), of: party))
            return nil
        } catch StatementError.refusedByCharter(name, let member, _) {
            return member
        }
    }

    @Test func `a motion within the charter's limits is allowed`() throws {
        #expect(try member(refusedIn: Samples.motion()) == nil)
        #expect(try member(refusedIn: Samples.motion(action: .renew)) == nil)
        #expect(try member(refusedIn: Samples.motion(action: .lift)) == nil)
    }

    @Test(
        arguments: [
            // The window is 10m..14d from 2026-03-01T00:00:00Z.
            ("2026-03-01T00:10:00Z", nil), ("2026-03-01T00:09:59Z", "commitBy"), ("2026-02-28T00:00:00Z", "commitBy"),
        ] as [(String, String?)]
    )
    func `the commit deadline lies within the charter's window`(commitBy: String, expected: String?) throws {
        let schedule = try Samples.schedule(commitBy: commitBy)
        #expect(try member(refusedIn: Samples.motion(schedule: schedule)) == expected)
    }

    @Test func `the commit window ends where the charter says`() throws {
        func schedule(_ commitBy: String) throws -> Motion.Schedule {
            try Samples.schedule(
                commitBy: commitBy,
                signBy: "2026-03-16T00:00:00Z",
                publishBy: "2026-03-17T00:00:00Z",
                effective: "2026-03-18T00:00:00Z"
            )
        }
        #expect(try member(refusedIn: Samples.motion(schedule: schedule("2026-03-15T00:00:00Z"))) == nil)
        #expect(try member(refusedIn: Samples.motion(schedule: schedule("2026-03-15T00:00:01Z"))) == "commitBy")
    }

    @Test(
        arguments: [
            // Twice the clock tolerance is 4 minutes.
            ("2026-03-02T00:04:01Z", "2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z", nil),
            ("2026-03-02T00:04:00Z", "2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z", "signBy"),
            ("2026-03-03T00:00:00Z", "2026-03-03T00:00:01Z", "2026-03-05T00:00:00Z", nil),
            ("2026-03-03T00:00:00Z", "2026-03-03T00:00:00Z", "2026-03-05T00:00:00Z", "publishBy"),
            ("2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z", "2026-03-04T00:04:00Z", nil),
            ("2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z", "2026-03-04T00:03:59Z", "effective"),
        ] as [(String, String, String, String?)]
    )
    func `deadlines keep their order and their distance`(
        signBy: String,
        publishBy: String,
        effective: String,
        expected: String?
    ) throws {
        let end = "2026-05-01T00:00:00Z"
        let schedule = try Samples.schedule(signBy: signBy, publishBy: publishBy, effective: effective, end: end)
        #expect(try member(refusedIn: Samples.motion(schedule: schedule)) == expected)
    }

    @Test func `an order ends after it takes effect and within the action's limit`() throws {
        func refused(_ action: OrderAction, end: String) throws -> String? {
            try member(refusedIn: Samples.motion(action: action, schedule: Samples.schedule(end: end)))
        }
        #expect(try refused(.start, end: "2026-03-05T00:00:01Z") == nil)
        #expect(try refused(.start, end: "2026-03-05T00:00:00Z") == "end")
        #expect(try refused(.start, end: "2026-06-03T00:00:01Z") == "end")
        #expect(try refused(.renew, end: "2026-06-03T00:00:01Z") == "end")
        #expect(try refused(.lift, end: "2026-06-03T00:00:01Z") == nil)
    }

    @Test func `the rule is the one that the charter names for the action`() throws {
        #expect(try member(refusedIn: Samples.motion(rule: "record")) == "rule")
        let text = Pilot.text.replacing("action      lift        decide\n", with: "")
        let charter = try Charter(Array(text.utf8))
        #expect(throws: StatementError.self) {
            try Samples.motion(action: .lift).check(under: charter, head: Samples.head())
        }
    }

    @Test func `an observer cannot propose`() throws {
        #expect(try member(refusedIn: Samples.motion(), by: Pilot.observer) == "party")
    }

    @Test func `a summary that differs from the recomputed one is refused`() throws {
        let motion = try Samples.motion()
        func changed(template: String, summary: String) throws -> Motion {
            Motion(
                action: motion.action,
                rule: motion.rule,
                position: motion.position,
                terms: motion.terms,
                schedule: motion.schedule,
                template: template,
                summary: try Pilot.plain(summary)
            )
        }
        #expect(try member(refusedIn: changed(template: "pause-2", summary: motion.summary.text)) == "template")
        #expect(try member(refusedIn: changed(template: "pause-1", summary: motion.summary.text + " ")) == "summary")
        #expect(try member(refusedIn: changed(template: "pause-1", summary: "Nothing happens.")) == "summary")
    }

    @Test(arguments: [
        (
            OrderAction.start,
            "This order starts a pause that is in force from 2026-03-05T00:00:00Z until 2026-06-03T00:00:00Z (UTC)."
        ),
        (
            .renew,
            "This order renews the pause, which is in force from 2026-03-05T00:00:00Z until 2026-06-03T00:00:00Z (UTC)."
        ),
        (
            .lift,
            "This order lifts the pause with effect from 2026-03-05T00:00:00Z; the order itself ends at 2026-06-03T00:00:00Z (UTC)."
        ),
    ])
    func `the summary says what the order does`(action: OrderAction, sentence: String) throws {
        let schedule = try Samples.schedule()
        let empty = MotionSummary.text(
            action: action,
            terms: MotionTerms(scope: [], texts: []),
            effective: schedule.effective,
            end: schedule.end
        )
        #expect(empty.text == sentence + " Scope: as the authentic texts state. There are no authentic texts.")
    }

    @Test func `terms are sorted, without repetition, bounded and quotable`() throws {
        func draft(_ values: [(String, String)]) throws -> StatementDraft {
            let scope = try values.map {
                MotionTerms.ScopeEntry(name: try Pilot.party($0.0), value: try Pilot.plain($0.1))
            }
            return try Samples.draft(
                .motion(
                    Motion(
                        action: .start,
                        rule: try Pilot.rule("decide"),
                        position: ChainPosition(seq: 1, round: 1, previous: nil),
                        terms: MotionTerms(scope: scope, texts: []),
                        schedule: try Samples.schedule()
                    )
                )
            )
        }
        _ = try draft([("b", "x"), ("a", "x")])
        _ = try draft((10...73).map { ("name\($0)", "x") })
        #expect(throws: StatementError.self) { try draft((10...74).map { ("name\($0)", "x") }) }
        #expect(throws: StatementError.self) { try draft([("a", "x"), ("a", "y")]) }
        #expect(throws: StatementError.self) { try draft([("a", #"x"; b is "y"#)]) }
        #expect(throws: StatementError.self) { try draft([("a", "")]) }
        _ = try draft([("a", String(repeating: "x", count: 512))])
        #expect(throws: StatementError.self) { try draft([("a", String(repeating: "x", count: 513))]) }
    }

    @Test(arguments: [
        "\u{0}", "a\nb", "\u{7F}", "\u{85}", "\u{202E}txt", "\u{2066}", "\u{2028}", "\u{FEFF}", "\u{200F}",
    ])
    func `text that a reader could not see as it is, is refused`(text: String) {
        #expect(PlainText(text) == nil)
    }

    @Test func `two spellings of one character are two texts`() throws {
        #expect("\u{E9}" == "e\u{301}")
        #expect(try Pilot.plain("\u{E9}") != Pilot.plain("e\u{301}"))
    }

    @Test func `the first position has no predecessor and every later one has`() throws {
        let digest = OrderDigest(Pilot.bytes32("order"))
        for (seq, previous) in [(1, digest), (2, nil), (0, nil)] as [(Int, OrderDigest?)] {
            #expect(throws: StatementError.self) {
                try Samples.draft(.lapse(.init(position: ChainPosition(seq: seq, round: 1, previous: previous))))
            }
        }
    }
}
