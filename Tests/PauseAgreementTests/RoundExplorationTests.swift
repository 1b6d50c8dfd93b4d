import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

/// One round of the chain, and everything a few parties can say in it: which receipts and lapses, in which order, heard by
/// whom or by nobody.
///
/// Honest parties decide by ``OrderChain`` itself. A party may have heard any part of what was said; liars have said
/// everything, and each of their words is heard or not. Deadlines pass for everybody at any time, so that clocks do not
/// matter.
@Suite("One round of the chain, explored")
struct RoundExplorationTests {
    struct Case: CustomTestStringConvertible {
        let rule: String
        let faultBound: Int
        let liars: [String]

        var testDescription: String { "\(rule), fault-bound \(faultBound), liars: \(liars)" }
    }

    static let cases = [
        Case(rule: "2of(a,b,c)", faultBound: 0, liars: []),
        Case(rule: "3of(a,b,c,d)", faultBound: 0, liars: []),
        Case(rule: "3of(a,b,c,d)", faultBound: 1, liars: ["d"]),
        Case(rule: "3of(a,b,c,d)", faultBound: 1, liars: []),
        Case(rule: "4of(a,b,c,d,e)", faultBound: 2, liars: ["d", "e"]),
        Case(rule: "2of(2of(a,b,c),2of(d,e))", faultBound: 1, liars: ["a"]),
        Case(rule: "2of(2of(a,b,c),2of(d,e))", faultBound: 2, liars: ["a", "d"]),
    ]

    @Test(arguments: cases)
    func `two orders never both count, and none counts in a round that has lapsed`(of example: Case) throws {
        var round = try Exploration(example)
        let states = round.explore()
        #expect(states.count > 20)
        for state in states { #expect(round.outcomes(in: state).count <= 1, "\(state)") }
        // Each of the three ends is reached, so that the rule above says something.
        let ends = states.map { round.outcomes(in: $0) }
        for end in Exploration.End.allCases { #expect(ends.contains([end]), "\(end)") }
    }

    @Test(arguments: [
        Case(rule: "2of(a,b,c)", faultBound: 0, liars: ["c"]),
        Case(rule: "3of(a,b,c,d)", faultBound: 1, liars: ["c", "d"]),
        Case(rule: "4of(a,b,c,d,e)", faultBound: 2, liars: ["c", "d", "e"]),
    ])
    func `with one liar more than fault-bound both can happen`(of example: Case) throws {
        var round = try Exploration(example)
        #expect(round.explore().contains { round.outcomes(in: $0).count > 1 })
    }

    @Test(arguments: [
        Case(rule: "3of(a,b,c,d)", faultBound: 1, liars: ["d"]),
        Case(rule: "4of(a,b,c,d,e)", faultBound: 2, liars: ["d", "e"]),
        Case(rule: "2of(2of(a,b,c),2of(d,e))", faultBound: 2, liars: ["a", "d"]),
    ])
    func `giving a receipted order up on the word of as many as may lie would be wrong`(of example: Case) throws {
        var round = try Exploration(example, trusted: example.faultBound - 1)
        #expect(round.explore().contains { round.outcomes(in: $0).count > 1 })
    }

    @Test func `without liars to fear, every round ends once everybody has been heard`() throws {
        for rule in ["2of(a,b,c)", "3of(a,b,c,d)", "2of(2of(a,b,c),2of(d,e))"] {
            var round = try Exploration(Case(rule: rule, faultBound: 0, liars: []))
            #expect(round.stuck().isEmpty, "\(rule)")
        }
    }

    /// The price of receipts in one step: see decision 21.
    @Test func `a round stays open when an order has too few receipts to count and too many to be ruled out`() throws {
        var round = try Exploration(Case(rule: "3of(a,b,c,d)", faultBound: 1, liars: []))
        let stuck = round.stuck()
        // Two receipts in time and two parties that came too late, or two for each of two orders; nothing else.
        for state in stuck {
            #expect(state.count { $0 == .receiptedX } == 2 || state.count { $0 == .receiptedY } == 2, "\(state)")
        }
        #expect(stuck.contains([.receiptedX, .receiptedX, .lapsed, .lapsed]))
        #expect(stuck.contains([.receiptedX, .receiptedX, .receiptedY, .receiptedY]))
        #expect(!stuck.contains([.receiptedX, .lapsed, .lapsed, .lapsed]))
    }
}

/// All states that the honest parties can reach.
private struct Exploration {
    /// What an honest party has said.
    enum Step: Int, CaseIterable {
        case silent, receiptedX, receiptedY, lapsed, gaveUpX, gaveUpY

        var words: [Word] {
            switch self {
            case .silent: []
            case .receiptedX: [.receiptX]
            case .receiptedY: [.receiptY]
            case .lapsed: [.lapse]
            case .gaveUpX: [.receiptX, .lapseX]
            case .gaveUpY: [.receiptY, .lapseY]
            }
        }
    }

    /// One statement, as a bit.
    enum Word: Int, CaseIterable {
        case receiptX = 1
        case receiptY = 2
        case lapse = 4
        case lapseX = 8
        case lapseY = 16
    }

    enum End: CaseIterable {
        case countedX, countedY, lapsed
    }

    private let tree: ThresholdTree
    private let honest: [PartyName]
    private let liars: [PartyName]
    /// How many parties an honest one takes for possible liars.
    private let trusted: Int
    private let position = ChainPosition(seq: 1, round: 0, previous: nil)
    private let x = OrderDigest(SHA256.hash([1]))
    private let y = OrderDigest(SHA256.hash([2]))
    private var answers: [[Int]: Bool] = [:]

    init(_ example: RoundExplorationTests.Case, trusted: Int? = nil) throws {
        tree = try ThresholdTree(canonicalText: example.rule)
        liars = try example.liars.map { try PartyName($0) }
        honest = tree.parties.subtracting(PartySet(liars)).members
        self.trusted = trusted ?? example.faultBound
    }

    mutating func explore() -> [[Step]] {
        let start = [Step](repeating: .silent, count: honest.count)
        var found: Set<[Step]> = [start]
        var open = [start]
        while let state = open.popLast() {
            for next in successors(of: state) where found.insert(next).inserted { open.append(next) }
        }
        return Array(found)
    }

    /// What can come true in a state, for somebody who hears the right words.
    func outcomes(in state: [Step]) -> [End] {
        var heard = chain()
        for (party, step) in zip(honest, state) { hear(step.words, of: party, in: &heard) }
        for liar in liars { hear([.receiptX, .receiptY, .lapse], of: liar, in: &heard) }
        // One chain for each end: a chain that has counted one order would not look at another.
        var (first, second) = (heard, heard)
        var ends: [End] = []
        if first.count(x, motion: StatementID(x.bytes), at: position) { ends.append(.countedX) }
        if second.count(y, motion: StatementID(y.bytes), at: position) { ends.append(.countedY) }
        if heard.hasLapsed(position) { ends.append(.lapsed) }
        return ends
    }

    /// States in which everybody has been heard, nobody can say more, and the round has not ended.
    mutating func stuck() -> [[Step]] {
        explore().filter { state in
            guard !state.contains(.silent), outcomes(in: state).isEmpty else { return false }
            return !state.indices.contains { me in
                var heard = chain()
                for (party, step) in zip(honest, state) { hear(step.words, of: party, in: &heard) }
                return heard.lapse(at: position, by: honest[me], faultBound: trusted) != nil
            }
        }
    }

    private func chain() -> OrderChain { OrderChain(record: tree) }

    private func hear(_ words: [Word], of party: PartyName, in chain: inout OrderChain) {
        for word in words {
            switch word {
            case .receiptX: _ = chain.receipt(x, at: position, by: party)
            case .receiptY: _ = chain.receipt(y, at: position, by: party)
            case .lapse: _ = chain.lapse(position, receipted: nil, by: party)
            case .lapseX: _ = chain.lapse(position, receipted: x, by: party)
            case .lapseY: _ = chain.lapse(position, receipted: y, by: party)
            }
        }
    }

    private mutating func successors(of state: [Step]) -> [[Step]] {
        var result: [[Step]] = []
        for me in state.indices {
            for step in nextSteps(of: me, in: state) {
                var next = state
                next[me] = step
                result.append(next)
            }
        }
        return result
    }

    private mutating func nextSteps(of me: Int, in state: [Step]) -> [Step] {
        var own = chain()
        hear(state[me].words, of: honest[me], in: &own)
        var steps: [Step] = own.mayReceipt(at: position, by: honest[me]) ? [.receiptedX, .receiptedY] : []
        switch state[me] {
        case .silent: if own.lapse(at: position, by: honest[me], faultBound: trusted) != nil { steps.append(.lapsed) }
        case .receiptedX: if mayGiveUp(me, in: state) { steps.append(.gaveUpX) }
        case .receiptedY: if mayGiveUp(me, in: state) { steps.append(.gaveUpY) }
        case .lapsed, .gaveUpX, .gaveUpY: break
        }
        return steps
    }

    /// Whether there is a part of everything said so far on hearing which the party gives its order up.
    private mutating func mayGiveUp(_ me: Int, in state: [Step]) -> Bool {
        let others = state.indices.filter { $0 != me }
        let hearable = others.map { parts(of: state[$0].words) } + liars.map { _ in parts(of: Word.allCases) }
        let parties = others.map { honest[$0] } + liars
        return search(me, state[me], parties, hearable, [])
    }

    private mutating func search(
        _ me: Int,
        _ step: Step,
        _ parties: [PartyName],
        _ hearable: [[Int]],
        _ heard: [Int]
    ) -> Bool {
        guard heard.count == hearable.count else {
            for part in hearable[heard.count] where search(me, step, parties, hearable, heard + [part]) { return true }
            return false
        }
        let key = [me, step.rawValue] + heard
        if let known = answers[key] { return known }
        var own = chain()
        hear(step.words, of: honest[me], in: &own)
        for (party, part) in zip(parties, heard) {
            hear(Word.allCases.filter { part & $0.rawValue != 0 }, of: party, in: &own)
        }
        let answer = own.lapse(at: position, by: honest[me], faultBound: trusted) != nil
        answers[key] = answer
        return answer
    }

    /// Every part of some words with at most one lapse, since a node keeps only the first.
    private func parts(of words: [Word]) -> [Int] {
        let all = words.reduce(0) { $0 | $1.rawValue }
        return (0...all).filter { $0 & all == $0 && ($0 >> 2).nonzeroBitCount <= 1 }
    }
}
