import CryptoPrimitives
import PauseAgreement
import QuorumPolicy
import ScenarioSimulation
import SignedStatements
import Testing

/// Nine parties whose keys were made once for all tests, and one motion on which everybody agrees.
enum Village {
    static let keys = Result { try PreparedKeys(charter: ScenarioCharter.short("5 labs 3, 4 governments 2")) }

    /// A motion of the first lab; an order is expected.
    static func scenario(_ faults: [Scenario.Fault] = [], answer: Answer = .agree) throws -> Scenario {
        let charter = try keys.get().charter
        var scenario = Scenario(question: "Is there an order?", charter: charter)
        let ballots = charter.parties.enumerated().map { index, party in
            Scenario.Answered(party.name, answer, after: 1000 + 200 * Int64(index))
        }
        scenario.votes = [.init(at: 1000, proposer: try PartyName("lab.1"), plan: MotionPlan(), ballots: ballots)]
        scenario.faults = faults
        scenario.expectations = [.outcome(motion: 1, .order, seenBy: charter.parties.map(\.name))]
        scenario.end = 66_000
        return scenario
    }

    static func play(
        _ scenario: Scenario,
        seed: UInt64,
        readsOnce: Bool = true,
        isDurable: Bool = true,
        ignoring ignored: Set<Invariant> = []
    ) throws -> ScenarioRun {
        ScenarioRun(
            scenario,
            seed: seed,
            keys: try keys.get(),
            readsOnce: readsOnce,
            isDurable: isDurable,
            ignoring: ignored
        )
    }

    static func explore(_ scenario: Scenario, seed: UInt64) throws -> Exploration {
        Exploration(scenario, seed: seed, keys: try keys.get())
    }
}
