/// Everything about the sets of parties that can act, or stop others from acting, exactly.
///
/// Kinds of interchangeable parties, a decision diagram over them, and generating polynomials along it. The time grows with the
/// diagram, which is small for charters; where it would not be, there is no analysis, and ``Procedure`` gives bounds.
package struct CoalitionAnalysis: Sendable {
    /// What is analysed.
    package let procedure: Procedure
    /// The sets of parties that can act.
    package let quorumCount: Natural
    /// Those of them without a party to spare.
    package let minimalQuorumCount: Natural
    /// The sets without a party to spare that can stop it.
    package let minimalBlockingSetCount: Natural
    /// How many parties the smallest set that can act has.
    package let smallestQuorum: Int
    /// How many parties the smallest set that can stop it has.
    package let smallestBlockingSet: Int
    /// Minimal quorums, small ones first, up to ``Limits/profiles``.
    package let quorums: [CoalitionProfile]
    /// Minimal blocking sets, small ones first, up to ``Limits/profiles``.
    package let blockingSets: [CoalitionProfile]
    /// Parties of the rules that make no difference to any set.
    package let partiesWithoutSay: PartySet

    /// Bounds on the work and on what is listed.
    package enum Limits {
        /// Edges and coefficients that an analysis may look at, about a second's work.
        package static let effort = 30_000_000
        /// Profiles that are listed.
        package static let profiles = 12
    }

    /// Nil if it would take longer than `effort` allows.
    package init?(_ procedure: Procedure, effort: Int = Limits.effort) {
        guard let analysis = try? CoalitionAnalysis(of: procedure, effort: effort) else { return nil }
        self = analysis
    }

    private init(of procedure: Procedure, effort: Int) throws(AnalysisTooLong) {
        self.procedure = procedure
        var space = CoalitionSpace(procedure.rules, effort: effort)
        let node = try space.node(of: procedure)
        quorumCount = try space.counting(node).counts.total
        let minimal = try space.counting(space.diagram.minimal(node))
        let blocking = try space.counting(space.diagram.minimal(space.diagram.dual(of: node)))
        minimalQuorumCount = minimal.counts.total
        minimalBlockingSetCount = blocking.counts.total
        smallestQuorum = minimal.counts.smallestSize ?? 0
        smallestBlockingSet = blocking.counts.smallestSize ?? 0
        quorums = space.profiles(minimal)
        blockingSets = space.profiles(blocking)
        partiesWithoutSay = space.partiesWithoutSay(in: node)
    }

    /// All sets of the parties of the rules, those that can act and the others.
    package var setCount: Natural { .powerOfTwo(procedure.parties.count) }
}

/// The diagrams of some rules over the kinds of parties that all of them have in common.
struct CoalitionSpace {
    let kinds: Interchangeability
    var diagram: DecisionDiagram

    init(_ trees: [ThresholdTree], effort: Int) {
        kinds = Interchangeability(trees)
        diagram = DecisionDiagram(sizes: kinds.sizes, effort: effort)
    }

    mutating func node(of procedure: Procedure) throws(AnalysisTooLong) -> DecisionDiagram.Node {
        var all = DecisionDiagram.always
        for rule in procedure.rules { all = try diagram.both(all, diagram.node(of: rule, kinds)) }
        return all
    }

    mutating func counting(_ node: DecisionDiagram.Node) throws(AnalysisTooLong) -> DiagramCounting {
        try DiagramCounting(node, in: &diagram)
    }

    func profiles(
        _ counting: DiagramCounting,
        atMost limit: Int = CoalitionAnalysis.Limits.profiles
    ) -> [CoalitionProfile] {
        counting.profiles(atMost: limit).map { CoalitionProfile($0, kinds) }
    }

    /// The parties about whose kinds no node asks.
    func partiesWithoutSay(in node: DecisionDiagram.Node) -> PartySet {
        let asked = diagram.levels(below: node)
        return PartySet(kinds.kinds.indices.filter { !asked.contains($0) }.flatMap { kinds.kinds[$0] })
    }
}
