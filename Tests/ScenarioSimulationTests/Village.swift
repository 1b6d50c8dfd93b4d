import CryptoPrimitives
import PauseAgreement
import QuorumPolicy
import ScenarioSimulation
import SignedStatements
import Testing

/// Nine parties whose keys were made once for all tests.
enum Village {
    static let keys = Result { try PreparedKeys(charter: ScenarioCharter.short("5 labs 3, 4 governments 2")) }

    static func simulation(seed: UInt64, readsOnce: Bool = true, isDurable: Bool = true) throws -> Simulation {
        let keys = try keys.get()
        return Simulation(charter: keys.charter, seed: seed, keys: keys, readsOnce: readsOnce, isDurable: isDurable)
    }

    static func party(_ text: String) throws -> PartyName { try PartyName(text) }
}

extension Simulation {
    /// The first lab proposes, and everybody named agrees a little later.
    func proposeAndAgree(_ names: [String]) throws {
        schedule(.propose(try PartyName("lab.1"), MotionPlan()), at: now + 1000)
        for (index, name) in names.enumerated() {
            schedule(.cast(try PartyName(name), .agree, motion: 1), at: now + 2000 + Int64(index) * 300)
        }
    }
}
