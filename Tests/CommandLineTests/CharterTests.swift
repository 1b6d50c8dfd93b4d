import Foundation
import TestSupport
import Testing

@Suite struct CharterTests {
    private struct Report: Decodable {
        struct Refusal: Decodable {
            let line: Int
            let text: String
        }

        struct Rule: Decodable {
            let rule: String
            let smallestQuorum: String
            let veto: [String]
        }

        let charter: String
        let refusals: [Refusal]
        let rules: [Rule]
    }

    private struct Summary: Decodable {
        struct Party: Decodable {
            let name: String
            let tags: [String: String]
        }

        let charter: String
        let parties: [Party]
        let faultBound: Int
    }

    @Test func `a new charter passes its own check`() async throws {
        let founding = try await Founding.shared.value
        let check = try await founding.run(["charter", "check", "pilot.charter"])
        #expect(check.status == 0)
        #expect(check.output.hasPrefix("charter \(founding.charter)\nthis charter can be used\n"))
        #expect(
            check.output.contains(
                "opens sealed ballots with a key that signs nothing; to read one before voting is closed"
            )
        )
        let json = try await founding.run(["charter", "check", "pilot.charter", "--json"])
        let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
        #expect(report.charter == founding.charter)
        #expect(report.refusals.isEmpty)
        #expect(report.rules.map(\.rule) == ["decide", "record", "open"])
        #expect(report.rules[0].smallestQuorum == "4")
        #expect(report.rules[0].veto == ["gov.arland", "gov.borovia", "lab.aster", "lab.borealis"])
    }

    @Test func `what is shown is what was written`() async throws {
        let founding = try await Founding.shared.value
        let text = try await founding.run(["charter", "show", "pilot.charter"])
        #expect(text.output.contains("Charter \"Pilot charter\" of network pilot, version 1"))
        #expect(text.output.contains("all 2 laboratories together with all 2 governments"))
        let json = try await founding.run(["charter", "show", "pilot.charter", "--json"])
        let summary = try JSONDecoder().decode(Summary.self, from: Data(json.output.utf8))
        #expect(summary.charter == founding.charter)
        #expect(summary.parties.map(\.name) == Founding.labs + Founding.governments)
        #expect(summary.parties[0].tags == ["hosting": "own"])
        #expect(summary.faultBound == 1)
    }

    @Test func `without an output file the charter itself is printed, byte for byte`() async throws {
        let founding = try await Founding.shared.value
        let printed = try await founding.run(Founding.found)
        #expect(printed.status == 0)
        #expect(Array(printed.output.utf8) == (try founding.directory.content(of: "pilot.charter")))
    }

    @Test func `a charter is never written over`() async throws {
        let founding = try await Founding()
        let before = try founding.directory.content(of: "pilot.charter")
        let result = try await founding.run(Founding.found + ["--title", "Another", "--output", "pilot.charter"])
        #expect(result.status == 73)
        #expect(result.error == "pilot.charter is there already and is never written over")
        #expect(try founding.directory.content(of: "pilot.charter") == before)
    }

    @Test func `a malformed line is named`() async throws {
        let founding = try await Founding.shared.value
        let text = String(decoding: try founding.directory.content(of: "pilot.charter"), as: UTF8.self)
        let scratch = try TemporaryDirectory()
        try scratch.write(text.replacing("network     ", with: "netwrok     ").utf8, to: "charter")
        for command in ["show", "check"] {
            let result = try await Command.run(["charter", command, "charter"], in: scratch.path)
            #expect(result.status == 65)
            #expect(result.error == #"charter: line 3: unknown line "netwrok"; did you mean "network"?"#)
            #expect(result.output.isEmpty)
        }
    }

    @Test func `unsafe rules are refused with an example, and their meaning is told all the same`() async throws {
        let founding = try await Founding.shared.value
        let text = String(decoding: try founding.directory.content(of: "pilot.charter"), as: UTF8.self)
        let scratch = try TemporaryDirectory()
        try scratch.write(
            text.replacing("group       together all ", with: "group       together any ").utf8,
            to: "charter"
        )
        let result = try await Command.run(["charter", "check", "charter"], in: scratch.path)
        #expect(result.status == 1)
        #expect(result.output.contains("\nREFUSED: line "))
        #expect(
            result.output.contains("can be met by parties of class lab alone, for instance by lab.aster, lab.borealis")
        )
        #expect(result.output.contains("\nrule decide: "))
        let shown = try await Command.run(["charter", "show", "charter"], in: scratch.path)
        #expect(shown.status == 0)
        #expect(shown.errors.contains("WARNING: this charter is refused"))
    }

    @Test func `a charter that would be refused is not written`() async throws {
        let founding = try await Founding.shared.value
        let result = try await founding.run(Founding.found + ["--fault-bound", "5", "--output", "refused.charter"])
        #expect(result.status == 65)
        #expect(result.error?.hasPrefix("this would not be a charter: ") == true)
        #expect(!FileManager.default.fileExists(atPath: founding.directory.file("refused.charter")))
    }

    @Test(arguments: [
        (["--class", "lab:2"], #"--class "lab:2" has not three parts"#),
        (["--class", "lab:many:laboratory"], #""many" is not a number of parties"#),
        (["--class", "lab:none:laboratory"], "no class decides anything"),
        (
            ["--class", "lab:2:laboratory", "--class", "governmet:2:government", "--parties", "parties"],
            #"parties, line 4: there is no class "government""#
        ),
        (["--class", "lab:2:laboratory", "--party", "lab.new lab"], "--party: this is not a party's line"),
        (["--class", "lab:2:laboratory", "--commit-window", "2h..1h"], #"--commit-window cannot be "2h..1h""#),
        (["--class", "lab:2:laboratory", "--clock-tolerance", "60s"], #"--clock-tolerance cannot be "60s""#),
        (["--class", "lab:2:laboratory", "--expires", "2099"], #"--expires cannot be "2099""#),
        (
            ["--class", "lab:2:laboratory", "--expires", "2020-01-01T00:00:00Z"],
            #"--expires cannot be "2020-01-01T00:00:00Z""#
        ),
    ])
    func `a mistake in what a charter is made of is named`(arguments: [String], error: String) async throws {
        let founding = try await Founding.shared.value
        let base = ["charter", "new", "--title", "T", "--network", "n"]
        let expires = arguments.contains("--expires") ? [] : ["--expires", "2099-01-01T00:00:00Z"]
        let result = try await founding.run(base + expires + arguments)
        #expect([64, 65].contains(result.status))
        #expect(result.error == error)
        #expect(result.hint != nil)
        #expect(result.output.isEmpty)
    }

    @Test func `a charter that has ended is shown as ended, fails its check and is not ratified`() async throws {
        let founding = try await Founding()
        let text = String(decoding: try founding.directory.content(of: "pilot.charter"), as: UTF8.self)
        let ended = text.replacing("2099-01-01T00:00:00Z", with: "2020-01-01T00:00:00Z")
        try founding.directory.write(ended.utf8, to: "pilot.charter")
        let sentence = "this charter ended at 2020-01-01T00:00:00Z: nothing can be ordered under it"
        let shown = try await founding.run(["charter", "show", "pilot.charter"])
        #expect(shown.status == 0 && shown.errors == "WARNING: \(sentence)\n")
        let check = try await founding.run(["charter", "check", "pilot.charter"])
        #expect(check.status == 1 && check.output.contains("\nENDED: \(sentence)\n"))
        let json = try await founding.run(["charter", "check", "pilot.charter", "--json"])
        #expect(json.output.contains(#""hasEnded":true"#) && json.status == 1)
        let result = try await founding.run(
            ["charter", "ratify", "--directory", "lab.aster", "--passphrase-file", "passphrase", "--yes"]
        )
        #expect(result.status == 1 && result.error == sentence && result.output.isEmpty)
        #expect(result.hint == "nothing was signed; agree on the next charter")
        #expect(!FileManager.default.fileExists(atPath: founding.directory.file("lab.aster/journal.sqlite")))
    }

    @Test func `a charter is ratified without a node, and once`() async throws {
        let founding = try await Founding()
        let arguments = [
            "charter", "ratify", "--directory", "lab.aster", "--passphrase-file", "passphrase", "--yes",
        ]
        let first = try await founding.run(arguments)
        #expect(first.status == 0)
        #expect(first.output == founding.charter + "\n")
        #expect(first.errors.contains("all 2 laboratories together with all 2 governments"))
        let second = try await founding.run(arguments)
        #expect(second.status == 1)
        #expect(second.error == "this party has ratified the charter already")
        #expect(second.hint == "`standstill ceremony show` names who is waited for")
        #expect(second.output.isEmpty)
    }

    @Test func `who ratifies an amendment is told what it changes`() async throws {
        let founding = try await Founding()
        let old = String(decoding: try founding.directory.content(of: "pilot.charter"), as: UTF8.self)
        try founding.directory.write(old.utf8, to: "old.charter")
        let amended = old.replacing(/previous +none/, with: "previous sha256:\(founding.charter)")
            .replacing(/version +1/, with: "version 2").replacing(
                /limit +open-motions +[0-9]+/,
                with: "limit open-motions 7"
            )
        try #require(amended != old)
        try founding.directory.write(amended.utf8, to: "pilot.charter")
        let arguments = [
            "charter", "ratify", "--directory", "lab.aster", "--passphrase-file", "passphrase", "--yes",
        ]
        try founding.directory.write(old.replacing("Pilot charter", with: "Other charter").utf8, to: "other.charter")
        let wrong = try await founding.run(arguments + ["--previous", "other.charter"])
        #expect(wrong.status == 1)
        #expect(
            wrong.error?.hasSuffix(", but the charter amends charter \(founding.charter)") == true,
            "\(wrong.errors)"
        )
        #expect(!FileManager.default.fileExists(atPath: founding.directory.file("lab.aster/journal.sqlite")))
        let result = try await founding.run(arguments + ["--previous", "old.charter"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("What it changes:") && result.errors.contains("open-motions"))
        let silent = try await founding.run(arguments)
        #expect(silent.errors.contains("It takes the place of charter \(founding.charter); --previous FILE shows"))
    }
}
