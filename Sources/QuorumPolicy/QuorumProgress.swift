/// How far a growing set of participants has come towards a rule.
///
/// Each addition costs a walk from the participant's leaves towards the root, instead of a look at the whole rule; what is kept
/// is one bit for each participant and, until the rule is met, one number for each gate.
public struct QuorumProgress: Hashable, Sendable {
    /// Everybody added so far, by identifier - 1.
    private var members: PartyBits
    /// Whether they meet the rule; once they do, they always will.
    public private(set) var isQuorum = false
    /// How many children of each gate, by number, are satisfied; empty before the first participant and after the last that
    /// mattered.
    private var satisfied: [Int] = []

    /// Starts with nobody.
    public init(towards rule: ThresholdTree) {
        members = PartyBits(capacity: rule.participants.count)
    }

    /// Adds a participant by its identifier 1...n, always under the same rule; `false` if it was there.
    @discardableResult
    public mutating func insert(_ identifier: Int, under rule: ThresholdTree) -> Bool {
        guard !members.contains(identifier - 1) else { return false }
        members.insert(identifier - 1)
        guard !isQuorum else { return true }
        if satisfied.isEmpty { satisfied = Array(repeating: 0, count: rule.gates.count) }
        for leaf in rule.participants[identifier - 1].leaves { climb(rule.leaves[leaf].path, rule.gates) }
        if isQuorum { satisfied = [] }
        return true
    }

    /// Whether a participant was added.
    public func contains(_ identifier: Int) -> Bool { members.contains(identifier - 1) }

    /// Counts a satisfied leaf, and every gate above it that becomes satisfied by it.
    private mutating func climb(_ path: [ThresholdTree.Step], _ gates: [ThresholdTree.Gate]) {
        for step in path.reversed() {
            satisfied[step.gate] += 1
            guard satisfied[step.gate] == gates[step.gate].threshold else { return }
        }
        isQuorum = true
    }
}
