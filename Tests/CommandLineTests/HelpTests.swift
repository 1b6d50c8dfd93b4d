import Foundation
import TestSupport
import Testing

/// What `--help` prints is part of the command's interface, so it is kept word for word.
///
/// After a wanted change: `STANDSTILL_WRITE_TRANSCRIPTS=1 swift test --disable-xctest --filter HelpTests`, then read the
/// difference.
@Suite struct HelpTests {
    static let commands = [
        "", "party", "party init", "party show", "charter", "charter new", "charter show", "charter check",
        "charter explain", "charter diff",
        "charter ratify", "node", "node run", "node follow", "node acknowledge", "ceremony", "ceremony show",
        "ceremony retry", "ceremony stop", "motion", "motion propose", "motion list", "motion show", "motion export",
        "motion verify", "ballot",
        "ballot cast", "ballot lodge", "ballot revoke", "ballot standing", "status", "order",
        "order show", "order export", "order verify", "evidence", "evidence list",
        "evidence export", "evidence verify", "doctor", "backup", "backup create", "backup verify", "backup restore",
        "scenario", "scenario run", "scenario explore", "scenario report", "demo",
    ]

    private static let transcripts = RepositoryFiles.root.appending(path: "Tests/CommandLineTests/Transcripts")

    private static func transcript(of command: String) -> URL {
        transcripts.appending(path: (command.isEmpty ? "standstill" : command.replacing(" ", with: "-")) + ".txt")
    }

    @Test(arguments: commands)
    func `help reads as it was agreed`(command: String) async throws {
        let result = try await Command.run(command.split(separator: " ").map(String.init) + ["--help"])
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        let file = Self.transcript(of: command)
        if ProcessInfo.processInfo.environment["STANDSTILL_WRITE_TRANSCRIPTS"] != nil {
            try Data(result.output.utf8).write(to: file)
        }
        #expect(result.output == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test func `every subcommand that help lists has its transcript`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.transcripts.path())
        #expect(files.sorted() == Self.commands.map { Self.transcript(of: $0).lastPathComponent }.sorted())
        for command in Self.commands {
            let text = try String(contentsOf: Self.transcript(of: command), encoding: .utf8)
            guard let start = text.firstRange(of: "SUBCOMMANDS:\n") else { continue }
            for line in text[start.upperBound...].split(separator: "\n") where line.hasPrefix("  ") {
                let word = line.dropFirst(2).prefix { $0 != " " }
                guard !word.isEmpty, !line.hasPrefix("  See ") else { continue }
                #expect(Self.commands.contains(command.isEmpty ? String(word) : "\(command) \(word)"))
            }
        }
    }

    @Test func `the version is printed as data`() async throws {
        let result = try await Command.run(["--version"])
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("standstill/"))
    }
}
