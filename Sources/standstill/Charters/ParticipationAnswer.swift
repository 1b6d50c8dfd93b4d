internal import QuorumPolicy
internal import SignedStatements

/// Whether some parties are enough for an action, and what is missing; names of members are part of the command's interface.
struct ParticipationAnswer: Encodable {
    enum Verdict: String, Encodable {
        /// Those who take part can act by themselves.
        case enough
        /// They cannot yet, but could with some who are neither taking part nor away.
        case incomplete
        /// Nobody can without those who stay away.
        case impossible
    }

    /// What one rule of the procedure says.
    struct Rule: Encodable {
        let rule: String
        /// Empty when the rule is met.
        let missing: String
    }

    let actions: [String]
    let verdict: Verdict
    let rules: [Rule]
    /// How many more are needed at least, or of those away must come back; 0 when enough.
    let fewestMore: String
    /// Any so many of those who take part may still drop out; empty unless enough.
    let spare: String
    /// Whether those who take part could stop the action by staying away.
    let canStop: Bool
    private let verbs: String

    private enum CodingKeys: CodingKey {
        case actions, verdict, rules, fewestMore, spare, canStop
    }

    init(_ action: ActionProcedure, present: PartySet, absent: PartySet, of charter: Charter) {
        let procedure = action.procedure
        actions = action.actions.map(\.rawValue)
        verbs = action.verbs
        let isPossible = procedure.isSatisfied(by: procedure.parties.subtracting(absent))
        verdict = procedure.isSatisfied(by: present) ? .enough : isPossible ? .incomplete : .impossible
        rules = action.rules.map { rule in
            // Whoever could come back is a candidate again when nothing works without them.
            let shortfall =
                isPossible
                ? rule.tree.missing(from: present, absent: absent)
                : rule.tree.missing(from: rule.tree.parties.subtracting(absent))
            return Rule(
                rule: rule.name.text,
                missing: shortfall?.sentence(groupNames: charter.gateNames(of: rule)) ?? ""
            )
        }
        let more =
            isPossible
            ? procedure.fewestMore(present: present, absent: absent)
            : procedure.fewestMore(present: procedure.parties.subtracting(absent))
        fewestMore = more?.description ?? "0"
        spare = procedure.tolerance(of: present)?.description ?? ""
        canStop = procedure.isBlocked(by: present)
    }

    /// The answer as people read it; `asksAboutPower` says whether somebody asked what those who take part can stop.
    func lines(asksAboutPower: Bool) -> [String] {
        var lines = ["to \(verbs) a pause: \(headline)"]
        lines += rules.map { "  rule \($0.rule): \($0.missing.isEmpty ? "met" : $0.missing)" }
        switch verdict {
        case .enough:
            let others = spare == "0" ? "none of them" : "any \(spare) of them"
            lines.append("  \(others) may drop out")
        case .incomplete: lines.append("  at least \(fewestMore) more must take part")
        case .impossible: lines.append("  at least \(fewestMore) of those who stay away must come back")
        }
        if asksAboutPower {
            lines.append("  by staying away, those who were named \(canStop ? "can stop it" : "cannot stop it")")
        }
        return lines
    }

    private var headline: String {
        switch verdict {
        case .enough: "ENOUGH"
        case .incomplete: "NOT ENOUGH YET"
        case .impossible: "IMPOSSIBLE, even if everybody else takes part"
        }
    }
}

extension Charter {
    /// What the members of a rule's gates are called, by the number of the gate: the group's name.
    func gateNames(of rule: Rule) -> OrderedMap<Int, String> {
        var names: OrderedMap<Int, String> = [:]
        var number = 0
        collect(rule.group, &number, &names)
        return names
    }

    /// Walks the groups in the order in which the gates are numbered.
    private func collect(_ name: PartyName, _ number: inout Int, _ names: inout OrderedMap<Int, String>) {
        guard let group = groups.first(where: { $0.name == name }) else { return }
        if group.members.allSatisfy({ party($0) != nil }) { names[number] = group.name.text }
        number += 1
        for member in group.members { collect(member, &number, &names) }
    }
}
