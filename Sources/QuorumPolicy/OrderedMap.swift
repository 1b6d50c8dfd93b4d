/// A map that is always walked in ascending order of its keys, for code whose behaviour must not depend on hashing.
///
/// A sorted array: lookup O(log n), insertion and removal O(n).
public struct OrderedMap<Key: Comparable, Value>: ExpressibleByDictionaryLiteral {
    /// The keys, ascending.
    public private(set) var keys: [Key]

    /// The values, in the order of their keys.
    public private(set) var values: [Value]

    /// The empty map.
    public init() {
        self.keys = []
        self.values = []
    }

    /// Collects pairs in any order; of two pairs with one key the later one stays.
    public init(_ pairs: some Sequence<(Key, Value)>) {
        self.init()
        let ordered = pairs.enumerated().sorted { left, right in
            left.element.0 == right.element.0 ? left.offset < right.offset : left.element.0 < right.element.0
        }
        for (_, pair) in ordered {
            if keys.last == pair.0 {
                values[values.count - 1] = pair.1
            } else {
                keys.append(pair.0)
                values.append(pair.1)
            }
        }
    }

    public init(dictionaryLiteral elements: (Key, Value)...) { self.init(elements) }

    /// How many keys there are.
    public var count: Int { keys.count }

    /// Whether there is no key.
    public var isEmpty: Bool { keys.isEmpty }

    /// The pair with the smallest key.
    public var first: Element? { keys.isEmpty ? nil : (keys[0], values[0]) }

    /// The pair with the largest key.
    public var last: Element? { keys.isEmpty ? nil : (keys[count - 1], values[count - 1]) }

    /// The value under a key; assigning `nil` removes the key.
    public subscript(key: Key) -> Value? {
        get {
            let (index, isPresent) = place(of: key)
            return isPresent ? values[index] : nil
        }
        set {
            let (index, isPresent) = place(of: key)
            if let newValue {
                store(newValue, under: key, at: index, replacing: isPresent)
            } else if isPresent {
                keys.remove(at: index)
                values.remove(at: index)
            }
        }
    }

    /// The value under a key, or the default; changes are made in place and store the default first.
    public subscript(key: Key, default fallback: @autoclosure () -> Value) -> Value {
        get { self[key] ?? fallback() }
        _modify {
            let (index, isPresent) = place(of: key)
            if !isPresent { store(fallback(), under: key, at: index, replacing: false) }
            yield &values[index]
        }
    }

    /// The map with the same keys and every value transformed.
    public func mapValues<Other, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Other
    ) throws(Failure) -> OrderedMap<Key, Other> {
        var result = OrderedMap<Key, Other>()
        result.keys = keys
        result.values = try values.map(transform)
        return result
    }

    private func place(of key: Key) -> (index: Int, isPresent: Bool) {
        let index = keys.firstIndex(notBefore: key)
        return (index, index < keys.count && keys[index] == key)
    }

    private mutating func store(_ value: Value, under key: Key, at index: Int, replacing: Bool) {
        if replacing {
            values[index] = value
        } else {
            keys.insert(key, at: index)
            values.insert(value, at: index)
        }
    }
}

extension OrderedMap: Sequence {
    public typealias Element = (key: Key, value: Value)

    /// Walks the pairs in ascending order of keys.
    public func makeIterator() -> some IteratorProtocol<Element> {
        keys.indices.lazy.map { (key: keys[$0], value: values[$0]) }.makeIterator()
    }

    public var underestimatedCount: Int { count }
}

extension OrderedMap: Equatable where Value: Equatable {}
extension OrderedMap: Hashable where Key: Hashable, Value: Hashable {}
extension OrderedMap: Sendable where Key: Sendable, Value: Sendable {}

extension Array where Element: Comparable {
    /// The first index of an ascending array whose element is not smaller than the given one; `count` if none.
    func firstIndex(notBefore element: Element) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
