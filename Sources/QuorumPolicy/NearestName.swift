/// The known name that a mistyped one most likely meant, or nil if none is near.
///
/// Near means at most one insertion, deletion, substitution or swap of neighbours per three bytes, but always at
/// least one; of equally near names the first in the order given wins. Compares bytes; texts over 256 bytes have no neighbours.
public func suggestion(for name: String, among known: some Sequence<String>) -> String? {
    let wanted = Array(name.utf8)
    guard !wanted.isEmpty, wanted.count <= 256 else { return nil }
    var best: (name: String, distance: Int)?
    let farthest = max(1, wanted.count / 3)
    for candidate in known {
        let bytes = Array(candidate.utf8)
        guard bytes.count <= 256, abs(bytes.count - wanted.count) <= farthest else { continue }
        let distance = editDistance(wanted, bytes)
        if distance <= farthest, distance < best?.distance ?? Int.max {
            best = (candidate, distance)
        }
    }
    return best?.name
}

/// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, leftByte) in left.enumerated() {
        var current = [row + 1]
        for (column, rightByte) in right.enumerated() {
            var distance = min(
                last[column + 1] + 1,
                current[column] + 1,
                last[column] + (leftByte == rightByte ? 0 : 1)
            )
            if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            current.append(distance)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
