import QuorumPolicy
import SeededNumbers

/// The parties of random rules, called p0 and so on.
func parties(_ count: Int) throws -> [PartyName] {
    try (0..<count).map { try PartyName("p\($0)") }
}

/// A random read-once node over all the given parties.
func randomNode(over parties: [PartyName], using random: inout SeededGenerator) -> ThresholdTree.Node {
    guard parties.count > 1 else { return .leaf(parties[0]) }
    let groupCount = Int.random(in: 2...parties.count, using: &random)
    var groups = parties.prefix(groupCount).map { [$0] }
    for party in parties.dropFirst(groupCount) {
        groups[Int.random(in: 0..<groupCount, using: &random)].append(party)
    }
    let children = groups.shuffled(using: &random).map { randomNode(over: $0, using: &random) }
    return .gate(threshold: Int.random(in: 1...groupCount, using: &random), children: children)
}

/// A random read-once rule over all the given parties.
func randomTree(over parties: [PartyName], using random: inout SeededGenerator) throws -> ThresholdTree {
    try ThresholdTree(randomNode(over: parties.shuffled(using: &random), using: &random))
}

/// A random rule with `leafCount` leaves drawn with repetition from the parties.
func randomRepeatingTree(
    leafCount: Int,
    over parties: [PartyName],
    using random: inout SeededGenerator
) throws -> ThresholdTree {
    let drawn = (0..<leafCount).map { _ in parties[Int.random(in: 0..<parties.count, using: &random)] }
    return try ThresholdTree(randomNode(over: drawn, using: &random))
}

/// All subsets of the parties.
func subsets(of parties: some Collection<PartyName>) -> [PartySet] {
    parties.reduce(into: [PartySet()]) { all, party in all += all.map { $0.union([party]) } }
}

/// All subsets that meet the rule.
func quorums(of tree: ThresholdTree, among parties: some Collection<PartyName>) -> [PartySet] {
    subsets(of: parties).filter { naive(tree.root, $0) }
}

/// The definition of a rule, written as it is said.
func naive(_ node: ThresholdTree.Node, _ set: PartySet) -> Bool {
    switch node {
    case .leaf(let party): set.contains(party)
    case .gate(let threshold, let children): children.count { naive($0, set) } >= threshold
    }
}
