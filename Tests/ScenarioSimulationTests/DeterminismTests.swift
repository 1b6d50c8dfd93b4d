import PauseAgreement
import QuorumPolicy
import ScenarioSimulation
import SignedStatements
import Testing

@Suite struct OrderTests {
    @Test func `five agreeing parties make an order`() throws {
        let simulation = try Village.simulation(seed: 1)
        try simulation.proposeAndAgree(["lab.1", "lab.2", "lab.3", "government.1", "government.2", "government.3"])
        simulation.run(until: simulation.now + 80_000)
        #expect(simulation.violation == nil)
        for entry in simulation.timeline { print(entry) }
        print(simulation.eventCount, simulation.traceDigest)
        #expect(simulation.timeline.contains { $0.text.contains("the order counts") })
    }
}
