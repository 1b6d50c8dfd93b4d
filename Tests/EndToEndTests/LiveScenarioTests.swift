import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Scenario files that the command plays with real nodes (docs/scenarios.md).
    @Suite(.serialized, .timeLimit(.minutes(10))) struct LiveScenarioTests {
        private static let text = """
            question: Does an order come although a government is killed on the way?
            charter: 2 labs 2, 2 governments 2
            fault-bound: 0
            clock-tolerance: 1s
            motions:
              - {by: lab.1, commit: 100s, sign: 60s, publish: 30s, ballots: {everybody: agree}}
            faults:
              - {at: 1500ms, kill: government.2, for: 1s}
            expect:
              - outcome: order

            """

        @Test func `four real nodes answer a question, one of them killed on the way, and leave nothing behind`()
            async throws
        {
            let run = try LiveCommand(Self.text)
            try await run.awaitEnd()
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("as expected\n"))
            #expect(run.output.contains("motion 1: published at all parties"))
            #expect(run.output.contains("* the node of government.2 is killed"))
            #expect(run.output.contains("* the node of government.2 starts again"))
            #expect(run.errors.contains("4 real nodes, at most 1"))
            #expect(try run.remains.isEmpty)
        }

        @Test func `what was expected and did not come is told with the status 1`() async throws {
            let text = Self.text.replacing("everybody: agree", with: "lab: agree").replacing(
                "motions:",
                with: "end: 6s\nmotions:"
            )
            let run = try LiveCommand(text, "--json")
            try await run.awaitEnd()
            #expect(run.status == 1, "\(run.errors)")
            #expect(run.output.contains(#""isAsExpected":false"#))
            #expect(run.output.contains("motion 1 at lab.2: order was expected, no order is there: it is committing"))
            #expect(!run.output.contains(#""seed":"#))
        }

        @Test func `an interruption ends the nodes and leaves nothing behind`() async throws {
            let run = try LiveCommand(Self.text.replacing("everybody: agree", with: "lab: agree"))
            try await run.until { $0.errors.contains("proposes a motion") }
            #expect(try !run.remains.isEmpty)
            run.interrupt()
            try await run.awaitEnd()
            #expect(run.status == 130)
            #expect(run.errors.contains("error: interrupted"))
            #expect(run.output.isEmpty)
            #expect(try run.remains.isEmpty)
        }
    }
}

/// One run of `standstill scenario run --live`, with temporary files of its own.
private final class LiveCommand {
    private let process = Process()
    private let root: URL

    init(_ text: String, _ options: String...) throws {
        root = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "sl-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(
            at: root.appending(path: "tmp"),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let file = root.appending(path: "s.yaml")
        try Data(text.utf8).write(to: file)
        process.executableURL = NodeProcess.executable
        process.arguments = ["scenario", "run", "--live", file.path()] + options
        process.environment = ["TMPDIR": root.appending(path: "tmp").path(), "SWIFT_BACKTRACE": "enable=no"]
        process.standardInput = FileHandle.nullDevice
        for name in ["output", "errors"] { try Data().write(to: root.appending(path: name)) }
        process.standardOutput = try FileHandle(forWritingTo: root.appending(path: "output"))
        process.standardError = try FileHandle(forWritingTo: root.appending(path: "errors"))
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: root)
    }

    var status: Int32 { process.terminationStatus }
    var output: String { content(of: "output") }
    var errors: String { content(of: "errors") }

    private func content(of name: String) -> String {
        (try? String(contentsOf: root.appending(path: name), encoding: .utf8)) ?? ""
    }

    func interrupt() { process.interrupt() }

    func awaitEnd() async throws { try await until { !$0.process.isRunning } }

    func until(_ isTrue: (LiveCommand) -> Bool) async throws {
        while !isTrue(self) { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// What is left of the run: temporary files, and processes that were started with their paths.
    var remains: [String] {
        get throws {
            let place = root.appending(path: "tmp").path()
            let files = try FileManager.default.contentsOfDirectory(atPath: place)
            let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { entry in
                guard Int(entry) != nil, let words = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline")
                else {
                    return false
                }
                return String(decoding: words, as: UTF8.self).contains(place)
            }
            return files + processes
        }
    }
}
