internal import QuorumPolicy
internal import ScenarioSimulation
internal import SignedStatements

/// Reads what goes wrong in a scenario.
struct ScenarioFaultReader {
    let parties: ScenarioParties
    let conditions: NetworkConditions

    private static let kinds = ["kill", "power-cut", "dies", "dark", "cut", "split", "clock", "liar", "network"]
    private static let others = ["at", "for", "does", "from", "to", "ahead", "behind", "after", "when"]

    func faults(_ node: ScenarioNode) throws(ScenarioFileError) -> [Scenario.Fault] {
        let entries = try node.entries("a fault", keys: Self.kinds + Self.others)
        let present = Self.kinds.filter { entries[$0] != nil }
        guard present.count == 1, let kind = present.first, let value = entries[kind] else {
            throw ScenarioFileError(
                node.line,
                "a fault is exactly one of \(Self.kinds.joined(separator: ", "))",
                hint: "write one entry for each"
            )
        }
        try refuseStray(entries, kind)
        let at = try entries["at"]?.milliseconds("at") ?? 0
        let lasting = try entries["for"]?.milliseconds("for")
        return try actions(kind, value, entries, lasting).map { .init(at: at, $0) }
    }

    private func refuseStray(_ entries: OrderedMap<String, ScenarioNode>, _ kind: String) throws(ScenarioFileError) {
        let wanted: [String: [String]] = [
            "kill": ["for"], "dies": ["for", "after", "when"], "power-cut": ["for"], "dark": [], "cut": ["for"],
            "split": ["for"],
            "clock": ["ahead", "behind"], "liar": ["does"], "network": [],
        ]
        for (key, node) in entries where Self.others.contains(key) && key != "at" {
            guard wanted[kind]?.contains(key) != true else { continue }
            throw ScenarioFileError(node.line, "`\(key)` does not go with `\(kind)`", hint: "see docs/scenarios.md")
        }
    }

    private func actions(
        _ kind: String,
        _ value: ScenarioNode,
        _ entries: OrderedMap<String, ScenarioNode>,
        _ lasting: Int64?
    ) throws(ScenarioFileError) -> [ScenarioAction] {
        switch kind {
        case "kill", "power-cut":
            return try parties.parties(value, kind).map { .crash($0, losesPower: kind == "power-cut", back: lasting) }
        case "dies":
            let party = try parties.party(value, kind)
            let rounds = try entries["after"]?.number("after", in: 0...1_000_000) ?? 0
            return [.crashLater(party, rounds: rounds, try point(entries["when"]), back: lasting)]
        case "dark": return try parties.parties(value, kind).map { .crash($0, losesPower: false, back: nil) }
        case "cut": return [try cut(value, lasting)]
        case "split":
            let one = try parties.parties(value, kind)
            let other = parties.charter.parties.map(\.name).filter { !one.contains($0) }
            return [.cut(from: one, to: other, lasting: lasting), .cut(from: other, to: one, lasting: lasting)]
        case "clock": return [try clock(value, entries)]
        case "liar": return try liars(value, entries)
        default: return [.conditions(try Self.conditions(value, conditions))]
        }
    }

    private func point(_ node: ScenarioNode?) throws(ScenarioFileError) -> DeathPoint {
        guard let node else { return .beforeSending }
        let text = try node.text("when")
        guard let point = DeathPoint(rawValue: text) else {
            let known = DeathPoint.allCases.map(\.rawValue).joined(separator: ", ")
            throw ScenarioFileError(node.line, "no node dies `\(text)`", hint: "write one of \(known)")
        }
        return point
    }

    private func cut(_ node: ScenarioNode, _ lasting: Int64?) throws(ScenarioFileError) -> ScenarioAction {
        let entries = try node.entries("a cut", keys: ["from", "to"])
        guard let from = entries["from"], let to = entries["to"] else {
            throw ScenarioFileError(
                node.line,
                "a cut needs `from` and `to`",
                hint: "write {from: lab.1, to: everybody}"
            )
        }
        return .cut(from: try parties.parties(from, "from"), to: try parties.parties(to, "to"), lasting: lasting)
    }

    private func clock(
        _ node: ScenarioNode,
        _ entries: OrderedMap<String, ScenarioNode>
    ) throws(ScenarioFileError) -> ScenarioAction {
        let party = try parties.party(node, "the clock's party")
        switch (entries["ahead"], entries["behind"]) {
        case (let ahead?, nil): return .clock(party, try ahead.milliseconds("ahead"))
        case (nil, let behind?): return .clock(party, -(try behind.milliseconds("behind")))
        default:
            throw ScenarioFileError(
                node.line,
                "a clock is either ahead or behind",
                hint: "add `ahead: 3s` or `behind: 3s`"
            )
        }
    }

    private func liars(
        _ node: ScenarioNode,
        _ entries: OrderedMap<String, ScenarioNode>
    ) throws(ScenarioFileError) -> [ScenarioAction] {
        guard let does = entries["does"] else {
            throw ScenarioFileError(node.line, "what does the liar do?", hint: "add `does: withhold-opening`")
        }
        let text = try does.text("does")
        guard let strategy = Strategy(rawValue: text), Strategy.lies.contains(strategy) else {
            let known = Strategy.lies.map(\.rawValue)
            let near = suggestion(for: text, among: known).map { "did you mean \($0)?" }
            throw ScenarioFileError(does.line, "no liar does `\(text)`", hint: near ?? known.joined(separator: ", "))
        }
        return try parties.parties(node, "liar").map { .misbehave($0, strategy) }
    }

    static func conditions(
        _ node: ScenarioNode,
        _ before: NetworkConditions
    ) throws(ScenarioFileError) -> NetworkConditions {
        var conditions = before
        let entries = try node.entries("the network", keys: ["delay", "broken", "repeated", "overtaking"])
        if let delay = entries["delay"] {
            let parts = try delay.text("the delay").split(separator: ".").compactMap { Int($0) }
            guard parts.count == 2, let low = parts.first, let high = parts.last, 0 <= low, low <= high, high <= 600_000
            else {
                throw ScenarioFileError(delay.line, "this is no delay", hint: "write milliseconds as 5..50")
            }
            conditions.delayMilliseconds = low...high
        }
        if let broken = entries["broken"] { conditions.brokenPerMille = try broken.number("broken", in: 0...900) }
        if let repeated = entries["repeated"] {
            conditions.repeatedPerMille = try repeated.number("repeated", in: 0...1000)
        }
        if let overtaking = entries["overtaking"] { conditions.overtakes = try overtaking.isTrue("overtaking") }
        return conditions
    }
}

/// Reads what is expected of a scenario.
struct ScenarioExpectationReader {
    let parties: ScenarioParties
    let scenario: Scenario

    func expectation(_ node: ScenarioNode) throws(ScenarioFileError) -> Scenario.Expectation {
        let entries = try node.entries("an expectation", keys: ["motion", "outcome", "convicted", "seen-by"])
        let viewers = try viewers(entries["seen-by"])
        if let convicted = entries["convicted"] {
            guard entries["motion"] == nil, entries["outcome"] == nil else {
                throw ScenarioFileError(node.line, "this expects two things", hint: "write an entry for each")
            }
            let liar = try parties.party(convicted, "the convicted")
            return .convicted(liar, seenBy: viewers.filter { $0 != liar })
        }
        guard let outcome = entries["outcome"] else {
            throw ScenarioFileError(node.line, "what is expected?", hint: "add `outcome: order` or `convicted: lab.1`")
        }
        let text = try outcome.text("the outcome")
        guard let known = Scenario.Outcome(rawValue: text) else {
            throw ScenarioFileError(outcome.line, "no motion ends with `\(text)`", hint: "write order or no order")
        }
        let count = scenario.votes.count
        let motion = try entries["motion"]?.number("the motion", in: 1...count) ?? 1
        let over = scenario.votes[motion - 1].lastMoment
        guard known == .order || scenario.end >= over else {
            throw ScenarioFileError(
                outcome.line,
                "the run ends \(scenario.end) ms after its beginning, when motion \(motion) may still become an order",
                hint: "give an `end` of \((over + 999) / 1000)s or later, or none"
            )
        }
        return .outcome(motion: motion, known, seenBy: viewers)
    }

    private func viewers(_ node: ScenarioNode?) throws(ScenarioFileError) -> [PartyName] {
        let dark = PartySet(
            scenario.faults.compactMap { fault in
                if case .crash(let party, _, nil) = fault.action { party } else { nil }
            }
        )
        guard let node else {
            return parties.charter.parties.map(\.name).filter { !dark.contains($0) && !scenario.liars.contains($0) }
        }
        let named = try parties.parties(node, "seen-by")
        if let gone = named.first(where: { dark.contains($0) }) {
            throw ScenarioFileError(
                node.line,
                "\(gone) is not there at the end and sees nothing",
                hint: "name others in `seen-by`"
            )
        }
        return named
    }
}
