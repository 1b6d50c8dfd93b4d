internal import ScenarioSimulation
internal import SignedStatements

/// What real nodes on one machine can play of a scenario.
enum LiveRules {
    /// Each party's node is a process with memory that is never swapped out.
    static let parties = 32
    /// The longest run, in milliseconds of real time.
    static let milliseconds: Int64 = 3_600_000

    /// Refuses, with its line, the first thing of a file that cannot be played live.
    static func check(_ file: ScenarioFile) throws(ScenarioFileError) {
        let scenario = file.scenario
        guard scenario.charter.parties.count <= parties else {
            throw refusal(
                file.lines.charter,
                "\(scenario.charter.parties.count) parties",
                "at most \(parties) fit one machine"
            )
        }
        if let line = file.lines.ceremony {
            throw refusal(line, "`ceremony`", "real nodes always begin with one, undisturbed")
        }
        if let line = file.lines.network { throw refusal(line, "`network`", "lines on one machine are as they are") }
        for (fault, line) in zip(scenario.faults, file.lines.faults) {
            if let (what, why) = obstacle(fault.action) { throw refusal(line, what, why) }
        }
        guard scenario.end <= milliseconds else {
            throw ScenarioFileError(
                file.lines.end,
                "this cannot be played live: it takes \(scenario.end / 60_000) minutes of real time, more than "
                    + "\(milliseconds / 60_000)",
                hint: "shorten commit, sign and publish, give an `end`, or run it without --live"
            )
        }
    }

    private static func refusal(_ line: Int, _ what: String, _ why: String) -> ScenarioFileError {
        ScenarioFileError(line, "\(what) cannot be played live: \(why)", hint: "take it out, or run without --live")
    }

    private static func obstacle(_ action: ScenarioAction) -> (what: String, why: String)? {
        switch action {
        case .crash(_, false, _), .start: nil
        case .crash(_, true, _): ("`power-cut`", "what a process has written stays; `kill` can be played")
        case .crashLater: ("`dies`", "a process cannot be killed at a point of its code; `kill` can be played")
        case .cut, .mend: ("`cut` or `split`", "nothing stands between nodes of one machine")
        case .clock: ("`clock`", "all nodes of a machine have its clock")
        case .conditions: ("`network`", "lines on one machine are as they are")
        case .misbehave, .breakNode: ("`liar`", "real nodes keep to the protocol")
        case .ratify, .propose, .cast, .stand: ("this", "it is no fault")
        }
    }
}
