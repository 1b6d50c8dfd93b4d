import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing
import ThresholdSigning

@Suite struct RobustSigningTests {
    @Test func `a session opens as soon as the ready meet the rule, with a minimal quorum in order of arrival`() throws
    {
        var signing = try signing("2of(a,b,c)")
        #expect(signing.ready(try PartyName("c"), commitment: id(1)) == nil)
        let session = try #require(signing.ready(try PartyName("a"), commitment: id(2)))
        #expect(session.number == 1)
        #expect(session.signers.map(\.party.text) == ["a", "c"])
        #expect(session.signers.map(\.commitment) == [id(2), id(1)])
    }

    @Test func `latecomers that are not needed stay out`() throws {
        var signing = try signing("2of(2of(a,b,c),1of(d,e))")
        for (name, number) in [("d", 1), ("e", 2), ("a", 3)] {
            #expect(signing.ready(try PartyName(name), commitment: id(number)) == nil)
        }
        let session = try #require(signing.ready(try PartyName("b"), commitment: id(4)))
        #expect(session.signers.map(\.party.text) == ["a", "b", "d"])
    }

    @Test func `a party in an open session is not ready before it answered`() throws {
        var signing = try signing("2of(a,b,c)")
        _ = signing.ready(try PartyName("a"), commitment: id(1))
        _ = try #require(signing.ready(try PartyName("b"), commitment: id(2)))
        #expect(signing.ready(try PartyName("a"), commitment: id(3)) == nil)
        #expect(signing.ready(try PartyName("c"), commitment: id(4)) == nil)
        let second = try #require(signing.answered(try PartyName("a"), session: 1))
        #expect(second.signers.map(\.party.text) == ["a", "c"])
        #expect(second.signers.map(\.commitment) == [id(3), id(4)])
        #expect(signing.openSessions == [1, 2])
    }

    @Test func `when everybody answered it is finished and nothing more happens`() throws {
        var signing = try signing("2of(a,b,c)")
        _ = signing.ready(try PartyName("a"), commitment: id(1))
        _ = signing.ready(try PartyName("b"), commitment: id(2))
        _ = signing.answered(try PartyName("a"), session: 1)
        _ = signing.answered(try PartyName("b"), session: 1)
        #expect(signing.finished == 1)
        #expect(signing.ready(try PartyName("c"), commitment: id(3)) == nil)
        #expect(signing.ready(try PartyName("a"), commitment: id(4)) == nil)
    }

    @Test func `a commitment is never used twice`() throws {
        var signing = try signing("2of(a,b,c)")
        _ = signing.ready(try PartyName("a"), commitment: id(1))
        _ = signing.ready(try PartyName("b"), commitment: id(2))
        _ = signing.answered(try PartyName("a"), session: 1)
        let before = signing
        #expect(signing.ready(try PartyName("a"), commitment: id(1)) == nil)
        #expect(signing == before)
    }

    @Test func `events that mean nothing change nothing`() throws {
        var signing = try signing("2of(a,b,c)")
        _ = signing.ready(try PartyName("a"), commitment: id(1))
        signing.faulty(try PartyName("b"))
        let before = signing
        #expect(signing.ready(try PartyName("stranger"), commitment: id(2)) == nil)
        #expect(signing.ready(try PartyName("b"), commitment: id(2)) == nil)
        #expect(signing.ready(try PartyName("a"), commitment: id(2)) == nil)
        #expect(signing.answered(try PartyName("a"), session: 1) == nil)
        #expect(signing == before)
    }

    @Test(arguments: 0..<400 as Range<UInt64>)
    func `whatever the faulty do, the honest quorum signs within the bound`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let tree = try ThresholdTree(randomNode(&random))
        let faulty = faultyParties(of: tree, &random)
        var run = Run(tree: tree, faulty: faulty, random: random)
        run.play()
        let bound = RobustSigning.sessionBound(
            candidates: tree.participants.count,
            smallestQuorum: smallestQuorum(tree)
        )
        #expect(run.signing.finished != nil, "\(tree) with \(faulty) faulty")
        #expect(run.signing.sessions.count <= bound, "\(tree) with \(faulty) faulty")
        for session in run.signing.sessions {
            #expect(tree.isSatisfied(by: PartySet(session.signers.map(\.party))))
        }
        let commitments = run.signing.sessions.flatMap { $0.signers.map(\.commitment) }
        #expect(Set(commitments).count == commitments.count)
    }

    private func signing(_ rule: String) throws -> RobustSigning {
        let tree = try ThresholdTree(canonicalText: rule)
        return RobustSigning(tree: tree, candidates: tree.parties)
    }

    /// At most 10 parties, in one or several leaves, on at most three levels.
    private func randomNode(_ random: inout SeededRandom, depth: Int = 1) throws -> ThresholdTree.Node {
        var children: [ThresholdTree.Node] = []
        for _ in 0..<Int.random(in: 2...4, using: &random) {
            if depth < 3, Int.random(in: 0..<3, using: &random) == 0 {
                children.append(try randomNode(&random, depth: depth + 1))
            } else {
                children.append(.leaf(try PartyName("p\(Int.random(in: 0..<10, using: &random))")))
            }
        }
        return .gate(threshold: Int.random(in: 1...children.count, using: &random), children: children)
    }

    /// As many as leave a quorum of honest parties.
    private func faultyParties(of tree: ThresholdTree, _ random: inout SeededRandom) -> PartySet {
        var honest = tree.parties
        for party in tree.parties.shuffled(using: &random) where tree.isSatisfied(by: honest.subtracting([party])) {
            honest.remove(party)
        }
        let excess = tree.parties.subtracting(honest)
        return PartySet(excess.filter { _ in Int.random(in: 0..<5, using: &random) > 0 })
    }

    private func smallestQuorum(_ tree: ThresholdTree) -> Int {
        let parties = tree.parties.members
        return (1..<(1 << parties.count)).filter { subset in
            tree.isSatisfied(by: PartySet(parties.indices.filter { subset >> $0 & 1 == 1 }.map { parties[$0] }))
        }.map { $0.nonzeroBitCount }.min() ?? parties.count
    }
}

private func id(_ number: Int) -> Bytes32 {
    SHA256.hash([UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)])
}

/// Plays parties against a coordinator, one event at a time in random order.
private struct Run {
    private enum Fault: CaseIterable {
        case silent, late, wrong, flipFlop
    }
    private enum Message {
        case commitment(PartyName)
        case answer(PartyName, Int)
        case wrongAnswer(PartyName)
    }

    var signing: RobustSigning
    private let tree: ThresholdTree
    private var faults: OrderedMap<PartyName, Fault>
    private var random: SeededRandom
    private var queue: [Message]
    private var commitments = 0

    init(tree: ThresholdTree, faulty: PartySet, random: SeededRandom) {
        self.tree = tree
        self.random = random
        var generator = random
        faults = OrderedMap(faulty.map { ($0, Fault.allCases.randomElement(using: &generator) ?? .silent) })
        signing = RobustSigning(tree: tree, candidates: tree.parties)
        queue = tree.parties.map { .commitment($0) }
    }

    mutating func play() {
        while !queue.isEmpty, signing.finished == nil {
            let next = queue.remove(at: Int.random(in: queue.indices, using: &random))
            deliver(next)
        }
    }

    private mutating func deliver(_ message: Message) {
        switch message {
        case .commitment(let party):
            commitments += 1
            open(signing.ready(party, commitment: id(commitments)))
        case .answer(let party, let session):
            if faults[party] == .late, Int.random(in: 0..<4, using: &random) > 0, queue.count > 1 {
                queue.append(message)
                return
            }
            open(signing.answered(party, session: session))
            queue.append(.commitment(party))
        case .wrongAnswer(let party):
            signing.faulty(party)
        }
    }

    private mutating func open(_ session: RobustSigning.Session?) {
        guard let session else { return }
        for signer in session.signers {
            switch faults[signer.party] {
            case nil, .late: queue.append(.answer(signer.party, session.number))
            case .silent: break
            case .wrong: queue.append(.wrongAnswer(signer.party))
            case .flipFlop:
                // Behaves once, to be asked again, then stops answering.
                queue.append(.answer(signer.party, session.number))
                faults[signer.party] = .silent
            }
        }
    }
}
