/// What becomes of the sets that can act when one procedure takes another's place.
///
/// Sets are taken from the parties of both; a party that one of them does not know makes no difference to it.
package struct ProcedureComparison: Sendable {
    /// How the new procedure relates to the old one.
    package enum Verdict: String, Hashable, Sendable {
        /// The same sets can act.
        case same
        /// Every set that could act still can, and others can too.
        case looser
        /// Some sets cannot act any more, and no others can.
        case stricter
        /// Some sets gain the ability, others lose it.
        case neither
        /// Finding out would take too long; sets that were found are shown.
        case undecided
    }

    /// Sets that can act under one procedure and not under the other.
    package struct Change: Hashable, Sendable {
        /// All of them; nil if counting them would take too long.
        package let count: Natural?
        /// Those of them from which no party can be taken away; nil likewise.
        package let minimalCount: Natural?
        /// Some of the latter, smallest first.
        package let examples: [CoalitionProfile]
        /// One such set, the smallest if `count` is known.
        package let witness: PartySet
    }

    /// How the new procedure relates to the old one.
    package let verdict: Verdict
    /// Sets that can act now and could not before.
    package let gained: Change?
    /// Sets that could act before and cannot now.
    package let lost: Change?

    /// Examples that are listed.
    package static let exampleLimit = 3

    /// Compares by all sets, or within `effort` by those that are easily found.
    package init(old: Procedure, new: Procedure, effort: Int = CoalitionAnalysis.Limits.effort) {
        if let exact = try? ProcedureComparison(exactly: old, new, effort: effort) {
            self = exact
        } else {
            gained = ProcedureComparison.search(in: new, outside: old)
            lost = ProcedureComparison.search(in: old, outside: new)
            let gainsNothing = gained == nil && ProcedureComparison.implies(new, old, effort: effort)
            let losesNothing = lost == nil && ProcedureComparison.implies(old, new, effort: effort)
            verdict =
                switch (gained != nil, lost != nil) {
                case (true, true): .neither
                case (true, false): losesNothing ? .looser : .undecided
                case (false, true): gainsNothing ? .stricter : .undecided
                case (false, false): gainsNothing && losesNothing ? .same : .undecided
                }
        }
    }

    /// Whether each rule of the weaker procedure follows from a single rule of the stronger one; a "no" proves nothing.
    private static func implies(_ stronger: Procedure, _ weaker: Procedure, effort: Int) -> Bool {
        weaker.rules.allSatisfy { rule in
            stronger.rules.contains { other in
                guard rule != other else { return true }
                let single = try? ProcedureComparison(exactly: Procedure([rule]), Procedure([other]), effort: effort)
                return single.map { $0.verdict == .stricter || $0.verdict == .same } ?? false
            }
        }
    }

    private init(exactly old: Procedure, _ new: Procedure, effort: Int) throws(AnalysisTooLong) {
        var space = CoalitionSpace(old.rules + new.rules, effort: effort)
        let (before, after) = (try space.node(of: old), try space.node(of: new))
        gained = try ProcedureComparison.change(in: after, outside: before, &space)
        lost = try ProcedureComparison.change(in: before, outside: after, &space)
        verdict =
            switch (gained != nil, lost != nil) {
            case (false, false): .same
            case (true, false): .looser
            case (false, true): .stricter
            case (true, true): .neither
            }
    }

    private static func change(
        in node: DecisionDiagram.Node,
        outside other: DecisionDiagram.Node,
        _ space: inout CoalitionSpace
    ) throws(AnalysisTooLong) -> Change? {
        let difference = try space.diagram.difference(node, without: other)
        guard difference != DecisionDiagram.never else { return nil }
        // Taking a party away cannot make the other function met, so these are the minimal sets of the difference.
        let minimal = try space.counting(space.diagram.minimal(node, outside: other))
        let examples = space.profiles(minimal, atMost: exampleLimit)
        return Change(
            count: try space.counting(difference).counts.total,
            minimalCount: minimal.counts.total,
            examples: examples,
            witness: examples.first?.example ?? []
        )
    }

    /// Tries one minimal quorum around each party.
    private static func search(in procedure: Procedure, outside other: Procedure) -> Change? {
        let quorums = procedure.parties.lazy.compactMap { start in
            procedure.minimalQuorum(within: procedure.parties, inOrder: [start])
        }
        guard let witness = quorums.first(where: { !other.isSatisfied(by: $0) }) else { return nil }
        return Change(count: nil, minimalCount: nil, examples: [], witness: witness)
    }
}
