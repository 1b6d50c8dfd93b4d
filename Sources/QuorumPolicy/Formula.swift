/// A tree under analysis, in which some parties have been decided and simplified away.
///
/// Parties are numbers; gates have at least two children; a gate that is met or cannot be met any more has become a
/// constant.
indirect enum Formula: Hashable {
    case constant(Bool)
    case leaf(Int)
    case gate(Int, [Formula])

    /// The tree over the numbers that `number` gives its parties.
    init(_ tree: ThresholdTree, numbering number: (PartyName) -> Int) {
        self.init(tree, .gate(0), number)
    }

    private init(_ tree: ThresholdTree, _ child: ThresholdTree.Child, _ number: (PartyName) -> Int) {
        switch child {
        case .leaf(let index): self = .leaf(number(tree.leaves[index].party))
        case .gate(let index):
            let gate = tree.gates[index]
            self = .gate(gate.threshold, gate.children.map { Formula(tree, $0, number) })
        }
    }

    /// The formula with parties fixed to present or absent where `value` says so.
    func assuming(_ value: (Int) -> Bool?) -> Formula {
        switch self {
        case .constant: return self
        case .leaf(let party): return value(party).map(Formula.constant) ?? self
        case .gate(let threshold, let children):
            var lacking = threshold
            var open: [Formula] = []
            for child in children {
                let child = child.assuming(value)
                if case .constant(let isMet) = child { lacking -= isMet ? 1 : 0 } else { open.append(child) }
            }
            if lacking <= 0 { return .constant(true) }
            if lacking > open.count { return .constant(false) }
            return open.count == 1 ? open[0] : .gate(lacking, open)
        }
    }

    /// How often each of `count` parties occurs.
    func occurrences(count: Int) -> [Int] {
        var result = [Int](repeating: 0, count: count)
        countOccurrences(in: &result)
        return result
    }

    private func countOccurrences(in result: inout [Int]) {
        switch self {
        case .constant: break
        case .leaf(let party): result[party] += 1
        case .gate(_, let children):
            for child in children { child.countOccurrences(in: &result) }
        }
    }

    /// A number that no quorum's size falls below; the size of the smallest if no party occurs twice.
    ///
    /// Each leaf of a party that occurs r times is charged 1/r, so that a quorum pays at most 1 for each member.
    func leastSize(occurrences: [Int]) -> Int {
        (leastCost(occurrences: occurrences) + Formula.unit - 1) / Formula.unit
    }

    private static let unit = 1 << 24

    private func leastCost(occurrences: [Int]) -> Int {
        switch self {
        case .constant(let isMet):
            precondition(isMet, "whoever asks has dealt with formulas that cannot be met")
            return 0
        case .leaf(let party): return Formula.unit / occurrences[party]
        case .gate(let threshold, let children):
            return children.map { $0.leastCost(occurrences: occurrences) }.sorted().prefix(threshold).reduce(0, +)
        }
    }
}
