/// Finds two quorums with as few common parties as possible, from the diagrams of two monotone functions.
///
/// Of a kind of n parties, a quorum that takes a and one that takes b share at least max(0, a + b - n).
struct DiagramOverlap {
    private struct Pair: Hashable {
        let first: DecisionDiagram.Node
        let second: DecisionDiagram.Node
    }

    private struct Best {
        let cost: Int
        let firstCount: Int
        let secondCount: Int
    }

    private static let impossible = Int.max / 4

    private var diagram: DecisionDiagram
    private var best: [Pair: Best] = [:]

    /// The fewest common parties, and how many of each kind two such quorums take; nil if a function cannot be met.
    static func fewest(
        _ first: DecisionDiagram.Node,
        _ second: DecisionDiagram.Node,
        in diagram: DecisionDiagram
    ) throws(AnalysisTooLong) -> (count: Int, first: [Int], second: [Int])? {
        var search = DiagramOverlap(diagram: diagram)
        let cost = try search.cost(Pair(first: first, second: second))
        guard cost < impossible else { return nil }
        let profiles = search.profiles(from: Pair(first: first, second: second))
        return (cost, profiles.first, profiles.second)
    }

    private init(diagram: DecisionDiagram) { self.diagram = diagram }

    private mutating func cost(_ pair: Pair) throws(AnalysisTooLong) -> Int {
        if pair.first == DecisionDiagram.never || pair.second == DecisionDiagram.never { return Self.impossible }
        let level = level(of: pair)
        guard level < diagram.sizes.count else { return 0 }
        if let known = best[pair] { return known.cost }
        var least = Best(cost: Self.impossible, firstCount: 0, secondCount: 0)
        let seconds = steps(of: pair.second, at: level)
        for firstCount in steps(of: pair.first, at: level) {
            try diagram.spend(1 + seconds.count)
            for secondCount in seconds {
                let own = max(0, firstCount + secondCount - diagram.sizes[level])
                guard own < least.cost else { continue }
                let cost = own + (try cost(next(pair, at: level, firstCount, secondCount)))
                if cost < least.cost { least = Best(cost: cost, firstCount: firstCount, secondCount: secondCount) }
            }
        }
        best[pair] = least
        return least.cost
    }

    private func profiles(from start: Pair) -> (first: [Int], second: [Int]) {
        var (first, second) = (diagram.sizes.map { _ in 0 }, diagram.sizes.map { _ in 0 })
        var pair = start
        while let choice = best[pair] {
            let level = level(of: pair)
            (first[level], second[level]) = (choice.firstCount, choice.secondCount)
            pair = next(pair, at: level, choice.firstCount, choice.secondCount)
        }
        return (first, second)
    }

    private func level(of pair: Pair) -> Int {
        min(diagram.level(of: pair.first), diagram.level(of: pair.second))
    }

    private func next(_ pair: Pair, at level: Int, _ firstCount: Int, _ secondCount: Int) -> Pair {
        Pair(
            first: diagram.branch(pair.first, at: level, count: firstCount),
            second: diagram.branch(pair.second, at: level, count: secondCount)
        )
    }

    /// The counts worth taking: a party more that changes nothing can only be shared.
    private func steps(of node: DecisionDiagram.Node, at level: Int) -> [Int] {
        (0...diagram.sizes[level]).filter { count in
            count == 0
                || diagram.branch(node, at: level, count: count) != diagram.branch(node, at: level, count: count - 1)
        }
    }
}
