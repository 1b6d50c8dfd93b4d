import Foundation
import TestSupport
import Testing

/// Scenario files, played by the command; each of those in Examples ends as it says.
@Suite(.timeLimit(.minutes(5)))
struct ScenarioTests {
    private static let directory = RepositoryFiles.root.appending(path: "Examples/scenarios")
    static let files = ((try? FileManager.default.contentsOfDirectory(atPath: directory.path())) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    private static func path(_ file: String) -> String { directory.appending(path: file).path() }

    @Test func `there are at least 25 questions`() { #expect(Self.files.count >= 25) }

    @Test(arguments: files)
    func `a question ends as its file says`(file: String) async throws {
        let result = try await Command.run(["scenario", "run", "--brief", Self.path(file)])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("stand-in cryptography"))
    }

    @Test func `the same seed gives the same run in another process, and another seed another one`() async throws {
        let arguments = ["scenario", "run", "--json", Self.path("power-cut-while-voting.yaml"), "--seed"]
        let first = try await Command.run(arguments + ["5"])
        let again = try await Command.run(arguments + ["5"])
        let other = try await Command.run(arguments + ["6"])
        #expect(first.output == again.output)
        #expect(first.output.contains("\"trace\":"))
        let trace = try #require(first.output.firstMatch(of: /"trace":"([0-9a-f]{64})"/)).1
        #expect(!other.output.contains(trace))
    }

    @Test func `what was not expected is told with the status 1`() async throws {
        let scratch = try TemporaryDirectory()
        let path = try scratch.write(
            Array(Self.plain.replacing("outcome: order", with: "outcome: no order").utf8),
            to: "s.yaml"
        )
        let result = try await Command.run(["scenario", "run", path])
        #expect(result.status == 1)
        #expect(result.output.contains("no order was expected, order is there"))
    }

    /// What is changed in the file, and what is told, once, with the status 1.
    static let emptyAnswers: [(changes: [(from: String, to: String)], text: String)] = [
        (
            [("at: 3s, kill: lab.2, for: 2s", "at: 500ms, dark: lab.1")],
            "no order was expected of it, and it was never proposed"
        ),
        (
            [("at: 3s, kill: lab.2, for: 2s", "at: 500ms, dark: lab.2"), ("motions:", "ceremony: 1s\nmotions:")],
            "lab.1 cannot propose: the parties are still ratifying"
        ),
    ]

    @Test(arguments: emptyAnswers.indices)
    func `that there is no order of a motion that nobody proposed is no answer`(index: Int) async throws {
        let scratch = try TemporaryDirectory()
        let changes = Self.emptyAnswers[index].changes + [("outcome: order", "outcome: no order")]
        let file = changes.reduce(Self.plain) { $0.replacing($1.0, with: $1.1) }
        let result = try await Command.run(["scenario", "run", try scratch.write(Array(file.utf8), to: "s.yaml")])
        #expect(result.status == 1)
        #expect(result.output.components(separatedBy: Self.emptyAnswers[index].text).count == 2, "\(result.output)")
    }

    @Test func `a motion is over when the charter of a file lets it be`() async throws {
        let scratch = try TemporaryDirectory()
        let charter = RepositoryFiles.root.appending(path: "Examples/charters/pilot-1").path()
        let file = Self.plain.replacing("charter: 5 labs 3, 4 governments 2", with: "charter-file: \(charter)")
            .replacing("lab.1", with: "lab.aster").replacing("lab.2", with: "lab.borealis")
        let result = try await Command.run([
            "scenario", "run", "--brief", try scratch.write(Array(file.utf8), to: "s.yaml"),
        ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("motion 1: published at all parties"))
    }

    @Test func `a file may begin with a mark of the byte order`() async throws {
        let scratch = try TemporaryDirectory()
        let path = try scratch.write([0xEF, 0xBB, 0xBF] + Array(Self.plain.utf8), to: "s.yaml")
        #expect(try await Command.run(["scenario", "run", "--brief", path]).status == 0)
    }

    @Test func `a party without a vote on an action casts no ballot on it`() async throws {
        let scratch = try TemporaryDirectory()
        let charter = RepositoryFiles.root.appending(path: "Examples/charters/pilot-1")
        let changed = String(decoding: try Data(contentsOf: charter), as: UTF8.self)
            .replacing("group       recorders", with: "group       easers all labs gov.union\ngroup       recorders")
            .replacing("rule        record", with: "rule        ease easers\nrule        record")
            .replacing("action      lift decide", with: "action      lift ease")
        _ = try scratch.write(Array(changed.utf8), to: "charter")
        let file = Self.plain.replacing("charter: 5 labs 3, 4 governments 2", with: "charter-file: charter")
            .replacing("lab.1", with: "lab.aster").replacing("lab.2", with: "lab.borealis")
            .replacing("- by: lab.aster", with: "- action: lift\n    by: lab.aster")
        let everybody = try scratch.write(Array(file.utf8), to: "everybody.yaml")
        #expect(try await Command.run(["scenario", "run", "--brief", everybody]).status == 0)
        let one = try scratch.write(
            Array(file.replacing("everybody: agree", with: "gov.cadia: agree").utf8),
            to: "one.yaml"
        )
        let result = try await Command.run(["scenario", "run", one])
        #expect(result.status == 65)
        #expect(result.error == "\(one), line 7: gov.cadia has no vote on an order to lift")
    }

    @Test func `what does not end as it expects by itself is not explored`() async throws {
        let scratch = try TemporaryDirectory()
        let file = Self.plain.replacing("outcome: order", with: "outcome: no order")
        let path = try scratch.write(Array(file.utf8), to: "s.yaml")
        let result = try await Command.run(["scenario", "explore", path, "--seeds", "1..5"])
        #expect(result.status == 1)
        #expect(result.error?.contains("before any fault is added: motion 1 at lab.1: no order was expected") == true)
        #expect(result.output.isEmpty)
    }

    @Test func `a swarm of seeds finds nothing`() async throws {
        let result = try await Command.run(["scenario", "explore", Self.path("plain-order.yaml"), "--seeds", "1..5"])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("5 seeds, no violation"))
    }

    @Test func `a report is one page that loads nothing`() async throws {
        let scratch = try TemporaryDirectory()
        let page = scratch.file("report.html")
        let arguments = ["scenario", "report", Self.path("one-government-dark.yaml"), "-o", page]
        #expect(try await Command.run(arguments).status == 0)
        let text = String(decoding: try scratch.content(of: "report.html"), as: UTF8.self)
        #expect(text.contains("<h1>Can one government stop a pause by switching its node off?</h1>"))
        #expect(text.contains("--seed 1"))
        #expect(text.contains("Expected: motion 1 becomes an order that counts, as lab.1, "))
        #expect(text.contains("So it is."))
        // lab.1 says it, and an arrow leads to each of the seven others that are there.
        let motion = try #require(text.components(separatedBy: ">motion</text>").dropFirst().first)
        let row = motion.components(separatedBy: ">sealed ballot</text>")[0]
        #expect(row.components(separatedBy: "<circle").count == 2)
        #expect(row.components(separatedBy: "Z\"").count == 8)
        #expect(text.components(separatedBy: "<svg").count == 3)
        for word in ["http", "<script", "src=", "url("] { #expect(!text.contains(word), "\(word)") }
        #expect(try await Command.run(arguments).status == 73)
    }

    private static let plain = """
        question: Is there an order?
        charter: 5 labs 3, 4 governments 2
        motions:
          - by: lab.1
            ballots:
              everybody: agree
        faults:
          - {at: 3s, kill: lab.2, for: 2s}
        expect:
          - outcome: order

        """

    private static let promising = "opening: guaranteed\nstanding-notice: 1m\nstanding: "

    /// What is changed in the file, on which line that is wrong, and a word of the message.
    static let mistakes: [(from: String, to: String, line: Int, word: String)] = [
        ("question:", "questoin:", 1, "did you mean `question`"),
        ("charter: 5 labs 3", "charter: 5 labs 6", 2, "between 1 and"),
        (
            "charter: 5 labs 3, 4 governments 2", "fault-bound: 9\ncharter: 5 labs 3, 4 governments 2", 3,
            "would be refused"
        ),
        ("charter: 5 labs 3, 4 governments 2", "charter-file: nowhere.txt", 2, "cannot be read"),
        ("by: lab.1", "by: lab.9", 4, "no party lab.9"),
        ("motions:", "standing: [{lodge: lab.1, ballot: agree}]\nmotions:", 3, "nobody can vote in advance"),
        ("motions:", "standing-notice: 1m\nmotions:", 2, "needs \"opening guaranteed\""),
        ("motions:", "\(promising)[{lodge: lab.9, ballot: agree}]\nmotions:", 5, "no party lab.9"),
        ("motions:", "\(promising)[{lodge: lab.1}]\nmotions:", 5, "what does it say"),
        ("motions:", "\(promising)[{lodge: lab.1, revoke: lab.1}]\nmotions:", 5, "either lodged or taken back"),
        ("motions:", "\(promising)[{revoke: lab.1, serial: 0}]\nmotions:", 5, "from 1 to"),
        ("motions:", "\(promising)[{lodge: lab.1, ballot: agree, at: 30d}]\nmotions:", 5, "after the end"),
        ("- by: lab.1", "- commit: 300d\n    by: lab.1", 4, "nobody can propose"),
        ("- by: lab.1", "- sign: 10s\n    by: lab.1", 4, "write 11s to"),
        ("- by: lab.1", "- publish: 9s\n    by: lab.1", 4, "write 10s to"),
        ("motions:", "end: 365d\nmotions:", 3, "a run lasts 60 days at most"),
        ("expect:\n  - outcome: order", "end: 50s\nexpect:\n  - outcome: no order", 11, "may still become an order"),
        ("everybody: agree", "lab.77: agree", 6, "no party lab.77"),
        ("everybody: agree", "everybody: aye", 6, "is no ballot"),
        ("everybody: agree", "everybody: agree if 9 of lab", 6, "condition"),
        ("at: 3s, kill", "at: -3s, kill", 8, "cannot be negative"),
        ("at: 3s, kill", "at: 3 weeks, kill", 8, "length of time"),
        ("kill: lab.2", "kil: lab.2", 8, "did you mean `kill`"),
        ("for: 2s}", "ahead: 2s}", 8, "does not go with"),
        ("kill: lab.2, for: 2s", "liar: lab.2, does: nothing-much", 8, "no liar does"),
        ("at: 3s, kill", "at: 30d, kill", 8, "after the end"),
        ("outcome: order", "outcome: ordre", 10, "no motion ends"),
        ("outcome: order", "{motion: 2, outcome: order}", 10, "from 1 to 1"),
        ("outcome: order", "{outcome: order, seen-by: lab.6}", 10, "no party lab.6"),
        ("- {at: 3s", "- *x", 8, "anchors"),
        ("expect:", "expect: [", 10, "not YAML"),
    ]

    @Test(arguments: mistakes.indices)
    func `a mistake is told with its line and what to do`(index: Int) async throws {
        let (from, to, line, word) = Self.mistakes[index]
        let scratch = try TemporaryDirectory()
        let path = try scratch.write(Array(Self.plain.replacing(from, with: to, maxReplacements: 1).utf8), to: "s.yaml")
        let result = try await Command.run(["scenario", "run", path])
        #expect(result.status == 65, "\(to)")
        #expect(result.error?.hasPrefix("\(path), line \(line): ") == true, "\(result.errors)")
        #expect(result.errors.contains(word), "\(result.errors)")
        #expect(result.hint?.isEmpty == false)
        #expect(result.output.isEmpty)
    }

    /// What is written in place of a line of the plain scenario, the line that is told, and why real nodes cannot do it.
    private static let notLive: [(from: String, to: String, line: Int, word: String)] = [
        ("kill: lab.2, for: 2s", "power-cut: lab.2, for: 2s", 8, "`power-cut` cannot be played live: what a process"),
        ("kill: lab.2, for: 2s", "dies: lab.2, for: 2s", 8, "`dies` cannot be played live"),
        ("kill: lab.2, for: 2s", "split: lab.2, for: 2s", 8, "`cut` or `split` cannot be played live"),
        ("kill: lab.2, for: 2s", "clock: lab.2, ahead: 2s", 8, "`clock` cannot be played live"),
        ("kill: lab.2, for: 2s", "liar: lab.2, does: silent", 8, "`liar` cannot be played live"),
        ("kill: lab.2, for: 2s", "network: {broken: 2}", 8, "`network` cannot be played live"),
        ("motions:", "network: {broken: 2}\nmotions:", 3, "`network` cannot be played live"),
        ("charter: 5 labs 3", "charter: 40 labs 30", 2, "at most 32 fit one machine"),
        ("motions:", "end: 61m\nmotions:", 3, "it takes 61 minutes of real time"),
    ]

    @Test(arguments: notLive.indices)
    func `what real nodes cannot do is told with its line and why`(index: Int) async throws {
        let (from, to, line, word) = Self.notLive[index]
        let scratch = try TemporaryDirectory()
        let path = try scratch.write(Array(Self.plain.replacing(from, with: to, maxReplacements: 1).utf8), to: "s.yaml")
        let result = try await Command.run(["scenario", "run", "--live", path])
        #expect(result.status == 65, "\(to)")
        #expect(result.error?.hasPrefix("\(path), line \(line): ") == true, "\(result.errors)")
        #expect(result.error?.contains(word) == true, "\(result.errors)")
        #expect(result.hint?.contains("--live") == true)
    }

    @Test func `nobody is asked who is dark at the end`() async throws {
        let scratch = try TemporaryDirectory()
        let text = Self.plain.replacing("kill: lab.2, for: 2s", with: "dark: lab.2")
            .replacing("outcome: order", with: "{outcome: order, seen-by: lab.2}")
        let result = try await Command.run(["scenario", "run", try scratch.write(Array(text.utf8), to: "s.yaml")])
        #expect(result.status == 65)
        #expect(result.error?.contains("lab.2 is not there at the end") == true)
    }
}
