import AssemblySupport
import CryptoPrimitives
import Foundation
import NodeService
import NodeStore
import PauseAgreement
import QuorumPolicy
import SignedStatements

/// How long a node takes from its start until it is ready, and how much memory it holds then.
struct Restart {
    /// Seconds within which a node with a long journal is ready on two processors.
    static let target = 5.0

    let statements: Int
    let motions: Int
    let probe: RestartProbe

    var isGood: Bool { probe.seconds <= Self.target }

    /// Writes a long journal into a directory of its own and starts a node from it in a fresh process.
    static func measure(statements: Int) throws -> Restart {
        let directory = NodeDirectory(
            path: FileManager.default.temporaryDirectory.appending(path: "standstill-\(UUID().uuidString)").path
        )
        try directory.create()
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        let long = try LongJournal(statements: statements)
        try RestartProbe.write(long, to: directory)
        return Restart(
            statements: long.records.count,
            motions: long.motions,
            probe: try RestartProbe.inFreshProcess(directory)
        )
    }

    var table: String {
        let perStatement = Double(probe.residentKilobytes - probe.emptyKilobytes) * 1024 / Double(statements)
        return """

            start from a journal of \(statements) records, \(motions) motions

            | | |
            |---|---|
            | wall time, s | \(Finding.text(probe.seconds)) |
            | processor time, s | \(Finding.text(probe.processorSeconds)) |
            | first status, s | \(Finding.text(probe.statusSeconds)) |
            | resident before, MiB | \(Finding.text(Double(probe.emptyKilobytes) / 1024)) |
            | resident when ready, MiB | \(Finding.text(Double(probe.residentKilobytes) / 1024)) |
            | highest resident, MiB | \(Finding.text(Double(probe.peakKilobytes) / 1024)) |
            | bytes per statement | \(Finding.text(perStatement)) |
            | target, s | \(Finding.text(Self.target)) |
            | good | \(isGood ? "yes" : "NO") |
            """
    }

    var json: String {
        "{\"restart\":{\"statements\":\(statements),\"motions\":\(motions),\"probe\":\(probe.line),\"good\":\(isGood)}}"
    }
}

/// One start of a node, measured in a process that has done nothing else.
struct RestartProbe: Codable {
    let restored: Int
    /// From the first step of the start until the node owes nothing, wall clock.
    let seconds: Double
    let processorSeconds: Double
    /// The processor time of one status.
    let statusSeconds: Double
    let emptyKilobytes: Int
    let residentKilobytes: Int
    let peakKilobytes: Int

    private static let option = "--start-node-in"
    private static let passphrase = Array("not a secret: it guards nothing".utf8)

    /// The directory to start from, when this process is the fresh one.
    static var directory: String? {
        let arguments = CommandLine.arguments
        return arguments.firstIndex(of: option).flatMap { arguments.indices.contains($0 + 1) ? arguments[$0 + 1] : nil }
    }

    var line: String {
        (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    static func write(_ long: LongJournal, to directory: NodeDirectory) throws {
        let party = try PartyName(LongJournal.party)
        // The cheapest derivation: passphrases are not what is measured, nor is their memory.
        guard let cost = PassphraseKey.Cost(operations: 1, memoryBytes: 8192) else { return }
        _ = try KeyFile.create(
            at: directory.key,
            party: party,
            seed: Assembly.seed(of: party),
            passphrase: SecretBytes(copying: passphrase),
            cost: cost
        )
        try Data(long.charter.bytes).write(to: URL(filePath: directory.path + "/charter"))
        let owner = JournalOwner(party: party, charter: long.charter.id)
        let secrets = PartySecrets(seed: Assembly.seed(of: party))
        let journal = try Journal(at: directory.journal, owner: owner, key: secrets.journal, makesMissing: true)
        for start in stride(from: 0, to: long.records.count, by: 2000) {
            let rows = long.records[start..<min(start + 2000, long.records.count)]
            _ = try journal.append(rows.map { JournalRecords.entry(for: $0.record, receivedAt: $0.at) })
        }
        let own = long.records.compactMap { record, _ in
            if case .item(.statement(let own)) = record, own.head.party == party { own.head.number } else { nil }
        }
        let mark = try HighWater(at: directory.highWater, owner: owner, journalNumber: own.max() ?? 0)
        precondition(mark.number > 0, "the party has signed something")
    }

    static func inFreshProcess(_ directory: NodeDirectory) throws -> RestartProbe {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = [option, directory.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode(RestartProbe.self, from: text)
    }

    static func measure(in path: String) throws -> RestartProbe {
        let directory = NodeDirectory(path: path)
        let text = "party: \(LongJournal.party)\ncharter: charter\n"
        let configuration = try NodeConfiguration.parse(Array(text.utf8), file: directory.configuration)
        let empty = kilobytes("VmRSS")
        let processor = Clock.microseconds
        let wall = ContinuousClock.now
        var start = try NodeStart(configuration, passphrase: SecretBytes(copying: passphrase))
        let now = Moment(milliseconds: 1_990_000_000_000)
        _ = start.participant.resume(at: now)
        let elapsed = wall.duration(to: .now).components
        let spent = Clock.microseconds - processor
        let resident = kilobytes("VmRSS")
        let statusStart = Clock.microseconds
        let status = start.participant.agreement.status(at: now)
        precondition(status.orders.count == LongJournal.ordered && !status.isAbstaining, "the node knows what it knew")
        return RestartProbe(
            restored: start.restored,
            seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18,
            processorSeconds: spent / 1e6,
            statusSeconds: (Clock.microseconds - statusStart) / 1e6,
            emptyKilobytes: empty,
            residentKilobytes: resident,
            peakKilobytes: kilobytes("VmHWM")
        )
    }

    /// A line of what the kernel says about this process's memory; 0 where there is none.
    private static func kilobytes(_ name: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
}
