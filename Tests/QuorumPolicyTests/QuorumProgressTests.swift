import QuorumPolicy
import SeededNumbers
import Testing

@Suite struct QuorumProgressTests {
    @Test(arguments: 0..<60 as Range<UInt64>)
    func `a set that grows party by party meets a rule when the whole set does`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let all = try parties(9)
        let tree = try randomRepeatingTree(leafCount: 14, over: all, using: &random)
        var progress = QuorumProgress(towards: tree)
        var added = PartySet()
        for participant in tree.participants.shuffled(using: &random) {
            let identifier = participant.identifier
            #expect(!progress.contains(identifier))
            let turns = [progress.insert(identifier, under: tree), progress.insert(identifier, under: tree)]
            #expect(turns == [true, false])
            added.insert(participant.party)
            #expect(
                tree.participants.filter { progress.contains($0.identifier) }.allSatisfy { added.contains($0.party) }
            )
            #expect(progress.contains(identifier))
            #expect(progress.isQuorum == tree.isSatisfied(by: added))
        }
        #expect(added == tree.parties)
    }
}
