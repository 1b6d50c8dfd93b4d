import QuorumPolicy
import ScenarioSimulation
import SignedStatements
import Testing

@Suite struct OrderTests {
    @Test(arguments: [true, false])
    func `nine agreeing parties make an order, however statements are read`(readsOnce: Bool) throws {
        let run = try Village.play(try Village.scenario(), seed: 1, readsOnce: readsOnce)
        #expect(run.isAsExpected, "\(run.surprises) \(String(describing: run.violation))")
        #expect(run.story.contains { $0.text.contains("the order counts") && $0.witnesses.count == 9 })
    }

    @Test func `an expectation that is not met is told`() throws {
        var scenario = try Village.scenario()
        scenario.votes[0].ballots.removeLast(3)
        let run = try Village.play(scenario, seed: 1)
        #expect(run.violation == nil)
        #expect(run.surprises.count == 9)
    }

    @Test(arguments: 1...8)
    func `swarms of faults break nothing`(seed: UInt64) throws {
        let exploration = try Village.explore(try Village.scenario(), seed: seed)
        #expect(exploration.violation == nil, "seed \(seed): \(exploration.scenario.faults.compactMap(\.entry))")
    }

    @Test func `a quorum in calm is owed an order, and one that is not left is not`() throws {
        let dark = { (name: String) in
            Scenario.Fault(at: 500, .crash(try PartyName(name), losesPower: false, back: nil))
        }
        func owed(_ names: [String]) throws -> Bool { try Village.explores(names.map(dark)) }
        #expect(try owed(["government.4"]))
        #expect(try owed(["lab.4", "lab.5"]))
        #expect(try !owed(["government.3", "government.4"]))
        #expect(try !owed(["lab.3", "lab.4", "lab.5"]))
    }
}

extension Village {
    /// Whether an order was owed, and came.
    fileprivate static func explores(_ faults: [Scenario.Fault]) throws -> Bool {
        let exploration = Exploration(drawn: try scenario(faults), seed: 1, keys: try keys.get())
        #expect(exploration.violation == nil)
        return exploration.madeOrder
    }
}
