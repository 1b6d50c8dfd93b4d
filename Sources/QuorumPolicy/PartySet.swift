/// A set of parties that is always walked in byte order of the names, so that two nodes never differ by order.
///
/// Lookup O(log n); union, intersection and subtraction O(n + m).
public struct PartySet: Hashable, Sendable, RandomAccessCollection, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// The members, ascending, each once.
    public private(set) var members: [PartyName]

    /// Collects names in any order; repeats count once.
    public init(_ names: some Sequence<PartyName>) {
        let names = Array(names)
        // Most come in order, each once.
        guard !zip(names, names.dropFirst()).allSatisfy(<) else {
            members = names
            return
        }
        var unique: [PartyName] = []
        for name in names.sorted() where unique.last != name {
            unique.append(name)
        }
        self.members = unique
    }

    /// The empty set.
    public init() { self.members = [] }

    public init(arrayLiteral elements: PartyName...) { self.init(elements) }

    private init(ascending members: [PartyName]) { self.members = members }

    public var startIndex: Int { members.startIndex }
    public var endIndex: Int { members.endIndex }
    public subscript(position: Int) -> PartyName { members[position] }

    /// Whether the party is a member; O(log n).
    public func contains(_ party: PartyName) -> Bool {
        let index = members.firstIndex(notBefore: party)
        return index < members.count && members[index] == party
    }

    /// Adds one party; `false` if it is a member already.
    ///
    /// O(n), but nothing is compared besides O(log n) names.
    @discardableResult
    public mutating func insert(_ party: PartyName) -> Bool {
        let index = members.firstIndex(notBefore: party)
        guard index == members.count || members[index] != party else { return false }
        members.insert(party, at: index)
        return true
    }

    /// Removes one party if it is a member; O(n).
    public mutating func remove(_ party: PartyName) {
        let index = members.firstIndex(notBefore: party)
        if index < members.count, members[index] == party { members.remove(at: index) }
    }

    /// The parties that are in either set.
    public func union(_ other: PartySet) -> PartySet {
        merging(other, keepLeft: true, keepBoth: true, keepRight: true)
    }

    /// The parties that are in both sets.
    public func intersection(_ other: PartySet) -> PartySet {
        merging(other, keepLeft: false, keepBoth: true, keepRight: false)
    }

    /// The parties of this set that are not in the other.
    public func subtracting(_ other: PartySet) -> PartySet {
        merging(other, keepLeft: true, keepBoth: false, keepRight: false)
    }

    /// Whether every member of this set is a member of the other.
    public func isSubset(of other: PartySet) -> Bool {
        count <= other.count && subtracting(other).isEmpty
    }

    /// Whether the two sets share no party.
    public func isDisjoint(with other: PartySet) -> Bool {
        intersection(other).isEmpty
    }

    /// The names, separated by a comma and a blank.
    public var description: String {
        members.map(\.text).joined(separator: ", ")
    }

    private func merging(_ other: PartySet, keepLeft: Bool, keepBoth: Bool, keepRight: Bool) -> PartySet {
        var result: [PartyName] = []
        var left = members[...]
        var right = other.members[...]
        while let nextLeft = left.first, let nextRight = right.first {
            if nextLeft == nextRight {
                if keepBoth { result.append(nextLeft) }
                left.removeFirst()
                right.removeFirst()
            } else if nextLeft < nextRight {
                if keepLeft { result.append(nextLeft) }
                left.removeFirst()
            } else {
                if keepRight { result.append(nextRight) }
                right.removeFirst()
            }
        }
        if keepLeft { result += left }
        if keepRight { result += right }
        return PartySet(ascending: result)
    }
}
