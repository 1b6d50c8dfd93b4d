internal import CryptoPrimitives
internal import PauseAgreement
internal import QuorumPolicy
internal import ScenarioSimulation
internal import SignedStatements

/// What a run came to, as data.
struct ScenarioPage: Codable {
    struct Motion: Codable {
        let motion: Int
        /// By party, the phase that its node shows; empty where the node is down or has not heard of the motion.
        let phases: [String: String]
    }

    struct Line: Codable {
        let firstMilliseconds: Int64
        let lastMilliseconds: Int64
        let witnesses: [String]
        let text: String
    }

    let file: String
    let question: String
    let charter: String
    /// Nothing for a run of real nodes, and no trace either: it is never the same again.
    let seed: UInt64?
    let cryptography: String
    let isAsExpected: Bool
    let surprises: [String]
    /// What must never happen and did; empty as it should be.
    let violation: String
    /// The row of Protocol §10.1 that the violation belongs to; 0 without one.
    let violatedLine: Int
    let motions: [Motion]
    /// SHA-256 over everything that was said: equal for equal runs.
    let trace: String?
    /// What was carried out in a simulation; what real nodes told their operators.
    let events: Int
    let timeline: [Line]

    init(_ run: ScenarioRun, _ file: ScenarioFile, path: String, _ cryptography: Cryptography) {
        let simulation = run.simulation
        self.init(
            file,
            path: path,
            run.ending,
            run.story,
            surprises: run.surprises,
            violation: run.violation,
            seed: simulation.seed,
            cryptography: cryptography.label,
            trace: simulation.traceDigest.description,
            events: simulation.eventCount
        )
    }

    /// A run of real nodes.
    init(_ run: LiveRun.Result, _ file: ScenarioFile, path: String) {
        self.init(
            file,
            path: path,
            run.ending,
            run.story,
            surprises: run.ending.surprises(file.scenario.expectations),
            violation: nil,
            seed: nil,
            cryptography: "live: real nodes on this machine, in \(run.milliseconds / 1000) s of real time",
            trace: nil,
            events: run.notices
        )
    }

    private init(
        _ file: ScenarioFile,
        path: String,
        _ ending: ScenarioEnding,
        _ story: [StoryLine],
        surprises: [String],
        violation: Violation?,
        seed: UInt64?,
        cryptography: String,
        trace: String?,
        events: Int
    ) {
        self.file = path
        question = file.scenario.question
        charter = file.charterText
        self.seed = seed
        self.cryptography = cryptography
        isAsExpected = violation == nil && surprises.isEmpty
        self.surprises = surprises
        self.violation = violation?.description ?? ""
        violatedLine = violation?.invariant.line ?? 0
        motions = file.scenario.votes.indices.map { index in
            let phases = file.scenario.charter.parties.map { party in
                (party.name.text, ending.phase(of: index + 1, at: party.name))
            }
            return Motion(motion: index + 1, phases: Dictionary(uniqueKeysWithValues: phases))
        }
        self.trace = trace
        self.events = events
        timeline = story.map { line in
            Line(
                firstMilliseconds: line.first,
                lastMilliseconds: line.last,
                witnesses: line.witnesses.map(\.text),
                text: line.text
            )
        }
    }

    /// For people: the result, then what happened.
    func text(withTimeline: Bool) -> String {
        var lines = [file, "  \(question)"]
        lines.append("  \(isAsExpected ? "as expected" : "NOT AS EXPECTED")")
        if !violation.isEmpty { lines.append("  violation of what must always hold: \(violation)") }
        lines += surprises.map { "  \($0)" }
        for motion in motions { lines.append("  motion \(motion.motion): \(Self.summary(motion.phases))") }
        let origin = seed.map { "seed \($0), " } ?? ""
        let digest = trace.map { ", trace \($0.prefix(16))" } ?? ""
        lines.append("  \(origin)\(events) events\(digest); \(cryptography)")
        if withTimeline { lines += timeline.map(Self.text) }
        return lines.joined(separator: "\n")
    }

    static func summary(_ phases: [String: String]) -> String {
        let groups = Dictionary(grouping: phases.keys.sorted()) { phases[$0] ?? "" }
        return groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { phase, parties in
            let name = phase.isEmpty ? "not seen" : phase
            return "\(name) at \(parties.count == phases.count ? "all parties" : parties.joined(separator: ", "))"
        }
        .joined(separator: "; ")
    }

    private static func text(_ line: Line) -> String {
        let time = seconds(line.firstMilliseconds)
        let padding = String(repeating: " ", count: max(0, 10 - time.utf8.count))
        guard let first = line.witnesses.first else { return "  \(padding)\(time)  * \(line.text)" }
        let others =
            line.witnesses.count == 1
            ? "" : " (\(first) first; \(line.witnesses.count) parties by \(seconds(line.lastMilliseconds)))"
        return "  \(padding)\(time)  \(line.witnesses.count == 1 ? "\(first): " : "")\(line.text)\(others)"
    }

    /// Such as `+12.345 s`.
    static func seconds(_ milliseconds: Int64) -> String {
        let fraction = "\(1000 + milliseconds % 1000)".dropFirst()
        return "+\(milliseconds / 1000).\(fraction) s"
    }
}
