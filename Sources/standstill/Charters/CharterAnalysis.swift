internal import QuorumPolicy
internal import SignedStatements

/// What it takes from proposal to an order that counts, all rules together.
struct ActionAnalysis: Encodable {
    let actions: [String]
    let rules: [String]
    /// The fewest parties whose shares make the signature of an order.
    let toForgeSignature: String
    let figures: CoalitionFigures
    private let title: String
    private let verbs: String

    private enum CodingKeys: CodingKey {
        case actions, rules, toForgeSignature
    }

    init(_ action: ActionProcedure, of charter: Charter) {
        actions = action.actions.map(\.rawValue)
        rules = action.rules.map(\.name.text)
        toForgeSignature = action.rules.last?.tree.smallestQuorum.description ?? ""
        figures = CoalitionFigures(action.procedure, of: charter)
        title = "\(action.title): \(action.ruleNames)" + (action.rules.count > 1 ? " together" : "")
        verbs = action.verbs
    }

    /// The figures stand beside the action's own members.
    func encode(to encoder: any Encoder) throws {
        try figures.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(actions, forKey: .actions)
        try container.encode(rules, forKey: .rules)
        try container.encode(toForgeSignature, forKey: .toForgeSignature)
    }

    /// The analysis as people read it.
    var lines: [String] {
        let forge =
            "  to forge an order's signature takes the shares of \(CoalitionFigures.parties(toForgeSignature)); "
            + "to forge one that counts, the keys of \(CoalitionFigures.parties(figures.smallestQuorum))"
        return [title, forge] + figures.lines(doing: verbs)
    }

    /// Who can act and who can stop it, smallest sets first.
    var whoLines: [String] {
        guard !figures.act.isEmpty else { return lines }
        return ["who can \(verbs), without a party to spare:"]
            + CoalitionFigures.lines(of: figures.act, all: figures.minimalQuorums)
            + ["who can stop it, by staying away:"]
            + CoalitionFigures.lines(of: figures.stop, all: figures.minimalBlockingSets)
    }
}

/// Who would have to take part in both of two orders that different rules decide, such as one to start and one to lift.
struct Contradiction: Encodable {
    let first: [String]
    let second: [String]
    /// The fewest parties that take part in both.
    let overlap: String
    /// A set that can do the one and a set that can do the other; empty if only bounds are known.
    let example: [[String]]

    init(_ first: ActionProcedure, _ second: ActionProcedure) {
        self.first = first.actions.map(\.rawValue)
        self.second = second.actions.map(\.rawValue)
        let shared = ProcedureOverlap(first.procedure, second.procedure)
        overlap = shared.fewest.description
        example = shared.example.map { [$0.first.map(\.text), $0.second.map(\.text)] } ?? []
    }

    var line: String {
        let verbs = [first, second].map { ActionProcedure.list($0, "or") }
        let both = example.isEmpty ? [] : example[0].filter(example[1].contains)
        return "an order to \(verbs[0]) and one to \(verbs[1]) have at least "
            + CoalitionFigures.parties(overlap) + " in common, who agree to them or record them"
            + (both.isEmpty ? "" : ", for instance \(both.joined(separator: ", "))")
    }
}

/// A charter's whole procedure, its rules, and who has how much power.
struct CharterAnalysis: Encodable {
    let procedures: [ActionAnalysis]
    let contradictions: [Contradiction]
    let rules: [RuleAnalysis]

    init(_ charter: Charter) {
        let all = charter.procedures
        procedures = all.map { ActionAnalysis($0, of: charter) }
        contradictions = all.indices.flatMap { index in
            all[(index + 1)...].map { Contradiction(all[index], $0) }
        }
        rules = charter.rules.map { RuleAnalysis($0, of: charter) }
    }

    /// Everything as people read it.
    func sections(of charter: Charter) -> [[String]] {
        let between = contradictions.isEmpty ? [] : [contradictions.map(\.line)]
        return rules.map(\.lines) + procedures.map(\.lines) + between + [[CoalitionFigures.powerNote]]
            + procedures.map { analysis in
                ["power to \(ActionProcedure.list(analysis.actions, "or")) a pause"]
                    + analysis.figures.powerLines { name in
                        charter.parties.first { $0.name.text == name }?.partyClass.text ?? ""
                    }
            }
    }
}
