internal import QuorumPolicy
internal import SignedStatements

/// What an amended charter changes; names of members are part of the command's interface.
struct CharterComparison: Encodable {
    /// Who gains or loses the ability to act under one rule or procedure.
    struct Item: Encodable {
        /// `rule decide`, or `to start a pause`.
        let what: String
        /// same, looser, stricter, neither, undecided, added or removed.
        let verdict: String
        let gained: Change?
        let lost: Change?
    }

    /// Sets that can act under one charter and not under the other.
    struct Change: Encodable {
        /// "too many to count" when counting would take too long; likewise `minimal`.
        let count: String
        let minimal: String
        /// A smallest such set, or any if they were not counted.
        let witness: [String]
        let examples: [CoalitionFigures.Sets]
    }

    /// A line of the charter that says something else now; empty where there is none.
    struct Line: Encodable {
        let what: String
        let old: String
        let new: String
    }

    let old: String
    let new: String
    let procedures: [Item]
    let rules: [Item]
    let partiesAdded: [String]
    let partiesRemoved: [String]
    let lines: [Line]
    /// Whether the new charter names the old one as the one it amends.
    let isAmendment: Bool

    init(old: Charter, new: Charter) {
        self.old = old.id.description
        self.new = new.id.description
        procedures = Self.procedures(old, new)
        let names = old.rules.map(\.name) + new.rules.map(\.name).filter { name in old.rule(name) == nil }
        rules = names.map { name in
            Self.item(
                "rule \(name)",
                old.rule(name).map { Procedure([$0.tree]) },
                new.rule(name).map { Procedure([$0.tree]) }
            )
        }
        partiesAdded = new.partyNames.subtracting(old.partyNames).map(\.text)
        partiesRemoved = old.partyNames.subtracting(new.partyNames).map(\.text)
        lines = CharterLines.changes(from: old, to: new)
        isAmendment = new.previous == old.id
    }

    /// Whether everything that is compared is the same.
    var isSame: Bool {
        (procedures + rules).allSatisfy { $0.verdict == "same" } && partiesAdded.isEmpty && partiesRemoved.isEmpty
            && lines.isEmpty
    }

    /// Actions that are decided alike before and after are told together.
    private static func procedures(_ old: Charter, _ new: Charter) -> [Item] {
        var told: [(pair: [Procedure?], actions: [String])] = []
        for action in OrderAction.allCases {
            let pair = [old.procedure(of: action)?.procedure, new.procedure(of: action)?.procedure]
            if pair == [nil, nil] { continue }
            if let index = told.firstIndex(where: { $0.pair == pair }) {
                told[index].actions.append(action.rawValue)
            } else {
                told.append((pair, [action.rawValue]))
            }
        }
        return told.map { item("to \(ActionProcedure.list($0.actions, "or")) a pause", $0.pair[0], $0.pair[1]) }
    }

    private static func item(_ what: String, _ old: Procedure?, _ new: Procedure?) -> Item {
        guard let old, let new else {
            return Item(what: what, verdict: old == nil ? "added" : "removed", gained: nil, lost: nil)
        }
        let comparison = ProcedureComparison(old: old, new: new)
        return Item(
            what: what,
            verdict: comparison.verdict.rawValue,
            gained: comparison.gained.map(change),
            lost: comparison.lost.map(change)
        )
    }

    private static func change(_ change: ProcedureComparison.Change) -> Change {
        Change(
            count: change.count?.description ?? CoalitionFigures.uncounted,
            minimal: change.minimalCount?.description ?? CoalitionFigures.uncounted,
            witness: change.witness.map(\.text),
            examples: change.examples.map(CoalitionFigures.sets)
        )
    }
}

extension CharterComparison {
    /// The comparison as people read it.
    var sections: [[String]] {
        let head = ["from charter \(old)", "to charter   \(new)"]
        let warning = isAmendment ? [] : ["the new charter does not name the old one as its previous one"]
        let people =
            partiesAdded.map { "party \($0): added" } + partiesRemoved.map { "party \($0): removed" }
            + lines.map { "\($0.what): \(Self.value($0.old)) -> \(Self.value($0.new))" }
        return [head + warning] + procedures.map(\.lines) + rules.map(\.lines)
            + [people.isEmpty ? ["parties and limits: same"] : people]
    }

    private static func value(_ text: String) -> String { text.isEmpty ? "none" : text }
}

extension CharterComparison.Item {
    fileprivate var lines: [String] {
        let meaning =
            switch verdict {
            case "same": "the same sets of parties can act"
            case "looser": "everybody who could act still can, and others can too"
            case "stricter": "nobody gains, and some cannot act any more"
            case "neither": "some gain the ability to act, others lose it"
            case "added": "there was none before"
            case "removed": "there is none any more"
            default: "an exact comparison would take too long; what was found follows"
            }
        return ["\(what): \(verdict.uppercased()), \(meaning)"]
            + (gained?.lines(verb: "gain the ability", than: "not before") ?? [])
            + (lost?.lines(verb: "lose the ability", than: "not any more") ?? [])
    }
}

extension CharterComparison.Change {
    fileprivate func lines(verb: String, than tense: String) -> [String] {
        let isCounted = count != CoalitionFigures.uncounted
        let sets = count == "1" ? "1 set" : "\(isCounted ? count : "some") sets"
        let minimal = isCounted ? ", \(minimal) of them without a party to spare" : ""
        return ["  \(sets) \(verb)\(minimal); \(tense): \(witness.joined(separator: ", "))"]
            + examples.map { "    \($0.description) (\($0.count == "1" ? "1 set" : "\($0.count) sets"))" }
    }
}
