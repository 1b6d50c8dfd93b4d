internal import QuorumPolicy
internal import SignedStatements

extension Charter {
    /// What a sentence calls the members of each gate of a rule: the charter's group names.
    func groupNames(of tree: ThresholdTree) -> OrderedMap<Int, String> {
        OrderedMap(
            tree.gates.compactMap { gate in
                let node = tree.node(.gate(gate.number))
                return groups.first { $0.tree.root == node }.map { (gate.number, $0.name.text) }
            }
        )
    }
}
