import QuorumPolicy
import SeededNumbers
import Testing

@Suite struct TallyTests {
    typealias Ballot = Tally.OpenedAnswer

    /// Up to two ballots of each party; conditions may name parties that did not answer.
    private func randomBallots(using random: inout SeededGenerator) throws -> [Ballot] {
        let all = try parties(6)
        var ballots: [Ballot] = []
        for party in all {
            for _ in 0..<Int.random(in: 1...4, using: &random) / 3 + 1 {
                ballots.append(Ballot(party, try randomAnswer(among: all, using: &random)))
            }
        }
        return ballots
    }

    private func randomAnswer(among all: [PartyName], using random: inout SeededGenerator) throws -> Answer {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return .agree
        case 1: return .decline
        case 2: return .abstain
        case 3: return .agreeIf(try Condition(.leaf(all[Int.random(in: 0..<6, using: &random)])))
        default:
            let tree = try randomRepeatingTree(leafCount: 5, over: all, using: &random)
            return .agreeIf(try Condition(tree.root))
        }
    }

    private func agrees(_ answer: Answer, with set: PartySet) -> Bool {
        switch answer {
        case .agree: true
        case .agreeIf(let condition): condition.isSatisfied(by: set)
        case .decline, .abstain: false
        }
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `the tally is the one greatest set that meets its own conditions`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let ballots = try randomBallots(using: &random)
        let stable = subsets(of: try parties(6)).filter { set in
            set.allSatisfy { party in ballots.contains { $0.party == party && agrees($0.answer, with: set) } }
        }
        let tally = Tally(ballots)
        #expect(stable.contains(tally.agreeing))
        #expect(stable.allSatisfy { $0.isSubset(of: tally.agreeing) })
        #expect(Tally(ballots.shuffled(using: &random)) == tally)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func `no opening makes the agreeing set smaller`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let ballots = try randomBallots(using: &random).shuffled(using: &random)
        var before = PartySet()
        for count in 0...ballots.count {
            let now = Tally(ballots.prefix(count)).agreeing
            #expect(before.isSubset(of: now))
            before = now
        }
    }

    @Test func `mutual conditions carry each other`() throws {
        let (a, b) = (try PartyName("a"), try PartyName("b"))
        let tally = Tally([a: .agreeIf(try Condition(.leaf(b))), b: .agreeIf(try Condition(.leaf(a)))])
        #expect(tally.agreeing == [a, b])
        #expect(tally.rounds.isEmpty)
    }

    @Test func `a chain falls round by round and each round says what was missing`() throws {
        let (a, b, c) = (try PartyName("a"), try PartyName("b"), try PartyName("c"))
        let tally = Tally([
            a: .agreeIf(try Condition(.leaf(b))), b: .agreeIf(try Condition(.leaf(c))), c: .decline,
        ])
        #expect(tally.agreeing.isEmpty)
        #expect(tally.rounds.map { $0.map(\.party) } == [[b], [a]])
        #expect(tally.rounds.map { $0.map(\.missing) } == [[[.party(c)]], [[.party(b)]]])
    }

    @Test func `a party with several ballots is bound by any agreement among them`() throws {
        let (a, b) = (try PartyName("a"), try PartyName("b"))
        let ballots = [Ballot(a, .decline), Ballot(a, .agreeIf(try Condition(.leaf(b)))), Ballot(a, .abstain)]
        #expect(Tally(ballots).agreeing.isEmpty)
        #expect(Tally(ballots + [Ballot(b, .agree)]).agreeing == [a, b])
        #expect(Tally(ballots + [Ballot(a, .agree)]).agreeing == [a])
    }

    @Test func `nobody agrees when nobody answered`() {
        #expect(Tally([Ballot]()).agreeing.isEmpty)
    }
}
