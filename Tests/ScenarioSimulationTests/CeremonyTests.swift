import QuorumPolicy
import ScenarioSimulation
import SignedStatements
import Testing

/// Runs that begin with the key ceremony instead of its keys.
@Suite struct CeremonyTests {
    /// The first seeds whose swarm disturbs a ceremony.
    private static func seeds(_ count: Int) throws -> [UInt64] {
        let scenario = try Village.scenario()
        return Array((1...1000).lazy.filter { Swarm.scenario(scenario, seed: $0).ceremony > 0 }.prefix(count))
    }

    @Test func `nodes that die and lose power in the ceremony end it once all are back, and make an order`() throws {
        let seeds = try Self.seeds(3)
        #expect(seeds.count == 3)
        for seed in seeds {
            let exploration = try Village.explore(try Village.scenario(), seed: seed)
            let faults = exploration.scenario.faults.compactMap(\.entry)
            #expect(exploration.violation == nil, "seed \(seed): \(faults)")
            #expect(exploration.madeOrder, "seed \(seed): \(faults)")
        }
    }

    @Test func `a ceremony that is owed and does not end is told`() throws {
        var scenario = try Village.scenario()
        scenario.ceremony = 200_000
        scenario.faults = [.init(at: 0, .breakNode(try PartyName("lab.2"), .silent))]
        let run = try Village.play(scenario, seed: 1)
        #expect(run.violation?.invariant == .liveness, "\(String(describing: run.violation))")
    }

    @Test func `a node that has the keys of another ceremony is caught`() throws {
        let culprit = try PartyName("lab.2")
        let other = try PreparedKeys(charter: Village.keys.get().charter, seed: 2)
        let run = ScenarioRun(
            try Village.scenario(),
            seed: 1,
            keys: try Village.keys.get().mixed(culprit, from: other),
            ignoring: [.noFraming]
        )
        #expect(run.violation?.invariant == .sameKeys, "\(String(describing: run.violation))")
        #expect(run.violation?.party == culprit)
    }
}
