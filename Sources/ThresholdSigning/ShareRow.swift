internal import CryptoPrimitives

/// One leaf's row of the share matrix, without its zeros: the share is row times coefficients (Protocol §4.3).
struct ShareRow: Hashable, Sendable {
    /// Columns in ascending order, first column 0 with weight one.
    let entries: [(index: Int, weight: Scalar)]

    /// Starts with 1; each gate on the path with coordinate x then adds x, x^2 and so on in its own columns.
    init(path: [(columns: Range<Int>, x: Int)]) {
        var entries: [(index: Int, weight: Scalar)] = [(0, .one)]
        for (columns, x) in path {
            let coordinate = Scalar(UInt64(x))
            var power = Scalar.one
            for column in columns {
                power = power * coordinate
                entries.append((column, power))
            }
        }
        self.entries = entries
    }

    /// The row times a column of points; `nil` when one of them lies outside the prime-order subgroup.
    ///
    /// The neutral element is allowed among the points: it is what a dealer that wants to stop a ceremony unseen can make
    /// of a sum, and it must not work.
    func combine(_ points: [UncheckedElement]) -> UncheckedElement? {
        var sum: UncheckedElement? = points[0]
        for (column, weight) in entries.dropFirst() where points[column] != .identity {
            guard let term = multiply(points[column], by: weight), let partial = sum else { return nil }
            sum = partial + term
        }
        return sum
    }

    private func multiply(_ point: UncheckedElement, by weight: Scalar) -> UncheckedElement? {
        weight == .one ? point : (weight * point).map(UncheckedElement.init)
    }

    static func == (left: ShareRow, right: ShareRow) -> Bool {
        left.entries.elementsEqual(right.entries) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        for (column, weight) in entries {
            hasher.combine(column)
            hasher.combine(weight)
        }
    }
}
