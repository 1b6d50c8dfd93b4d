internal import QuorumPolicy
internal import SignedStatements

/// What a rule means for those who stand under it: who can decide, who can stop it, who would have to lie.
struct RuleAnalysis: Encodable {
    let rule: String
    let requirement: String
    let hasKey: Bool
    let figures: CoalitionFigures

    private enum CodingKeys: CodingKey {
        case rule, requirement, hasKey
    }

    init(_ rule: Charter.Rule, of charter: Charter) {
        self.rule = rule.name.text
        requirement = charter.requirement(of: rule)
        hasKey = charter.keyedRules.contains(rule)
        figures = CoalitionFigures(Procedure([rule.tree]), of: charter)
    }

    /// The figures stand beside the rule's own members.
    func encode(to encoder: any Encoder) throws {
        try figures.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rule, forKey: .rule)
        try container.encode(requirement, forKey: .requirement)
        try container.encode(hasKey, forKey: .hasKey)
    }

    /// The analysis as people read it.
    var lines: [String] {
        let shares = CoalitionFigures.parties(figures.smallestQuorum)
        let key =
            hasKey
            ? "signs orders with a key of its own; to forge one takes the shares of \(shares)"
            : "needs no key: each party signs its own receipts"
        return ["rule \(rule): \(requirement)", "  \(key)"] + figures.lines(doing: "meet it")
    }
}
