internal import QuorumPolicy
internal import ScenarioSimulation
internal import SignedStatements

/// Reads a scenario file (docs/scenarios.md); whatever it does not know it refuses, with the line.
struct ScenarioFile {
    let scenario: Scenario
    /// The charter as the file names it, for people.
    let charterText: String
    let lines: Lines

    /// Where things stand in the file.
    struct Lines {
        let charter: Int
        let network: Int?
        let ceremony: Int?
        /// As many as the scenario has faults.
        let faults: [Int]
        /// What decides when the run ends.
        let end: Int
    }

    /// Reads a charter file that the scenario names.
    typealias CharterReader = (String) throws -> [UInt8]

    /// Two months in milliseconds, in which the longest motion of a charter is over; more would take minutes to play.
    private static let longest: Int64 = 60 * 86_400_000
    private static let keys = [
        "question", "charter", "charter-file", "opening", "fault-bound", "clock-tolerance", "standing-notice",
        "network",
        "ceremony", "standing", "motions", "faults", "end", "expect",
    ]

    init(_ bytes: [UInt8], readingCharter: CharterReader) throws(ScenarioFileError) {
        let root = try ScenarioText.compose(bytes)
        let entries = try root.entries("a scenario", keys: Self.keys)
        func require(_ key: String) throws(ScenarioFileError) -> ScenarioNode {
            guard let node = entries[key] else {
                throw ScenarioFileError(root.line, "`\(key)` is missing", hint: "see docs/scenarios.md")
            }
            return node
        }
        let question = try require("question").text("the question")
        let (charter, text) = try Self.charter(entries, root.line, readingCharter)
        charterText = text
        var scenario = Scenario(question: question, charter: charter)
        let parties = ScenarioParties(charter)
        if let node = entries["network"] { scenario.conditions = try ScenarioFaultReader.conditions(node, .init()) }
        scenario.ceremony = try entries["ceremony"]?.milliseconds("the ceremony") ?? 0
        let votes = ScenarioVoteReader(parties)
        for node in try entries["standing"]?.items("standing") ?? [] {
            scenario.standing += try votes.standing(node)
        }
        for node in try require("motions").items("motions") { scenario.votes.append(try votes.vote(node)) }
        guard !scenario.votes.isEmpty else {
            throw ScenarioFileError(root.line, "there is no motion", hint: "add an entry to `motions`")
        }
        var faultLines: [Int] = []
        if let node = entries["faults"] {
            let reader = ScenarioFaultReader(parties: parties, conditions: scenario.conditions)
            for fault in try node.items("faults") {
                scenario.faults += try reader.faults(fault)
                while faultLines.count < scenario.faults.count { faultLines.append(fault.line) }
            }
        }
        let last = scenario.votes.map(\.lastMoment).max() ?? 0
        scenario.end = try entries["end"]?.milliseconds("the end") ?? (last + Self.settling(charter))
        let lastFault = scenario.faults.map(\.at).max() ?? 0
        let happenings: [(last: Int64?, line: Int?)] = [
            (scenario.standing.map(\.at).max(), entries["standing"]?.line),
            (lastFault - scenario.ceremony, entries["faults"]?.line),
            (scenario.votes.map(\.at).max(), entries["motions"]?.line),
        ]
        if let late = happenings.first(where: { ($0.last ?? 0) >= scenario.end }) {
            let line = entries["end"]?.line ?? late.line ?? root.line
            throw ScenarioFileError(line, "something happens after the end of the run", hint: "give a later `end`")
        }
        guard scenario.ceremony + scenario.end <= Self.longest else {
            throw ScenarioFileError(
                entries["end"]?.line ?? entries["motions"]?.line ?? root.line,
                "the run would last \((scenario.ceremony + scenario.end) / 1000)s",
                hint: "a run lasts 60 days at most, \(Self.longest / 1000)s"
            )
        }
        let expectations = ScenarioExpectationReader(parties: parties, scenario: scenario)
        for node in try require("expect").items("expect") {
            scenario.expectations.append(try expectations.expectation(node))
        }
        guard !scenario.expectations.isEmpty else {
            throw ScenarioFileError(root.line, "nothing is expected", hint: "add an entry to `expect`")
        }
        self.scenario = scenario
        lines = Lines(
            charter: (entries["charter"] ?? entries["charter-file"])?.line ?? root.line,
            network: entries["network"]?.line,
            ceremony: entries["ceremony"]?.line,
            faults: faultLines,
            end: (entries["end"] ?? entries["motions"])?.line ?? root.line
        )
    }

    /// How long after publish-by a run goes on by default: until what has not become an order has lapsed (Protocol §7.8).
    private static func settling(_ charter: Charter) -> Int64 { 1000 * charter.limits.margin.count + 5000 }

    private static func charter(
        _ entries: OrderedMap<String, ScenarioNode>,
        _ line: Int,
        _ read: CharterReader
    ) throws(ScenarioFileError) -> (Charter, String) {
        switch (entries["charter"], entries["charter-file"]) {
        case (let node?, nil):
            let text = try node.text("the charter")
            let bound = try entries["fault-bound"]?.number("the fault bound", in: 0...CharterLimits.parties)
            let tolerance = try entries["clock-tolerance"]?.seconds("the clock tolerance") ?? 5
            let opening = try Self.opening(entries["opening"])
            let notice = try entries["standing-notice"]?.seconds("the standing notice")
            do throws(ScenarioCharterError) {
                let charter = try ScenarioCharter.short(
                    text,
                    faultBound: bound,
                    clockTolerance: tolerance,
                    opening: opening,
                    standingNotice: notice
                )
                return (charter, opening == .own ? text : "\(text), opening \(opening.rawValue)")
            } catch {
                throw Self.refusal(error.description, node.line)
            }
        case (nil, let node?):
            for key in ["opening", "fault-bound", "clock-tolerance", "standing-notice"] {
                guard let other = entries[key] else { continue }
                throw ScenarioFileError(other.line, "`\(key)` is the charter file's", hint: "remove the line")
            }
            let path = try node.text("the charter file")
            let bytes: [UInt8]
            do { bytes = try read(path) } catch {
                throw ScenarioFileError(
                    node.line,
                    "\(path) cannot be read",
                    hint: "the path is relative to the scenario"
                )
            }
            do throws(CharterError) { return (try ScenarioCharter.rekeyed(bytes), path) } catch {
                throw Self.refusal("\(path): \(error)", node.line)
            }
        case (let node?, .some):
            throw ScenarioFileError(node.line, "there are two charters", hint: "keep `charter` or `charter-file`")
        case (nil, nil):
            throw ScenarioFileError(
                line,
                "there is no charter",
                hint: "add `charter: 5 labs 3, 4 governments 2`, or `charter-file`"
            )
        }
    }

    /// Each party opens its own ballot, unless the scenario says that openings are guaranteed.
    private static func opening(_ node: ScenarioNode?) throws(ScenarioFileError) -> Charter.OpeningMode {
        guard let node else { return .own }
        let text = try node.text("the way of opening")
        guard let opening = Charter.OpeningMode(rawValue: text) else {
            throw ScenarioFileError(node.line, "\"\(text)\" is no way of opening", hint: "write `guaranteed` or `self`")
        }
        return opening
    }

    /// Parts an error's text from its hint.
    private static func refusal(_ text: String, _ line: Int) -> ScenarioFileError {
        let failure = CommandFailure(parting: text, exitStatus: ExitStatus.data)
        return ScenarioFileError(line, failure.what, hint: failure.hint ?? "change the charter")
    }
}

extension Scenario.Vote {
    /// Publish-by, in milliseconds from the beginning.
    var lastMoment: Int64 { at + 1000 * (plan.commitSeconds + plan.signSeconds + plan.publishSeconds) }
}

/// The names that a scenario may use.
struct ScenarioParties {
    let charter: Charter
    static let everybody = "everybody"

    init(_ charter: Charter) { self.charter = charter }

    /// The parties that a list of names stands for: parties, classes and `everybody`.
    func parties(_ node: ScenarioNode, _ what: String) throws(ScenarioFileError) -> [PartyName] {
        var found: [PartyName] = []
        for (line, text) in try node.texts(what) {
            for party in try parties(text, line) where !found.contains(party) { found.append(party) }
        }
        return found
    }

    func parties(_ text: String, _ line: Int) throws(ScenarioFileError) -> [PartyName] {
        let all = charter.parties
        if text == Self.everybody { return all.map(\.name) }
        let ofClass = all.filter { $0.partyClass.text == text }.map(\.name)
        if !ofClass.isEmpty { return ofClass }
        guard let party = all.first(where: { $0.name.text == text }) else {
            let known = all.map(\.name.text) + charter.classes.map(\.name.text) + [Self.everybody]
            let near = suggestion(for: text, among: known).map { "did you mean \($0)?" }
            let list = all.map(\.name.text).joined(separator: ", ")
            throw ScenarioFileError(line, "the charter has no party \(text)", hint: near ?? "its parties are \(list)")
        }
        return [party.name]
    }

    func party(_ node: ScenarioNode, _ what: String) throws(ScenarioFileError) -> PartyName {
        let found = try parties(try node.text(what), node.line)
        guard found.count == 1, let party = found.first else {
            throw ScenarioFileError(node.line, "\(what) must be one party", hint: "name the party, not its class")
        }
        return party
    }
}
