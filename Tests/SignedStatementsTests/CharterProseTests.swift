import QuorumPolicy
import Testing

@testable import SignedStatements

@Suite struct CharterProseTests {
    @Test func `the pilot reads like this`() throws {
        let expected = """
            Charter "Pilot charter for a coordinated pause of frontier training" of network frontier-pause-pilot, version 1, \
            valid until 2027-12-01T00:00:00Z.
            To start or renew a pause: at least 4 of the 5 frontier AI developers together with at least 3 of the 4 \
            governments. One order lasts at most 90 days.
            To lift a pause: at least 4 of the 5 frontier AI developers together with at least 3 of the 4 governments.
            To record (receipts for ballots, the close of voting, publication of orders): at least 4 of the 5 frontier AI \
            developers together with at least 3 of the 4 governments.
            Without a vote: ngo.watch.
            Ballots: each party opens its own sealed ballot once voting is closed.
            Voting is open for 10 minutes to 14 days from the proposal.
            A party may have 2 motions open at a time.
            Clocks of honest parties may differ by 2 minutes.
            No order is contradicted by another as long as at most 2 parties are dishonest.

            """
        #expect(try Pilot.charter().prose() == expected)
    }

    @Test func `other shapes of groups have words too`() throws {
        let everyone = (["lab.aster"] + Pilot.governments + Pilot.labs.dropFirst()).joined(separator: " ")
        let text = Pilot.text.replacing(
            "rule        record      both",
            with: """
                group everyone 8   \(everyone)
                rule  record   everyone
                group some     2   lab.aster lab.borealis lab.cygnus
                group pair     all lab.dorado lab.eridani
                group inner    2   some pair gov.union
                group outer    any inner gov.cadia
                rule  amend    outer
                """
        )
        // These rules are not safe ones, only readable.
        let charter = try CharterCheck(Array(text.utf8)).charter
        func words(_ rule: String) throws -> String {
            try charter.requirement(of: #require(charter.rule(Pilot.rule(rule))))
        }
        #expect(
            try words("record")
                == "at least 8 of the 9 parties lab.aster, gov.arland, gov.borovia, gov.cadia, gov.union, "
                + "lab.borealis, lab.cygnus, lab.dorado, lab.eridani"
        )
        #expect(
            try words("amend")
                == "either (at least 2 of these 3: at least 2 of the 3 frontier AI developers lab.aster, lab.borealis, "
                + "lab.cygnus; all 2 frontier AI developers lab.dorado, lab.eridani; Legal name of gov.union (gov.union)) "
                + "or Legal name of gov.cadia (gov.cadia)"
        )
        #expect(charter.prose().contains("To amend this charter: either "))
        #expect(charter.keyedRules.map(\.name.text) == ["decide"])
    }

    @Test func `an action without a rule is told`() throws {
        let text = Pilot.text.replacing("action      renew       decide   at-most 90d\n", with: "")
        let prose = try Charter(Array(text.utf8)).prose()
        #expect(prose.contains("\nTo renew a pause: nobody can, this charter names no rule for it.\n"))
        #expect(prose.contains("\nTo start a pause: at least 4 of"))
    }

    @Test(arguments: [
        ("party", "parties"), ("day", "days"), ("government", "governments"), ("company", "companies"), ("lab", "labs"),
        ("class", "classes"), ("branch", "branches"), ("key", "keys"), ("agency", "agencies"),
    ])
    func `nouns have their plural`(singular: String, plural: String) {
        #expect(CharterProse.plural(singular) == plural)
    }
}
