import QuorumPolicy
import Testing

@Suite struct PartyNameTests {
    @Test func `a name keeps its text`() throws {
        #expect(try PartyName("gov.union/a-1_z").text == "gov.union/a-1_z")
    }
}
