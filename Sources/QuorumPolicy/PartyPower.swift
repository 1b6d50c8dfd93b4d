/// How much one party's choice matters, by the two usual measures.
package struct PartyPower: Hashable, Sendable {
    /// Whose power this is.
    package let party: PartyName
    /// How many sets of the others cannot act without the party and can with it (Banzhaf 1965, Penrose 1946).
    package let swings: Natural
    /// The swings among all sets of the others: how often its choice decides if all others toss a coin.
    package let decisive: Fraction
    /// Its part of the swings of all parties: the normalized Banzhaf index.
    package let banzhaf: Fraction
    /// In how many of all orders in which parties may join it is the one that makes the set able to act (Shapley and Shubik 1954).
    package let shapleyShubik: Fraction
}

extension Procedure {
    /// The power of every party of the rules, in byte order, all figures exact; nil if that would take longer than `effort` allows.
    package func power(effort: Int = CoalitionAnalysis.Limits.effort) -> [PartyPower]? {
        try? exactPower(effort: effort)
    }

    private func exactPower(effort: Int) throws(AnalysisTooLong) -> [PartyPower] {
        var space = CoalitionSpace(rules, effort: effort)
        let node = try space.node(of: self)
        let swings = try space.counting(node).swings(spending: &space.diagram)
        let total = zip(swings, space.kinds.sizes).reduce(Natural.zero) { $0 + $1.0.total * Natural($1.1) }
        let weights = ShapleyWeights(partyCount: parties.count)
        let powers = zip(swings, space.kinds.kinds).flatMap { swings, kind in
            let (count, share) = (swings.total, weights.share(of: swings))
            return kind.map { party in
                PartyPower(
                    party: party,
                    swings: count,
                    decisive: Fraction(count, of: .powerOfTwo(parties.count - 1)),
                    banzhaf: Fraction(count, of: total),
                    shapleyShubik: share
                )
            }
        }
        return powers.sorted { $0.party < $1.party }
    }
}

/// The orders in which a party comes directly after a set of s others, s! (n - s - 1)! of n!.
private struct ShapleyWeights {
    private let weights: [Natural]
    private let orders: Natural

    init(partyCount: Int) {
        var factorials = [Natural.one]
        for number in 1...partyCount { factorials.append(factorials[number - 1] * Natural(number)) }
        weights = (0..<partyCount).map { factorials[$0] * factorials[partyCount - 1 - $0] }
        orders = factorials[partyCount]
    }

    func share(of swings: SizeCounts) -> Fraction {
        var sum = Natural.zero
        for (count, weight) in zip(swings.counts, weights) { sum += count * weight }
        return Fraction(sum, of: orders)
    }
}
