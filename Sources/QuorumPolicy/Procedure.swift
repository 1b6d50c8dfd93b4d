/// Rules that must all be met before something happens, such as recording and deciding, judged as one.
///
/// A set of parties **can act** if it meets every rule by itself, and **can stop** it if without the set some rule cannot be met.
package struct Procedure: Hashable, Sendable {
    /// At least one; no two alike.
    package let rules: [ThresholdTree]
    /// All parties with a place in any of the rules.
    package let parties: PartySet

    /// Rules in any order, at least one; one that is repeated counts once.
    package init(_ rules: [ThresholdTree]) {
        precondition(!rules.isEmpty, "a procedure has a rule")
        self.rules = rules.enumerated().filter { index, rule in !rules[..<index].contains(rule) }.map(\.element)
        parties = PartySet(rules.flatMap { Array($0.parties) })
    }

    /// Whether these parties together meet every rule.
    package func isSatisfied(by set: PartySet) -> Bool { rules.allSatisfy { $0.isSatisfied(by: set) } }

    /// Whether some rule cannot be met when these parties stay away.
    package func isBlocked(by absent: PartySet) -> Bool { !isSatisfied(by: parties.subtracting(absent)) }

    /// The parties without each of which some rule cannot be met.
    package var partiesWithVeto: PartySet { PartySet(rules.flatMap { Array($0.partiesWithVeto) }) }

    /// A set that can act and has no party to spare, taken from `set` in this order; nil if `set` cannot act.
    package func minimalQuorum(within set: PartySet, inOrder arrivals: [PartyName] = []) -> PartySet? {
        guard isSatisfied(by: set) else { return nil }
        let late = set.filter { !arrivals.contains($0) }
        var quorum = set.intersection(parties)
        for party in (arrivals + late).reversed() where isSatisfied(by: quorum.subtracting([party])) {
            quorum.remove(party)
        }
        return quorum
    }

    /// How few can act, where those with the same key count as one and those without a key each for themselves.
    ///
    /// Keys are such as the country of each party: the fewest countries whose parties can act together.
    package func smallestQuorum(countingOnce key: (PartyName) -> String? = { _ in nil }) -> Bounds {
        SmallestQuorumSearch.bounds(formula(countingOnce: key), partyCount: parties.count)
    }

    /// How few can stop it, counted likewise.
    package func smallestBlockingSet(countingOnce key: (PartyName) -> String? = { _ in nil }) -> Bounds {
        SmallestQuorumSearch.bounds(formula(countingOnce: key).dual, partyCount: parties.count)
    }

    /// The fewest members of a class in any set that can act; 0 if it can happen without the class.
    package func fewest(of partyClass: PartySet) -> Bounds {
        let isFree = parties.map { !partyClass.contains($0) }
        let formula = formula(among: parties).assuming { isFree[$0] ? true : nil }
        return SmallestQuorumSearch.bounds(formula, partyCount: parties.count)
    }

    /// The fewest members of a class that can stop it although everybody else takes part; nil if the class cannot.
    package func fewestToStop(of partyClass: PartySet) -> Bounds? {
        guard isBlocked(by: partyClass) else { return nil }
        let isPresent = parties.map { !partyClass.contains($0) }
        let formula = formula(among: parties).assuming { isPresent[$0] ? true : nil }
        return SmallestQuorumSearch.bounds(formula.dual, partyCount: parties.count)
    }

    /// How many more are needed, from those who are neither present nor absent, before these can act; nil if they never can.
    package func fewestMore(present: PartySet, absent: PartySet = []) -> Bounds? {
        let rest = settled(present: present.subtracting(absent), absent: absent)
        return rest == .constant(false) ? nil : SmallestQuorumSearch.bounds(rest, partyCount: parties.count)
    }

    /// Any so many of the present may still drop out, nobody else taking part; nil if they cannot act.
    package func tolerance(of present: PartySet) -> Bounds? {
        guard isSatisfied(by: present) else { return nil }
        let rest = settled(present: [], absent: parties.subtracting(present))
        let blocking = SmallestQuorumSearch.bounds(rest.dual, partyCount: parties.count)
        return Bounds(atLeast: blocking.atLeast - 1, atMost: blocking.atMost - 1)
    }

    private func settled(present: PartySet, absent: PartySet) -> Formula {
        let values = parties.map { present.contains($0) ? true : absent.contains($0) ? false : nil }
        return formula(among: parties).assuming { values[$0] }
    }

    /// The fewest parties that a set that can act here and one that can act there have in common.
    ///
    /// Bounds come from a search within `effort`, and from the rules: two sets share no fewer than quorums of any two rules do.
    package func smallestOverlap(
        with other: Procedure,
        effort: Int = ThresholdTree.Limits.searchEffort
    ) -> Bounds {
        let all = parties.union(other.parties)
        let whole = OverlapSearch.bounds(
            formula(among: all),
            other.formula(among: all),
            partyCount: all.count,
            effort: effort
        )
        guard whole.exact == nil else { return whole }
        let parts = rules.flatMap { rule in
            other.rules.map { rule.smallestOverlap(with: $0, counting: nil, effort: effort).atLeast }
        }
        return Bounds(atLeast: max(whole.atLeast, parts.max() ?? 0), atMost: whole.atMost)
    }

    /// One formula for all rules, over numbers that are the parties' places in `all`.
    private func formula(among all: PartySet) -> Formula {
        let formulas = rules.map { Formula($0) { all.members.firstIndex(notBefore: $0) } }
        return formulas.count == 1 ? formulas[0] : .gate(formulas.count, formulas)
    }

    private func formula(countingOnce key: (PartyName) -> String?) -> Formula {
        var firsts: OrderedMap<String, Int> = [:]
        let numbers = parties.enumerated().map { index, party in
            guard let key = key(party) else { return index }
            let number = firsts[key] ?? index
            firsts[key] = number
            return number
        }
        let formulas = rules.map { rule in Formula(rule) { numbers[parties.members.firstIndex(notBefore: $0)] } }
        return formulas.count == 1 ? formulas[0] : .gate(formulas.count, formulas)
    }
}

extension Formula {
    /// The formula that is met by the sets without which this one cannot be met.
    var dual: Formula {
        switch self {
        case .constant(let isMet): .constant(!isMet)
        case .leaf: self
        case .gate(let threshold, let children): .gate(children.count - threshold + 1, children.map(\.dual))
        }
    }
}
