import SignedStatements
import Testing

@testable import NodeService

@Suite struct RefusalCountTests {
    private func later(_ seconds: Int64) throws -> Instant { try #require(Instant(seconds: 1_900_000_000 + seconds)) }

    @Test func `the first ten of a minute are told, the others are not, and the 101st ends the connection`() throws {
        var count = RefusalCount()
        var measures: [RefusalCount.Measure] = []
        for _ in 0..<102 { measures.append(count.add("lab.b", at: try later(0))) }
        #expect(measures.prefix(10).allSatisfy { $0 == .tell })
        #expect(measures[10..<100].allSatisfy { $0 == .keepQuiet })
        #expect(measures[100...].allSatisfy { $0 == .disconnect })
    }

    @Test func `every source has its own count, and every minute begins a new one`() throws {
        var count = RefusalCount()
        for _ in 0..<200 { _ = count.add("lab.b", at: try later(0)) }
        #expect(count.add("gov.a", at: try later(0)) == .tell)
        #expect(count.add("lab.b", at: try later(59)) == .disconnect)
        #expect(count.add("lab.b", at: try later(60)) == .tell)
        #expect(count.add("lab.b", at: try later(-3600)) == .tell)
    }
}
