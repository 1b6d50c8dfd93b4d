/// Walks a tree in pre-order, checks it against the limits and numbers what it meets.
struct TreeNumbering {
    /// A gate is entered before its children and completed after them; nil in between.
    private(set) var gates: [ThresholdTree.Gate?] = []
    private(set) var leaves: [ThresholdTree.Leaf] = []
    private(set) var columnCount = 1
    private var identifiers = OrderedMap<PartyName, Int>()

    mutating func add(
        _ node: ThresholdTree.Node,
        path: [ThresholdTree.Step]
    ) throws(PolicyError) -> ThresholdTree.Child {
        switch node {
        case .leaf(let party): .leaf(try addLeaf(party, path: path))
        case .gate(let threshold, let children): .gate(try addGate(threshold, children, path: path))
        }
    }

    func participants() -> [ThresholdTree.Participant] {
        var leafNumbers = [[Int]](repeating: [], count: identifiers.count)
        for leaf in leaves {
            leafNumbers[leaf.identifier - 1].append(leaf.number)
        }
        return leafNumbers.enumerated().map { index, numbers in
            ThresholdTree.Participant(identifier: index + 1, party: leaves[numbers[0]].party, leaves: numbers)
        }
    }

    private mutating func addLeaf(_ party: PartyName, path: [ThresholdTree.Step]) throws(PolicyError) -> Int {
        let number = leaves.count
        guard number < ThresholdTree.Limits.leaves else { throw .tooManyLeaves(at: .leaf(number)) }
        let identifier = identifiers[party] ?? identifiers.count + 1
        identifiers[party] = identifier
        leaves.append(.init(number: number, party: party, identifier: identifier, path: path))
        return number
    }

    private mutating func addGate(
        _ threshold: Int,
        _ children: [ThresholdTree.Node],
        path: [ThresholdTree.Step]
    ) throws(PolicyError) -> Int {
        let number = gates.count
        guard path.count < ThresholdTree.Limits.depth else { throw .tooDeep(at: .gate(number)) }
        guard children.count >= 2 else { throw .tooFewMembers(children.count, at: .gate(number)) }
        guard (1...children.count).contains(threshold) else {
            throw .invalidThreshold("\(threshold)", members: children.count, at: .gate(number))
        }
        let columns = columnCount..<columnCount + threshold - 1
        columnCount = columns.upperBound
        gates.append(nil)
        var numbered: [ThresholdTree.Child] = []
        for (index, child) in children.enumerated() {
            numbered.append(try add(child, path: path + [.init(gate: number, x: index + 1)]))
        }
        gates[number] = .init(number: number, threshold: threshold, children: numbered, columns: columns)
        return number
    }
}
