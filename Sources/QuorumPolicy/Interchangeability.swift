/// The parties of some rules, sorted into kinds whose members may change places without any rule changing.
///
/// Parties are of one kind if in every rule they stand under the same gates equally often. What a set of parties can do then
/// depends only on how many of each kind it has, its **profile**, which makes a hundred parties in a few kinds a small matter.
struct Interchangeability: Hashable {
    /// All parties of the rules, in byte order within a kind; kinds in the order in which the largest rule is read.
    let kinds: [[PartyName]]
    private let kindOfParty: OrderedMap<PartyName, Int>

    init(_ trees: [ThresholdTree]) {
        var places: OrderedMap<PartyName, [[Int]]> = [:]
        for (index, tree) in trees.enumerated() {
            for participant in tree.participants {
                let gates = participant.leaves.compactMap { tree.leaves[$0].path.last?.gate }.sorted()
                places[participant.party, default: Array(repeating: [], count: trees.count)][index] = gates
            }
        }
        var members: [[[Int]]: [PartyName]] = [:]
        for (party, place) in places { members[place, default: []].append(party) }
        var kinds: [[PartyName]] = []
        for party in Interchangeability.readingOrder(trees) {
            guard let place = places[party], let kind = members.removeValue(forKey: place) else { continue }
            kinds.append(kind)
        }
        self.kinds = kinds
        kindOfParty = OrderedMap(kinds.enumerated().flatMap { index, kind in kind.map { ($0, index) } })
    }

    /// The kind of a party of the rules.
    func kind(of party: PartyName) -> Int? { kindOfParty[party] }

    /// How many parties each kind has.
    var sizes: [Int] { kinds.map(\.count) }

    /// Every party at least once: the rule with the most gates first, in each gate leaves before gates, so that the outcome
    /// of a gate is settled soon after it is entered.
    private static func readingOrder(_ trees: [ThresholdTree]) -> [PartyName] {
        trees.sorted { $0.gates.count > $1.gates.count }.flatMap { tree in readingOrder(tree, gate: 0) }
    }

    private static func readingOrder(_ tree: ThresholdTree, gate: Int) -> [PartyName] {
        var (leaves, inner): ([PartyName], [PartyName]) = ([], [])
        for child in tree.gates[gate].children {
            switch child {
            case .leaf(let number): leaves.append(tree.leaves[number].party)
            case .gate(let number): inner += readingOrder(tree, gate: number)
            }
        }
        return leaves + inner
    }
}
