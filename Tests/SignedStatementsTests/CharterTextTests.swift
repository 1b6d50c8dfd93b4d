import QuorumPolicy
import Testing

@testable import SignedStatements

@Suite struct CharterTextTests {
    private func text(
        labs: Int?,
        governments: Int?,
        faultBound: Int = 0,
        opening: Charter.OpeningMode = .own
    ) throws -> CharterText {
        func parties(_ names: [String]) throws -> [CharterText.Party] {
            try names.map { try Pilot.party($0, legalName: "Legal name of \($0)") }
        }
        var text = CharterText(
            title: try Pilot.plain("New charter"),
            network: "new-network",
            expires: try Pilot.instant("2028-01-01T00:00:00Z"),
            classes: [
                .init(
                    name: try Pilot.party("lab"),
                    description: try Pilot.plain("frontier AI developer"),
                    threshold: labs,
                    parties: try parties(Pilot.labs)
                ),
                .init(
                    name: try Pilot.party("government"),
                    description: try Pilot.plain("government"),
                    threshold: governments,
                    parties: try parties(Pilot.governments)
                ),
                .init(
                    name: try Pilot.party("observer"),
                    description: try Pilot.plain("observer"),
                    threshold: nil,
                    parties: try parties([Pilot.observer])
                ),
            ],
            opening: opening,
            commitWindow: try Pilot.seconds("10m")...Pilot.seconds("14d"),
            clockTolerance: try Pilot.seconds("2m")
        )
        text.faultBound = faultBound
        return text
    }

    @Test func `where openings are guaranteed, whoever can decide can open, and the key that opens signs nothing`()
        throws
    {
        let charter = try text(labs: 4, governments: 3, opening: .guaranteed).charter()
        #expect(charter.opening == .guaranteed)
        #expect(charter.openRule?.tree == charter.rule(try RuleName("decide"))?.tree)
        #expect(charter.keyedRules.map(\.name.text) == ["decide", "open"])
        #expect(charter.signingRules.map(\.name.text) == ["decide"])
        #expect(charter.prose().contains("Ballots: every sealed ballot is opened once voting is closed"))
    }

    @Test func `parties vote in advance only where openings are guaranteed`() throws {
        var guaranteed = try text(labs: 4, governments: 3, opening: .guaranteed)
        #expect(try guaranteed.charter().limits.standingNotice == nil)
        guaranteed.standingNotice = try Pilot.seconds("30d")
        let charter = try guaranteed.charter()
        #expect(charter.limits.standingNotice == guaranteed.standingNotice)
        #expect(charter.prose().contains("binds it for another 30 days"))
        var own = try text(labs: 4, governments: 3)
        own.standingNotice = guaranteed.standingNotice
        #expect(throws: CharterError.self) { try own.charter() }
    }

    @Test func `what is written is read back with every value`() throws {
        var text = try text(labs: 4, governments: 3, faultBound: 2)
        text.atMost = try Pilot.seconds("90d")
        text.openMotions = 5
        text.annexes = [.init(label: "A", digest: Pilot.bytes32("annex"), title: try Pilot.plain("Annex"))]
        text.classes[0].parties[0].tags = ["jurisdiction": "Arland", "hosting": "own"]
        let charter = try text.charter()
        #expect(charter.bytes == Array(text.text.utf8))
        #expect(charter.title == text.title)
        #expect(charter.expires == text.expires)
        #expect(charter.annexes == text.annexes)
        #expect(charter.parties.map(\.name) == text.classes.flatMap(\.parties).map(\.name))
        #expect(charter.party(try Pilot.party("lab.aster"))?.tags == text.classes[0].parties[0].tags)
        #expect(charter.limits.faultBound == 2)
        #expect(charter.limits.openMotions == 5)
        #expect(charter.action(.renew)?.atMost == text.atMost)
        #expect(charter.action(.lift)?.atMost == nil)
    }

    @Test func `a supermajority rule is its own record rule`() throws {
        let charter = try text(labs: 4, governments: 3, faultBound: 4).charter()
        #expect(charter.rules.map(\.group.text) == ["together", "together"])
    }

    @Test func `another rule gets a record rule whose quorums overlap enough`() throws {
        // 3 of 5 share 1, 2 of 4 nothing; one dishonest party would do.
        let charter = try text(labs: 3, governments: 2, faultBound: 1).charter()
        #expect(charter.rules.map(\.group.text) == ["together", "together-record"])
        // One government more may not be missing: 3 of 4 share 2.
        #expect(charter.recordRule.tree.smallestSelfOverlap.exact == 3)
        #expect(charter.rule(try Pilot.rule("decide"))?.tree.smallestSelfOverlap.exact == 1)
    }

    @Test func `a single class needs no group of groups and says that it is alone`() throws {
        let charter = try text(labs: 4, governments: nil).droppingGovernments().charter()
        #expect(charter.allowsSingleClass)
        #expect(charter.rules.map(\.group.text) == ["labs", "labs"])
    }

    @Test func `thresholds that let orders contradict each other are refused`() throws {
        let error = #expect(throws: CharterError.self) { try text(labs: 2, governments: 2).charter() }
        guard case .refused(.disjointQuorums)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a fault bound that no thresholds reach is refused`() throws {
        let error = #expect(throws: CharterError.self) { try text(labs: 4, governments: 3, faultBound: 9).charter() }
        guard case .refused(.recordOverlap)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

extension CharterText {
    fileprivate func droppingGovernments() -> CharterText {
        var text = self
        text.classes.remove(at: 1)
        return text
    }
}
