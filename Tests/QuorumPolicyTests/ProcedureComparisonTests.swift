import SeededNumbers
import Testing

@testable import QuorumPolicy

/// Verdicts, counts and witnesses of a comparison are those of brute force over all subsets.
@Suite struct ProcedureComparisonTests {
    private func pair(_ seed: UInt64) throws -> (old: Procedure, new: Procedure, all: [PartyName]) {
        var random = SeededGenerator(seed: seed)
        let all = try parties(Int.random(in: 2...(seed.isMultiple(of: 10) ? 14 : 8), using: &random))
        let old = try randomProcedure(over: all, using: &random)
        let other = try randomProcedure(over: all, using: &random)
        // A rule more is stricter, a rule in place of another may be anything.
        let new = seed.isMultiple(of: 3) ? Procedure(old.rules + other.rules) : other
        let parties = old.parties.union(new.parties).members
        return seed.isMultiple(of: 2) ? (new, old, parties) : (old, new, parties)
    }

    @Test(arguments: 0..<150 as Range<UInt64>)
    func `verdict, counts and examples are those of brute force`(seed: UInt64) throws {
        let (old, new, all) = try pair(seed)
        let (before, after) = (BruteForce(old.rules, among: all), BruteForce(new.rules, among: all))
        let gained = before.isQuorum.indices.filter { after.isQuorum[$0] && !before.isQuorum[$0] }
        let lost = before.isQuorum.indices.filter { before.isQuorum[$0] && !after.isQuorum[$0] }
        let comparison = ProcedureComparison(old: old, new: new)
        let verdict: ProcedureComparison.Verdict =
            switch (gained.isEmpty, lost.isEmpty) {
            case (true, true): .same
            case (false, true): .looser
            case (true, false): .stricter
            case (false, false): .neither
            }
        #expect(comparison.verdict == verdict)
        try check(comparison.gained, gained, before)
        try check(comparison.lost, lost, before)
    }

    private func check(_ change: ProcedureComparison.Change?, _ sets: [Int], _ space: BruteForce) throws {
        #expect((change == nil) == sets.isEmpty)
        guard let change else { return }
        let all = Set(sets)
        let minimal = space.minimal { all.contains($0) }
        #expect(change.count == Natural(sets.count))
        #expect(change.minimalCount == Natural(minimal.count))
        #expect(minimal.contains(space.mask(change.witness)))
        #expect(change.witness.count == sets.map(\.nonzeroBitCount).min())
        #expect(change.examples.allSatisfy { minimal.contains(space.mask($0.example)) })
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `without time for an exact answer only what was found is said`(seed: UInt64) throws {
        let (old, new, _) = try pair(seed)
        let truth = ProcedureComparison(old: old, new: new)
        let comparison = ProcedureComparison(old: old, new: new, effort: 1)
        #expect([.undecided, truth.verdict].contains(comparison.verdict))
        for (change, from, to) in [(comparison.gained, old, new), (comparison.lost, new, old)] {
            guard let change else { continue }
            #expect(change.count == nil && change.minimalCount == nil)
            #expect(to.isSatisfied(by: change.witness) && !from.isSatisfied(by: change.witness))
        }
    }

    @Test func `where counting would take too long, a rule that is only tightened is stricter all the same`() throws {
        // Two groupings of 36 parties that cross everywhere.
        let all = try parties(36)
        func grid(_ threshold: Int, _ group: (Int) -> Int) throws -> ThresholdTree {
            let groups = (0..<6).map { number in
                let members = all.indices.filter { group($0) == number }.map { ThresholdTree.Node.leaf(all[$0]) }
                return ThresholdTree.Node.gate(threshold: 4, children: members)
            }
            return try ThresholdTree(.gate(threshold: threshold, children: groups))
        }
        let (rows, columns) = (try grid(4) { $0 / 6 }, try grid(4) { $0 % 6 })
        let (old, tighter) = (Procedure([columns, rows]), Procedure([columns, try grid(5) { $0 / 6 }]))
        let comparison = ProcedureComparison(old: old, new: tighter, effort: 500_000)
        #expect(comparison.verdict == .stricter)
        #expect(comparison.lost?.count == nil && comparison.gained == nil)
        let overlap = ProcedureOverlap(old, old, effort: 500_000)
        #expect(overlap.example == nil)
        // Two sets of 4 of 6 groups share 2 groups, and in each of them 2 parties.
        #expect(overlap.fewest.atLeast == 4 && overlap.fewest.atMost >= 4)
        #expect(CoalitionAnalysis(old, effort: 500_000) == nil && old.power(effort: 500_000) == nil)
    }

    @Test func `a party that only one charter knows counts there and nowhere else`() throws {
        let old = Procedure([try ThresholdTree(parsingInput: "2 of (a, b, c)")])
        let new = Procedure([try ThresholdTree(parsingInput: "3 of (a, b, c, d)")])
        let comparison = ProcedureComparison(old: old, new: new)
        #expect(comparison.verdict == .stricter)
        // Exactly two of a, b and c, but for those pairs that d joins.
        #expect(comparison.lost?.count == 3)
        #expect(comparison.lost?.examples.map(\.setCount) == [3])
        #expect(comparison.lost?.witness.description == "a, b")
    }
}

extension Natural: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt) { self.init(UInt128(value)) }
}
