/// Who would have to take part in both of two contradictory acts.
package struct ProcedureOverlap: Hashable, Sendable {
    /// The fewest parties that a set that can do the one and a set that can do the other have in common.
    package let fewest: Bounds
    /// Two such sets with as few common parties; nil if only bounds are known.
    package let example: Example?

    /// Two sets, each of which can act.
    package struct Example: Hashable, Sendable {
        /// Can do the one.
        package let first: PartySet
        /// Can do the other.
        package let second: PartySet
    }

    /// Exact within `effort`, and otherwise as ``Procedure/smallestOverlap(with:effort:)``.
    package init(_ first: Procedure, _ second: Procedure, effort: Int = CoalitionAnalysis.Limits.effort) {
        if let exact = try? ProcedureOverlap(exactly: first, second, effort: effort) {
            self = exact
        } else {
            fewest = first.smallestOverlap(with: second, effort: min(effort, ThresholdTree.Limits.searchEffort))
            example = nil
        }
    }

    private init(exactly first: Procedure, _ second: Procedure, effort: Int) throws(AnalysisTooLong) {
        var space = CoalitionSpace(first.rules + second.rules, effort: effort)
        let nodes = (try space.node(of: first), try space.node(of: second))
        guard let overlap = try DiagramOverlap.fewest(nodes.0, nodes.1, in: space.diagram) else {
            preconditionFailure("all parties together meet every rule")
        }
        fewest = Bounds(atLeast: overlap.count, atMost: overlap.count)
        example = Example(
            first: CoalitionProfile(overlap.first, space.kinds).example,
            second: CoalitionProfile(overlap.second, space.kinds).lastExample
        )
    }
}
