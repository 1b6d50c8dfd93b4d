extension ThresholdTree {
    /// The fewest parties that a quorum of this rule and a quorum of another must have in common.
    ///
    /// 0 means that two quorums can be disjoint, so that contradictory orders need nobody to sign both. Exact when both
    /// rules are read-once and their groups nest (equal groups under any thresholds, a flat rule and a nested one, one
    /// grouping finer than the other); otherwise exact by search within `Limits.searchEffort`, and bounds beyond.
    /// `counting` restricts the count to the members of a class.
    public func smallestOverlap(with other: ThresholdTree, counting partyClass: PartySet? = nil) -> Bounds {
        smallestOverlap(with: other, counting: partyClass, effort: Limits.searchEffort)
    }

    /// The fewest parties that two quorums of this rule have in common.
    public var smallestSelfOverlap: Bounds { smallestOverlap(with: self) }

    func smallestOverlap(with other: ThresholdTree, counting partyClass: PartySet?, effort: Int) -> Bounds {
        let all = parties.union(other.parties)
        let number: (PartyName) -> Int = { all.members.firstIndex(notBefore: $0) }
        let first = Formula(self, numbering: number)
        let second = Formula(other, numbering: number)
        let isFree = all.map { party in partyClass.map { !$0.contains(party) } ?? false }
        return OverlapSearch.bounds(
            first.assuming { isFree[$0] ? true : nil },
            second.assuming { isFree[$0] ? true : nil },
            partyCount: all.count,
            effort: effort
        )
    }
}

/// Searches for two quorums with few common members, deciding party by party until the rest can be computed exactly.
struct OverlapSearch {
    private let partyCount: Int
    private var budget: SearchBudget
    private var best = Int.max

    /// The fewest common members of two sets that meet the formulas.
    static func bounds(
        _ first: Formula,
        _ second: Formula,
        partyCount: Int,
        effort: Int = ThresholdTree.Limits.searchEffort
    ) -> Bounds {
        var search = OverlapSearch(partyCount: partyCount, effort: effort)
        return search.bounds(first, second)
    }

    private init(partyCount: Int, effort: Int) {
        self.partyCount = partyCount
        self.budget = SearchBudget(partyCount: partyCount, effort: effort)
    }

    private mutating func bounds(_ first: Formula, _ second: Formula) -> Bounds {
        let root = FormulaPair(first, second, partyCount: partyCount)
        explore(root, spent: 0)
        return Bounds(atLeast: budget.isExhausted ? min(best, root.lowerBound) : best, atMost: best)
    }

    private mutating func explore(_ pair: FormulaPair, spent: Int) {
        guard pair.isPossible else { return }
        if let rest = pair.exactOverlap {
            best = min(best, spent + rest)
            return
        }
        // The first descent always ends, so that there is a witness even when the search is cut short.
        guard best == Int.max || !budget.isExhausted else { return }
        budget.spendStep()
        guard spent + pair.lowerBound < best else { return }
        let party = pair.partyToDecide
        explore(pair.giving(party, toFirst: true, toSecond: false), spent: spent)
        explore(pair.giving(party, toFirst: false, toSecond: true), spent: spent)
        explore(pair.giving(party, toFirst: true, toSecond: true), spent: spent + 1)
    }
}
