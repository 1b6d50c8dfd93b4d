internal import QuorumPolicy
internal import SignedStatements

/// What a charter asks for before an order counts: the record rule and the rule that decides the action, both met.
struct ActionProcedure {
    /// Actions with the same deciding rule, in the order start, renew, lift.
    let actions: [OrderAction]
    /// The record rule, and the deciding rule unless it is the same.
    let rules: [Charter.Rule]
    let procedure: Procedure

    /// `to start or renew a pause`.
    var title: String { "to \(verbs) a pause" }

    /// `start or renew`.
    var verbs: String { Self.list(actions.map(\.rawValue), "or") }

    /// `rules record and decide`.
    var ruleNames: String {
        (rules.count == 1 ? "rule " : "rules ") + Self.list(rules.map(\.name.text), "and")
    }

    /// `a, b or c`.
    static func list(_ words: [String], _ conjunction: String) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
    }
}

extension Charter {
    /// How each action comes about, actions that are decided alike together.
    var procedures: [ActionProcedure] {
        var procedures: [ActionProcedure] = []
        for action in actions where !procedures.contains(where: { $0.actions.contains(action.action) }) {
            guard let decision = rule(action.rule) else { continue }
            let alike = actions.filter { $0.rule == action.rule }.map(\.action)
            procedures.append(
                ActionProcedure(actions: alike, rules: chain(to: decision), procedure: procedure(to: decision))
            )
        }
        return procedures
    }

    /// How one action comes about; nil if the charter does not provide for it.
    func procedure(of action: OrderAction) -> ActionProcedure? {
        procedures.first { $0.actions.contains(action) }
    }

    private func chain(to decision: Rule) -> [Rule] {
        switch opening {
        // Whoever agrees opens its own ballot, so that opening asks for nobody else; `open` is for those who fall silent.
        case .own, .guaranteed: decision == recordRule ? [recordRule] : [recordRule, decision]
        }
    }

    private func procedure(to decision: Rule) -> Procedure { Procedure(chain(to: decision).map(\.tree)) }

    /// The parties of every value of every tag, by key and then value.
    var taggedParties: OrderedMap<String, OrderedMap<String, PartySet>> {
        var sets: OrderedMap<String, OrderedMap<String, PartySet>> = [:]
        for party in parties {
            for tag in party.tags { sets[tag.key, default: [:]][tag.value, default: []].insert(party.name) }
        }
        return sets
    }

    /// The parties of a class.
    func members(of partyClass: PartyName) -> PartySet {
        PartySet(parties.filter { $0.partyClass == partyClass }.map(\.name))
    }
}
