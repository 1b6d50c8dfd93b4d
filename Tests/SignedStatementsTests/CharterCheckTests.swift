import QuorumPolicy
import SignedStatements
import Testing

@Suite struct CharterCheckTests {
    private static let labs = "lab.aster lab.borealis lab.cygnus lab.dorado lab.eridani"
    private static let governments = "gov.arland gov.borovia gov.cadia gov.union"

    /// The refusals of the pilot with other groups, rules and limits.
    private func refusals(
        labs: Int = 4,
        governments: Int = 3,
        both: String = "all",
        replacing line: String = "",
        with text: String = ""
    ) throws -> [String] {
        var charter = Pilot.text
            .replacing("labs          4", with: "labs \(labs)")
            .replacing("governments   3", with: "governments \(governments)")
            .replacing("both          all", with: "both \(both)")
        if !line.isEmpty {
            guard charter.contains(line) else { throw Pilot.Missing() }
            charter = charter.replacing(line, with: text)
        }
        return try CharterCheck(Array(charter.utf8)).refusals.map(\.description)
    }

    @Test func `the pilot is not refused`() throws {
        #expect(try refusals().isEmpty)
    }

    @Test func `a rule that one class can meet is refused with a quorum of that class`() throws {
        let found = try refusals(both: "any")
        #expect(
            found.first
                == "line 27: rule decide can be met by parties of class lab alone, for instance by "
                + "lab.aster, lab.borealis, lab.cygnus, lab.dorado: require another class as well, "
                + "or add a line \"allow-single-class\""
        )
        #expect(found.contains { $0.contains("class government alone") })
        let allowed = try refusals(both: "any", replacing: "opening     self", with: "opening self\nallow-single-class")
        #expect(!allowed.contains { $0.contains("alone") })
    }

    @Test func `quorums of one rule that can be disjoint are refused with two of them`() throws {
        let found = try refusals(labs: 2, governments: 2, replacing: "fault-bound       2", with: "fault-bound 0")
        let disjoint = try #require(found.first)
        #expect(disjoint.hasPrefix("line 27: two quorums of rule decide can have no party in common, for instance ("))
        #expect(disjoint.hasSuffix("so that two contradictory orders need nobody to sign both: raise a threshold"))
        #expect(
            found.contains { $0.hasPrefix("line 28: two quorums of rule record can have only 0 parties in common") }
        )
    }

    @Test func `quorums of two rules that sign orders and can be disjoint are refused`() throws {
        let lifted = Pilot.text.replacing(
            "rule        record      both",
            with: """
                group       three-labs    3   \(Self.labs)
                group       one-government any \(Self.governments)
                group       few           all three-labs one-government
                rule        record        both
                rule        end           few
                """
        ).replacing("lift        decide", with: "lift end")
        // 4 of 5 and 3 of 5 labs always share two; so do two quorums of 3 of 5, one.
        #expect(try CharterCheck(Array(lifted.utf8)).refusals.isEmpty)
        let weaker = lifted.replacing("three-labs    3", with: "three-labs 1")
        let refusals = try CharterCheck(Array(weaker.utf8)).refusals.map(\.description)
        #expect(
            refusals.contains {
                $0.hasPrefix("line 32: a quorum of rule decide and one of rule end can have no party in common")
                    && $0.hasSuffix("so that each could undo the other: raise a threshold")
            }
        )
    }

    @Test(arguments: [(0, true), (3, true), (4, true), (5, false), (6, false)])
    func `two record quorums share more parties than may be faulty`(faultBound: Int, isAccepted: Bool) throws {
        // 4 of 5 labs share 3, 3 of 4 governments 2.
        let found = try refusals(replacing: "fault-bound       2", with: "fault-bound \(faultBound)")
        #expect(found.isEmpty == isAccepted)
        if !isAccepted {
            #expect(
                found.first?.hasPrefix("line 28: two quorums of rule record can have only 5 parties in common") == true
            )
            #expect(
                found.first?.hasSuffix(
                    "more than fault-bound, \(faultBound), are needed: raise a threshold or lower fault-bound"
                ) == true
            )
        }
    }

    @Test func `the record rule counts only parties of rules that sign orders`() throws {
        let text = Pilot.text
            .replacing("ngo.watch  observer ", with: "ngo.watch  lab ")
            .replacing("class       observer    \"receives everything, decides nothing\"\n", with: "")
            .replacing(
                "rule        record      both",
                with: "group recorders 9 \(Self.labs) \(Self.governments) ngo.watch\nrule record recorders"
            )
        let refusals = try CharterCheck(Array(text.utf8)).refusals.map(\.description)
        #expect(
            refusals == [
                "line 28: rule record counts ngo.watch, without a place in any rule that signs orders: "
                    + "leave them out, so that they gain no veto"
            ]
        )
    }

    @Test func `a charter with a refusal cannot be used`() throws {
        let text = Pilot.text.replacing("both          all", with: "both any")
        let error = #expect(throws: CharterError.self) { try Charter(Array(text.utf8)) }
        guard case .refused(.singleClass)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `the smaller quorum rules of a hundred parties are checked in good time`() throws {
        let names = (100..<200).map { "lab.number\($0)" }
        let parties = names.map { "party \($0) lab \(Pilot.keys(of: $0)) \"\($0)\"" }.joined(separator: "\n")
        let text = """
            standstill-charter v1
            title "Many"
            network many
            version 1
            previous none
            expires 2027-12-01T00:00:00Z
            class lab "lab"
            \(parties)
            group most 67 \(names.joined(separator: " "))
            rule decide most
            rule record most
            action start decide
            opening self
            allow-single-class
            limit fault-bound 33
            limit commit-window 10m..14d
            limit clock-tolerance 2m

            """
        #expect(try CharterCheck(Array(text.utf8)).refusals.isEmpty)
        let more = text.replacing("fault-bound 33", with: "fault-bound 34")
        #expect(try CharterCheck(Array(more.utf8)).refusals.count == 1)
    }
}
