import SeededNumbers
import Testing

@testable import QuorumPolicy

/// Every figure of the analysis is compared with the definition, over all subsets of the parties.
@Suite struct AnalysisTests {
    @Test(arguments: 0..<80 as Range<UInt64>)
    func `figures of read-once rules are those of brute force`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = try parties(Int.random(in: 2...8, using: &random))
        try check(randomTree(over: all, using: &random), among: all, using: &random)
    }

    @Test(arguments: 0..<80 as Range<UInt64>)
    func `figures of rules that repeat parties are those of brute force`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = try parties(7)
        try check(randomRepeatingTree(leafCount: 11, over: all, using: &random), among: all, using: &random)
    }

    private func check(_ tree: ThresholdTree, among all: [PartyName], using random: inout SeededGenerator) throws {
        let quorums = quorums(of: tree, among: all)
        let minimal = quorums.filter { quorum in quorum.allSatisfy { !naive(tree.root, quorum.subtracting([$0])) } }
        #expect(tree.smallestQuorum.exact == quorums.map(\.count).min())
        let partyClass = PartySet(all.filter { _ in Bool.random(using: &random) })
        #expect(tree.fewest(of: partyClass).exact == quorums.map { $0.intersection(partyClass).count }.min())
        let blocking = subsets(of: all).filter { !naive(tree.root, PartySet(all).subtracting($0)) }
        let fewestBlocking = try #require(blocking.map(\.count).min())
        #expect(tree.smallestBlockingSet.exact == fewestBlocking)
        #expect(tree.crashTolerance.exact == fewestBlocking - 1)
        let vetoes = all.filter { party in quorums.allSatisfy { $0.contains(party) } }
        #expect(tree.partiesWithVeto == PartySet(vetoes))
        let silent = tree.parties.filter { party in !minimal.contains { $0.contains(party) } }
        #expect(tree.partiesWithoutSay == PartySet(silent))
        #expect(tree.minimalQuorumCount == UInt128(minimal.count))
        #expect(tree.minimalQuorums(atMost: minimal.count).map { Set($0) } == Set(minimal))
        #expect(tree.minimalQuorums(atMost: minimal.count - 1) == nil)
        #expect(tree.minimalQuorums(atMost: Int.max)?.count == minimal.count)
    }

    @Test(arguments: 0..<150 as Range<UInt64>)
    func `the overlap of two rules is that of brute force`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = try parties(7)
        func some() -> [PartyName] { Array(all.shuffled(using: &random).prefix(Int.random(in: 3...7, using: &random))) }
        let first = try randomTree(over: some(), using: &random)
        let second =
            seed.isMultiple(of: 3)
            ? try randomRepeatingTree(leafCount: 9, over: all, using: &random)
            : try randomTree(over: some(), using: &random)
        try checkOverlap(first, second, among: all, using: &random)
        try checkOverlap(second, second, among: all, using: &random)
    }

    private func checkOverlap(
        _ first: ThresholdTree,
        _ second: ThresholdTree,
        among all: [PartyName],
        using random: inout SeededGenerator
    ) throws {
        let partyClass = PartySet(all.filter { _ in Bool.random(using: &random) })
        let (left, right) = (
            try #require(first.minimalQuorums(atMost: 999)), try #require(second.minimalQuorums(atMost: 999))
        )
        let shared = left.flatMap { one in right.map { one.intersection($0) } }
        #expect(first.smallestOverlap(with: second).exact == shared.map(\.count).min())
        #expect(second.smallestOverlap(with: first).exact == shared.map(\.count).min())
        #expect(
            first.smallestOverlap(with: second, counting: partyClass).exact
                == shared.map { $0.intersection(partyClass).count }.min()
        )
    }

    @Test func `the pilot charter has its known figures`() throws {
        let decide = try ThresholdTree(canonicalText: ThresholdTreeTests.nested)
        #expect(decide.minimalQuorumCount == 60)
        #expect(decide.smallestQuorum.exact == 5)
        #expect(decide.crashTolerance.exact == 2)
        #expect(decide.smallestSelfOverlap.exact == 1)
        #expect(decide.dual.minimalQuorumCount == 14)
        let record = try ThresholdTree(
            canonicalText: "8of(lab-a,lab-b,lab-c,lab-d,lab-e,gov-w,gov-x,gov-y,gov-z,cloud-a,io-1)"
        )
        #expect(record.smallestSelfOverlap.exact == 5)
        let labs = PartySet(try "abcde".map { try PartyName("lab-\($0)") })
        #expect(record.smallestOverlap(with: record, counting: labs).exact == 0)
        #expect(record.fewest(of: labs).exact == 2)
        #expect(record.smallestOverlap(with: decide).exact == 2)
    }

    @Test func `the second published example can be met without a lab`() throws {
        let tree = try ThresholdTree(canonicalText: ThresholdTreeTests.deep)
        #expect(tree.fewest(of: PartySet(try "abc".map { try PartyName("lab-\($0)") })).exact == 0)
        #expect(
            tree.minimalQuorumCount
                == UInt128(
                    quorums(of: tree, among: tree.parties).filter { quorum in
                        quorum.allSatisfy { !tree.isSatisfied(by: quorum.subtracting([$0])) }
                    }.count
                )
        )
    }

    @Test func `a hundred parties are analysed exactly`() throws {
        let all = try parties(100)
        let labs = ThresholdTree.Node.gate(threshold: 40, children: all[..<60].map(ThresholdTree.Node.leaf))
        let governments = ThresholdTree.Node.gate(threshold: 27, children: all[60...].map(ThresholdTree.Node.leaf))
        let decide = try ThresholdTree(.gate(threshold: 2, children: [labs, governments]))
        let record = try ThresholdTree(.gate(threshold: 67, children: all.map(ThresholdTree.Node.leaf)))
        #expect(decide.smallestQuorum.exact == 67)
        #expect(decide.smallestSelfOverlap.exact == 34)
        #expect(decide.smallestOverlap(with: record).exact == 34)
        #expect(record.smallestSelfOverlap.exact == 34)
        #expect(decide.crashTolerance.exact == 13)
        #expect(decide.minimalQuorumCount == UInt128(4191844505805495) * UInt128(12033222880))
    }

    @Test func `a count beyond 128 bits is not given`() throws {
        let all = try parties(200).map(ThresholdTree.Node.leaf)
        #expect(try ThresholdTree(.gate(threshold: 100, children: all)).minimalQuorumCount == nil)
    }

    @Test func `groupings that cross are searched exactly`() throws {
        let (rows, columns) = (try grid(4, by: 3) { $0 / 4 }, try grid(4, by: 3) { $0 % 4 })
        let all = try parties(16)
        func masks(_ tree: ThresholdTree) throws -> [UInt16] {
            try #require(tree.minimalQuorums(atMost: 256)).map { quorum in
                all.indices.reduce(0) { quorum.contains(all[$1]) ? $0 | 1 << UInt16($1) : $0 }
            }
        }
        let (left, right) = (try masks(rows), try masks(columns))
        let fewest = left.flatMap { one in right.map { (one & $0).nonzeroBitCount } }.min()
        #expect(rows.smallestOverlap(with: columns).exact == fewest)
        #expect(fewest == 3)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `a search cut short encloses the true figure`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = try parties(9)
        let first = try randomTree(over: all, using: &random)
        let second = try randomRepeatingTree(leafCount: 12, over: all, using: &random)
        for other in [second, try randomTree(over: all, using: &random)] {
            let bounds = first.smallestOverlap(with: other, counting: nil, effort: 1)
            let truth = try #require(first.smallestOverlap(with: other).exact)
            #expect((bounds.atLeast...bounds.atMost).contains(truth))
        }
        let bounds = SmallestQuorumSearch.bounds(second, effort: 1) { _ in false }
        #expect((bounds.atLeast...bounds.atMost).contains(try #require(second.smallestQuorum.exact)))
    }

    @Test func `a search cut short says so`() throws {
        let bounds = try grid(6, by: 5) { $0 / 6 }
            .smallestOverlap(with: try grid(6, by: 5) { $0 % 6 }, counting: nil, effort: 20_000)
        #expect(bounds.exact == nil)
        #expect(bounds.atLeast <= 14)
        #expect(bounds.atMost >= 15)
        #expect("\(bounds)" == "between \(bounds.atLeast) and \(bounds.atMost)")
    }

    @Test func `the whole procedure is one rule over repeated parties`() throws {
        let all = try parties(100).map(ThresholdTree.Node.leaf)
        let decide = ThresholdTree.Node.gate(
            threshold: 2,
            children: [
                .gate(threshold: 40, children: Array(all[..<60])), .gate(threshold: 27, children: Array(all[60...])),
            ]
        )
        let record = ThresholdTree.Node.gate(threshold: 67, children: all)
        let procedure = try ThresholdTree(.gate(threshold: 2, children: [record, decide]))
        #expect(procedure.smallestQuorum.exact == 67)
        #expect(procedure.smallestBlockingSet.exact == 14)
        #expect(procedure.smallestSelfOverlap.exact == 34)
        #expect(procedure.partiesWithoutSay.isEmpty)
    }

    /// `side` groups of `side` parties each, `threshold` of them needed, and as many of each.
    private func grid(_ side: Int, by threshold: Int, _ group: (Int) -> Int) throws -> ThresholdTree {
        let all = try parties(side * side)
        let groups = (0..<side).map { number in
            ThresholdTree.Node.gate(
                threshold: threshold,
                children: all.indices.filter { group($0) == number }.map { .leaf(all[$0]) }
            )
        }
        return try ThresholdTree(.gate(threshold: threshold, children: groups))
    }
}
