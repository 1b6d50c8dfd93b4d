import QuorumPolicy
import TestSupport
import Testing

@testable import NodeService

/// A process whose randomness follows from a seed holds nobody's keys (docs/decisions/0026-simulation.md).
@Suite(.timeLimit(.minutes(1)))
struct SeededRandomnessTests {
    @Test func `neither a key nor a node is made with randomness that can be foretold`() async throws {
        let directory = try TemporaryDirectory()
        let text = NodeConfiguration.firstText(party: try PartyName("lab.alpha"), charter: "charter.txt")
        let path = try directory.write(Array(text.utf8), to: "node.yaml")
        let run = try ProgramRun("trap", ["seeded", path])
        #expect(await run.wait(seconds: 30))
        #expect(run.text.contains("no key: this process runs a simulation"))
        #expect(run.text.contains("no node: this process runs a simulation"))
        #expect(!run.text.contains("was"))
    }
}
