import QuorumPolicy
import SeededNumbers
import Testing

@Suite struct ThresholdTreeTests {
    static let nested = "2of(3of(lab-a,lab-b,lab-c,lab-d,lab-e),2of(gov-w,gov-x,gov-y,gov-z))"
    static let deep = "2of(2of(lab-a,lab-b,lab-c),2of(2of(eu-1,eu-2,eu-3),us-1,1of(cn-1,cn-2)),io-1)"
    static let repeating = "2of(3of(a,b,c,d),2of(c,d,e),1of(a,e))"

    @Test(arguments: [
        "2of(p1,p2,p3)", nested, deep, repeating, "1of(3of,2of)", "2of(a,a)",
    ])
    func `canonical text survives reading and writing`(text: String) throws {
        #expect(try ThresholdTree(canonicalText: text).canonicalText == text)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `random trees survive their canonical text`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let tree = try randomRepeatingTree(leafCount: 12, over: parties(9), using: &random)
        #expect(try ThresholdTree(canonicalText: tree.canonicalText) == tree)
        #expect(try ThresholdTree(parsingInput: tree.canonicalText) == tree)
        #expect(try ThresholdTree(tree.root) == tree)
    }

    @Test func `the nested example is numbered as the specification says`() throws {
        let tree = try ThresholdTree(canonicalText: Self.nested)
        #expect(tree.columnCount == 5)
        #expect(tree.gates.map(\.columns) == [1..<2, 2..<4, 4..<5])
        #expect(tree.leaves[6].path.map { [$0.gate, $0.x] } == [[0, 2], [2, 2]])
        #expect(tree.participants.map(\.identifier) == Array(1...9))
        #expect(tree.identifier(of: try PartyName("gov-w")) == 6)
        #expect(tree.identifier(of: try PartyName("nobody")) == nil)
    }

    @Test func `a party in several leaves is one participant`() throws {
        let tree = try ThresholdTree(canonicalText: Self.repeating)
        #expect(tree.participants.map(\.leaves) == [[0, 7], [1], [2, 4], [3, 5], [6, 8]])
        #expect(tree.leaves.map(\.identifier) == [1, 2, 3, 4, 3, 4, 5, 1, 5])
        #expect(!tree.isReadOnce)
    }

    @Test(arguments: [
        ("", 0), ("2of(a, b)", 6), ("2of(a,b) ", 8), ("02of(a,b)", 0), ("0of(a,b)", 0), ("3of(a,b)", 0), ("2of(a)", 0),
        ("1of()", 4), ("all(a,b)", 0), ("any(a,b)", 0), ("2of(a,B)", 6), ("2of(a,b", 7), ("2of(a,b))", 8),
        ("2of(a,,b)", 6),
        ("2of(a,b,)", 8), ("(a,b)", 0), ("2OF(a,b)", 1), ("of(a,b)", 0), ("2 of(a,b)", 1),
        ("1of(2of(a,b),4of(c,d))", 13),
        ("99999999999999999999999of(a,b)", 0), ("a and b", 1), ("2of(a,b)\n", 8),
    ])
    func `any other spelling is refused at the byte where it departs`(text: String, offset: Int) {
        let error = #expect(throws: PolicyError.self) { try ThresholdTree(canonicalText: text) }
        #expect(error.map { "\($0)".contains("at byte \(offset)") } == true, "\(String(describing: error))")
    }

    @Test func `errors say what was expected`() {
        #expect(throws: PolicyError.unexpected(found: "\",\"", expected: "a name or a gate such as 2of(", at: .byte(6)))
        {
            try ThresholdTree(canonicalText: "2of(a,,b)")
        }
        let error = PolicyError.invalidThreshold("3", members: 2, at: .byte(0))
        #expect("\(error)" == "threshold 3 for 2 members at byte 0: choose a number from 1 to 2")
    }

    @Test func `a rule that is a bare name is refused`() {
        #expect(throws: PolicyError.notAGate(name: "lab-a")) { try ThresholdTree(canonicalText: "lab-a") }
    }

    @Test func `eight levels are a rule and nine are not`() throws {
        func text(_ depth: Int) -> String { (1...depth).reduce("a") { "1of(\($0),b\($1))" } }
        #expect(try ThresholdTree(canonicalText: text(8)).gates.count == 8)
        #expect(throws: PolicyError.tooDeep(at: .byte(32))) { try ThresholdTree(canonicalText: text(9)) }
        #expect(throws: PolicyError.tooDeep(at: .gate(8))) { try ThresholdTree(parsingInput: text(9)) }
        let bomb = String(repeating: "1of(", count: 30_000)
        #expect(throws: PolicyError.tooDeep(at: .byte(32))) { try ThresholdTree(canonicalText: bomb) }
        #expect(throws: PolicyError.self) { try ThresholdTree(parsingInput: bomb) }
        #expect(throws: PolicyError.self) { try ThresholdTree(parsingInput: String(repeating: "(", count: 100_000)) }
    }

    @Test func `1024 leaves are a rule and 1025 are not`() throws {
        func text(_ count: Int) -> String { "1of(" + (0..<count).map { "p\($0)" }.joined(separator: ",") + ")" }
        #expect(try ThresholdTree(canonicalText: text(1024)).leaves.count == 1024)
        #expect(throws: PolicyError.tooManyLeaves(at: .byte(5038))) { try ThresholdTree(canonicalText: text(1025)) }
        #expect(throws: PolicyError.tooManyLeaves(at: .byte(5038))) { try ThresholdTree(parsingInput: text(1025)) }
    }

    @Test func `a text beyond the limit is not read`() {
        let text = String(repeating: " ", count: ThresholdTree.Limits.textLength + 1)
        #expect(throws: PolicyError.textTooLong(length: text.utf8.count)) { try ThresholdTree(canonicalText: text) }
        #expect(throws: PolicyError.textTooLong(length: text.utf8.count)) { try ThresholdTree(parsingInput: text) }
    }

    @Test func `a tree built by code is checked like a text`() throws {
        let (a, b) = (try PartyName("a"), try PartyName("b"))
        let inner = ThresholdTree.Node.gate(threshold: 3, children: [.leaf(a), .leaf(b)])
        #expect(throws: PolicyError.invalidThreshold("3", members: 2, at: .gate(1))) {
            try ThresholdTree(.gate(threshold: 1, children: [.leaf(a), inner]))
        }
        #expect(throws: PolicyError.invalidThreshold("0", members: 2, at: .gate(0))) {
            try ThresholdTree(.gate(threshold: 0, children: [.leaf(a), .leaf(b)]))
        }
        #expect(throws: PolicyError.tooFewMembers(1, at: .gate(0))) {
            try ThresholdTree(.gate(threshold: 1, children: [.leaf(a)]))
        }
    }

    @Test(arguments: [
        ("all(a, b, c)", "3of(a,b,c)"), ("any( a,b )", "1of(a,b)"), ("2 of (a, b, all(c, d))", "2of(a,b,2of(c,d))"),
        ("a and b and (c or d)", "3of(a,b,1of(c,d))"), ("at least 2 of (a,b,c)", "2of(a,b,c)"),
    ])
    func `the lenient reader compiles what people write`(text: String, canonical: String) throws {
        #expect(try ThresholdTree(parsingInput: text).canonicalText == canonical)
    }
}
