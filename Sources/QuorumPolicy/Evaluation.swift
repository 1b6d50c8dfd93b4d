/// Which parts of a rule a set of parties satisfies; what signing needs to weigh the shares.
public struct Satisfaction: Hashable, Sendable {
    /// Whether the whole rule is met.
    public let isSatisfied: Bool
    /// Per gate, by number: the coordinates (1-based, ascending) of all its satisfied children.
    public let satisfiedPositions: [[Int]]
    /// The leaves that count, ascending: their party is in the set and every gate above them is satisfied.
    public let usedLeaves: [Int]
    /// Members of the set without a used leaf; signing refuses a list that names one.
    public let idle: PartySet
}

extension ThresholdTree {
    /// Whether these parties together meet the rule; parties without a place in it do not matter.
    ///
    /// Rules are monotone: if this is false, no subset meets the rule either.
    public func isSatisfied(by set: PartySet) -> Bool {
        satisfiedGates(by: presence(of: set))[0]
    }

    /// The coordinates (1-based, ascending) of the gate's children that the set satisfies.
    public func satisfiedChildren(ofGate number: Int, by set: PartySet) -> [Int] {
        let present = presence(of: set)
        return satisfiedPositions(ofGate: number, present: present, satisfied: satisfiedGates(by: present))
    }

    /// Everything at once: satisfied children per gate, used leaves and idle parties.
    public func satisfaction(by set: PartySet) -> Satisfaction {
        let present = presence(of: set)
        let satisfied = satisfiedGates(by: present)
        let used = leaves.filter { leaf in
            present[leaf.identifier - 1] && leaf.path.allSatisfy { satisfied[$0.gate] }
        }
        return Satisfaction(
            isSatisfied: satisfied[0],
            satisfiedPositions: gates.map {
                satisfiedPositions(ofGate: $0.number, present: present, satisfied: satisfied)
            },
            usedLeaves: used.map(\.number),
            idle: set.subtracting(PartySet(used.map(\.party)))
        )
    }

    /// A quorum without a spare member, or nil if the set does not meet the rule.
    ///
    /// Takes parties of the set in order of arrival until the rule is met, then drops the latest ones that are not
    /// needed. Parties of the set that have not arrived come last, in byte order. Protocol §4, robust signing.
    public func minimalQuorum(within set: PartySet, inOrder arrivals: [PartyName] = []) -> PartySet? {
        var present = presence(of: set)
        guard satisfiedGates(by: present)[0] else { return nil }
        for identifier in identifiers(of: set, inOrder: arrivals).reversed() {
            present[identifier - 1] = false
            if !satisfiedGates(by: present)[0] { present[identifier - 1] = true }
        }
        return PartySet(participants.filter { present[$0.identifier - 1] }.map(\.party))
    }

    /// Whether each participant, by identifier - 1, is in the set.
    func presence(of set: PartySet) -> [Bool] {
        participants.map { set.contains($0.party) }
    }

    /// Whether each gate, by number, is satisfied.
    func satisfiedGates(by present: [Bool]) -> [Bool] {
        var satisfied = [Bool](repeating: false, count: gates.count)
        // A gate's children have higher numbers than itself, so that they are settled before it.
        for gate in gates.reversed() {
            let count = gate.children.count { isSatisfied($0, present: present, satisfied: satisfied) }
            satisfied[gate.number] = count >= gate.threshold
        }
        return satisfied
    }

    func isSatisfied(_ child: Child, present: [Bool], satisfied: [Bool]) -> Bool {
        switch child {
        case .gate(let number): satisfied[number]
        case .leaf(let number): present[leaves[number].identifier - 1]
        }
    }

    private func satisfiedPositions(ofGate number: Int, present: [Bool], satisfied: [Bool]) -> [Int] {
        gates[number].children.enumerated().compactMap { index, child in
            isSatisfied(child, present: present, satisfied: satisfied) ? index + 1 : nil
        }
    }

    private func identifiers(of set: PartySet, inOrder arrivals: [PartyName]) -> [Int] {
        var isListed = [Bool](repeating: false, count: participants.count)
        var ordered: [Int] = []
        for party in arrivals + set.members {
            guard set.contains(party), let identifier = identifier(of: party), !isListed[identifier - 1] else {
                continue
            }
            isListed[identifier - 1] = true
            ordered.append(identifier)
        }
        return ordered
    }
}
