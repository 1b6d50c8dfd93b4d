/// Finds how few parties a quorum needs, when some of them are free of charge.
///
/// Branch and bound over the parties that occur more than once; without such parties one evaluation is exact. A gate that
/// needs only one child is met by the best of them, each looked at by itself.
struct SmallestQuorumSearch {
    private let partyCount: Int
    private var budget: SearchBudget
    private var best: Int

    /// The fewest parties, other than free ones, in any quorum of the tree.
    static func bounds(
        _ tree: ThresholdTree,
        effort: Int = ThresholdTree.Limits.searchEffort,
        free: (PartyName) -> Bool
    ) -> Bounds {
        let isFree = tree.participants.map { free($0.party) }
        let formula = Formula(tree) { (tree.identifier(of: $0) ?? 1) - 1 }.assuming { isFree[$0] ? true : nil }
        return bounds(formula, partyCount: tree.participants.count, effort: effort)
    }

    /// The fewest parties that meet a formula over so many parties; one that nobody can meet is not asked about.
    static func bounds(
        _ formula: Formula,
        partyCount: Int,
        effort: Int = ThresholdTree.Limits.searchEffort
    ) -> Bounds {
        if case .constant = formula { return Bounds(atLeast: 0, atMost: 0) }
        let budget = SearchBudget(partyCount: partyCount, effort: effort)
        let occurrences = formula.occurrences(count: partyCount)
        let least = formula.leastSize(occurrences: occurrences)
        var search = SmallestQuorumSearch(partyCount: partyCount, budget: budget, best: occurrences.count { $0 > 0 })
        search.explore(formula, spent: 0)
        return Bounds(atLeast: search.budget.isExhausted ? least : search.best, atMost: search.best)
    }

    private init(partyCount: Int, budget: SearchBudget, best: Int) {
        self.partyCount = partyCount
        self.budget = budget
        self.best = best
    }

    private mutating func explore(_ formula: Formula, spent: Int) {
        switch formula {
        case .constant(true): best = min(best, spent)
        case .constant(false): break
        case .leaf: best = min(best, spent + 1)
        case .gate(1, let alternatives):
            for alternative in alternatives { explore(alternative, spent: spent) }
        case .gate:
            guard !budget.isExhausted else { return }
            budget.spendStep()
            let occurrences = formula.occurrences(count: partyCount)
            let least = spent + formula.leastSize(occurrences: occurrences)
            guard least < best else { return }
            guard let party = Formula.mostFrequent(occurrences) else {
                best = least
                return
            }
            explore(formula.assuming { $0 == party ? true : nil }, spent: spent + 1)
            explore(formula.assuming { $0 == party ? false : nil }, spent: spent)
        }
    }
}

extension Formula {
    /// The party to decide next: the one that occurs most often, or nil if none occurs twice.
    static func mostFrequent(_ occurrences: [Int]) -> Int? {
        guard let most = occurrences.max(), most > 1 else { return nil }
        return occurrences.firstIndex(of: most)
    }
}
