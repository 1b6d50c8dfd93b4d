import SeededNumbers

@testable import QuorumPolicy

/// What every subset of some parties can do, by the definition; subsets are numbers with one bit per party.
struct BruteForce {
    let all: [PartyName]
    /// By subset, whether it meets every rule.
    let isQuorum: [Bool]

    init(_ rules: [ThresholdTree], among all: [PartyName]) {
        self.all = all
        let nodes = rules.map { BruteForce.indexed($0.root, all) }
        isQuorum = (0..<1 << all.count).map { set in nodes.allSatisfy { BruteForce.meets($0, set) } }
    }

    init(_ procedure: Procedure) { self.init(procedure.rules, among: procedure.parties.members) }

    var everybody: Int { isQuorum.count - 1 }
    var quorums: [Int] { isQuorum.indices.filter { isQuorum[$0] } }
    var blockingSets: [Int] { isQuorum.indices.filter { !isQuorum[everybody & ~$0] } }
    var minimalQuorums: [Int] { minimal { isQuorum[$0] } }
    var minimalBlockingSets: [Int] { minimal { !isQuorum[everybody & ~$0] } }

    /// The subsets of the others that the party turns into quorums.
    func swings(of party: Int) -> [Int] {
        isQuorum.indices.filter { $0 & 1 << party == 0 && !isQuorum[$0] && isQuorum[$0 | 1 << party] }
    }

    /// The sets with the property that lose it with any of their parties.
    func minimal(_ has: (Int) -> Bool) -> [Int] {
        isQuorum.indices.filter { set in
            has(set) && all.indices.allSatisfy { set & 1 << $0 == 0 || !has(set & ~(1 << $0)) }
        }
    }

    func mask(_ set: PartySet) -> Int {
        all.enumerated().reduce(0) { set.contains($1.element) ? $0 | 1 << $1.offset : $0 }
    }

    private indirect enum Node {
        case leaf(Int)
        case gate(Int, [Node])
    }

    private static func indexed(_ node: ThresholdTree.Node, _ all: [PartyName]) -> Node {
        switch node {
        case .leaf(let party): .leaf(all.firstIndex(of: party) ?? all.count)
        case .gate(let threshold, let children): .gate(threshold, children.map { indexed($0, all) })
        }
    }

    private static func meets(_ node: Node, _ set: Int) -> Bool {
        switch node {
        case .leaf(let party): set & 1 << party != 0
        case .gate(let threshold, let children): children.count { meets($0, set) } >= threshold
        }
    }
}

/// A random procedure of one to three rules, most over all of the parties, some of whose rules repeat parties.
func randomProcedure(over all: [PartyName], using random: inout SeededGenerator) throws -> Procedure {
    let ruleCount = Int.random(in: 1...3, using: &random)
    return Procedure(
        try (0..<ruleCount).map { _ in
            switch Int.random(in: 0..<5, using: &random) {
            case 0: return try randomRepeatingTree(leafCount: all.count + 3, over: all, using: &random)
            case 1: return try flatTree(over: all, using: &random)
            case 2:
                let some = all.shuffled(using: &random).prefix(Int.random(in: 2...all.count, using: &random))
                return try randomTree(over: Array(some), using: &random)
            default: return try randomTree(over: all, using: &random)
            }
        }
    )
}

/// So many of all the parties.
func flatTree(over all: [PartyName], using random: inout SeededGenerator) throws -> ThresholdTree {
    let threshold = Int.random(in: 1...all.count, using: &random)
    return try ThresholdTree(.gate(threshold: threshold, children: all.map(ThresholdTree.Node.leaf)))
}
