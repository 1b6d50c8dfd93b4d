import QuorumPolicy
import ScenarioSimulation
import SignedStatements
import Testing

/// As many liars as the charter allows for, in every way they know, in bad weather: nothing that must hold breaks, and those who
/// are left make their order.
@Suite struct LiarTests {
    @Test(arguments: Strategy.lies, ["lab.1", "lab.5", "government.2"])
    func `one liar breaks nothing and stops nothing`(strategy: Strategy, liar: String) throws {
        let liar = try PartyName(liar)
        var scenario = try Village.scenario([.init(at: 0, .misbehave(liar, strategy))])
        scenario.votes[0].proposer = try PartyName("lab.2")
        let exploration = Exploration(drawn: scenario, seed: 7, keys: try Village.keys.get())
        #expect(exploration.violation == nil)
        #expect(exploration.madeOrder)
    }

    @Test(arguments: Strategy.lies)
    func `one liar in bad weather breaks nothing`(strategy: Strategy) throws {
        let scenario = try Village.scenario([.init(at: 0, .misbehave(try PartyName("lab.4"), strategy))])
        for seed: UInt64 in 1...2 {
            let exploration = try Village.explore(scenario, seed: seed)
            #expect(exploration.violation == nil, "seed \(seed): \(exploration.scenario.faults.compactMap(\.entry))")
        }
    }

    @Test func `a party that seals two ballots is convicted by everybody else`() throws {
        let liar = try PartyName("lab.5")
        var scenario = try Village.scenario([.init(at: 0, .misbehave(liar, .equivocate))])
        let others = scenario.charter.parties.map(\.name).filter { $0 != liar }
        scenario.expectations = [.convicted(liar, seenBy: others)]
        let run = try Village.play(scenario, seed: 1)
        #expect(run.isAsExpected, "\(run.surprises)")
    }
}
