import Foundation
import TestSupport
import Testing

/// Ballots in advance, and a motion without an order, as an operator sees them: real nodes, and commands only.
@Suite struct MotionCommandTests {
    private static let lodging = [
        "ballot", "lodge", "agree", "--if", "2 of government", "--action", "start", "--scope", "runs=all", "--at-most",
        "90d", "--until", "2098-01-01T00:00:00Z", "--directory", "lab.borealis",
    ]

    @Test(.timeLimit(.minutes(5)))
    func `a ballot is lodged, listed and taken back, and a motion that fails is exported and judged`() async throws {
        let parties = try await RunningParties()
        defer { parties.stopAll() }
        try parties.startAll()
        try await parties.makeKeys()
        let empty = try await parties.founding.run(["ballot", "standing", "--directory", "lab.aster"])
        #expect(empty.errors.contains("nobody has lodged a ballot in advance"))

        let lodged = try await parties.founding.run(Self.lodging)
        #expect(lodged.status == 0 && lodged.output == "1\n", "\(lodged.errors)")
        try await parties.wait("lab.aster") { Self.standing($0)?["state"] as? String == "lodged" }
        let list = try await parties.founding.run(["ballot", "standing", "--directory", "lab.aster"]).output
        #expect(
            list.contains("lab.borealis  1       lodged  start   90d      2098-01-01T00:00:00Z  4            sealed")
        )
        #expect(list.contains(#"Scope: runs is "all"."#))
        let own = try await parties.founding.run(["ballot", "standing", "--directory", "lab.borealis"]).output
        #expect(own.contains("agree if 2of(gov.arland,gov.borovia)"), "its author knows what it says: \(own)")

        let back = ["ballot", "revoke", "1", "--directory", "lab.borealis"]
        #expect(try await parties.founding.run(back).status == 0)
        try await parties.wait("lab.aster") { (Self.standing($0)?["bindsUntil"] as? String)?.isEmpty == false }
        let again = try await parties.founding.run(back)
        #expect(again.status != 0)
        #expect(again.error?.contains("standing ballot 1 is taken back already") == true, "\(again.errors)")

        let motion = try await parties.founding.run([
            "motion", "propose", "--action", "start", "--scope", "runs=all", "--for", "30d", "--directory", "lab.aster",
        ]).output.trimmingCharacters(in: .newlines)
        for name in RunningParties.names {
            try await parties.wait(name) { Self.phase(of: motion, $0) != nil }
            let answer = name == "gov.arland" ? "decline" : "agree"
            let cast = try await parties.founding.run(["ballot", "cast", motion, answer, "--directory", name])
            #expect(cast.status == 0, "\(cast.errors)")
        }
        try await parties.wait("lab.aster") { Self.phase(of: motion, $0) == "failed" }
        let export = ["motion", "export", motion, "--directory", "lab.aster", "--to", "failed"]
        let exported = try await parties.founding.run(export)
        #expect(exported.output == "failed/charter\nfailed/keys.jws\nfailed/record.jws\n", "\(exported.errors)")
        #expect(try await parties.founding.run(export).status == 73)
        let verify = ["motion", "verify", "failed"]
        let judged = try await parties.founding.run(verify + ["--pin-charter", parties.founding.charter])
        #expect(judged.status == 12)
        #expect(judged.output.hasPrefix("NOT AGREED: "))
        #expect(judged.output.contains("\nballot      gov.arland: decline, certified by 4 receipts"))
        #expect(try await parties.founding.run(verify).status == 10)
        let other = String(repeating: "0", count: 64)
        #expect(try await parties.founding.run(verify + ["--pin-charter", other]).status == 11)
        #expect(try await parties.founding.run(["motion", "verify", "nowhere"]).status != 0)
    }

    private static func standing(_ status: [String: Any]) -> [String: Any]? {
        let agreement = status["agreement"] as? [String: Any]
        return (agreement?["standing"] as? [[String: Any]])?.first
    }

    private static func phase(of motion: String, _ status: [String: Any]) -> String? {
        let agreement = status["agreement"] as? [String: Any]
        let motions = agreement?["motions"] as? [[String: Any]] ?? []
        return motions.first { $0["id"] as? String == motion }?["phase"] as? String
    }
}
