import PauseAgreement
import QuorumPolicy
import ScenarioSimulation
import SignedStatements
import Testing

/// Every check of a simulation is shown to work: a node that is broken in one way, and not declared to be, is caught by the check
/// that is meant.
@Suite struct BrokenNodeTests {
    static let variants: [(name: String, strategy: Strategy, invariant: Invariant)] = [
        ("reveal before close", .earlyOpening, .sealed),
        ("receipt after close", .receiptAfterClose, .receiptBeforeClose),
        ("double receipt", .doubleReceipt, .receiptOnce),
        ("sign without evidence", .signWithoutEvidence, .evidenceFirst),
        ("accept a late order", .lateReceipt, .publishedInTime),
        ("count a party twice", .countTwice, .sealed),
        ("two statements with one number", .equivocate, .numberOnce),
    ]

    @Test(arguments: variants.indices)
    func `a broken node is caught`(index: Int) throws {
        let (name, strategy, invariant) = Self.variants[index]
        let culprit = try PartyName("lab.2")
        let run = try Village.play(try Village.scenario([.init(at: 0, .breakNode(culprit, strategy))]), seed: 1)
        #expect(run.violation?.invariant == invariant, "\(name): \(String(describing: run.violation))")
        #expect(run.violation?.party == culprit)
    }

    @Test func `a node that ignores a condition is caught`() throws {
        let culprit = try PartyName("lab.2")
        let condition = Answer.agreeIf(try Condition(canonicalText: "lab.5"))
        var scenario = try Village.scenario([.init(at: 0, .breakNode(culprit, .ignoreCondition))])
        for (index, ballot) in scenario.votes[0].ballots.enumerated() {
            if ballot.party == culprit { scenario.votes[0].ballots[index].answer = condition }
            // Two decline, so that no order comes without the culprit's share.
            if ["lab.4", "lab.5"].contains(ballot.party.text) { scenario.votes[0].ballots[index].answer = .decline }
        }
        let run = try Village.play(scenario, seed: 1)
        #expect(run.violation?.invariant == .conditionKept, "\(String(describing: run.violation))")
        #expect(run.violation?.party == culprit)
    }

    @Test func `a node that sends what a power cut could take is caught before the cut`() throws {
        let keys = try Village.keys.get()
        let run = ScenarioRun(try Village.scenario(), seed: 1, keys: keys, isDurable: false)
        #expect(run.violation?.invariant == .durable)
    }

    /// Where even the journal fails, peers still know: the node asks them before its first word, and abstains.
    @Test func `receipts that a power cut took are not given twice`() throws {
        let keys = try Village.keys.get()
        let culprit = try PartyName("lab.2")
        let scenario = try Village.scenario([.init(at: 2500, .crash(culprit, losesPower: true, back: 100))])
        let run = ScenarioRun(scenario, seed: 1, keys: keys, isDurable: false, ignoring: [.durable])
        #expect(run.violation == nil)
        #expect(run.story.contains { $0.witnesses.contains(culprit) && $0.text.contains("was made elsewhere") })
    }

    @Test func `an order that is owed and does not come is told`() throws {
        // Nothing was wrong but the end of the run: it came before the ballots were open.
        var scenario = try Village.scenario()
        scenario.end = 3_000
        let exploration = Exploration(drawn: scenario, seed: 1, keys: try Village.keys.get())
        #expect(exploration.violation?.invariant == .liveness)
    }

    @Test func `the shortest replay keeps only what matters`() throws {
        let culprit = try PartyName("lab.2")
        let other = try PartyName("government.3")
        let scenario = try Village.scenario([
            .init(at: 0, .breakNode(culprit, .doubleReceipt)), .init(at: 500, .clock(other, 300)),
            .init(at: 700, .crash(other, losesPower: true, back: 500)),
            .init(at: 900, .cut(from: [culprit], to: [other], lasting: 400)),
            .init(at: 1500, .conditions(NetworkConditions(repeatedPerMille: 50))),
        ])
        let keys = try Village.keys.get()
        let exploration = Exploration(drawn: scenario, seed: 3, keys: keys)
        let shrunk = exploration.shrunk { Exploration(drawn: $0, seed: 3, keys: keys) }
        #expect(shrunk.violation?.invariant == .receiptOnce)
        #expect(shrunk.scenario.faults == [.init(at: 0, .breakNode(culprit, .doubleReceipt))])
    }
}
