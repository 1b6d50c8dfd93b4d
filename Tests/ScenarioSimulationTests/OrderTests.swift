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

    /// Its peers read the motion from its journal.
    @Test func `a motion whose proposer dies before sending it is a motion like any other`() throws {
        var scenario = try Village.scenario()
        let proposer = scenario.votes[0].proposer
        scenario.faults = [.init(at: 999, .crashLater(proposer, rounds: 0, .beforeSending, back: 400))]
        let run = try Village.play(scenario, seed: 1)
        #expect(run.story.contains { $0.text.contains("dies: before sending") })
        #expect(run.isAsExpected, "\(run.surprises) \(String(describing: run.violation))")
    }

    /// Its signer knows no shares yet, and must not be taken for one that does.
    @Test func `a signer that was kept from a node that died at once recovers its shares`() throws {
        let keys = try Village.keys.get()
        let scenario = try Village.scenario(
            keys.charter.parties.map { .init(at: 1, .crash($0.name, losesPower: false, back: 500)) }
        )
        let run = ScenarioRun(scenario, seed: 1, keys: keys, signers: SignerPool())
        #expect(run.isAsExpected, "\(run.surprises) \(String(describing: run.violation))")
    }

    /// A silent one keeps from others for ten seconds what it says that it has.
    @Test func `an order is owed twelve seconds after a fault, and ten later with a silent liar`() throws {
        let parties = try Village.keys.get().charter.parties.map(\.name)
        let liar = Scenario.Fault(at: 0, .misbehave(try PartyName("lab.5"), .silent))
        func owed(_ faults: [Scenario.Fault], commitSeconds: Int64) throws -> Bool {
            var scenario = try Village.scenario(faults)
            scenario.votes[0].plan.commitSeconds = commitSeconds
            scenario.end = commitSeconds * 1000 + 66_000
            let exploration = Exploration(drawn: scenario, seed: 1, keys: try Village.keys.get())
            #expect(exploration.violation == nil)
            return exploration.madeOrder
        }
        let cut = Scenario.Fault(
            at: 700,
            .cut(from: Array(parties.prefix(4)), to: Array(parties.dropFirst(4)), lasting: 8000)
        )
        #expect(try owed([cut], commitSeconds: 20))
        #expect(try !owed([liar, cut], commitSeconds: 20))
        #expect(try owed([liar, cut], commitSeconds: 30))
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

    /// A late fault touches some; the others owe the order, and so do all once it counts.
    @Test func `a late fault takes an order only from those it touches`() throws {
        let keys = try Village.keys.get().charter.parties.map(\.name)
        let few = keys.filter { ["lab.5", "government.4"].contains($0.text) }
        let others = keys.filter { !few.contains($0) }
        func owed(_ faults: [Scenario.Fault]) throws -> Bool { try Village.explores(faults) }
        // Commit-by is at 21 s, publish-by at 51 s.
        #expect(try owed(few.map { .init(at: 20_900, .crash($0, losesPower: true, back: 4000)) }))
        #expect(try owed([.init(at: 15_000, .clock(few[0], 4500))]))
        #expect(
            try owed([
                .init(at: 19_000, .cut(from: few, to: others, lasting: 20_000)),
                .init(at: 19_000, .cut(from: others, to: few, lasting: 20_000)),
            ])
        )
        #expect(try owed([.init(at: 19_000, .conditions(NetworkConditions(delayMilliseconds: 5...300)))]))
        #expect(try !owed([.init(at: 19_000, .conditions(NetworkConditions(delayMilliseconds: 5...60_000)))]))
        #expect(try !owed(others.map { .init(at: 20_900, .crash($0, losesPower: true, back: 4000)) }))
        #expect(try owed(others.map { .init(at: 60_000, .crash($0, losesPower: true, back: 1000)) }))
        // Neither side of the cut is enough.
        let halves = (Array(keys.prefix(3)), Array(keys.dropFirst(3)))
        #expect(try !owed([.init(at: 19_000, .cut(from: halves.0, to: halves.1, lasting: 40_000))]))
    }

    /// The first motion runs out at 51 s, and its round is given up at 61 s: by the clock that is ahead, a second earlier.
    @Test(arguments: Array(stride(from: Int64(50_500), through: 62_500, by: 500)))
    func `a motion that is proposed while a round is given up makes its order`(at moment: Int64) throws {
        let dark = try PartyName("government.2")
        var scenario = try Village.scenario([
            .init(at: 300, .clock(try PartyName("government.3"), 990)),
            .init(at: 300, .crash(dark, losesPower: false, back: nil)),
        ])
        scenario.votes.append(scenario.votes[0])
        scenario.votes[0].ballots.removeLast(3)
        scenario.votes[1].at = moment
        scenario.expectations = [
            .outcome(motion: 2, .order, seenBy: scenario.charter.parties.map(\.name).filter { $0 != dark })
        ]
        scenario.end += moment
        let exploration = Exploration(drawn: scenario, seed: 1, keys: try Village.keys.get())
        #expect(exploration.violation == nil)
        #expect(exploration.run.isAsExpected, "\(exploration.run.surprises)")
        #expect(exploration.madeOrder)
    }

    @Test func `nothing is owed to who has no keys`() throws {
        var scenario = try Village.scenario([.init(at: 0, .misbehave(try PartyName("government.3"), .silent))])
        scenario.ceremony = 190_000
        let exploration = Exploration(drawn: scenario, seed: 1, keys: try Village.keys.get())
        #expect(!exploration.run.surprises.isEmpty)
        #expect(exploration.violation == nil)
        #expect(!exploration.madeOrder)
    }

    @Test func `a short vote in calm owes its order`() throws {
        var scenario = try Village.scenario()
        scenario.votes[0].plan.commitSeconds = 8
        let exploration = Exploration(drawn: scenario, seed: 1, keys: try Village.keys.get())
        #expect(exploration.violation == nil)
        #expect(exploration.madeOrder)
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
