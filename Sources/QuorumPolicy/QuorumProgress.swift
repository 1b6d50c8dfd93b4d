/// How far a growing set of parties has come towards a rule.
///
/// Each addition costs a walk from the party's leaves towards the root, instead of a look at the whole rule.
public struct QuorumProgress: Hashable, Sendable {
    /// Everybody added so far.
    public private(set) var parties = PartySet()
    /// Whether they meet the rule; once they do, they always will.
    public private(set) var isQuorum = false
    /// How many children of each gate, by number, are satisfied; empty before the first party and after the last that mattered.
    private var satisfied: [Int] = []

    public init() {}

    /// Adds a party, always under the same rule; `false` if it was there.
    @discardableResult
    public mutating func insert(_ party: PartyName, under rule: ThresholdTree) -> Bool {
        guard parties.insert(party) else { return false }
        guard !isQuorum, let identifier = rule.identifier(of: party) else { return true }
        if satisfied.isEmpty { satisfied = Array(repeating: 0, count: rule.gates.count) }
        for leaf in rule.participants[identifier - 1].leaves { climb(rule.leaves[leaf].path, rule.gates) }
        if isQuorum { satisfied = [] }
        return true
    }

    /// Counts a satisfied leaf, and every gate above it that becomes satisfied by it.
    private mutating func climb(_ path: [ThresholdTree.Step], _ gates: [ThresholdTree.Gate]) {
        for step in path.reversed() {
            satisfied[step.gate] += 1
            guard satisfied[step.gate] == gates[step.gate].threshold else { return }
        }
        isQuorum = true
    }
}
