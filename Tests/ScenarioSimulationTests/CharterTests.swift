import QuorumPolicy
import ScenarioSimulation
import SignedStatements
import Testing

@Suite struct ScenarioCharterTests {
    @Test func `a short form names its parties after their classes`() throws {
        let charter = try ScenarioCharter.short("2 laboratories 2, 3 governments 2, 1 observer")
        let names = charter.parties.map(\.name.text)
        #expect(
            names == ["laboratory.1", "laboratory.2", "government.1", "government.2", "government.3", "observer.1"]
        )
        #expect(charter.limits.faultBound == 1)
    }

    @Test(arguments: [
        "5", "5 labs", "x labs 3", "5 labs 6", "5 labs 0", "0 labs 1", "5 labs 3, 5 labs 3", "5 labs 3 4", "",
    ])
    func `what is no charter is refused`(text: String) {
        #expect(throws: ScenarioCharterError.self) { try ScenarioCharter.short(text) }
    }

    @Test func `rules that cannot survive the liars asked for are refused`() {
        #expect(throws: ScenarioCharterError.self) { try ScenarioCharter.short("3 labs 2", faultBound: 3) }
    }

    @Test func `a charter file keeps its rules and gets keys that follow from names`() throws {
        let original = try ScenarioCharter.short("3 labs 2, 3 governments 2", faultBound: 0)
        let other = try ScenarioCharter.rekeyed(original.bytes)
        #expect(other.rules.map(\.tree.canonicalText) == original.rules.map(\.tree.canonicalText))
        #expect(other.parties.map(\.identityKey) == original.parties.map(\.identityKey))
    }
}
