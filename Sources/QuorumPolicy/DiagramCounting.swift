/// What lies below the nodes of a diagram: how many sets of each size complete a set that has come so far.
struct DiagramCounting {
    private let diagram: DecisionDiagram
    /// Per level, the nodes that are met there, a node that does not ask about the level included; never ``DecisionDiagram/never``.
    private let alive: [[DecisionDiagram.Node]]
    private var below: [[DecisionDiagram.Node: SizeCounts]]
    /// Per level, the subsets of its kind.
    private let subsets: [SizeCounts]

    /// Counts every set that meets the function; spends the diagram's effort.
    init(_ root: DecisionDiagram.Node, in diagram: inout DecisionDiagram) throws(AnalysisTooLong) {
        let digits = diagram.sizes.reduce(0, +) / 64
        coefficientCost = 1 + digits * digits
        subsets = diagram.sizes.map { SizeCounts(subsetsOf: $0) }
        alive = DiagramCounting.alive(from: root, in: diagram)
        below = Array(repeating: [:], count: diagram.sizes.count) + [[DecisionDiagram.always: .empty]]
        for level in diagram.sizes.indices.reversed() {
            for node in alive[level] {
                var counts = SizeCounts.none
                for count in 0...diagram.sizes[level] {
                    let rest = below[level + 1][diagram.branch(node, at: level, count: count)] ?? .none
                    try diagram.spend(1 + rest.counts.count * coefficientCost)
                    counts.add(rest, times: subsets[level].counts[count], shiftedBy: count)
                }
                below[level][node] = counts
            }
        }
        self.diagram = diagram
        self.root = root
    }

    private let root: DecisionDiagram.Node
    /// Numbers beyond 128 bits are multiplied digit by digit.
    private let coefficientCost: Int

    /// The sets that meet the function, by size.
    var counts: SizeCounts { below[0][root] ?? .none }

    /// For a party of each kind, the sets of the others, by size, that its joining turns into one that meets the function.
    ///
    /// The function must be monotone.
    func swings(spending effort: inout DecisionDiagram) throws(AnalysisTooLong) -> [SizeCounts] {
        var swings: [SizeCounts] = []
        var above: [DecisionDiagram.Node: SizeCounts] = [root: .empty]
        for level in diagram.sizes.indices {
            let others = SizeCounts(subsetsOf: diagram.sizes[level] - 1)
            var own = SizeCounts.none
            var next: [DecisionDiagram.Node: SizeCounts] = [:]
            for node in alive[level] {
                let reached = above[node] ?? .none
                let gains = gains(at: node, level: level, others: others)
                try effort.spend(1 + reached.termCount * gains.counts.count * coefficientCost)
                own.add(productOf: reached, gains)
                for count in 0...diagram.sizes[level] {
                    let branch = diagram.branch(node, at: level, count: count)
                    guard branch != DecisionDiagram.never else { continue }
                    try effort.spend(1 + reached.counts.count * coefficientCost)
                    next[branch, default: .none]
                        .add(reached, times: subsets[level].counts[count], shiftedBy: count)
                }
            }
            swings.append(own)
            above = next
        }
        return swings
    }

    /// Profiles that meet the function, those with the fewest parties first, `limit` at most.
    func profiles(atMost limit: Int) -> [[Int]] {
        var found: [[Int]] = []
        for size in counts.counts.indices where counts.has(size: size) && found.count < limit {
            collect(from: root, at: 0, size: size, chosen: [], limit: limit, into: &found)
        }
        return found
    }

    /// What one more party of the level's kind gains, over how many others of the kind there are.
    private func gains(at node: DecisionDiagram.Node, level: Int, others: SizeCounts) -> SizeCounts {
        var gains = SizeCounts.none
        for (count, ways) in others.counts.enumerated() {
            let without = diagram.branch(node, at: level, count: count)
            let with = diagram.branch(node, at: level, count: count + 1)
            guard with != without else { continue }
            let rest = (below[level + 1][with] ?? .none).subtracting(below[level + 1][without] ?? .none)
            gains.add(rest, times: ways, shiftedBy: count)
        }
        return gains
    }

    private func collect(
        from node: DecisionDiagram.Node,
        at level: Int,
        size: Int,
        chosen: [Int],
        limit: Int,
        into found: inout [[Int]]
    ) {
        guard found.count < limit, let counts = below[level][node], counts.has(size: size) else { return }
        guard level < diagram.sizes.count else {
            found.append(chosen)
            return
        }
        for count in (0...min(size, diagram.sizes[level])).reversed() {
            let branch = diagram.branch(node, at: level, count: count)
            collect(
                from: branch,
                at: level + 1,
                size: size - count,
                chosen: chosen + [count],
                limit: limit,
                into: &found
            )
        }
    }

    private static func alive(
        from root: DecisionDiagram.Node,
        in diagram: DecisionDiagram
    ) -> [[DecisionDiagram.Node]] {
        var layers = [root == DecisionDiagram.never ? [] : [root]]
        for level in diagram.sizes.indices {
            let branches = layers[level].flatMap { node in
                (0...diagram.sizes[level]).map { diagram.branch(node, at: level, count: $0) }
            }
            layers.append(Set(branches).subtracting([DecisionDiagram.never]).sorted())
        }
        return layers
    }
}
