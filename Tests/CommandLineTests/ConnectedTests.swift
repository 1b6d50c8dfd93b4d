import Foundation
import TestSupport
import Testing

/// Whether those whose nodes are connected now are enough.
@Suite struct ConnectedTests {
    @Test(.timeLimit(.minutes(5)))
    func `a node is asked who is connected, and the charter who is missing`() async throws {
        let parties = try await RunningParties()
        defer { parties.stopAll() }
        let arguments = ["charter", "explain", "pilot.charter", "--connected", "--directory", "lab.aster"]
        let alone = try await parties.founding.run(arguments)
        #expect(alone.status == 69, "\(alone.errors)")
        for name in RunningParties.names.dropLast() { try parties.start(name) }
        try await parties.wait("lab.aster") { Self.connected($0) == 2 }
        let names = RunningParties.names.dropLast()
        let few = try await parties.founding.run(arguments)
        #expect(few.status == 1)
        #expect(few.output.contains("take part: \(names.sorted().joined(separator: ", "))\n"), "\(few.output)")
        #expect(few.output.contains("NOT ENOUGH YET"))
        #expect(few.output.contains("still missing: \(RunningParties.names[3])"))
        try parties.start(RunningParties.names[3])
        try await parties.wait("lab.aster") { Self.connected($0) == 3 }
        let all = try await parties.founding.run(arguments)
        #expect(all.status == 0, "\(all.output)")
        let less = try await parties.founding.run(arguments + ["--without", RunningParties.names[0]])
        #expect(less.status == 1 && less.output.contains("IMPOSSIBLE"))
        let both = try await parties.founding.run(arguments + ["--with", "lab.aster"])
        #expect(both.status == 64)
    }

    private static func connected(_ status: [String: Any]) -> Int {
        (status["peers"] as? [[String: Any]] ?? []).count { $0["isConnected"] as? Bool == true }
    }
}
