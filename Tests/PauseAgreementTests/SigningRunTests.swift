import AssemblySupport
import CryptoPrimitives
import Foundation
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseAgreement

/// The real core with real keys, seed by seed: whatever a minority does, everybody honest ends with the order.
///
/// `STANDSTILL_SIGNING_RUNS=300 swift test --disable-xctest --filter SigningRunTests` measures more than the usual few.
@Suite("Signing, whatever a minority does")
struct SigningRunTests {
    static let runs = ProcessInfo.processInfo.environment["STANDSTILL_SIGNING_RUNS"].flatMap { Int($0) } ?? 10
    static let motionsPerAssembly = 5

    @Test func `everybody honest ends with the order, within the bound of packages`() throws {
        var packages: [Int] = []
        var attempts: [Int] = []
        for seed in 1...UInt64(max(1, Self.runs / Self.motionsPerAssembly)) {
            let isLarge = seed % 2 == 0
            let assembly = try Assembly(of: isLarge ? 5 : 4, of: isLarge ? 4 : 3, seed: seed)
            try assembly.makeKeys()
            for turn in 0..<Self.motionsPerAssembly {
                let saboteurs = try Saboteurs(assembly, seed: seed * 1_000 + UInt64(turn))
                let found = try saboteurs.run()
                packages.append(found.packages)
                attempts.append(found.attempts)
            }
        }
        print("signing: \(packages.count) runs, every one with an order at every honest party;")
        print("  packages of one honest coordinator: at most \(packages.max() ?? 0), mean \(Self.mean(packages));")
        print("  attempts begun: at most \(attempts.max() ?? 0), mean \(Self.mean(attempts))")
    }

    private static func mean(_ numbers: [Int]) -> Double {
        (Double(numbers.reduce(0, +)) / Double(max(1, numbers.count)) * 100).rounded() / 100
    }
}

/// As many faulty parties as leave a quorum, each with a habit, and honest ones that crash.
private final class Saboteurs {
    enum Habit: CaseIterable {
        /// Offers nonces and never answers.
        case silent
        /// Answers seconds later.
        case late
        /// Answers with a wrong share.
        case wrong
        /// Answers one package and not the next, or wrongly.
        case flipFlop
        /// Offers one half of the parties other nonces than the rest, under one serial.
        case twoFaced
        /// Chooses signers and tells only some of them; answers nobody.
        case falseCoordinator
    }

    private let assembly: Assembly
    private var random: SeededRandom
    private var habits: OrderedMap<PartyName, Habit> = [:]
    private var held: [(item: Item, author: String, at: Moment)] = []
    private var sabotaged: OrderedMap<StatementID, Bool> = [:]
    private var released: Set<StatementID> = []
    private var number = 0

    init(_ assembly: Assembly, seed: UInt64) throws {
        self.assembly = assembly
        random = SeededRandom(seed: seed)
        number = Int(seed) * 1_000
        let rule = try #require(assembly.charter.action(.start)?.rule)
        let tree = try #require(assembly.charter.rule(rule)?.tree)
        var honest = tree.parties
        for party in tree.parties.shuffled(using: &random) where tree.isSatisfied(by: honest.subtracting([party])) {
            honest.remove(party)
            habits[party] = Habit.allCases.randomElement(using: &random)
        }
    }

    private var honest: [Assembly.Node] {
        assembly.nodes.filter { habits[$0.name] == nil }
    }

    func run() throws -> (packages: Int, attempts: Int) {
        assembly.delivers = { _, _ in true }
        // Those that were faulty before have met what was forged in their names.
        for node in assembly.nodes {
            try assembly.act(node.name.text) { participant, now in participant.acknowledge(at: now) }
        }
        let known = try assembly.items(of: honest[0].name.text).count
        let proposer = honest[0].name.text
        let motion = try assembly.propose(by: proposer)
        for node in assembly.nodes { try assembly.cast(.agree, by: node.name.text, on: motion) }
        assembly.delivers = { [unowned self] item, to in lets(item, to) }
        let crash = Int.random(in: 0..<3, using: &random) == 0 ? honest.randomElement(using: &random) : nil
        for step in 0..<180 {
            try assembly.settle()
            if let crash, [7, 22, 40].contains(step) {
                try assembly.stop(crash.name.text)
                try assembly.start(crash.name)
            }
            if try honest.allSatisfy({ try state(of: motion, at: $0)?.order != nil }) { break }
            try release()
            try assembly.pass(milliseconds: 100)
        }
        let found = try check(motion)
        assembly.delivers = { _, _ in true }
        for item in try assembly.items(of: proposer).dropFirst(known) { assembly.spread(item, from: proposer) }
        try assembly.run(seconds: 1)
        #expect(try state(of: motion, at: honest[0])?.outcome == .published)
        return found
    }

    private func state(of motion: StatementID, at node: Assembly.Node) throws -> MotionState? {
        try node.with { $0.agreement.motions[motion] }
    }

    private func check(_ motion: StatementID) throws -> (packages: Int, attempts: Int) {
        var worst = 0
        var begun = 0
        for node in honest {
            let state = try #require(try state(of: motion, at: node))
            #expect(state.order != nil, "\(node.name) has no order; \(habits)")
            let agreeing = state.tally.agreeing
            let bound = agreeing.count - state.decision.smallestQuorum.atLeast + 1
            for attempt in state.attempts(among: PartySet([node.name])) {
                let count = state.signing.sessions(in: attempt).count
                #expect(count <= bound, "\(node.name) made \(count) packages; \(habits)")
                worst = max(worst, count)
            }
            begun = max(begun, state.begunAttempts(at: assembly.now, among: agreeing).count)
        }
        return (worst, begun)
    }

    /// Nobody is helped by an order that somebody else has made, and the faulty do what they do.
    private func lets(_ item: Item, _ to: PartyName) -> Bool {
        guard case .statement(let statement) = item else { return false }
        guard let habit = habits[statement.head.party], !released.contains(statement.id) else { return true }
        switch statement.body {
        case .signatureShare(let share): return answers(share, statement, habit)
        case .nonceCommitment(let offer): return offers(offer, statement, habit, to)
        case .package: return habit != .falseCoordinator || to.text.utf8.reduce(0, { $0 + Int($1) }) % 2 == 0
        default: return true
        }
    }

    private func answers(_ share: OrderShare, _ statement: Statement, _ habit: Habit) -> Bool {
        guard sabotaged[statement.id] == nil else { return false }
        switch habit {
        case .silent, .falseCoordinator: break
        case .late:
            let delay = Int64.random(in: 300...3_000, using: &random)
            held.append((.statement(statement), statement.head.party.text, assembly.now + delay))
        case .wrong: giveWrong(share, statement)
        case .flipFlop:
            switch Int.random(in: 0..<3, using: &random) {
            case 0: giveWrong(share, statement)
            case 1: held.append((.statement(statement), statement.head.party.text, assembly.now))
            default: break
            }
        case .twoFaced: held.append((.statement(statement), statement.head.party.text, assembly.now))
        }
        sabotaged[statement.id] = true
        return false
    }

    private func giveWrong(_ share: OrderShare, _ statement: Statement) {
        let wrong = OrderShare(motion: share.motion, package: share.package, share: Scalar(UInt64(number + 1)).bytes)
        hold(.signatureShare(wrong), by: statement.head.party.text)
    }

    private func offers(_ offer: OrderNonces, _ statement: Statement, _ habit: Habit, _ to: PartyName) -> Bool {
        guard habit == .twoFaced else { return true }
        if sabotaged[statement.id] == nil {
            sabotaged[statement.id] = true
            let other = OrderNonces(
                motion: offer.motion,
                attempt: offer.attempt,
                serial: offer.serial,
                hiding: UncheckedElement(multiplyingBaseBy: Scalar(UInt64(number + 3))).bytes,
                binding: UncheckedElement(multiplyingBaseBy: Scalar(UInt64(number + 5))).bytes
            )
            hold(.nonceCommitment(other), by: statement.head.party.text)
            // In the end both get about, as everything does that an honest node has.
            held.append((.statement(statement), statement.head.party.text, assembly.now + 200))
        }
        return to.text.utf8.reduce(0, { $0 + Int($1) }) % 2 == 0
    }

    private func hold(_ body: StatementBody, by name: String) {
        number += 1
        guard let item = try? assembly.forge(body, by: name, number: 1_000_000 + number) else { return }
        held.append((item, name, assembly.now))
    }

    private func release() throws {
        for (item, author, _) in held.filter({ $0.at <= assembly.now }) {
            released.insert(item.id)
            assembly.spread(item, from: author)
        }
        held.removeAll { $0.at <= assembly.now }
    }
}
