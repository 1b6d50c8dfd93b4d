import SeededNumbers
import Testing

@testable import QuorumPolicy

/// Every figure about coalitions is compared with the definition, over all subsets of up to 14 parties.
@Suite struct CoalitionAnalysisTests {
    private static func procedure(_ seed: UInt64) throws -> Procedure {
        var random = SeededGenerator(seed: seed)
        // Most are small, so that many are tried; every tenth is as large as brute force allows.
        let most = seed.isMultiple(of: 10) ? 14 : 9
        return try randomProcedure(over: parties(Int.random(in: 2...most, using: &random)), using: &random)
    }

    @Test(arguments: 0..<120 as Range<UInt64>)
    func `counts and minimal sets are those of brute force`(seed: UInt64) throws {
        let procedure = try Self.procedure(seed)
        let truth = BruteForce(procedure)
        let analysis = try #require(CoalitionAnalysis(procedure))
        let (minimal, blocking) = (truth.minimalQuorums, truth.minimalBlockingSets)
        #expect(analysis.quorumCount == Natural(truth.quorums.count))
        #expect(analysis.setCount == Natural(truth.isQuorum.count))
        #expect(analysis.minimalQuorumCount == Natural(minimal.count))
        #expect(analysis.minimalBlockingSetCount == Natural(blocking.count))
        #expect(analysis.smallestQuorum == minimal.map(\.nonzeroBitCount).min())
        #expect(analysis.smallestBlockingSet == blocking.map(\.nonzeroBitCount).min())
        let silent = truth.all.indices.filter { truth.swings(of: $0).isEmpty }
        #expect(analysis.partiesWithoutSay == PartySet(silent.map { truth.all[$0] }))
        let vetoes = blocking.filter { $0.nonzeroBitCount == 1 }
        #expect(truth.mask(procedure.partiesWithVeto) == vetoes.reduce(0, |))
    }

    @Test(arguments: 0..<120 as Range<UInt64>)
    func `listed profiles are the smallest minimal sets, and all of them if there are few`(seed: UInt64) throws {
        let procedure = try Self.procedure(seed)
        let truth = BruteForce(procedure)
        let analysis = try #require(CoalitionAnalysis(procedure))
        for (profiles, sets, count) in [
            (analysis.quorums, truth.minimalQuorums, analysis.minimalQuorumCount),
            (analysis.blockingSets, truth.minimalBlockingSets, analysis.minimalBlockingSetCount),
        ] {
            for profile in profiles {
                #expect(sets.contains(truth.mask(profile.example)))
                #expect(sets.contains(truth.mask(profile.lastExample)))
                #expect(profile.example.count == profile.size)
            }
            #expect(profiles.map(\.size) == profiles.map(\.size).sorted())
            #expect(profiles.first?.size == sets.map(\.nonzeroBitCount).min())
            let listed = profiles.reduce(Natural.zero) { $0 + $1.setCount }
            if profiles.count < CoalitionAnalysis.Limits.profiles { #expect(listed == count) }
        }
    }

    @Test(arguments: 0..<120 as Range<UInt64>)
    func `power indices are those of brute force`(seed: UInt64) throws {
        let procedure = try Self.procedure(seed)
        let truth = BruteForce(procedure)
        let powers = try #require(procedure.power())
        #expect(powers.map(\.party) == procedure.parties.members)
        let swings = truth.all.indices.map(truth.swings)
        let total = swings.reduce(0) { $0 + $1.count }
        let count = truth.all.count
        for (power, swings) in zip(powers, swings) {
            #expect(power.swings == Natural(swings.count))
            #expect(power.decisive == Fraction(Natural(swings.count), of: Natural(1 << (count - 1))))
            #expect(power.banzhaf == Fraction(Natural(swings.count), of: Natural(total)))
            let orders = swings.reduce(Natural.zero) { sum, set in
                let before = set.nonzeroBitCount
                return sum + Natural.factorial(before) * Natural.factorial(count - 1 - before)
            }
            #expect(power.shapleyShubik == Fraction(orders, of: Natural.factorial(count)))
        }
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `the overlap of two procedures is that of brute force, and its example shows it`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = try parties(Int.random(in: 2...8, using: &random))
        let first = try randomProcedure(over: all, using: &random)
        let second = try randomProcedure(over: all, using: &random)
        let left = BruteForce(first.rules, among: all).minimalQuorums
        let right = BruteForce(second.rules, among: all).minimalQuorums
        let fewest = left.flatMap { one in right.map { (one & $0).nonzeroBitCount } }.min()
        let overlap = ProcedureOverlap(first, second)
        let example = try #require(overlap.example)
        #expect(overlap.fewest.exact == fewest)
        #expect(first.isSatisfied(by: example.first) && second.isSatisfied(by: example.second))
        #expect(example.first.intersection(example.second).count == fewest)
        let bounds = ProcedureOverlap(first, second, effort: 1)
        #expect(bounds.example == nil)
        #expect((bounds.fewest.atLeast...bounds.fewest.atMost).contains(try #require(fewest)))
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `the fewest of a class, of keys and of those who can stop are those of brute force`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let procedure = try Self.procedure(seed)
        let truth = BruteForce(procedure)
        let partyClass = PartySet(truth.all.filter { _ in Bool.random(using: &random) })
        let members = truth.mask(partyClass)
        #expect(procedure.fewest(of: partyClass).exact == truth.quorums.map { ($0 & members).nonzeroBitCount }.min())
        let stopping = truth.blockingSets.filter { $0 & ~members == 0 }
        #expect(procedure.fewestToStop(of: partyClass)?.exact == stopping.map(\.nonzeroBitCount).min())
        let keys = truth.all.map { _ in ["red", "blue", nil].randomElement(using: &random) ?? nil }
        func price(_ set: Int) -> Int {
            let paid = truth.all.indices.filter { set & 1 << $0 != 0 }
            return Set(paid.compactMap { keys[$0] }).count + paid.count { keys[$0] == nil }
        }
        func key(_ party: PartyName) -> String? { truth.all.firstIndex(of: party).flatMap { keys[$0] } }
        #expect(procedure.smallestQuorum(countingOnce: key).exact == truth.quorums.map(price).min())
        #expect(procedure.smallestBlockingSet(countingOnce: key).exact == truth.blockingSets.map(price).min())
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func `a quorum found within a set is minimal and prefers those who came first`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let procedure = try Self.procedure(seed)
        let truth = BruteForce(procedure)
        let set = PartySet(procedure.parties.filter { _ in Int.random(in: 0..<4, using: &random) > 0 })
        let first = procedure.parties.randomElement(using: &random).map { [$0] } ?? []
        let quorum = procedure.minimalQuorum(within: set, inOrder: first)
        #expect((quorum != nil) == truth.isQuorum[truth.mask(set)])
        guard let quorum else { return }
        #expect(quorum.isSubset(of: set))
        #expect(truth.minimalQuorums.contains(truth.mask(quorum)))
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `what is missing beside some and without others is what brute force says`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let procedure = try Self.procedure(seed)
        let truth = BruteForce(procedure)
        let fates = truth.all.map { _ in Int.random(in: 0..<3, using: &random) }
        func parties(_ fate: Int) -> PartySet {
            PartySet(truth.all.indices.filter { fates[$0] == fate }.map { truth.all[$0] })
        }
        let (present, absent) = (parties(0), parties(1))
        let (here, away) = (truth.mask(present), truth.mask(absent))
        let reached = truth.quorums.filter { $0 & here == here && $0 & away == 0 }
        let more = procedure.fewestMore(present: present, absent: absent)
        #expect(more?.exact == reached.map { ($0 & ~here).nonzeroBitCount }.min())
        let dropped = truth.isQuorum.indices.filter { $0 & ~here == 0 && !truth.isQuorum[here & ~$0] }
        let fewest = dropped.map(\.nonzeroBitCount).min() ?? 0
        #expect(procedure.tolerance(of: present)?.exact == (truth.isQuorum[here] ? fewest - 1 : nil))
        for rule in procedure.rules {
            let shortfall = rule.missing(from: present, absent: absent)
            let canBeMet = rule.isSatisfied(by: rule.parties.subtracting(absent))
            #expect((shortfall == nil) == (rule.isSatisfied(by: present) || !canBeMet))
            guard let shortfall else { continue }
            #expect(shortfall.parties.isDisjoint(with: present.union(absent)))
            #expect(rule.isSatisfied(by: present.union(shortfall.parties)))
        }
    }

    @Test func `an analysis that would take too long is not made`() throws {
        var random = SeededGenerator(seed: 14)
        let procedure = Procedure([try randomTree(over: parties(14), using: &random)])
        #expect(CoalitionAnalysis(procedure, effort: 10) == nil)
        #expect(procedure.power(effort: 10) == nil)
    }

    @Test func `a hundred parties under two crossing rules are analysed exactly`() throws {
        let all = try parties(100)
        let leaves = all.map(ThresholdTree.Node.leaf)
        let groups = [
            ThresholdTree.Node.gate(threshold: 40, children: Array(leaves[..<60])),
            .gate(threshold: 27, children: Array(leaves[60...])),
        ]
        let decide = try ThresholdTree(.gate(threshold: 2, children: groups))
        let record = try ThresholdTree(.gate(threshold: 70, children: leaves))
        let procedure = Procedure([record, decide])
        let analysis = try #require(CoalitionAnalysis(procedure))
        #expect(analysis.smallestQuorum == 70)
        #expect(analysis.smallestBlockingSet == 14)
        // Chosen by how many of the 60 there are: 70 in all, or more where either group needs more.
        let expected = (0...60).reduce(Natural.zero) { sum, first in
            guard first >= 40, 70 - first >= 27 else { return sum }
            return sum + SizeCounts(subsetsOf: 60).counts[first] * SizeCounts(subsetsOf: 40).counts[70 - first]
        }
        #expect(analysis.minimalQuorumCount == expected)
        let powers = try #require(procedure.power())
        let banzhaf = powers.reduce(Natural.zero) { $0 + $1.swings }
        #expect(powers.allSatisfy { $0.banzhaf == Fraction($0.swings, of: banzhaf) })
        #expect(Set(powers.map(\.shapleyShubik)).count == 2)
        let shares = (powers[0].shapleyShubik, powers[99].shapleyShubik)
        let counts = (powers.count { $0.shapleyShubik == shares.0 }, powers.count { $0.shapleyShubik == shares.1 })
        let sum =
            shares.0.numerator * Natural(counts.0) * shares.1.denominator
            + shares.1.numerator * Natural(counts.1) * shares.0.denominator
        #expect(sum == shares.0.denominator * shares.1.denominator)
    }

    @Test func `in the textbook's game of weights 2, 1 and 1 with quota 3 the indices are the known ones`() throws {
        let procedure = Procedure([try ThresholdTree(parsingInput: "a and (b or c)")])
        let powers = try #require(procedure.power())
        #expect(powers.map(\.banzhaf.description) == ["3/5", "1/5", "1/5"])
        #expect(powers.map(\.shapleyShubik.description) == ["2/3", "1/6", "1/6"])
        #expect(powers.map(\.decisive.description) == ["3/4", "1/4", "1/4"])
    }
}
