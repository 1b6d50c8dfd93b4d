/// Two formulas over the same parties, each party of which joins the first quorum, the second, or at a cost of 1 both.
struct FormulaPair {
    private let first: Formula
    private let second: Formula
    private let firstOccurrences: [Int]
    private let secondOccurrences: [Int]
    private let nesting: CommonNesting?

    /// Simplifies: a party that only one formula still mentions joins its quorum for nothing.
    init(_ first: Formula, _ second: Formula, partyCount: Int) {
        var (first, second) = (first, second)
        while true {
            let (inFirst, inSecond) = (
                first.occurrences(count: partyCount), second.occurrences(count: partyCount)
            )
            if zip(inFirst, inSecond).allSatisfy({ ($0 > 0) == ($1 > 0) }) {
                (self.first, self.second) = (first, second)
                (firstOccurrences, secondOccurrences) = (inFirst, inSecond)
                break
            }
            first = first.assuming { inSecond[$0] == 0 ? true : nil }
            second = second.assuming { inFirst[$0] == 0 ? true : nil }
        }
        let isReadOnce = !firstOccurrences.contains { $0 > 1 } && !secondOccurrences.contains { $0 > 1 }
        nesting = isReadOnce ? CommonNesting(self.first, self.second, partyCount: partyCount) : nil
    }

    /// Whether both formulas can still be met.
    var isPossible: Bool { first != .constant(false) && second != .constant(false) }

    /// The smallest overlap, if it can be computed without deciding further parties.
    var exactOverlap: Int? {
        if case .constant = first { return 0 }
        if case .constant = second { return 0 }
        if case .leaf = first { return 1 }
        if case .leaf = second { return 1 }
        return nesting?.smallestOverlap
    }

    /// A number that no overlap falls below: one formula is weakened to "as many parties as its smallest quorum has".
    var lowerBound: Int {
        guard case .gate = first, case .gate = second else { return 0 }
        let partyCount = firstOccurrences.count
        let parties = firstOccurrences.indices.filter { firstOccurrences[$0] > 0 }.map(Formula.leaf)
        let sizes = (
            first.leastSize(occurrences: firstOccurrences), second.leastSize(occurrences: secondOccurrences)
        )
        let weakened = (Formula.gate(sizes.0, parties), Formula.gate(sizes.1, parties))
        var bound = max(0, sizes.0 + sizes.1 - parties.count)
        if !firstOccurrences.contains(where: { $0 > 1 }) {
            bound = max(bound, CommonNesting(first, weakened.1, partyCount: partyCount)?.smallestOverlap ?? 0)
        }
        if !secondOccurrences.contains(where: { $0 > 1 }) {
            bound = max(bound, CommonNesting(weakened.0, second, partyCount: partyCount)?.smallestOverlap ?? 0)
        }
        return bound
    }

    /// The party whose decision most likely leaves nested groups: a repeated one, else one of two groups that cross.
    var partyToDecide: Int {
        let total = zip(firstOccurrences, secondOccurrences).map { max($0, $1) }
        if let party = Formula.mostFrequent(total) { return party }
        return CommonNesting.crossing(first, second, partyCount: total.count)
            ?? total.firstIndex { $0 > 0 } ?? 0
    }

    func giving(_ party: Int, toFirst isInFirst: Bool, toSecond isInSecond: Bool) -> FormulaPair {
        FormulaPair(
            first.assuming { $0 == party ? isInFirst : nil },
            second.assuming { $0 == party ? isInSecond : nil },
            partyCount: firstOccurrences.count
        )
    }
}
