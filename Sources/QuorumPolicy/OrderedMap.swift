/// A map that is always walked in ascending order of its keys, for code whose behaviour must not depend on hashing.
///
/// A sorted array: lookup O(log n), insertion and removal O(n).
public struct OrderedMap<Key: Comparable, Value>: ExpressibleByDictionaryLiteral {
    // Everything is inlinable so that other modules get code for their own keys and values: without that, each lookup asks
    // the runtime for types, which takes longer than the lookup.
    @usableFromInline var sortedKeys: [Key]
    @usableFromInline var sortedValues: [Value]

    /// The keys, ascending.
    @inlinable public var keys: [Key] { sortedKeys }

    /// The values, in the order of their keys.
    @inlinable public var values: [Value] { sortedValues }

    /// The empty map.
    @inlinable
    public init() {
        self.sortedKeys = []
        self.sortedValues = []
    }

    /// Collects pairs in any order; of two pairs with one key the later one stays.
    @inlinable
    public init(_ pairs: some Sequence<(Key, Value)>) {
        self.init()
        for (key, value) in pairs {
            // Most come in order.
            if let last = sortedKeys.last, key <= last {
                self[key] = value
            } else {
                sortedKeys.append(key)
                sortedValues.append(value)
            }
        }
    }

    @inlinable
    public init(dictionaryLiteral elements: (Key, Value)...) { self.init(elements) }

    /// How many keys there are.
    @inlinable public var count: Int { sortedKeys.count }

    /// Whether there is no key.
    @inlinable public var isEmpty: Bool { sortedKeys.isEmpty }

    /// The pair with the smallest key.
    @inlinable public var first: Element? { isEmpty ? nil : (sortedKeys[0], sortedValues[0]) }

    /// The pair with the largest key.
    @inlinable public var last: Element? { isEmpty ? nil : (sortedKeys[count - 1], sortedValues[count - 1]) }

    /// Whether there is a value under the key; no value is copied.
    @inlinable public func contains(_ key: Key) -> Bool { place(of: key).isPresent }

    /// The value under a key; assigning `nil` removes the key.
    @inlinable
    public subscript(key: Key) -> Value? {
        get {
            let (index, isPresent) = place(of: key)
            return isPresent ? sortedValues[index] : nil
        }
        set {
            let (index, isPresent) = place(of: key)
            if let newValue {
                store(newValue, under: key, at: index, replacing: isPresent)
            } else if isPresent {
                sortedKeys.remove(at: index)
                sortedValues.remove(at: index)
            }
        }
    }

    /// The value under a key, or the default; changes are made in place and store the default first.
    @inlinable
    public subscript(key: Key, default fallback: @autoclosure () -> Value) -> Value {
        get { self[key] ?? fallback() }
        _modify {
            let (index, isPresent) = place(of: key)
            if !isPresent { store(fallback(), under: key, at: index, replacing: false) }
            yield &sortedValues[index]
        }
    }

    /// Looks at the value under a key in place, without copying it; nil when there is none.
    @inlinable
    public func look<Result, Failure: Error>(
        at key: Key,
        _ body: (borrowing Value) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        let (index, isPresent) = place(of: key)
        return isPresent ? try body(sortedValues.span[index]) : nil
    }

    /// Changes the value under a key in place, without copying it; nil when there is none.
    @discardableResult
    @inlinable
    public mutating func update<Result, Failure: Error>(
        _ key: Key,
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        let (index, isPresent) = place(of: key)
        return isPresent ? try body(&sortedValues[index]) : nil
    }

    /// Looks at every value in the order of keys, in its place.
    @inlinable
    public func lookAtEach(_ body: (Key, borrowing Value) -> Void) {
        for index in sortedKeys.indices { body(sortedKeys[index], sortedValues.span[index]) }
    }

    /// Goes by every value in the order of keys, in its place; it may be changed.
    @inlinable
    public mutating func updateEach(_ body: (Key, inout Value) -> Void) {
        for index in sortedKeys.indices { body(sortedKeys[index], &sortedValues[index]) }
    }

    /// The map with the same keys and every value transformed.
    @inlinable
    public func mapValues<Other, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Other
    ) throws(Failure) -> OrderedMap<Key, Other> {
        var result = OrderedMap<Key, Other>()
        result.sortedKeys = sortedKeys
        result.sortedValues = try sortedValues.map(transform)
        return result
    }

    @inlinable
    func place(of key: Key) -> (index: Int, isPresent: Bool) {
        let index = sortedKeys.firstIndex(notBefore: key)
        return (index, index < sortedKeys.count && sortedKeys[index] == key)
    }

    @inlinable
    mutating func store(_ value: Value, under key: Key, at index: Int, replacing: Bool) {
        if replacing {
            sortedValues[index] = value
        } else {
            sortedKeys.insert(key, at: index)
            sortedValues.insert(value, at: index)
        }
    }
}

extension OrderedMap: Sequence {
    public typealias Element = (key: Key, value: Value)

    /// Walks the pairs in ascending order of keys.
    @inlinable
    public func makeIterator() -> some IteratorProtocol<Element> {
        keys.indices.lazy.map { (key: sortedKeys[$0], value: sortedValues[$0]) }.makeIterator()
    }

    @inlinable public var underestimatedCount: Int { count }
}

extension OrderedMap: Equatable where Value: Equatable {}
extension OrderedMap: Hashable where Key: Hashable, Value: Hashable {}
extension OrderedMap: Sendable where Key: Sendable, Value: Sendable {}

extension Array where Element: Comparable {
    /// The first index of an ascending array whose element is not smaller than the given one; `count` if none.
    @inlinable
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
