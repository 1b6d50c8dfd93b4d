/// How many sets of each size there are: a generating polynomial, the coefficient of x^s counting sets of s parties.
struct SizeCounts: Hashable {
    /// By size; sizes beyond the last have none.
    private(set) var counts: [Natural]

    static let none = SizeCounts(counts: [])
    /// The empty set alone.
    static let empty = SizeCounts(counts: [.one])

    private init(counts: [Natural]) { self.counts = counts }

    /// All subsets of `size` parties.
    init(subsetsOf size: Int) {
        var row = [Natural.one]
        for chosen in 0..<size {
            row.append((row[chosen] * Natural(size - chosen)).dividedBy(UInt64(chosen + 1)).quotient)
        }
        counts = row
    }

    /// Sets of all sizes.
    var total: Natural { counts.reduce(.zero, +) }

    /// The fewest parties of any set; nil if there is none.
    var smallestSize: Int? { counts.firstIndex { !$0.isZero } }

    /// Whether there is a set of this size.
    func has(size: Int) -> Bool { counts.indices.contains(size) && !counts[size].isZero }

    /// How many sets differ from none, for the cost of a product.
    var termCount: Int { counts.count { !$0.isZero } }

    /// Adds the other sets, each in `factor` ways together with `shift` more parties.
    mutating func add(_ other: SizeCounts, times factor: Natural, shiftedBy shift: Int) {
        guard !other.counts.isEmpty else { return }
        let missing = other.counts.count + shift - counts.count
        if missing > 0 { counts += [Natural](repeating: .zero, count: missing) }
        for (size, count) in other.counts.enumerated() where !count.isZero {
            counts[size + shift] += count * factor
        }
    }

    /// The sets of the first that are none of the second, which must be among them.
    func subtracting(_ other: SizeCounts) -> SizeCounts {
        var result = self
        for (size, count) in other.counts.enumerated() where !count.isZero {
            result.counts[size] = result.counts[size] - count
        }
        return result
    }

    /// Adds all unions of a set of the first and one of the second.
    mutating func add(productOf first: SizeCounts, _ second: SizeCounts) {
        for (size, count) in first.counts.enumerated() where !count.isZero {
            add(second, times: count, shiftedBy: size)
        }
    }
}
