extension ThresholdTree {
    /// How many minimal quorums there are, or nil if the number needs more than 128 bits.
    ///
    /// For a rule that repeats a party they have to be listed: nil as well if there are more than 1,000.
    public var minimalQuorumCount: UInt128? {
        guard isReadOnce else { return minimalQuorums(atMost: 1000).map { UInt128($0.count) } }
        return countMinimalQuorums(of: .gate(0))
    }

    /// All minimal quorums, small ones first, or nil if there are more than the limit.
    public func minimalQuorums(atMost limit: Int) -> [PartySet]? {
        if isReadOnce {
            guard let count = countMinimalQuorums(of: .gate(0)), count <= limit else { return nil }
        }
        guard let quorums = listMinimalQuorums(of: .gate(0), limit: limit), quorums.count <= limit else { return nil }
        return quorums.map { bits in PartySet(bits.members.map { participants[$0].party }) }
            .sorted { left, right in
                left.count == right.count
                    ? left.members.lexicographicallyPrecedes(right.members) : left.count < right.count
            }
    }

    /// Elementary symmetric polynomial over the children's counts: choose k children, and a minimal quorum of each.
    private func countMinimalQuorums(of child: Child) -> UInt128? {
        guard case .gate(let number) = child else { return 1 }
        let gate = gates[number]
        var choices = [UInt128](repeating: 0, count: gate.threshold + 1)
        choices[0] = 1
        for child in gate.children {
            guard let count = countMinimalQuorums(of: child) else { return nil }
            for chosen in (1...gate.threshold).reversed() {
                let (product, overflow) = choices[chosen - 1].multipliedReportingOverflow(by: count)
                let (sum, carry) = choices[chosen].addingReportingOverflow(product)
                guard !overflow, !carry else { return nil }
                choices[chosen] = sum
            }
        }
        return choices[gate.threshold]
    }

    private func listMinimalQuorums(of child: Child, limit: Int) -> [PartyBits]? {
        switch child {
        case .leaf(let number):
            var bits = PartyBits(capacity: participants.count)
            bits.insert(leaves[number].identifier - 1)
            return [bits]
        case .gate(let number): return listMinimalQuorums(ofGate: gates[number], limit: limit)
        }
    }

    /// Goes through the children, keeping for each number of chosen ones the choices that can still become quorums.
    ///
    /// In a read-once tree there are never more of those than quorums.
    private func listMinimalQuorums(ofGate gate: Gate, limit: Int) -> [PartyBits]? {
        var choices = [[PartyBits]](repeating: [], count: gate.threshold + 1)
        choices[0] = [PartyBits(capacity: participants.count)]
        for (index, child) in gate.children.enumerated() {
            guard let quorums = listMinimalQuorums(of: child, limit: limit) else { return nil }
            let fewestUseful = gate.threshold - (gate.children.count - index - 1)
            for chosen in (0...gate.threshold).reversed() {
                guard chosen >= fewestUseful else {
                    choices[chosen] = []
                    continue
                }
                guard chosen > 0 else { continue }
                let added = choices[chosen - 1].count * quorums.count
                guard added + choices[chosen].count <= workLimit(limit) else { return nil }
                choices[chosen] += unions(choices[chosen - 1], quorums)
                if !isReadOnce { choices[chosen] = minimal(choices[chosen]) }
            }
        }
        return choices[gate.threshold]
    }

    /// Rules that repeat parties may pass through more partial choices than there are quorums.
    private func workLimit(_ limit: Int) -> Int {
        isReadOnce ? limit : min(limit, 1 << 16) * 8
    }

    private func unions(_ left: [PartyBits], _ right: [PartyBits]) -> [PartyBits] {
        left.flatMap { first in
            right.map { second in
                var union = first
                union.formUnion(second)
                return union
            }
        }
    }

    private func minimal(_ sets: [PartyBits]) -> [PartyBits] {
        var result: [PartyBits] = []
        for candidate in sets.map({ (bits: $0, count: $0.count) }).sorted(by: { $0.count < $1.count })
        where !result.contains(where: { $0.isSubset(of: candidate.bits) }) {
            result.append(candidate.bits)
        }
        return result
    }
}
