extension ThresholdTree {
    /// How many parties the smallest quorum has; `atLeast` is a sound q_min for the bound on signing attempts.
    public var smallestQuorum: Bounds {
        SmallestQuorumSearch.bounds(self) { _ in false }
    }

    /// The fewest members of a class that any quorum contains; 0 if the rule can be met without the class.
    public func fewest(of partyClass: PartySet) -> Bounds {
        SmallestQuorumSearch.bounds(self) { !partyClass.contains($0) }
    }

    /// How many parties the smallest set has without which the rule cannot be met.
    public var smallestBlockingSet: Bounds { dual.smallestQuorum }

    /// The largest f such that any f parties may be missing.
    public var crashTolerance: Bounds {
        let blocking = smallestBlockingSet
        return Bounds(atLeast: blocking.atLeast - 1, atMost: blocking.atMost - 1)
    }

    /// Whether the rule cannot be met when these parties stay away.
    public func isBlocked(by absent: PartySet) -> Bool {
        !isSatisfied(by: parties.subtracting(absent))
    }

    /// The parties without each of which the rule cannot be met.
    public var partiesWithVeto: PartySet {
        var present = [Bool](repeating: true, count: participants.count)
        let vetoes = participants.filter { participant in
            present[participant.identifier - 1] = false
            defer { present[participant.identifier - 1] = true }
            return !satisfiedGates(by: present)[0]
        }
        return PartySet(vetoes.map(\.party))
    }

    /// The parties of the rule, in byte order, that no minimal quorum contains; always empty for read-once rules.
    ///
    /// Parties that the search, within `Limits.searchEffort` in all, cannot settle are taken to have a say.
    public var partiesWithoutSay: PartySet {
        guard !isReadOnce else { return [] }
        let formula = Formula(self) { (identifier(of: $0) ?? 1) - 1 }
        var search = SaySearch(partyCount: participants.count)
        let silent = participants.filter { participant in
            // A minimal quorum with the party settles most cases without a search.
            minimalQuorum(within: parties, inOrder: [participant.party])?.contains(participant.party) != true
                && !search.hasSay(participant.identifier - 1, in: formula)
        }
        return PartySet(silent.map(\.party))
    }
}

/// Looks for a set of the others to which one party makes the difference.
struct SaySearch {
    private let partyCount: Int
    private var budget: SearchBudget

    /// What a subformula can be without and with the party, over all choices of the others.
    private struct Reach {
        var never = false
        var decisive = false
        var always = false
    }

    init(partyCount: Int) {
        self.partyCount = partyCount
        self.budget = SearchBudget(partyCount: partyCount)
    }

    /// Treating repeated parties as independent may only err towards having a say, so they are decided one by one.
    mutating func hasSay(_ party: Int, in formula: Formula) -> Bool {
        guard !budget.isExhausted else { return true }
        budget.spendStep()
        guard reach(of: formula, by: party).decisive else { return false }
        var occurrences = formula.occurrences(count: partyCount)
        occurrences[party] = 0
        guard let next = Formula.mostFrequent(occurrences) else { return true }
        return hasSay(party, in: formula.assuming { $0 == next ? true : nil })
            || hasSay(party, in: formula.assuming { $0 == next ? false : nil })
    }

    private func reach(of formula: Formula, by party: Int) -> Reach {
        switch formula {
        case .constant(let isMet): return Reach(never: !isMet, always: isMet)
        case .leaf(party): return Reach(decisive: true)
        case .leaf: return Reach(never: true, always: true)
        case .gate(let threshold, let children):
            let reaches = children.map { reach(of: $0, by: party) }
            // "Low" chooses each child's smallest outcome, "high" its largest; in between one child changes at a time,
            // so that every count on the way is met.
            let lowWithout = reaches.count { !$0.never && !$0.decisive }
            let lowWith = reaches.count { !$0.never }
            let highWithout = reaches.count(where: \.always)
            let highWith = reaches.count { $0.always || $0.decisive }
            return Reach(
                never: lowWith < threshold,
                decisive: highWith >= threshold && lowWithout < threshold && reaches.contains(where: \.decisive),
                always: highWithout >= threshold
            )
        }
    }
}
