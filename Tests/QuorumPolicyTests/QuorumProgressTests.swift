import QuorumPolicy
import SeededNumbers
import Testing

@Suite struct QuorumProgressTests {
    @Test(arguments: 0..<60 as Range<UInt64>)
    func `a set that grows party by party meets a rule when the whole set does`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = try parties(9)
        let tree = try randomRepeatingTree(leafCount: 14, over: all, using: &random)
        let stranger = try PartyName("stranger")
        var progress = QuorumProgress()
        for party in (all + [stranger]).shuffled(using: &random) {
            let turns = [progress.insert(party, under: tree), progress.insert(party, under: tree)]
            #expect(turns == [true, false])
            #expect(progress.isQuorum == tree.isSatisfied(by: progress.parties))
        }
        #expect(progress.parties == PartySet(all + [stranger]))
    }
}
