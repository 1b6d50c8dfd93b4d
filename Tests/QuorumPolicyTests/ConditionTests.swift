import QuorumPolicy
import Testing

@Suite struct ConditionTests {
    let vocabulary: Vocabulary

    init() throws {
        let labs = try ["lab.aster", "lab.borealis", "lab.cygnus", "lab.dorado"].map { try PartyName($0) }
        let governments = try ["gov.arland", "gov.union"].map { try PartyName($0) }
        let both = try ThresholdTree(
            canonicalText: "2of(3of(lab.aster,lab.borealis,lab.cygnus,lab.dorado),1of(gov.arland,gov.union))"
        )
        vocabulary = try Vocabulary(
            parties: labs + governments,
            groups: [PartyName("both"): both],
            classes: [PartyName("lab"): labs, PartyName("gov"): governments, PartyName("observer"): []]
        )
    }

    @Test(arguments: [
        ("gov.union", "gov.union"),
        ("((gov.union))", "gov.union"),
        (
            "3 of lab and lab.cygnus and gov.union",
            "3of(3of(lab.aster,lab.borealis,lab.cygnus,lab.dorado),lab.cygnus,gov.union)"
        ),
        ("3of(lab)", "3of(lab.aster,lab.borealis,lab.cygnus,lab.dorado)"),
        ("2of lab", "2of(lab.aster,lab.borealis,lab.cygnus,lab.dorado)"),
        ("at least 2 of lab", "2of(lab.aster,lab.borealis,lab.cygnus,lab.dorado)"),
        ("all of gov", "2of(gov.arland,gov.union)"),
        ("all gov or lab.aster", "1of(2of(gov.arland,gov.union),lab.aster)"),
        ("any(gov, lab.aster)", "1of(gov.arland,gov.union,lab.aster)"),
        ("both", "2of(3of(lab.aster,lab.borealis,lab.cygnus,lab.dorado),1of(gov.arland,gov.union))"),
        ("1 of both", "1of(3of(lab.aster,lab.borealis,lab.cygnus,lab.dorado),1of(gov.arland,gov.union))"),
        ("(lab.aster or lab.dorado) and gov.union", "2of(1of(lab.aster,lab.dorado),gov.union)"),
        (
            "2 of (lab.aster and gov.union, 1 of gov, lab.dorado)",
            "2of(2of(lab.aster,gov.union),1of(gov.arland,gov.union),lab.dorado)"
        ),
    ])
    func `what a person writes compiles to canonical text over parties`(text: String, canonical: String) throws {
        let condition = try Condition(parsingInput: text, with: vocabulary)
        #expect(condition.canonicalText == canonical)
        #expect(try Condition(canonicalText: canonical) == condition)
    }

    @Test(arguments: [
        ("gov.union unless lab.aster", PolicyError.notMonotone(word: "unless", at: .byte(10))),
        ("not gov.union", .notMonotone(word: "not", at: .byte(0))),
        ("2 of (gov.union, not lab.aster)", .notMonotone(word: "not", at: .byte(17))),
        ("all of gov but lab.aster", .notMonotone(word: "but", at: .byte(11))),
        (
            "at least at least 2 of lab",
            .unexpected(found: "\"at\"", expected: "a count such as \"2 of\"", at: .byte(9))
        ),
        ("at 2 of lab", .unexpected(found: "\"2\"", expected: "\"least\"", at: .byte(3))),
        ("3 of without", .unknownName("without", suggestion: nil, at: .byte(5))),
        ("gov.unoin", .unknownName("gov.unoin", suggestion: "gov.union", at: .byte(0))),
        ("2 of labs", .unknownName("labs", suggestion: "lab", at: .byte(5))),
        ("2 of (lab.aster, zebra)", .unknownName("zebra", suggestion: nil, at: .byte(17))),
        ("lab and gov.union", .classWithoutCount("lab", at: .byte(0))),
        ("2 of gov.union", .countOfAParty("gov.union", at: .byte(5))),
        ("lab.aster and gov.union or lab.dorado", .mixedAndOr(at: .byte(24))),
        ("3 of gov", .invalidThreshold("3", members: 2, at: .byte(0))),
        ("0 of gov", .invalidThreshold("0", members: nil, at: .byte(0))),
        ("2 of observer", .tooFewMembers(0, at: .byte(5))),
        (
            "",
            .unexpected(
                found: "the end of the text",
                expected: "a name, a count such as \"2 of\" or a parenthesis",
                at: .byte(0)
            )
        ),
        (
            "gov.union and",
            .unexpected(
                found: "the end of the text",
                expected: "a name, a count such as \"2 of\" or a parenthesis",
                at: .byte(13)
            )
        ),
        ("gov.union and or", .unexpected(found: "\"or\"", expected: "a name", at: .byte(14))),
        (
            "gov.union lab.aster",
            .unexpected(found: "\"lab.aster\"", expected: "\"and\", \"or\" or the end of the text", at: .byte(10))
        ),
        (
            "gov.union & lab.aster",
            .unexpected(found: "\"&\"", expected: "only names, counts, blanks, commas and parentheses", at: .byte(10))
        ),
    ])
    func `a mistake is refused with its place and what to do`(text: String, error: PolicyError) {
        #expect(throws: error) { try Condition(parsingInput: text, with: vocabulary) }
        #expect("\(error)".contains(": "))
    }

    @Test func `the canonical reader takes no groups, classes or friendly spellings`() {
        for text in ["3 of lab", "a and b", "all(a,b)", " a", "a "] {
            #expect(throws: PolicyError.self) { try Condition(canonicalText: text) }
        }
    }

    @Test func `groups repeated beyond the limit of leaves are refused`() throws {
        let text = Array(repeating: "both", count: 171).joined(separator: " and ")
        let error = #expect(throws: PolicyError.self) { try Condition(parsingInput: text, with: vocabulary) }
        guard case .tooManyLeaves = error else {
            Issue.record("unexpected error \(String(describing: error))")
            return
        }
        #expect(throws: Never.self) {
            try Condition(
                parsingInput: Array(repeating: "both", count: 170).joined(separator: " and "),
                with: vocabulary
            )
        }
    }

    @Test func `a vocabulary refuses words of the language and repeated names`() throws {
        let name = try PartyName("a")
        #expect(throws: PolicyError.repeatedName("a")) { try Vocabulary(parties: [name], classes: [name: []]) }
        #expect(throws: PolicyError.reservedName("unless")) { try Vocabulary(parties: [PartyName("unless")]) }
        #expect(Vocabulary.isReserved("of"))
    }

    @Test func `a condition on one party is met by that party`() throws {
        let condition = try Condition(canonicalText: "gov.union")
        #expect(condition.parties == [try PartyName("gov.union")])
        #expect(condition.isSatisfied(by: [try PartyName("gov.union")]))
        #expect(!condition.isSatisfied(by: []))
    }
}

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("gov.unoin", "gov.union"), ("lab.cignus", "lab.cygnus"), ("labcygnus", "lab.cygnus"), ("a", "b"),
    ])
    func `a near name is suggested`(name: String, expected: String) {
        #expect(suggestion(for: name, among: ["gov.union", "lab.cygnus", "b", "c"]) == expected)
    }

    @Test func `a far, an empty and an endless name have no suggestion`() {
        #expect(suggestion(for: "zebra", among: ["gov.union"]) == nil)
        #expect(suggestion(for: "", among: ["a"]) == nil)
        #expect(suggestion(for: String(repeating: "a", count: 257), among: [String(repeating: "a", count: 256)]) == nil)
    }
}
