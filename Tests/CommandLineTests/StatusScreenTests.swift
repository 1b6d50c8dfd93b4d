import AssemblySupport
import Foundation
import PauseAgreement
import TestSupport
import Testing

@testable import NodeService
@testable import standstill

/// The screen of `status --watch`: what asks for attention stays in sight, however small the terminal is.
@Suite struct StatusScreenTests {
    private static let warning =
        "not connected to a record quorum: 2 of 4 laboratories still missing: any 2 of lab.p2, lab.p3, lab.p4"

    private func status(keys: Bool = true, warnings: [String] = [warning]) throws -> NodeStatus {
        let assembly = try Assembly()
        if keys {
            try assembly.makeKeys()
            _ = try assembly.propose()
        }
        let agreement = try assembly.status("lab.p1")
        return NodeStatus(
            software: "standstill",
            now: "2033-05-18T03:33:20Z",
            listen: "0.0.0.0:7411",
            agreement: agreement,
            peers: agreement.parties.filter { $0.name != "lab.p1" }.map { party in
                NodeStatus.PeerLine(
                    name: party.name,
                    isConnected: false,
                    charter: "same",
                    software: "standstill",
                    clockOffsetSeconds: nil,
                    since: "2033-05-18T03:33:10Z",
                    reason: "connection lost"
                )
            },
            warnings: warnings,
            journalEntries: 1,
            started: "2033-05-18T03:33:10Z",
            clockOffsetSeconds: nil,
            clockToleranceSeconds: 1,
            health: []
        )
    }

    @Test(arguments: [(60, 24), (40, 12), (20, 4), (200, 60)])
    func `no line is longer and no page higher than the terminal`(columns: Int, rows: Int) throws {
        let fit = ScreenFit(columns: columns, rows: rows)
        for keys in [true, false] {
            let lines = StatusScreen(try status(keys: keys)).lines(fitting: fit)
            #expect(lines.count <= rows && lines.allSatisfy { $0.count <= columns })
            #expect(lines.first?.hasPrefix("lab.p1 in ") == true)
        }
    }

    @Test func `on a small terminal warnings and open motions are whole, and the rest is counted`() throws {
        let lines = StatusScreen(try status()).lines(fitting: ScreenFit(columns: 60, rows: 24))
        let text = lines.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
        #expect(text.contains("WARNING: \(Self.warning)"))
        #expect(text.contains("of lab.p1: This order starts a pause") && text.contains("ballots until "))
        #expect(lines.last?.contains(/^and [0-9]+ more lines: `standstill status`$/) == true)
    }

    @Test func `once the keys are made the connections are shown instead of the steps`() throws {
        let fit = ScreenFit(columns: 60, rows: 60)
        let made = StatusScreen(try status()).lines(fitting: fit)
        #expect(made.contains { $0.hasPrefix("lab.p2 ") && $0.contains("MISSING for 10s") })
        #expect(!made.contains { $0.contains("ratified") })
        let waiting = StatusScreen(try status(keys: false)).lines(fitting: fit)
        #expect(waiting.contains { $0.hasPrefix("party ") && $0.contains("ratified") })
    }

    @Test func `a sentence breaks between words, keeps them all, and cuts only what is longer than a line`() {
        let fit = ScreenFit(columns: 20, rows: 4)
        let sentence = "  one two three four five six seven eight nine ten"
        let lines = fit.wrapped(sentence)
        #expect(lines.count > 1 && lines.allSatisfy { $0.count <= 20 && $0.hasPrefix("  ") })
        #expect(lines.flatMap { $0.split(separator: " ") } == sentence.split(separator: " "))
        let long = String(repeating: "x", count: 70)
        #expect(fit.wrapped("id \(long)").map { $0.filter { $0 == "x" } }.joined() == long)
        #expect(fit.wrapped("short") == ["short"])
        #expect(fit.cut(String(repeating: "y", count: 21)) == String(repeating: "y", count: 17) + "...")
    }

    @Test func `a line break in a cell does not break a table`() {
        var table = TextTable(["a", "b"])
        table.add(["one\ntwo", "three"])
        #expect(table.lines == ["a        b", "one two  three"])
    }

    @Test(.timeLimit(.minutes(5)))
    func `a watcher waits for a node that restarts`() async throws {
        let parties = try await RunningParties()
        defer { parties.stopAll() }
        try parties.start("lab.aster")
        try await parties.wait("lab.aster") { _ in true }
        let directory = parties.founding.directory
        let watcher = Process()
        watcher.executableURL = Command.executable
        watcher.arguments = ["status", "--watch", "--json", "--directory", "lab.aster"]
        watcher.environment = ["SWIFT_BACKTRACE": "enable=no"]
        watcher.currentDirectoryURL = URL(filePath: directory.path)
        watcher.standardOutput = try FileHandle(forWritingTo: URL(filePath: directory.write([], to: "seen")))
        watcher.standardError = try FileHandle(forWritingTo: URL(filePath: directory.write([], to: "told")))
        try watcher.run()
        defer { watcher.terminate() }
        func runs() throws -> Int {
            let seen = String(decoding: try directory.content(of: "seen"), as: UTF8.self)
            return Set(seen.matches(of: /"started":"([^"]+)"/).map { String($0.1) }).count
        }
        while try runs() < 1 { try await Task.sleep(for: .milliseconds(100)) }
        parties.stop("lab.aster")
        // Starts are told apart by their second.
        try await Task.sleep(for: .seconds(1.1))
        try parties.start("lab.aster")
        while try runs() < 2, watcher.isRunning { try await Task.sleep(for: .milliseconds(100)) }
        #expect(try runs() == 2 && watcher.isRunning)
        let told = String(decoding: try directory.content(of: "told"), as: UTF8.self)
        #expect(told == "the node does not answer; waiting until it runs again\n")
    }
}
