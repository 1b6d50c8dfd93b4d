internal import QuorumPolicy
internal import SignedStatements

/// What a rule means for those who stand under it: who can decide, who can stop it, who would have to lie.
struct RuleAnalysis: Encodable {
    let rule: String
    let requirement: String
    let hasKey: Bool
    /// Whether it is the rule that opens ballots, whose key signs nothing.
    let opensBallots: Bool
    let figures: CoalitionFigures

    private enum CodingKeys: CodingKey {
        case rule, requirement, hasKey, opensBallots
    }

    init(_ rule: Charter.Rule, of charter: Charter) {
        self.rule = rule.name.text
        requirement = charter.requirement(of: rule)
        hasKey = charter.keyedRules.contains(rule)
        opensBallots = rule == charter.openRule
        figures = CoalitionFigures(Procedure([rule.tree]), of: charter)
    }

    /// The figures stand beside the rule's own members.
    func encode(to encoder: any Encoder) throws {
        try figures.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rule, forKey: .rule)
        try container.encode(requirement, forKey: .requirement)
        try container.encode(hasKey, forKey: .hasKey)
        try container.encode(opensBallots, forKey: .opensBallots)
    }

    /// The analysis as people read it.
    var lines: [String] {
        let doing = opensBallots ? "open ballots" : "meet it"
        return ["rule \(rule): \(requirement)", "  \(use)"] + figures.lines(doing: doing, orders: !opensBallots)
    }

    private var use: String {
        let shares = CoalitionFigures.parties(figures.smallestQuorum)
        if opensBallots {
            return "opens sealed ballots with a key that signs nothing; to read one before voting is closed, "
                + "\(shares) would have to break the charter together"
        }
        return hasKey
            ? "signs orders with a key of its own; to forge one takes the shares of \(shares)"
            : "needs no key: each party signs its own receipts"
    }
}
