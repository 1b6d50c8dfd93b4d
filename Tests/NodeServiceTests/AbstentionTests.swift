import NodeStore
import PauseAgreement
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import NodeService

/// A node that abstains says why, what is missing, and who was not there to send it.
@Suite struct AbstentionTests {
    @Test func `a journal that ends before the high-water number is told from a restored directory`() throws {
        let founder = try Founder()
        do { #expect(try founder.start().abstention == nil) }
        let owner = JournalOwner(party: try PartyName("lab.a"), charter: founder.charter.id)
        try HighWater.restore(3, owner: owner, at: founder.directory.highWater)
        do { #expect(try founder.start().abstention == .journalBehind(journal: 0, highWater: 3)) }
        let other = NodeDirectory(path: founder.root.file("restored"))
        try Backup(of: founder.directory, at: .now).restore(to: other)
        let restored = try founder.start(other)
        #expect(restored.abstention == .restored && restored.participant.agreement.isAbstaining)
    }

    @Test func `a high-water file that is gone is told by what the journal holds`() {
        #expect(Abstention.Cause(.fileMissing(journal: 4), isRestored: false) == .highWaterGone(journal: 4))
        #expect(Abstention.Cause(.consistent, isRestored: false) == nil)
    }

    @Test(arguments: [
        (Abstention.Cause.restored, "restored from a backup"),
        (.journalBehind(journal: 5, highWater: 7), "ended at this party's statement 5, but `high-water` said"),
        (.highWaterGone(journal: 5), "`high-water` was gone although the journal had 5 statements"),
        (.reported(by: ["gov.a"]), "another node with this party's key is alive, say gov.a"),
        (.statementMadeElsewhere, "came from elsewhere"),
    ])
    func `each cause is told in its own words`(cause: Abstention.Cause, words: String) {
        let abstention = Abstention(cause: cause, missing: 0, unheard: [])
        #expect(abstention.found.contains(words))
        #expect(abstention.remedy.hasSuffix("then run `standstill node acknowledge`"))
        #expect(!abstention.remedy.contains("wait until"))
    }

    @Test func `missing statements are counted, and peers that were never there are named`() {
        let one = Abstention(cause: .restored, missing: 1, unheard: ["gov.a", "lab.b"])
        #expect(one.found.contains("; 1 statement that this party has signed is missing here; "))
        #expect(one.found.hasSuffix("not connected since the start: gov.a, lab.b"))
        #expect(one.remedy.contains("wait until the peers have connected and sent what is missing"))
        let two = Abstention(cause: .restored, missing: 2, unheard: [])
        #expect(two.found.contains("; 2 statements that this party has signed are missing here; "))
        #expect(two.found.hasSuffix("every peer has been connected since the start"))
    }
}
