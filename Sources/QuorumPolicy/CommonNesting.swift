/// The groups of two read-once formulas over the same parties, when every two of them are nested or disjoint.
///
/// They then form one tree, over which the smallest overlap is a dynamic programme: per group, the least cost of giving
/// each formula's gate so many satisfied children. Time O(n * k1 * k2).
struct CommonNesting {
    /// A set of parties that is a gate's of one formula or of both.
    private struct Group {
        let parties: PartyBits
        let size: Int
        /// The threshold of the gate over exactly these parties, if the formula has one.
        var first: Int?
        var second: Int?
        /// The largest groups inside, and how many parties are in none of them.
        var inner: [Int] = []
        var singles: Int
    }

    /// Larger groups first; group 0 contains all parties and is a gate's of both formulas.
    private var groups: [Group]

    /// Nil if two groups cross, or if a formula is not a gate.
    init?(_ first: Formula, _ second: Formula, partyCount: Int) {
        groups = CommonNesting.groups(first, second, partyCount: partyCount)
        guard let all = groups.first, all.first != nil, all.second != nil else { return nil }
        for index in groups.indices.dropFirst() {
            var parent = 0
            for outer in 0..<index where !groups[index].parties.isDisjoint(with: groups[outer].parties) {
                guard groups[index].parties.isSubset(of: groups[outer].parties) else { return nil }
                parent = outer
            }
            groups[parent].inner.append(index)
            groups[parent].singles -= groups[index].size
        }
    }

    /// The fewest parties that a quorum of the first and one of the second formula have in common.
    var smallestOverlap: Int {
        let costs = costs(of: 0, first: 0, second: 0)
        return costs[1, 1]
    }

    /// A party in two groups that cross, or nil if none do.
    static func crossing(_ first: Formula, _ second: Formula, partyCount: Int) -> Int? {
        let groups = groups(first, second, partyCount: partyCount)
        for (index, inner) in groups.enumerated() {
            for outer in groups[..<index] where !inner.parties.isSubset(of: outer.parties) {
                if let shared = inner.parties.members.first(where: outer.parties.contains) { return shared }
            }
        }
        return nil
    }

    /// Least costs by satisfied children of both gates: of the group's own gate 0 or 1, met or not; else of the gate
    /// around it, whose threshold is passed in.
    private func costs(of index: Int, first outerFirst: Int, second outerSecond: Int) -> OverlapCosts {
        let group = groups[index]
        let (first, second) = (group.first ?? outerFirst, group.second ?? outerSecond)
        var costs = OverlapCosts(singles: group.singles, first: first, second: second)
        for inner in group.inner {
            costs = costs.adding(self.costs(of: inner, first: first, second: second), first: first, second: second)
        }
        return costs.keeping(
            rows: group.first.map { [0, $0] } ?? Array(0..<costs.rows),
            columns: group.second.map { [0, $0] } ?? Array(0..<costs.columns)
        )
    }

    /// The groups of both formulas, equal ones merged, larger ones first.
    private static func groups(_ first: Formula, _ second: Formula, partyCount: Int) -> [Group] {
        var all: [Group] = []
        _ = collect(first, partyCount: partyCount) { bits, threshold in
            all.append(Group(parties: bits, size: bits.count, first: threshold, singles: bits.count))
        }
        _ = collect(second, partyCount: partyCount) { bits, threshold in
            all.append(Group(parties: bits, size: bits.count, second: threshold, singles: bits.count))
        }
        all.sort { $0.size == $1.size ? $0.parties < $1.parties : $0.size > $1.size }
        var merged: [Group] = []
        for group in all {
            if let last = merged.last, last.parties == group.parties {
                merged[merged.count - 1].first = last.first ?? group.first
                merged[merged.count - 1].second = last.second ?? group.second
            } else {
                merged.append(group)
            }
        }
        return merged
    }

    private static func collect(
        _ formula: Formula,
        partyCount: Int,
        _ visit: (PartyBits, Int) -> Void
    ) -> PartyBits {
        var bits = PartyBits(capacity: partyCount)
        switch formula {
        case .constant: break
        case .leaf(let party): bits.insert(party)
        case .gate(let threshold, let children):
            for child in children { bits.formUnion(collect(child, partyCount: partyCount, visit)) }
            visit(bits, threshold)
        }
        return bits
    }
}

/// A table of least costs by satisfied children of a first gate (row) and a second gate (column), "this many or more".
private struct OverlapCosts {
    let rows: Int
    let columns: Int
    private var values: [Int]

    private static let impossible = Int.max / 4

    /// Parties on their own: each joins either quorum for nothing, both for 1.
    init(singles: Int, first: Int, second: Int) {
        self.init(rows: min(singles, first) + 1, columns: min(singles, second) + 1)
        for row in 0..<rows {
            for column in 0..<columns { self[row, column] = max(0, row + column - singles) }
        }
    }

    private init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        self.values = [Int](repeating: OverlapCosts.impossible, count: rows * columns)
    }

    subscript(row: Int, column: Int) -> Int {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    /// The table of two disjoint lots of parties together; counts beyond the thresholds are of no use.
    func adding(_ other: OverlapCosts, first: Int, second: Int) -> OverlapCosts {
        var sum = OverlapCosts(
            rows: min(rows + other.rows - 2, first) + 1,
            columns: min(columns + other.columns - 2, second) + 1
        )
        for row in 0..<sum.rows {
            for column in 0..<sum.columns {
                sum[row, column] = least(atRow: row, column: column, with: other)
            }
        }
        return sum
    }

    /// The table with only these rows and columns.
    func keeping(rows keptRows: [Int], columns keptColumns: [Int]) -> OverlapCosts {
        var kept = OverlapCosts(rows: keptRows.count, columns: keptColumns.count)
        for (row, oldRow) in keptRows.enumerated() {
            for (column, oldColumn) in keptColumns.enumerated() {
                kept[row, column] = self[oldRow, oldColumn]
            }
        }
        return kept
    }

    private func least(atRow row: Int, column: Int, with other: OverlapCosts) -> Int {
        var best = OverlapCosts.impossible
        for otherRow in 0..<other.rows where max(0, row - otherRow) < rows {
            for otherColumn in 0..<other.columns where max(0, column - otherColumn) < columns {
                let cost = self[max(0, row - otherRow), max(0, column - otherColumn)] + other[otherRow, otherColumn]
                best = min(best, cost)
            }
        }
        return best
    }
}
