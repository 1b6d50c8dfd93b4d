import PauseAgreement
import QuorumPolicy
import ScenarioSimulation
import SignedStatements

/// How fast scenarios are played: nine parties and one motion to an order, with keys from a ceremony that was run before.
struct ScenarioFigures {
    /// Runs in a second of processor time.
    static let targets = (standIn: 100.0, real: 5.0)
    /// Of so many stretches, all with the same seeds, the fastest counts, as the minimum of several runs does elsewhere.
    private static let stretches = 10
    private static let runsPerStretch = (standIn: 40, real: 8)

    let name: String
    /// Runs in a second of processor time.
    let rate: Double
    let target: Double
    /// Of one run.
    let statements: Int

    var isGood: Bool { rate >= target }

    static func measureAll() throws -> [ScenarioFigures] {
        let keys = try PreparedKeys(charter: try ScenarioCharter.short("5 labs 3, 4 governments 2"))
        return [
            measure("stand-in", keys, readsOnce: true, target: targets.standIn),
            measure("real", keys, readsOnce: false, target: targets.real),
        ]
    }

    static var header: String {
        """

        scenarios of 5 labs and 4 governments, one motion to an order, in processor time, the fastest of several stretches

        | cryptography | runs a second | statements a run | microseconds a statement | target | good |
        |---|---|---|---|---|---|
        """
    }

    private var perStatement: Double { 1_000_000 / rate / Double(statements) }

    var row: String {
        "| \(name) | \(Finding.text(rate)) | \(statements) | \(Finding.text(perStatement)) | \(Finding.text(target)) | "
            + "\(isGood ? "yes" : "NO") |"
    }

    var json: String {
        """
        {"cryptography":"\(name)","rate":\(Finding.text(rate)),"statements":\(statements),\
        "target":\(Finding.text(target)),"good":\(isGood)}
        """
    }

    private static func measure(
        _ name: String,
        _ keys: PreparedKeys,
        readsOnce: Bool,
        target: Double
    ) -> ScenarioFigures {
        let scenario = oneMotion(keys.charter)
        let signers = SignerPool()
        var statements = 0
        func play(_ seed: UInt64) {
            let run = ScenarioRun(scenario, seed: seed, keys: keys, readsOnce: readsOnce, signers: signers)
            precondition(run.isAsExpected, "everybody agrees, so there is an order")
            statements = run.simulation.sayings.count
        }
        // The first run recovers the signers' shares.
        play(0)
        let runs = readsOnce ? runsPerStretch.standIn : runsPerStretch.real
        var rate = 0.0
        for _ in 0..<stretches {
            let start = Clock.microseconds
            for run in 1...runs { play(UInt64(run)) }
            rate = max(rate, Double(runs) * 1_000_000 / (Clock.microseconds - start))
        }
        return ScenarioFigures(name: name, rate: rate, target: target, statements: statements)
    }

    /// The first party proposes, everybody who has a vote agrees, everybody sees the order.
    static func oneMotion(_ charter: Charter) -> Scenario {
        var scenario = Scenario(question: "Is there an order?", charter: charter)
        let ballots = charter.voters.map { Scenario.Answered($0, .agree, after: 1000) }
        scenario.votes = [.init(at: 1000, proposer: charter.parties[0].name, plan: MotionPlan(), ballots: ballots)]
        scenario.expectations = [.outcome(motion: 1, .order, seenBy: charter.parties.map(\.name))]
        scenario.end = 66_000
        return scenario
    }
}

/// How long a whole life of a large assembly takes to play: its ceremony, and one motion to an order that everybody sees.
struct LargeScenario {
    /// Seconds of processor time.
    static let target = 60.0
    private static let charters = [
        "5 labs 3, 4 governments 2, 191 observers", "50 labs 34, 50 governments 34", "100 labs 67, 100 governments 67",
    ]

    let charter: String
    let ceremony: Double
    let motion: Double
    let events: Int

    var isGood: Bool { ceremony + motion <= Self.target }

    /// Many that watch, and many that decide.
    static func measureAll() throws -> [LargeScenario] { try charters.map { try measure($0) } }

    /// Plays it once, with stand-in cryptography.
    private static func measure(_ name: String) throws -> LargeScenario {
        let charter = try ScenarioCharter.short(name)
        let start = Clock.microseconds
        let signers = SignerPool()
        let keys = try PreparedKeys(charter: charter, signers: signers)
        let middle = Clock.microseconds
        let run = ScenarioRun(ScenarioFigures.oneMotion(charter), seed: 1, keys: keys, signers: signers)
        let end = Clock.microseconds
        precondition(run.isAsExpected, "everybody agrees, so there is an order")
        return LargeScenario(
            charter: name,
            ceremony: (middle - start) / 1_000_000,
            motion: (end - middle) / 1_000_000,
            events: run.simulation.eventCount
        )
    }

    static var header: String {
        """

        scenarios of many parties, stand-in cryptography, seconds of processor time

        | charter | ceremony | one motion | target for both | events of the motion | good |
        |---|---|---|---|---|---|
        """
    }

    var row: String {
        let numbers = [ceremony, motion, Self.target].map { Finding.text($0) }
        return "| \(charter) | \(numbers.joined(separator: " | ")) | \(events) | \(isGood ? "yes" : "NO") |"
    }

    var json: String {
        """
        {"charter":"\(charter)","ceremony":\(Finding.text(ceremony)),"motion":\(Finding.text(motion)),\
        "events":\(events),"good":\(isGood)}
        """
    }
}
