import CryptoPrimitives
import Foundation
import QuorumPolicy
import TestSupport
import Testing
import ThresholdSigning

@Suite struct RobustSigningTests {
    @Test func `signers are asked as soon as the ready meet the rule, a minimal quorum in order of arrival`() throws {
        #expect(try facts("2of(a,b,c)", offers: [("c", 1)]).nextSigners == nil)
        let signers = try facts("2of(a,b,c)", offers: [("c", 1), ("a", 2), ("b", 3)]).nextSigners
        #expect(signers?.map(\.party.text) == ["a", "c"])
        #expect(signers?.map(\.commitment) == [id(2), id(1)])
    }

    @Test func `latecomers that are not needed stay out`() throws {
        let signers = try facts("2of(2of(a,b,c),1of(d,e))", offers: [("d", 1), ("e", 2), ("a", 3), ("b", 4)])
            .nextSigners
        #expect(signers?.map(\.party.text) == ["a", "b", "d"])
    }

    @Test func `a party that owes an answer is not ready, whatever it offers`() throws {
        let offers = [("a", 1), ("b", 2), ("a", 3), ("b", 4), ("c", 5)]
        let one = try facts("2of(a,b,c)", offers: offers, sessions: [([("a", 1), ("b", 2)], answered: [])])
        #expect(one.owing.map(\.text) == ["a", "b"])
        #expect(one.nextSigners == nil)
        let two = try facts("2of(a,b,c)", offers: offers, sessions: [([("a", 1), ("b", 2)], answered: ["a"])])
        #expect(two.nextSigners?.map(\.commitment) == [id(3), id(5)])
    }

    @Test func `a commitment is never used twice, and of several the newest counts`() throws {
        let session = ([("a", 1), ("b", 2)], answered: ["a", "b"])
        let used = try facts("2of(a,b,c)", offers: [("a", 1), ("c", 3)], sessions: [session])
        #expect(used.ready.map(\.party.text) == ["c"])
        let newer = try facts("2of(a,b,c)", offers: [("a", 1), ("a", 4), ("a", 5), ("c", 3)], sessions: [session])
        #expect(newer.nextSigners?.map(\.commitment) == [id(5), id(3)])
    }

    @Test func `the faulty, strangers and those who may not be asked are left out`() throws {
        let offers = [("a", 1), ("b", 2), ("c", 3), ("stranger", 4)]
        #expect(try facts("2of(a,b,c)", offers: offers, faulty: ["a"]).nextSigners?.map(\.party.text) == ["b", "c"])
        #expect(try facts("2of(a,b,c)", offers: offers, candidates: ["a", "stranger"]).nextSigners == nil)
    }

    /// 50 parties, like the largest policies that were measured; and the shapes that charters have.
    static let policies = [
        "2of(a,b,c)", "5of(a,b,c,d,e,f,g)", "2of(3of(a,b,c,d),2of(e,f,g))", "2of(4of(a,b,c,d,e,f),3of(g,h,i,j))",
        "2of(2of(a,b,c),2of(a,d,e),1of(b,d))",
        "2of(20of(\(names("l", 30))),14of(\(names("g", 20))))", "34of(\(names("p", 50)))",
        "3of(7of(\(names("l", 10))),3of(\(names("g", 5))),2of(\(names("s", 3))))",
    ]

    @Test(arguments: policies)
    func `whatever the faulty do, an honest quorum has a signature within the bound`(policy: String) throws {
        let tree = try ThresholdTree(canonicalText: policy)
        let bound = RobustSigning.sessionBound(
            candidates: tree.participants.count,
            smallestQuorum: tree.smallestQuorum.atLeast
        )
        var worst = 0
        for seed in 0..<Self.seeds(tree) {
            var run = Run(tree: tree, random: SeededRandom(seed: seed))
            run.play()
            worst = max(worst, run.sessions.count)
            #expect(run.isSigned, "\(policy), seed \(seed)")
            #expect(run.sessions.count <= bound, "\(policy), seed \(seed)")
            let commitments = run.sessions.flatMap { $0.signers.map(\.commitment) }
            #expect(Set(commitments).count == commitments.count)
        }
        #expect(worst > 1)
        print("\(policy.prefix(30)): at most \(worst) sessions in \(Self.seeds(tree)) runs; the bound is \(bound)")
    }

    @Test func `looking for wrong shares only in complete sessions would break the bound`() throws {
        let tree = try ThresholdTree(canonicalText: "5of(a,b,c,d,e,f,g)")
        let bound = RobustSigning.sessionBound(candidates: 7, smallestQuorum: 5)
        let worst = (0..<200 as Range<UInt64>).map { seed in
            var run = Run(tree: tree, random: SeededRandom(seed: seed), checksAtOnce: false)
            run.play()
            return run.sessions.count
        }.max()
        #expect(try #require(worst) > bound)
    }

    @Test(arguments: policies)
    func `an honest signer that loses its nonces holds back one session, and a later coordinator is not concerned`(
        policy: String
    ) throws {
        let tree = try ThresholdTree(canonicalText: policy)
        let bound = RobustSigning.sessionBound(
            candidates: tree.participants.count,
            smallestQuorum: tree.smallestQuorum.atLeast
        )
        for seed in 0..<Self.seeds(tree) / 4 {
            var first = Run(tree: tree, random: SeededRandom(seed: seed), restarts: 3)
            first.play()
            #expect(first.sessions.count <= bound, "\(policy), seed \(seed)")
            var second = Run(tree: tree, random: SeededRandom(seed: seed), restarts: 0)
            second.play()
            #expect(second.isSigned, "\(policy), seed \(seed)")
        }
    }

    /// A few by default; `STANDSTILL_SIGNING_RUNS` gives the number for small rules, of which large ones take a tenth.
    private static func seeds(_ tree: ThresholdTree) -> UInt64 {
        let runs = ProcessInfo.processInfo.environment["STANDSTILL_SIGNING_RUNS"].flatMap { UInt64($0) } ?? 80
        return tree.participants.count > 20 ? runs / 10 : runs
    }

    private func facts(
        _ rule: String,
        offers: [(String, Int)],
        sessions: [([(String, Int)], answered: [String])] = [],
        candidates: [String]? = nil,
        faulty: [String] = []
    ) throws -> RobustSigning {
        let tree = try ThresholdTree(canonicalText: rule)
        return RobustSigning(
            tree: tree,
            candidates: try candidates.map { try set($0) } ?? tree.parties,
            offers: try offers.map { try offer($0) },
            sessions: try sessions.map { signers, answered in
                RobustSigning.Session(signers: try signers.map { try offer($0) }, answered: try set(answered))
            },
            faulty: try set(faulty)
        )
    }

    private func set(_ names: [String]) throws -> PartySet { PartySet(try names.map { try PartyName($0) }) }

    private func offer(_ offer: (String, Int)) throws -> RobustSigning.Offer {
        RobustSigning.Offer(party: try PartyName(offer.0), commitment: id(offer.1))
    }
}

private func names(_ prefix: String, _ count: Int) -> String {
    (1...count).map { "\(prefix)\($0)" }.joined(separator: ",")
}

private func id(_ number: Int) -> Bytes32 {
    SHA256.hash([UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)])
}

/// Parties against one coordinator, one event at a time in random order; an answer is right or wrong, nothing else.
///
/// The faulty are as many as leave a quorum. They keep silent, answer late, answer wrong, or do now this and now that; and
/// they offer nonces whenever they like.
private struct Run {
    private enum Habit: CaseIterable {
        case silent, late, wrong, flipFlop, wrongAndLate
    }
    private enum Message {
        case offer(PartyName)
        case answer(PartyName, session: Int, isRight: Bool)
    }

    private(set) var sessions: [(signers: [RobustSigning.Offer], answers: OrderedMap<PartyName, Bool>)] = []
    private let tree: ThresholdTree
    private var random: SeededRandom
    private var habits: OrderedMap<PartyName, Habit> = [:]
    private var offers: [RobustSigning.Offer] = []
    private var faulty = PartySet()
    private var queue: [Message] = []
    private let checksAtOnce: Bool
    private var restarts: Int

    init(tree: ThresholdTree, random: SeededRandom, checksAtOnce: Bool = true, restarts: Int = 0) {
        self.tree = tree
        self.random = random
        self.checksAtOnce = checksAtOnce
        self.restarts = restarts
        var honest = tree.parties
        for party in tree.parties.shuffled(using: &self.random)
        where tree.isSatisfied(by: honest.subtracting([party])) {
            honest.remove(party)
            habits[party] = Habit.allCases.randomElement(using: &self.random)
        }
        queue = tree.parties.map { .offer($0) }
    }

    var isSigned: Bool {
        sessions.contains { session in
            session.signers.allSatisfy { session.answers[$0.party] == true }
        }
    }

    mutating func play() {
        while !queue.isEmpty, !isSigned {
            let next = queue.swapRemove(at: Int.random(in: queue.indices, using: &random))
            switch next {
            case .offer(let party): offer(by: party)
            case .answer(let party, let session, let isRight): answer(party, session, isRight)
            }
            guard !isSigned else { return }
            note(onlyComplete: !checksAtOnce)
            while let signers = facts.nextSigners { open(signers) }
        }
    }

    private var facts: RobustSigning {
        RobustSigning(
            tree: tree,
            candidates: tree.parties,
            offers: offers,
            sessions: sessions.map { .init(signers: $0.signers, answered: PartySet($0.answers.keys)) },
            faulty: faulty
        )
    }

    private mutating func offer(by party: PartyName) {
        offers.append(RobustSigning.Offer(party: party, commitment: id(offers.count)))
        if habits[party] != nil, offers.count < 400, Int.random(in: 0..<4, using: &random) == 0 {
            queue.append(.offer(party))
        }
    }

    private mutating func answer(_ party: PartyName, _ session: Int, _ isRight: Bool) {
        if habits[party] == .late || habits[party] == .wrongAndLate, queue.count > 1,
            Int.random(in: 0..<8, using: &random) > 0
        {
            queue.append(.answer(party, session: session, isRight: isRight))
            return
        }
        if habits[party] == nil, restarts > 0, Int.random(in: 0..<4, using: &random) == 0 {
            // It comes back without the nonces, and offers new ones.
            restarts -= 1
            queue.append(.offer(party))
            return
        }
        sessions[session].answers[party] = isRight
        queue.append(.offer(party))
    }

    private mutating func note(onlyComplete: Bool) {
        for session in sessions where !onlyComplete || session.answers.count == session.signers.count {
            faulty = faulty.union(PartySet(session.answers.filter { !$0.value }.map(\.key)))
        }
    }

    private mutating func open(_ signers: [RobustSigning.Offer]) {
        for signer in signers {
            let answer = { (isRight: Bool, session: Int) in
                Message.answer(signer.party, session: session, isRight: isRight)
            }
            let number = sessions.count
            switch habits[signer.party] {
            case nil, .late: queue.append(answer(true, number))
            case .silent: break
            case .wrong, .wrongAndLate: queue.append(answer(false, number))
            case .flipFlop:
                if Bool.random(using: &random) { queue.append(answer(Bool.random(using: &random), number)) }
            }
        }
        sessions.append((signers, [:]))
    }
}

extension Array {
    fileprivate mutating func swapRemove(at index: Int) -> Element {
        swapAt(index, count - 1)
        return removeLast()
    }
}
