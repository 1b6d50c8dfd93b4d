import Foundation
import PauseAgreement
import QuorumPolicy
import ScenarioSimulation
import SignedStatements
import TestSupport
import Testing

/// Every check of a simulation is shown to work: a node that is broken in one way, and not declared to be, is caught by the check
/// that is meant.
@Suite struct BrokenNodeTests {
    static let variants: [(name: String, strategy: Strategy, invariant: Invariant)] = [
        ("reveal before close", .earlyOpening, .sealed),
        ("receipt after close", .receiptAfterClose, .receiptBeforeClose),
        ("double receipt", .doubleReceipt, .receiptOnce),
        ("sign without evidence", .signWithoutEvidence, .evidenceFirst),
        ("accept late order", .lateReceipt, .publishedInTime),
        ("count a party twice", .countTwice, .sealed),
        ("two statements with one number", .equivocate, .numberOnce),
        ("commit twice", .secondBallot, .commitmentOnce),
        ("accuse an honest party", .falseAccusation, .noFraming),
        ("let nothing go", .hoard, .bounded),
    ]

    private let culprit: PartyName

    init() throws { culprit = try PartyName("lab.2") }

    /// Two labs decline, so that no order comes without the culprit's share.
    private func needed(_ faults: [Scenario.Fault]) throws -> Scenario {
        var scenario = try Village.scenario(faults)
        for (index, ballot) in scenario.votes[0].ballots.enumerated()
        where ["lab.4", "lab.5"].contains(ballot.party.text) {
            scenario.votes[0].ballots[index].answer = .decline
        }
        return scenario
    }

    @Test(arguments: variants.indices)
    func `a broken node is caught`(index: Int) throws {
        let (name, strategy, invariant) = Self.variants[index]
        let run = try Village.play(try Village.scenario([.init(at: 0, .breakNode(culprit, strategy))]), seed: 1)
        #expect(run.violation?.invariant == invariant, "\(name): \(String(describing: run.violation))")
        #expect(run.violation?.party == culprit)
    }

    @Test func `a node that ignores a condition is caught`() throws {
        var scenario = try needed([.init(at: 0, .breakNode(culprit, .ignoreCondition))])
        let condition = Answer.agreeIf(try Condition(canonicalText: "lab.5"))
        for index in scenario.votes[0].ballots.indices where scenario.votes[0].ballots[index].party == culprit {
            scenario.votes[0].ballots[index].answer = condition
        }
        let run = try Village.play(scenario, seed: 1)
        #expect(run.violation?.invariant == .conditionKept, "\(String(describing: run.violation))")
        #expect(run.violation?.party == culprit)
    }

    @Test func `a node that answers two packages with one nonce commitment is caught`() throws {
        let run = try Village.play(try needed([.init(at: 0, .breakNode(culprit, .answerTwice))]), seed: 1)
        #expect(run.violation?.invariant == .nonceOnce, "\(String(describing: run.violation))")
        #expect(run.violation?.party == culprit)
    }

    /// What a broken node signs convicts it before all others, who would be wrong if it had kept to the protocol.
    @Test(arguments: [
        (
            Strategy.secondBallot, [Invariant.commitmentOnce],
            "it holds lab.2 convicted: committed to two ballots on one motion"
        ),
        // Of two statements with one number, or by a node that knows one of them, of a chain that does not fit it.
        (.equivocate, [.numberOnce, .commitmentOnce], "it holds lab.2 convicted"),
        (.wrongShare, [], "it holds lab.2 convicted: gave a wrong signature share"),
    ])
    func `a node that holds an honest party convicted is caught`(
        strategy: Strategy,
        own: [Invariant],
        text: String
    ) throws {
        let scenario = try needed([.init(at: 0, .breakNode(culprit, strategy))])
        let run = try Village.play(scenario, seed: 1, ignoring: Set(own))
        #expect(run.violation?.invariant == .noFraming, "\(String(describing: run.violation))")
        #expect(run.violation?.text.hasPrefix(text) == true)
        #expect(run.violation?.party != culprit)
    }

    /// Eight nodes give receipts after they have closed, to a ballot that its author sealed once it had seen another's.
    @Test func `nodes that certify a ballot made after an opening are caught`() throws {
        let late = try PartyName("lab.5")
        var scenario = try Village.scenario([.init(at: 0, .misbehave(late, .lateBallot))])
        let others = scenario.charter.parties.map(\.name).filter { $0 != late }
        scenario.faults += others.map { .init(at: 0, .breakNode($0, .secondThought)) }
        let run = try Village.play(scenario, seed: 1, ignoring: [.receiptBeforeClose, .noFraming])
        #expect(run.violation?.invariant == .noSecondThought, "\(String(describing: run.violation))")
        #expect(run.violation.map { others.contains($0.party) } == true)
        #expect(try Village.play(scenario, seed: 1).violation?.invariant == .receiptBeforeClose)
    }

    /// Every node has forgotten the order that counts, and they make another one at its place.
    @Test func `nodes that count two orders for one place are caught`() throws {
        var scenario = try Village.scenario()
        let parties = scenario.charter.parties.map(\.name)
        scenario.faults = parties.map { .init(at: 0, .breakNode($0, .forgetful)) }
        scenario.faults += parties.map { .init(at: 60_000, .crash($0, losesPower: false, back: 100)) }
        scenario.votes.append(scenario.votes[0])
        scenario.votes[1].at = 62_000
        scenario.end = 130_000
        let run = try Village.play(scenario, seed: 1, ignoring: [.numberOnce])
        #expect(run.violation?.invariant == .oneOrder, "\(String(describing: run.violation))")
        #expect(try Village.play(scenario, seed: 1).violation?.invariant == .numberOnce)
    }

    @Test func `a node that cannot read its journal again is caught`() throws {
        let scenario = try Village.scenario([
            .init(at: 0, .breakNode(culprit, .spoiledJournal)),
            .init(at: 5000, .crash(culprit, losesPower: false, back: 100)),
        ])
        let run = try Village.play(scenario, seed: 1)
        #expect(run.violation?.invariant == .restart, "\(String(describing: run.violation))")
        #expect(run.violation?.party == culprit)
    }

    /// Lost receipt after crash: the node forgets at least one that it has given, and gives it again.
    @Test(arguments: [true, false])
    func `a node that loses receipts is caught by each check behind`(isDurable: Bool) throws {
        let scenario = try Village.scenario([
            .init(at: 0, .breakNode(culprit, .forgetful)),
            .init(at: 3000, .crash(culprit, losesPower: true, back: 100)),
        ])
        let order: [Invariant] = (isDurable ? [] : [.durable]) + [.numberOnce, .receiptOnce]
        for (count, invariant) in order.enumerated() {
            let run = try Village.play(
                scenario,
                seed: 1,
                isDurable: isDurable,
                ignoring: Set(order.prefix(count))
            )
            #expect(run.violation?.invariant == invariant, "\(String(describing: run.violation))")
            // Without durability every node is broken.
            #expect(run.violation?.party == culprit || invariant == .durable)
        }
    }

    @Test func `a node that sends what a power cut could take is caught before the cut`() throws {
        let keys = try Village.keys.get()
        let run = ScenarioRun(try Village.scenario(), seed: 1, keys: keys, isDurable: false)
        #expect(run.violation?.invariant == .durable)
    }

    /// Where even the journal fails, peers still know: the node asks them before its first word, and abstains.
    @Test func `receipts that a power cut took are not given twice`() throws {
        let keys = try Village.keys.get()
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

    /// The table of the model names the checks of the simulator as they are called here, and the page names all of them.
    @Test func `the model's table names every check`() throws {
        let file = RepositoryFiles.root.appending(path: "Protocol/model/README.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        for invariant in Invariant.allCases {
            #expect(page.contains("`\(invariant.rawValue)`"), "\(invariant.rawValue)")
        }
        let rows = page.components(separatedBy: "check of the simulator |\n")[1].components(separatedBy: "\n\n")[0]
        for row in rows.split(separator: "\n").dropFirst() {
            let cell = try #require(row.split(separator: "|").last)
            for name in cell.matches(of: /`([^`]+)`/) {
                #expect(Invariant(rawValue: String(name.1)) != nil, "\(name.1)")
            }
            #expect(cell.contains("`") || cell.contains("none"))
        }
    }
}
