import Foundation
import TestSupport
import Testing

/// What `charter check`, `explain` and `diff` say about the two charters of `Examples/charters`.
@Suite struct CharterAnalysisTests {
    private static let examples = RepositoryFiles.root.appending(path: "Examples/charters").path()

    private static func run(_ arguments: String...) async throws -> Command.Result {
        try await Command.run(["charter"] + arguments, in: examples)
    }

    private struct Report: Decodable {
        struct Power: Decodable {
            let party: String
            let banzhaf: String
            let shapleyShubik: String
        }

        struct Action: Decodable {
            let actions: [String]
            let rules: [String]
            let isExact: Bool
            let quorums: String
            let minimalQuorums: String
            let overlap: String
            let toForgeSignature: String
            let canStop: [String]
            let power: [Power]
        }

        let procedures: [Action]
    }

    @Test func `check judges recording and deciding together`() async throws {
        let result = try await Self.run("check", "pilot-2", "--json")
        #expect(result.status == 0)
        let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        let procedure = try #require(report.procedures.first)
        #expect(procedure.actions == ["start", "renew", "lift"])
        #expect(procedure.rules == ["record", "decide"])
        #expect(procedure.isExact)
        // 8 of all 10, of whom 4 of 6 labs and 3 of 4 governments: 15 and 24 sets of 8, then 4 + 6 of 9, and 1 of 10.
        #expect(procedure.quorums == "50")
        #expect(procedure.minimalQuorums == "39")
        #expect(procedure.overlap == "6")
        #expect(procedure.toForgeSignature == "7")
        // "own" is no host that these parties share.
        #expect(procedure.canStop == ["hosting=nimbus", "jurisdiction=arland", "jurisdiction=borovia"])
        #expect(procedure.power.count == 10)
        #expect(procedure.power.allSatisfy { $0.shapleyShubik.contains("/") && $0.banzhaf.contains("/") })
    }

    @Test func `actions that different rules decide are judged apart, and against each other`() async throws {
        let text = try String(contentsOf: URL(filePath: Self.examples + "/pilot-1"), encoding: .utf8)
        let scratch = try TemporaryDirectory()
        let lines = "rule        release recorders\naction      start "
        try scratch.write(
            text.replacing("action      start ", with: lines).replacing("lift decide", with: "lift release").utf8,
            to: "charter"
        )
        let result = try await Command.run(["charter", "check", "charter"], in: scratch.path)
        #expect(result.status == 0)
        #expect(result.output.contains("\nto start or renew a pause: rules record and decide together\n"))
        #expect(result.output.contains("\nto lift a pause: rules record and release together\n"))
        #expect(
            result.output.contains(
                "\nan order to start or renew and one to lift have at least 5 parties in common, who agree to them or record them, for instance "
            )
        )
        let answer = try await Command.run(["charter", "explain", "charter", "--without", "lab"], in: scratch.path)
        #expect(answer.status == 1)
        #expect(answer.output.contains("to start or renew a pause: IMPOSSIBLE"))
        let diff = try await Command.run(["charter", "diff", Self.examples + "/pilot-1", "charter"], in: scratch.path)
        #expect(diff.status == 1)
        #expect(
            diff.output.contains("to start or renew a pause: SAME") && diff.output.contains("to lift a pause: LOOSER")
        )
        #expect(
            diff.output.contains("rule release: ADDED")
                && diff.output.contains("action lift: rule decide -> rule release")
        )
    }

    @Test func `explain answers what is missing, in words and by its exit status`() async throws {
        let enough = try await Self.run("explain", "pilot-1", "--without", "gov.union")
        #expect(enough.status == 0)
        #expect(enough.output.contains("a pause: ENOUGH\n"))
        #expect(enough.output.hasSuffix("  none of them may drop out\n"))
        let missing = try await Self.run(
            "explain",
            "pilot-1",
            "--with",
            "government,lab.aster",
            "--without",
            "lab.dorado"
        )
        #expect(missing.status == 1)
        #expect(missing.output.contains("NOT ENOUGH YET"))
        #expect(
            missing.output.contains("rule decide: 3 of 4 labs still missing: lab.borealis, lab.cygnus, lab.eridani\n")
        )
        let impossible = try await Self.run("explain", "pilot-1", "--without", "jurisdiction=arland")
        #expect(impossible.status == 1)
        #expect(impossible.output.contains("IMPOSSIBLE"))
        #expect(impossible.output.contains("1 of 4 labs still missing: any 1 of lab.aster, lab.cygnus"))
    }

    private struct Answers: Decodable {
        struct Answer: Decodable {
            let verdict: String
            let fewestMore: String
            let canStop: Bool
        }

        let with: [String]
        let answers: [Answer]
    }

    @Test func `who stays away can stop what they are needed for`() async throws {
        let result = try await Self.run("explain", "pilot-1", "--with", "gov.arland,gov.union", "--json")
        #expect(result.status == 1)
        let answers = try JSONDecoder().decode(Answers.self, from: Data(result.output.utf8))
        #expect(answers.with == ["gov.arland", "gov.union"])
        #expect(answers.answers.map(\.verdict) == ["incomplete"])
        #expect(answers.answers.map(\.fewestMore) == ["5"])
        #expect(answers.answers.map(\.canStop) == [true])
        let one = try await Self.run("explain", "pilot-1", "--with", "gov.union", "--json")
        #expect(try JSONDecoder().decode(Answers.self, from: Data(one.output.utf8)).answers.map(\.canStop) == [false])
    }

    @Test(arguments: [
        (["--with", "gov.unoin"], #"--with: the charter has no party, class, group or tag "gov.unoin""#, "gov.union"),
        (
            ["--without", "goverment"], #"--without: the charter has no party, class, group or tag "goverment""#,
            "government"
        ),
        (["--with", "lab.aster", "--without", "labs"], "lab.aster cannot both take part and stay away", "not both"),
    ])
    func `a mistaken name is refused with a suggestion`(arguments: [String], error: String, hint: String) async throws {
        let result = try await Command.run(["charter", "explain", "pilot-1"] + arguments, in: Self.examples)
        #expect(result.status == 64)
        #expect(result.error == error)
        #expect(result.hint?.contains(hint) == true)
        #expect(result.output.isEmpty)
    }

    private struct Comparison: Decodable {
        struct Change: Decodable {
            let count: String
            let witness: [String]
        }

        struct Item: Decodable {
            let what: String
            let verdict: String
            let gained: Change?
            let lost: Change?
        }

        let procedures: [Item]
        let rules: [Item]
        let partiesAdded: [String]
        let partiesRemoved: [String]
        let isAmendment: Bool
    }

    @Test func `diff tells looser, stricter and neither, with sets that show it`() async throws {
        let result = try await Self.run("diff", "pilot-1", "pilot-2", "--json")
        #expect(result.status == 1)
        let comparison = try JSONDecoder().decode(Comparison.self, from: Data(result.output.utf8))
        #expect(comparison.procedures.map(\.verdict) == ["neither"])
        #expect(comparison.rules.map(\.what) == ["rule decide", "rule record"])
        #expect(comparison.rules.map(\.verdict) == ["looser", "stricter"])
        #expect(comparison.partiesAdded == ["lab.fornax"] && comparison.partiesRemoved.isEmpty)
        #expect(comparison.isAmendment)
        let gained = try #require(comparison.rules.first?.gained)
        let (old, new) = try await (
            Self.run(
                "explain",
                "pilot-1",
                "--with",
                gained.witness.filter { $0 != "lab.fornax" }.joined(separator: ",")
            ),
            Self.run("explain", "pilot-2", "--with", gained.witness.joined(separator: ","))
        )
        #expect(old.output.contains("rule decide: 1 of 4 labs still missing"))
        #expect(new.output.contains("rule decide: met"))
        let back = try await Self.run("diff", "pilot-2", "pilot-1")
        #expect(back.output.contains("rule decide: STRICTER") && back.output.contains("rule record: LOOSER"))
        #expect(back.output.contains("party lab.fornax: removed"))
        #expect(back.output.contains("action start at-most: 60d -> 90d"))
        #expect(back.output.contains("does not name the old one as its previous one"))
    }

    @Test func `a charter does not differ from itself`() async throws {
        let result = try await Self.run("diff", "pilot-1", "pilot-1")
        #expect(result.status == 0)
        #expect(result.output.contains("rule record: SAME"))
        #expect(result.output.contains("parties and limits: same"))
    }

    @Test func `a drawing is a whole SVG without colours, and never written over`() async throws {
        let scratch = try TemporaryDirectory()
        let plot = scratch.file("power.svg")
        let result = try await Self.run("explain", "pilot-1", "--plot", plot)
        #expect(result.status == 0)
        let svg = String(decoding: try scratch.content(of: "power.svg"), as: UTF8.self)
        #expect(svg.hasPrefix("<?xml") && svg.hasSuffix("</svg>\n"))
        var open: [Substring] = []
        for tag in svg.matches(of: /<(\/?)([a-z]+)[^<>]*?(\/?)>/) where tag.3.isEmpty {
            if tag.1.isEmpty { open.append(tag.2) } else { #expect(open.popLast() == tag.2) }
        }
        #expect(open.isEmpty)
        for name in ["lab.aster", "gov.union", "0.1190", "0.1012", "\u{d7}20", "\u{d7}10", "\u{d7}6"] {
            #expect(svg.contains(">\(name)<"), "\(name)")
        }
        #expect(!svg.contains("href") && !svg.contains("<style") && !svg.contains("<script"))
        let fills = Set(svg.matches(of: /fill="([^"]*)"/).map { String($0.1) })
        #expect(fills.allSatisfy { ["black", "white", "none"].contains($0) || $0.hasPrefix("url(#") })
        let again = try await Self.run("explain", "pilot-2", "--plot", plot)
        #expect(again.status == 73)
        #expect(again.error == "\(plot) is there already and is never written over")
        #expect(String(decoding: try scratch.content(of: "power.svg"), as: UTF8.self) == svg)
    }

    @Test func `a drawing shows every procedure, or the one that was chosen`() async throws {
        let scratch = try TemporaryDirectory()
        let text = try String(contentsOf: URL(filePath: Self.examples).appending(path: "pilot-1"), encoding: .utf8)
        let charter = try scratch.write(
            Array(text.replacing("action      lift decide", with: "action lift record").utf8),
            to: "c"
        )
        let (both, one) = (scratch.file("both.svg"), scratch.file("one.svg"))
        #expect(try await Self.run("explain", charter, "--plot", both).status == 0)
        let all = String(decoding: try scratch.content(of: "both.svg"), as: UTF8.self)
        #expect(all.contains("to start or renew a pause: rules") && all.contains("to lift a pause: rule record"))
        let result = try await Self.run("explain", charter, "--plot", one, "--action", "lift")
        #expect(result.output.contains("who can lift") && !result.output.contains("who can start"))
        let lift = String(decoding: try scratch.content(of: "one.svg"), as: UTF8.self)
        #expect(lift.contains("to lift a pause: rule record") && !lift.contains("to start or renew"))
        let unknown = try await Self.run("explain", charter, "--action", "stop")
        #expect(unknown.status == 64 && unknown.hint == "its actions are start, renew and lift")
    }

    /// What a commit window may be, and what is said of one that cannot be.
    @Test(arguments: [
        ("1s..1s", 0), ("1s..285616414d", 0), ("9999999999999999s..9999999999999999s", 65), ("0s..1d", 0),
        ("-1s..1d", 65),
        ("10m..", 65), ("..14d", 65), ("10m...14d", 65), ("10m-14d", 65), ("14d..10m", 65), ("10m..14d..15d", 65),
        ("60s..14d", 65), ("10m..1y", 65), ("\u{661}0m..14d", 65), ("10m..20m", 0),
    ])
    func `odd commit windows are used or refused with their line`(window: String, status: Int32) async throws {
        let scratch = try TemporaryDirectory()
        let text = try String(contentsOf: URL(filePath: Self.examples).appending(path: "pilot-1"), encoding: .utf8)
        let changed = text.replacing("commit-window 10m..14d", with: "commit-window \(window)")
        #expect(changed != text || window == "10m..14d")
        let result = try await Self.run("check", try scratch.write(Array(changed.utf8), to: "c"))
        #expect(result.status == status, "\(window): \(result.output.prefix(300))\(result.errors)")
        if status == 65 { #expect(result.error?.contains("line 38") == true, "\(result.errors)") }
    }

    /// Every command of the page, with what the page says that it prints; `...` stands for lines left out.
    @Test func `the page on charters shows what the commands print`() async throws {
        let page = try String(contentsOf: RepositoryFiles.root.appending(path: "docs/charters.md"), encoding: .utf8)
        let examples = page.matches(of: /```sh\nstandstill ([^\n]+)\n```\n+```text\n((?:[^`][^\n]*\n|\n)+)```/)
        #expect(examples.count >= 6)
        for example in examples {
            let result = try await Command.run(example.1.split(separator: " ").map(String.init), in: Self.examples)
            var rest = result.output[...]
            for block in String(example.2).components(separatedBy: "...\n") where !block.isEmpty {
                guard let range = rest.firstRange(of: block) else {
                    Issue.record("standstill \(example.1) does not print\n\(block)")
                    break
                }
                rest = rest[range.upperBound...]
            }
        }
    }
}
