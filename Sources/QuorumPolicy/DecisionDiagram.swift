/// An exact analysis would take too long; whoever asked answers with bounds, or says that there is no figure.
struct AnalysisTooLong: Error {}

/// Functions of profiles, each a directed graph: a node asks how many parties of one kind there are.
///
/// Reduced and ordered, so that equal functions are the same node (Bryant 1986; with more than two edges per node, Srinivasan
/// et al. 1990). Level `i` asks for kind `i`, and its nodes have an edge for each number from 0 to the kind's size.
struct DecisionDiagram {
    typealias Node = Int

    /// The function that no profile meets, and the one that all meet.
    static let never: Node = 0
    static let always: Node = 1

    /// How many parties each kind has.
    let sizes: [Int]
    private var levels: [Int]
    private var edges: [[Node]]
    private var known: [NodeKey: Node] = [:]
    private var choices: [ChoiceKey: Node] = [:]
    private var effort: Int

    private struct NodeKey: Hashable {
        let level: Int
        let edges: [Node]
    }

    private struct ChoiceKey: Hashable {
        let test: Node
        let met: Node
        let unmet: Node
    }

    /// What looking a node up costs, in edges looked at.
    private static let lookupCost = 24

    /// `effort` is how many edges and coefficients may be looked at in all.
    init(sizes: [Int], effort: Int) {
        self.sizes = sizes
        self.effort = effort
        levels = [sizes.count, sizes.count]
        edges = [[], []]
    }

    /// The level that the node asks about; the number of levels for a constant.
    func level(of node: Node) -> Int { levels[node] }

    /// What is left of the function when there are `count` parties of the level's kind.
    func branch(_ node: Node, at level: Int, count: Int) -> Node {
        levels[node] == level ? edges[node][count] : node
    }

    /// The levels that the node or any below it asks about.
    func levels(below node: Node) -> Set<Int> {
        var (seen, open): (Set<Node>, [Node]) = ([node], [node])
        while let next = open.popLast() {
            for edge in edges[next] where seen.insert(edge).inserted { open.append(edge) }
        }
        return Set(seen.map { levels[$0] })
    }

    /// Takes `steps` from what may be spent.
    mutating func spend(_ steps: Int) throws(AnalysisTooLong) {
        effort -= steps
        guard effort > 0 else { throw AnalysisTooLong() }
    }

    /// The node with these edges.
    mutating func node(level: Int, edges branches: [Node]) throws(AnalysisTooLong) -> Node {
        try spend(branches.count + Self.lookupCost)
        if branches.allSatisfy({ $0 == branches[0] }) { return branches[0] }
        let key = NodeKey(level: level, edges: branches)
        if let node = known[key] { return node }
        levels.append(level)
        edges.append(branches)
        known[key] = levels.count - 1
        return levels.count - 1
    }

    /// The function that is `met` where `test` is met and `unmet` elsewhere.
    mutating func choose(_ test: Node, _ met: Node, else unmet: Node) throws(AnalysisTooLong) -> Node {
        if test == Self.always || met == unmet { return met }
        if test == Self.never { return unmet }
        if met == Self.always, unmet == Self.never { return test }
        try spend(Self.lookupCost)
        let key = ChoiceKey(test: test, met: met, unmet: unmet)
        if let node = choices[key] { return node }
        let level = min(levels[test], levels[met], levels[unmet])
        var branches: [Node] = []
        for count in 0...sizes[level] {
            branches.append(
                try choose(
                    branch(test, at: level, count: count),
                    branch(met, at: level, count: count),
                    else: branch(unmet, at: level, count: count)
                )
            )
        }
        let node = try node(level: level, edges: branches)
        choices[key] = node
        return node
    }

    mutating func both(_ left: Node, _ right: Node) throws(AnalysisTooLong) -> Node {
        try choose(left, right, else: Self.never)
    }

    mutating func either(_ left: Node, _ right: Node) throws(AnalysisTooLong) -> Node {
        try choose(left, Self.always, else: right)
    }

    /// The profiles that meet the first function and not the second.
    mutating func difference(_ first: Node, without second: Node) throws(AnalysisTooLong) -> Node {
        try choose(second, Self.never, else: first)
    }
}

extension DecisionDiagram {
    /// The function of a rule.
    mutating func node(of tree: ThresholdTree, _ kinds: Interchangeability) throws(AnalysisTooLong) -> Node {
        try node(of: tree, gate: tree.gates[0], kinds)
    }

    /// Goes through a gate's children from the last to the first, keeping for each number that is still needed the function
    /// "this many of the children gone through, or more".
    private mutating func node(
        of tree: ThresholdTree,
        gate: ThresholdTree.Gate,
        _ kinds: Interchangeability
    ) throws(AnalysisTooLong) -> Node {
        var inner: [Node] = []
        var leaves: OrderedMap<Int, Int> = [:]
        for child in gate.children {
            switch child {
            case .gate(let number): inner.append(try node(of: tree, gate: tree.gates[number], kinds))
            case .leaf(let number):
                guard let kind = kinds.kind(of: tree.leaves[number].party) else { continue }
                leaves[kind, default: 0] += 1
            }
        }
        var needs = [Self.always] + [Node](repeating: Self.never, count: gate.threshold)
        for child in inner.reversed() { needs = try adding(child, to: needs) }
        for (kind, count) in zip(leaves.keys, leaves.values).reversed() {
            needs = try adding(kind: kind, each: count / sizes[kind], to: needs)
        }
        return needs[gate.threshold]
    }

    private mutating func adding(_ child: Node, to needs: [Node]) throws(AnalysisTooLong) -> [Node] {
        var sum = [Self.always]
        for need in needs.indices.dropFirst() {
            sum.append(try choose(child, needs[need - 1], else: needs[need]))
        }
        return sum
    }

    /// All leaves of one kind in a gate, in which each party of the kind stands `each` times.
    private mutating func adding(kind: Int, each: Int, to needs: [Node]) throws(AnalysisTooLong) -> [Node] {
        let size = sizes[kind]
        guard needs.allSatisfy({ level(of: $0) > kind }) else {
            // As many of the functions "at least t parties of the kind" are met as there are such parties.
            var sum = needs
            for least in 1...size {
                let literal = try node(level: kind, edges: (0...size).map { $0 < least ? Self.never : Self.always })
                for _ in 0..<each { sum = try adding(literal, to: sum) }
            }
            return sum
        }
        var sum = [Self.always]
        for need in needs.indices.dropFirst() {
            sum.append(try node(level: kind, edges: (0...size).map { needs[max(0, need - $0 * each)] }))
        }
        return sum
    }
}

extension DecisionDiagram {
    /// The sets without which the function cannot be met: it fails for whoever is not in them.
    mutating func dual(of node: Node) throws(AnalysisTooLong) -> Node {
        var duals: [Node: Node] = [Self.never: Self.always, Self.always: Self.never]
        return try dual(of: node, &duals)
    }

    private mutating func dual(of node: Node, _ duals: inout [Node: Node]) throws(AnalysisTooLong) -> Node {
        if let dual = duals[node] { return dual }
        var branches: [Node] = []
        for edge in edges[node].reversed() { branches.append(try dual(of: edge, &duals)) }
        let dual = try self.node(level: levels[node], edges: branches)
        duals[node] = dual
        return dual
    }

    /// The sets that meet a function, would not without any one of their parties, and do not meet the other function.
    ///
    /// Both must be monotone. After Rauzy (1993), "minimal cutsets" of a decision diagram.
    mutating func minimal(_ node: Node, outside other: Node = never) throws(AnalysisTooLong) -> Node {
        var memory: [ChoiceKey: Node] = [:]
        return try minimal(node, outside: other, from: 0, &memory)
    }

    private mutating func minimal(
        _ node: Node,
        outside other: Node,
        from level: Int,
        _ memory: inout [ChoiceKey: Node]
    ) throws(AnalysisTooLong) -> Node {
        if node == Self.never || other == Self.always || node == other { return Self.never }
        if level == sizes.count { return Self.always }
        let key = ChoiceKey(test: level, met: node, unmet: other)
        if let known = memory[key] { return known }
        var branches: [Node] = []
        var excluded = branch(other, at: level, count: 0)
        for count in 0...sizes[level] {
            let met = branch(node, at: level, count: count)
            if count > 0 {
                // With one party of the kind fewer the set must not be enough.
                let fewer = branch(node, at: level, count: count - 1)
                excluded = try either(branch(other, at: level, count: count), fewer)
            }
            branches.append(try minimal(met, outside: excluded, from: level + 1, &memory))
        }
        let result = try self.node(level: level, edges: branches)
        memory[key] = result
        return result
    }
}
