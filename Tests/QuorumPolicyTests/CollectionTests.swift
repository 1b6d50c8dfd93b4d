import QuorumPolicy
import SeededNumbers
import Testing

@Suite struct PartySetTests {
    @Test(arguments: 0..<100 as Range<UInt64>)
    func `set operations agree with the definition`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = try parties(12)
        let first = all.filter { _ in Bool.random(using: &random) }.shuffled(using: &random)
        let second = all.filter { _ in Bool.random(using: &random) }.shuffled(using: &random)
        let (left, right) = (PartySet(first + first), PartySet(second))
        #expect(left.members == first.sorted())
        #expect(left.union(right) == PartySet(all.filter { first.contains($0) || second.contains($0) }))
        #expect(left.intersection(right) == PartySet(all.filter { first.contains($0) && second.contains($0) }))
        #expect(left.subtracting(right) == PartySet(all.filter { first.contains($0) && !second.contains($0) }))
        #expect(left.isDisjoint(with: right) == !first.contains(where: second.contains))
        #expect(left.isSubset(of: right) == first.allSatisfy(second.contains))
        for party in all { #expect(left.contains(party) == first.contains(party)) }
    }

    @Test func `a member is inserted once and removed`() throws {
        let (one, two) = (try PartyName("one"), try PartyName("two"))
        var set: PartySet = [two]
        let turns = [set.insert(one), set.insert(one)]
        #expect(turns == [true, false])
        #expect(set.members == [one, two])
        #expect("\(set)" == "one, two")
        set.remove(two)
        set.remove(two)
        #expect(set == [one])
    }
}

@Suite struct OrderedMapTests {
    @Test(arguments: 0..<50 as Range<UInt64>)
    func `a map behaves like a dictionary walked in key order`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var map = OrderedMap<Int, Int>()
        var reference: [Int: Int] = [:]
        for _ in 0..<200 {
            let (key, value) = (Int.random(in: 0..<30, using: &random), Int.random(in: 0..<9, using: &random))
            if value == 0 {
                map[key] = nil
                reference[key] = nil
            } else if value < 4 {
                map[key, default: 100] += value
                reference[key, default: 100] += value
            } else {
                map[key] = value
                reference[key] = value
            }
        }
        #expect(map.keys == reference.keys.sorted())
        #expect(map.map { [$0.key, $0.value] } == reference.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
        for key in 0..<30 { #expect(map[key] == reference[key]) }
        #expect(map.count == reference.count)
        #expect(map.first?.key == reference.keys.min())
        #expect(map.last?.key == reference.keys.max())
    }

    @Test func `the later of two pairs with one key stays`() {
        let map: OrderedMap<String, Int> = ["b": 1, "a": 2, "b": 3]
        #expect(map == OrderedMap([("a", 2), ("b", 3)]))
        #expect(map.mapValues { $0 * 2 }.values == [4, 6])
    }

    @Test func `reading a default stores nothing`() {
        let map = OrderedMap<Int, [Int]>()
        #expect(map[1, default: [7]] == [7])
        #expect(map.isEmpty)
    }
}
