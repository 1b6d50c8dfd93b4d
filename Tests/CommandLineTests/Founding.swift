import Foundation
import TestSupport

/// Two labs and two governments with keys and a charter, made by the command itself, in a directory of their own.
struct Founding: Sendable {
    struct Failure: Error {
        let result: Command.Result
    }

    static let labs = ["lab.aster", "lab.borealis"]
    static let governments = ["gov.arland", "gov.borovia"]

    let directory: TemporaryDirectory
    /// The charter's id.
    let charter: String

    /// Made once for the tests that change nothing in it.
    static let shared = Task { try await Founding() }

    init() async throws {
        directory = try TemporaryDirectory()
        try directory.write("a passphrase for tests\n".utf8, to: "passphrase")
        var lines: [String] = ["# the parties"]
        for party in Self.labs + Self.governments {
            let keys = try await Self.run(Self.initialise(party), in: directory.path).output
            let partyClass = party.hasPrefix("lab") ? "lab" : "government"
            lines.append(
                "\(party) \(partyClass) \(keys.trimmingCharacters(in: .newlines)) \"\(party) in law\" hosting=own"
            )
        }
        try directory.write((lines.joined(separator: "\n") + "\n").utf8, to: "parties")
        try await Self.run(Self.found + ["--output", "pilot.charter"], in: directory.path)
        let shown = try await Self.run(["charter", "show", "pilot.charter"], in: directory.path).output
        charter = String(shown.split(separator: "\n")[0].dropFirst("charter ".count))
    }

    /// The arguments that make a party's directory.
    static func initialise(_ party: String) -> [String] {
        [
            "party", "init", party, "--directory", party, "--charter", "../pilot.charter", "--passphrase-file",
            "passphrase", "--cost", "interactive", "--listen", "127.0.0.1:7411",
        ]
    }

    /// The arguments that write a charter which needs both labs and both governments.
    static let found = [
        "charter", "new", "--title", "Pilot charter", "--network", "pilot", "--expires", "2099-01-01T00:00:00Z",
        "--class", "lab:2:laboratory", "--class", "government:2:government", "--parties", "parties", "--fault-bound",
        "1", "--at-most", "90d", "--standing-notice", "30d",
    ]

    func run(_ arguments: [String]) async throws -> Command.Result {
        try await Command.run(arguments, in: directory.path)
    }

    @discardableResult
    private static func run(_ arguments: [String], in directory: String) async throws -> Command.Result {
        let result = try await Command.run(arguments, in: directory)
        guard result.status == 0 else { throw Failure(result: result) }
        return result
    }
}
