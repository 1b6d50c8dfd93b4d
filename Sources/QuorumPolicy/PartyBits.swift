/// A set of small numbers, one bit each, for analysis that compares many sets.
struct PartyBits: Hashable, Comparable {
    private var words: [UInt64]

    init(capacity: Int) {
        self.words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
    }

    var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// The members, ascending.
    var members: [Int] {
        (0..<words.count * 64).filter(contains)
    }

    func contains(_ number: Int) -> Bool {
        words[number / 64] & (1 << UInt64(number % 64)) != 0
    }

    /// Some total order, by which equal sets come to stand side by side.
    static func < (left: PartyBits, right: PartyBits) -> Bool {
        left.words.lexicographicallyPrecedes(right.words)
    }

    mutating func insert(_ number: Int) {
        words[number / 64] |= 1 << UInt64(number % 64)
    }

    mutating func formUnion(_ other: PartyBits) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    func isSubset(of other: PartyBits) -> Bool {
        zip(words, other.words).allSatisfy { $0 & ~$1 == 0 }
    }

    func isDisjoint(with other: PartyBits) -> Bool {
        zip(words, other.words).allSatisfy { $0 & $1 == 0 }
    }
}
