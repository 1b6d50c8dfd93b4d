import QuorumPolicy
import SeededNumbers
import Testing

@Suite struct EvaluationTests {
    @Test(arguments: 0..<25 as Range<UInt64>)
    func `evaluation agrees with the definition on every subset`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let tree = try randomRepeatingTree(leafCount: 10, over: parties(7), using: &random)
        for set in subsets(of: try parties(7)) {
            let isMet = naive(tree.root, set)
            #expect(tree.isSatisfied(by: set) == isMet)
            #expect((tree.missing(from: set) == nil) == isMet)
            #expect((tree.minimalQuorum(within: set) != nil) == isMet)
            #expect(tree.dual.isSatisfied(by: tree.parties.subtracting(set)) == !isMet)
            #expect(tree.isBlocked(by: tree.parties.subtracting(set)) == !isMet)
            try checkSatisfaction(tree, set, isMet: isMet)
        }
    }

    private func checkSatisfaction(_ tree: ThresholdTree, _ set: PartySet, isMet: Bool) throws {
        let result = tree.satisfaction(by: set)
        #expect(result.isSatisfied == isMet)
        for gate in tree.gates {
            let expected = gate.children.indices.filter { naive(tree.node(gate.children[$0]), set) }.map { $0 + 1 }
            #expect(result.satisfiedPositions[gate.number] == expected)
            #expect(tree.satisfiedChildren(ofGate: gate.number, by: set) == expected)
        }
        let used = tree.leaves.filter { leaf in
            set.contains(leaf.party) && leaf.path.allSatisfy { naive(tree.node(.gate($0.gate)), set) }
        }
        #expect(result.usedLeaves == used.map(\.number))
        #expect(result.idle == set.subtracting(PartySet(used.map(\.party))))
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `a minimal quorum has no spare member and prefers early arrivals`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = try parties(8)
        let tree = try randomRepeatingTree(leafCount: 11, over: all, using: &random)
        let arrivals = all.shuffled(using: &random)
        let quorum = try #require(tree.minimalQuorum(within: PartySet(all), inOrder: arrivals))
        #expect(naive(tree.root, quorum))
        for party in quorum { #expect(!naive(tree.root, quorum.subtracting([party]))) }
        let first = try #require(arrivals.indices.first { naive(tree.root, PartySet(arrivals[...$0])) })
        #expect(quorum.isSubset(of: PartySet(arrivals[...first])))
    }

    /// The leaves that carry a coefficient in the published vectors of composite FROST.
    @Test(arguments: [
        ("2of(p1,p2,p3)", "p1 p3", [0, 2]),
        (ThresholdTreeTests.nested, "lab-a lab-c lab-e gov-w gov-z", [0, 2, 4, 5, 8]),
        (ThresholdTreeTests.nested, "lab-a lab-b lab-c lab-d gov-w gov-x gov-y", [0, 1, 2, 3, 5, 6, 7]),
        (ThresholdTreeTests.deep, "lab-a lab-b eu-1 eu-3 us-1", [0, 1, 3, 5, 6]),
        (ThresholdTreeTests.deep, "us-1 cn-2 io-1", [6, 8, 9]),
        (ThresholdTreeTests.deep, "lab-b lab-c us-1 cn-1 cn-2 io-1", [1, 2, 6, 7, 8, 9]),
        (ThresholdTreeTests.repeating, "a c d", [0, 2, 3, 4, 5, 7]),
        (ThresholdTreeTests.repeating, "a c e", [4, 6, 7, 8]),
        (ThresholdTreeTests.repeating, "a b c d e", [0, 1, 2, 3, 4, 5, 6, 7, 8]),
    ])
    func `used leaves are those of the published vectors`(text: String, signers: String, used: [Int]) throws {
        let tree = try ThresholdTree(canonicalText: text)
        let set = PartySet(try signers.split(separator: " ").map { try PartyName(String($0)) })
        let result = tree.satisfaction(by: set)
        #expect(result.usedLeaves == used)
        #expect(result.idle.isEmpty)
    }

    @Test func `an idle signer is named`() throws {
        let tree = try ThresholdTree(canonicalText: "2of(3of(a,b,c),2of(d,e),f)")
        let names = try ["a", "d", "e", "f", "stranger"].map { try PartyName($0) }
        #expect(tree.satisfaction(by: PartySet(names)).idle == [names[0], names[4]])
    }

    @Test func `the sentence names groups and the parties that could help`() throws {
        let text = "2of(2of(lab.a,lab.b,lab.c),3of(gov.a,gov.b,gov.c,gov.d))"
        let tree = try ThresholdTree(canonicalText: text)
        let names: OrderedMap<Int, String> = [1: "labs", 2: "governments"]
        func sentence(_ present: String...) throws -> String? {
            tree.missing(from: PartySet(try present.map { try PartyName($0) }))?.sentence(groupNames: names)
        }
        #expect(
            try sentence("lab.a", "lab.b", "gov.d")
                == "2 of 3 governments still missing: any 2 of gov.a, gov.b, gov.c"
        )
        #expect(
            try sentence("lab.c", "gov.a")
                == "1 of 2 labs still missing: any 1 of lab.a, lab.b; and 2 of 3 governments still missing: any 2 of gov.b, gov.c, gov.d"
        )
        #expect(try sentence("lab.a", "lab.b", "gov.a", "gov.b", "gov.c") == nil)
        let condition = try Condition(canonicalText: "gov.a")
        #expect(condition.missing(from: [])?.sentence() == "gov.a still missing")
        #expect(
            try ThresholdTree(canonicalText: "2of(a,b)").missing(from: [])?.sentence()
                == "2 of 2 parties still missing: a, b"
        )
        let either = try ThresholdTree(canonicalText: "1of(2of(a,b),2of(c,d))")
        #expect(
            either.missing(from: [try PartyName("a")])?.sentence()
                == "1 of 1 groups still missing: any 1 of (1 of 2 parties still missing: b; or 2 of 2 parties still missing: c, d)"
        )
    }
}
