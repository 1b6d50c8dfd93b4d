internal import Foundation
internal import NodeService
internal import PauseAgreement
internal import PauseEvidence

/// The demo, step by step: keys, charter, ceremony, an order in spite of two failures, and a motion that falls short.
struct DemoStory: Sendable {
    private let assembly: LocalAssembly
    private let victim: String?
    private let phase: DemoPhase
    private var screen = DemoScreen()
    private var charterID = ""

    init(_ assembly: LocalAssembly, victim: String?, phase: DemoPhase) {
        self.assembly = assembly
        self.victim = victim
        self.phase = phase
    }

    /// The name of the charter's file.
    static let charterFile = "pilot.charter"

    mutating func tell() async throws {
        try await makeParties()
        try foundCharter()
        try await makeKeys()
        try await voteInAdvance()
        switchOff(DemoRoster.dark)
        let first = try propose(duration: DemoRoster.duration)
        try await decideFirst(first)
        let second = Task { [self] in try await Self.runSecond(self) }
        try verifyWithOpenSSL()
        let shortfall = try await second.value
        try await awaitEffect(of: first)
        try showShortfall(shortfall)
        showEnd()
    }

    private var directory: URL { assembly.directory }

    private var program: LocalProgram { assembly.program }

    private var orderDirectory: URL { directory.appending(path: "order") }
}

// MARK: - Founding

extension DemoStory {
    private mutating func makeParties() async throws {
        screen.heading("Eleven parties make their keys, each in a directory of its own below \(directory.path())")
        let keys = try await assembly.makeParties()
        let lines = DemoRoster.everyone.map { member in
            "\(member.name) \(member.partyClass) \(keys[member.name] ?? "") \"\(member.legalName)\"\n"
        }
        try lines.joined().write(to: directory.appending(path: "parties"), atomically: true, encoding: .utf8)
        screen.line("$ standstill party init lab.aster --directory lab.aster     (and ten more)")
    }

    private mutating func foundCharter() throws {
        screen.heading("They write a charter and ratify it")
        try program.run(
            [
                "charter", "new", "--title", "Pilot charter for a coordinated pause", "--network", "pause-demo",
                "--expires", "2099-01-01T00:00:00Z",
                "--class", "lab:5:frontier AI developer", "--class", "government:3:government",
                "--parties", "parties", "--fault-bound", "2", "--commit-window", "3s..14d", "--clock-tolerance", "1s",
                "--at-most", DemoRoster.duration, "--standing-notice", "30d", "--output", Self.charterFile,
            ],
            in: directory
        )
        let prose = try program.run(["charter", "show", Self.charterFile], in: directory)
        screen.text(prose.split(separator: "\n").map { "    \($0)" })
        try assembly.ratify()
        screen.line("$ standstill charter ratify --directory lab.aster           (and ten more)")
    }

    private mutating func makeKeys() async throws {
        screen.heading("Eleven nodes start and generate the group key together; nobody ever holds it")
        try await assembly.startAll()
        var stage = ""
        try await assembly.awaitKeys(of: DemoRoster.reporter) { status in
            charterID = status.agreement.charter
            screen.update(DemoTable.ceremony(status))
            if status.agreement.ceremony.stage != stage {
                stage = status.agreement.ceremony.stage
                screen.line("key ceremony: \(stage)")
            }
        }
        screen.settleTable()
        for member in DemoRoster.everyone { try await assembly.awaitKeys(of: member.name) }
    }
}

// MARK: - The first motion

extension DemoStory {
    /// A government says what it will do before anybody proposes anything; so it need not be there when somebody does.
    private mutating func voteInAdvance() async throws {
        let party = DemoRoster.dark
        screen.heading("\(party) votes in advance: it agrees to such a pause if the others do")
        try program.run(
            [
                "ballot", "lodge", "agree", "--if", DemoRoster.standingCondition, "--action", "start",
                "--scope", DemoRoster.scope, "--at-most", DemoRoster.duration, "--until", "2098-12-31T00:00:00Z",
                "--directory", party,
            ],
            in: directory
        )
        let condition = "--if \"\(DemoRoster.standingCondition)\""
        screen.line("$ standstill ballot lodge agree \(condition) --action start --at-most 90d ...")
        let recorders = DemoRoster.everyone.count
        for try await reply in assembly.ask(.watch, of: DemoRoster.reporter)
        where reply.status?.agreement.standing.first?.recorders.count == recorders {
            break
        }
        screen.line("its sealed ballot is recorded by all \(recorders) parties")
        // A motion counts as later when it is dated more than twice the clock tolerance after those receipts.
        try await Task.sleep(for: .seconds(3.5))
    }

    private mutating func switchOff(_ party: String) {
        assembly.switchOff(party)
        screen.heading("\(party) is switched off")
    }

    private mutating func propose(duration: String) throws -> String {
        screen.heading("\(DemoRoster.proposer) proposes to pause training runs above 1e26 operations for 90 days")
        let motion = try program.run(
            [
                "motion", "propose", "--directory", DemoRoster.proposer, "--action", "start",
                "--scope", DemoRoster.scope, "--for", duration, "--commit-within", "6s",
                "--sign-within", "7s", "--publish-within", "2s",
            ],
            in: directory
        )
        screen.line("$ standstill motion propose --scope \"training-runs=above 1e26 operations\" --for 90d ...")
        screen.line("motion \(motion)")
        return motion
    }

    /// Everybody casts its ballot, the victim is killed at its moment, and the order is made all the same.
    private mutating func decideFirst(_ motion: String) async throws {
        let feed = assembly.ask(.follow, of: DemoRoster.reporter)
        let last = victim != nil && phase == .certified ? DemoRoster.last : nil
        let ballots = Task { [self] in try await Self.castFirst(motion, but: last, self) }
        var isKilled = victim == nil
        var isOver = false
        for try await reply in feed {
            guard let event = reply.event, event.motion == motion else { continue }
            if event.key != "certified", event.key != "offered" { screen.line(event.text) }
            if let row = try? await Self.status(of: motion, in: self) {
                screen.update(DemoTable.motion(row, dark: dark(isKilled)))
            }
            if !isKilled, let victim, phase.isReached(by: event, victim: victim) {
                kill(victim)
                isKilled = true
                // Only now has everybody voted, so that nothing was opened before.
                if let last { try await Self.castFirst(motion, by: last, self) }
            }
            guard !["failed", "superseded", "void"].contains(event.key) else { throw AssemblyFailure(event.text) }
            if event.key == "published" {
                try await showBallots(of: victim, in: motion)
                isOver = true
                break
            }
        }
        try await ballots.value
        guard isOver else { throw AssemblyFailure("\(DemoRoster.reporter) stopped; its node.log says why") }
        screen.settleTable()
        try export(motion)
    }

    /// A party that is gone after voting has voted: a quorum opens its ballot.
    private mutating func showBallots(of party: String?, in motion: String) async throws {
        let row = try await Self.status(of: motion, in: self)
        guard row.agreeing.contains(DemoRoster.dark) else {
            throw AssemblyFailure("the ballot that \(DemoRoster.dark) had lodged does not count")
        }
        screen.line(">>> \(DemoRoster.dark) was not there at all; the ballot that it had lodged was opened, and counts")
        guard phase == .certified, let party else { return }
        guard row.agreeing.contains(party) else {
            throw AssemblyFailure("the ballot of \(party) was not opened without it")
        }
        screen.line(">>> \(party) was gone before any ballot was opened; its ballot was opened without it, and counts")
    }

    private func dark(_ isKilled: Bool) -> [String] {
        [DemoRoster.dark] + (isKilled ? [victim].compactMap(\.self) : [])
    }

    private mutating func kill(_ party: String) {
        guard assembly.kill(party) else { return }
        screen.line(">>> \(party) is killed (kill -9)")
    }

    private static func status(of motion: String, in story: DemoStory) async throws -> MotionStatus {
        let status = await story.assembly.status(of: DemoRoster.reporter)
        guard let row = status?.agreement.motions.first(where: { $0.id == motion }) else {
            throw AssemblyFailure("\(DemoRoster.reporter) does not know the motion")
        }
        return row
    }

    /// Everybody who is there casts its ballot, at the same time.
    private static func castFirst(_ motion: String, but last: String?, _ story: DemoStory) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for party in DemoRoster.everyone.map(\.name) where ![DemoRoster.dark, last].contains(party) {
                group.addTask { try await castFirst(motion, by: party, story) }
            }
            try await group.waitForAll()
        }
    }

    private static func castFirst(_ motion: String, by party: String, _ story: DemoStory) async throws {
        let answer = party == DemoRoster.declining ? "decline" : "agree"
        let condition = party == DemoRoster.conditional ? ["--if", DemoRoster.condition] : []
        try await cast(motion, [answer] + condition, by: party, story)
    }

    /// Casts a ballot with the command, once the party's node has heard of the motion.
    private static func cast(_ motion: String, _ answer: [String], by party: String, _ story: DemoStory) async throws {
        for try await reply in story.assembly.ask(.watch, of: party)
        where reply.status?.agreement.motions.contains(where: { $0.id == motion }) == true {
            break
        }
        try story.program.run(["ballot", "cast", motion] + answer + ["--directory", party], in: story.directory)
    }
}

// MARK: - Verification

extension DemoStory {
    private mutating func export(_ motion: String) throws {
        try program.run(
            ["order", "export", motion, "--directory", DemoRoster.reporter, "--to", "order"],
            in: directory
        )
        screen.heading("The order is in \(orderDirectory.path()); anybody verifies it without this program")
    }

    private mutating func verifyWithOpenSSL() throws {
        let openssl = VerificationCommands.openssl
        screen.text(["", "    cd \(orderDirectory.path())", "    \(openssl)"])
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = openssl.split(separator: " ").map(String.init)
        process.currentDirectoryURL = orderDirectory
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        screen.text(said.split(separator: "\n").map { "    \($0)" })
        guard process.terminationStatus == 0 else { throw AssemblyFailure("OpenSSL does not accept the order") }
        let python = VerificationCommands.python.split(separator: "\n").map { "    \($0)" }
        screen.text(["", "    python3 - <<'EOF'"] + python + ["    EOF"])
    }

    /// Waits until the order is in force, and lets the offline verifier say what is proven.
    private mutating func awaitEffect(of motion: String) async throws {
        let row = try await Self.status(of: motion, in: self)
        if let effective = try? Date(row.effective, strategy: .iso8601) {
            let wait = effective.timeIntervalSinceNow
            if wait > 0 {
                screen.line("waiting \(Int(wait.rounded(.up))) s for the effective time, \(row.effective)")
                try await Task.sleep(for: .seconds(wait + 0.1))
            }
        }
        screen.heading("$ standstill order verify order --pin-charter \(charterID)")
        let answer = try program.run(["order", "verify", "order", "--pin-charter", charterID], in: directory)
        screen.text(answer.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" })
    }
}

// MARK: - The second motion

extension DemoStory {
    /// Renews the pause, but only two governments agree: it must end without an order.
    private static func runSecond(_ story: DemoStory) async throws -> MotionStatus {
        let motion = try story.program.run(
            [
                "motion", "propose", "--directory", DemoRoster.proposer, "--action", "renew",
                "--scope", DemoRoster.scope, "--for", DemoRoster.duration, "--commit-within", "5s",
            ],
            in: story.directory
        )
        let dark = [DemoRoster.dark, story.victim ?? ""]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for party in DemoRoster.everyone.map(\.name) where !dark.contains(party) {
                let answer = party == DemoRoster.reluctant ? "decline" : "agree"
                group.addTask { try await cast(motion, [answer], by: party, story) }
            }
            try await group.waitForAll()
        }
        for try await reply in story.assembly.ask(.watch, of: DemoRoster.reporter) {
            guard let row = reply.status?.agreement.motions.first(where: { $0.id == motion }) else { continue }
            if row.phase == "failed" { return row }
            guard row.order.isEmpty else {
                throw AssemblyFailure("an order was made although a government was missing")
            }
        }
        throw AssemblyFailure("\(DemoRoster.reporter) stopped; its node.log says why")
    }

    private mutating func showShortfall(_ row: MotionStatus) throws {
        screen.heading("A second motion, to renew, fell one government short and ended without an order")
        screen.text(DemoTable.motion(row, dark: dark(true)))
        screen.text(["", "    \(row.phase): \(row.shortfall)"])
    }

    private mutating func showEnd() {
        screen.heading("Done in \(screen.seconds) s. Everything is in \(directory.path()):")
        screen.text([
            "    pilot.charter            the charter, \(charterID)",
            "    order/                   the order, its keys, and the statements that led to it",
            "    lab.aster/ ...           one directory for each party: key file, journal, node.log",
        ])
    }
}
