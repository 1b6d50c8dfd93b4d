import AssemblySupport
import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseAgreement

/// As many faulty parties as leave a quorum, each with a habit, and honest ones that crash.
final class Saboteurs {
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

    /// One motion that everybody agrees to, until everybody honest shows its order as published.
    func run(into measured: inout Measured) throws {
        let motion = try assembly.propose(by: honest[0].name.text)
        for node in assembly.nodes { try assembly.cast(.agree, by: node.name.text, on: motion) }
        let start = assembly.now
        assembly.delivers = { [unowned self] item, to in lets(item, to) }
        let crash = Int.random(in: 0..<3, using: &random) == 0 ? honest.randomElement(using: &random) : nil
        for step in 0..<180 {
            try assembly.settle()
            if let crash, [7, 22, 40].contains(step) {
                try assembly.stop(crash.name.text)
                try assembly.start(crash.name)
            }
            if try honest.allSatisfy({ try state(of: motion, at: $0)?.outcome == .published }) { break }
            try release()
            try assembly.pass(milliseconds: 100)
        }
        measured.runs += 1
        measured.crashes += crash == nil ? 0 : 1
        measured.milliseconds.append(assembly.now.milliseconds - start.milliseconds)
        for habit in habits.values { measured.habits["\(habit)", default: 0] += 1 }
        try check(motion, crash?.name, into: &measured)
        try forgive()
        measured.lapses += try assembly.statements(.lapse, at: honest[0].name.text).count
    }

    private func state(of motion: StatementID, at node: Assembly.Node) throws -> MotionState? {
        try node.with { $0.agreement.motions[motion] }
    }

    private func check(_ motion: StatementID, _ crashed: PartyName?, into measured: inout Measured) throws {
        let story =
            habits.map { "\($0.key) is \($0.value)" }.joined(separator: ", ")
            + (crashed.map { "; \($0) restarts" } ?? "")
        var worst = 0
        for node in honest {
            let state = try #require(try state(of: motion, at: node), "\(node.name) lost the motion; \(story)")
            let known = try facts(state, node)
            #expect(state.order != nil, "\(node.name) has no order; \(story); \(known)")
            #expect(state.outcome == .published, "\(node.name) shows no publication; \(story)")
            measured.bound = state.tally.agreeing.count - state.decision.smallestQuorum.atLeast + 1
            for attempt in state.attempts(among: PartySet([node.name])) {
                let count = state.signing.sessions(in: attempt).count
                #expect(count <= measured.bound, "\(node.name) made \(count) packages; \(story)")
                worst = max(worst, count)
            }
        }
        let first = try #require(try state(of: motion, at: honest[0]))
        measured.packages.append(worst)
        measured.attempts.append(first.begunAttempts(at: assembly.now, among: first.turns).count)
    }

    /// What a node without the order knows of the signing.
    private func facts(_ state: MotionState, _ node: Assembly.Node) throws -> String {
        let signing = state.signing
        let sessions = signing.sessions.map { id, session in
            let answers = PartySet((signing.shares[id] ?? [:]).keys)
            return "attempt \(session.attempt) package \(session.number): \(session.signers) answered \(answers)"
        }
        let mute = try node.with { $0.agreement.isAbstaining || $0.agreement.isAsking }
        return ([mute ? "it says nothing" : "it may speak"] + sessions).joined(separator: "; ")
    }

    /// Everything gets about at last, so that everybody can be honest from now on.
    ///
    /// A party in whose name somebody else has signed abstains from the moment it meets that statement, until its operator
    /// has looked. Whoever met one only in a later run would be one faulty party too many there.
    private func forgive() throws {
        assembly.delivers = { _, _ in true }
        var known = -1
        while true {
            try assembly.exchange()
            for node in assembly.nodes {
                try assembly.act(node.name.text) { participant, now in participant.acknowledge(at: now) }
            }
            try assembly.settle()
            let count = try assembly.nodes.reduce(0) { try $0 + assembly.items(of: $1.name.text).count }
            guard count > known else { break }
            known = count
        }
    }

    /// Nobody is helped by an order that somebody else has made, and the faulty do what they do.
    private func lets(_ item: Item, _ to: PartyName) -> Bool {
        guard case .statement(let statement) = item else { return false }
        guard let habit = habits[statement.head.party], !released.contains(statement.id) else { return true }
        switch statement.body {
        case .signatureShare(let share): return answers(share, statement, habit)
        case .nonceCommitment(let offer): return offers(offer, statement, habit, to)
        // Receipts that did come would help the others to publish.
        case .publicationReceipt: return false
        case .package: return habit != .falseCoordinator || tells(statement, to)
        default: return true
        }
    }

    /// A package that some are told gets about in the end, as everything does that an honest node has: whoever answers it may
    /// have the order by it, and asks nobody any more.
    private func tells(_ package: Statement, _ to: PartyName) -> Bool {
        if sabotaged[package.id] == nil {
            sabotaged[package.id] = true
            held.append((.statement(package), package.head.party.text, assembly.now + 1000))
        }
        return to.text.utf8.reduce(0, { $0 + Int($1) }) % 2 == 0
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
