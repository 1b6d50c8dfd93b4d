import CryptoPrimitives
import Foundation
import NodeStore
import QuorumPolicy
import SignedStatements
import SystemCalls
import TestSupport
import Testing

@testable import NodeNetwork
@testable import NodeService

/// What a doctor says of directories whose node does not run.
@Suite struct DoctorTests {
    private func report(_ founder: Founder) async -> DoctorReport {
        await Doctor(directory: founder.directory.path, shortfalls: []).report()
    }

    private func finding(_ check: HealthCheck, _ founder: Founder) async throws -> HealthFinding {
        try #require(await report(founder).findings.first { $0.code == check })
    }

    @Test func `codes are numbered without gaps, and every finding that is not ok has one remedy`() async throws {
        let codes = HealthCheck.allCases.map(\.rawValue)
        #expect(codes == (1...codes.count).map { $0 < 10 ? "DOC-0\($0)" : "DOC-\($0)" })
        for finding in await report(try Founder()).findings {
            #expect((finding.severity == .ok) == finding.remedy.isEmpty, "\(finding)")
            #expect(!finding.found.contains("hint:") && !finding.remedy.contains("hint:"), "\(finding)")
        }
    }

    @Test func `looking changes nothing`() async throws {
        let founder = try Founder()
        do { _ = try founder.start() }
        let before = try Founder.content(of: founder.root.path)
        let report = await report(founder)
        #expect(!report.isRunning && report.exitStatus == 2 && report.party == "lab.a")
        #expect(report.charter == founder.charter.id.description)
        #expect(try Founder.content(of: founder.root.path) == before)
    }

    @Test func `a configuration that cannot be read is told, and nothing is made up beyond it`() async throws {
        let founder = try Founder()
        try founder.root.write("prty: x\n".utf8, to: "lab.a/node.yaml")
        let report = await report(founder)
        #expect(report.exitStatus == 2 && report.findings.first?.code == .configuration)
        #expect(report.findings.first?.remedy == "did you mean `party`?")
        #expect(!report.findings.contains { $0.code == .keyFile })
    }

    @Test(arguments: [
        (0o755, "lab.a", HealthCheck.directory, "run `chmod 700 "),
        (0o644, "lab.a/party.key", .keyFile, "run `chmod 600 "),
        (0o640, "lab.a/journal.sqlite", .journal, "run `chmod 600 "),
        (0o604, "lab.a/high-water", .highWater, "run `chmod 600 "),
    ])
    func `what others may read is told with the command that closes it`(
        mode: Int,
        name: String,
        check: HealthCheck,
        remedy: String
    ) async throws {
        let founder = try Founder()
        do { _ = try founder.start() }
        #expect(try await finding(check, founder).severity == .ok)
        try founder.root.setMode(mode, of: founder.root.file(name))
        let finding = try await finding(check, founder)
        #expect(finding.severity == .failure && finding.remedy.hasPrefix(remedy), "\(finding)")
    }

    @Test func `a journal whose beginning is gone is told with the remedy for damage`() async throws {
        let founder = try Founder()
        do { _ = try founder.start() }
        var bytes = try founder.root.content(of: "lab.a/journal.sqlite")
        bytes.replaceSubrange(0..<100, with: [UInt8](repeating: 0, count: 100))
        try founder.root.write(bytes, to: "lab.a/journal.sqlite")
        let finding = try await finding(.journal, founder)
        #expect(finding.severity == .failure && finding.found.contains("nothing of it can be read"))
        #expect(finding.remedy.contains("leave `high-water` where it is"))
    }

    @Test func `a missing or foreign key file and a missing party are told`() async throws {
        let founder = try Founder()
        try founder.root.write("party: lab.b\ncharter: charter\n".utf8, to: "lab.a/node.yaml")
        #expect(
            try await finding(.keyFile, founder).found.hasSuffix("party.key is the key file of lab.a, not of lab.b")
        )
        try founder.root.write("party: lab.c\ncharter: charter\n".utf8, to: "lab.a/node.yaml")
        #expect(try await finding(.charter, founder).found == "the charter names no party lab.c")
        try FileManager.default.removeItem(atPath: founder.directory.key)
        #expect(try await finding(.keyFile, founder).severity == .failure)
    }

    @Test func `a high-water file of another charter or no file beside a journal is told`() async throws {
        let founder = try Founder()
        do { _ = try founder.start() }
        try FileManager.default.removeItem(atPath: founder.directory.highWater)
        #expect(try await finding(.highWater, founder).severity == .warning)
        let other = JournalOwner(party: try PartyName("lab.a"), charter: CharterID(.zero))
        try HighWater.restore(1, owner: other, at: founder.directory.highWater)
        #expect(try await finding(.highWater, founder).severity == .failure)
    }

    @Test func `a directory that another process holds is told from one that nobody runs in`() async throws {
        let founder = try Founder()
        #expect(try await finding(.node, founder).found == "no node runs here")
        let start = try founder.start()
        let held = try await finding(.node, founder)
        #expect(held.found.hasPrefix("process \(CurrentProcess.identifier) runs in the directory"))
        #expect(start.restored == 0)
    }

    @Test(
        arguments: [
            (-1, HealthFinding.Severity.failure), (0, .failure), (1, .warning), (30 * 86_400, .warning),
            (30 * 86_400 + 1, .ok),
        ] as [(Int64, HealthFinding.Severity)]
    )
    func `the charter's end is told a month before`(left: Int64, severity: HealthFinding.Severity) throws {
        let charter = try Founder.charter(of: SecretBytes.random(count: 32))
        let now = try #require(Instant(seconds: charter.expires.seconds - left))
        #expect(CharterHealth.expiry(of: charter, at: now).severity == severity)
    }

    @Test func `the bounds of room are met at them and one below`() {
        let wanted = HealthLimits.wantedFreeBytes
        let needed = HealthLimits.neededFreeBytes
        let cases: [(Int, Int?, HealthFinding.Severity)] = [
            (wanted, nil, .ok), (wanted - 1, nil, .warning), (needed, nil, .warning), (needed - 1, nil, .failure),
            (wanted, HealthLimits.neededFreeFiles, .ok), (wanted, HealthLimits.neededFreeFiles - 1, .failure),
        ]
        for (bytes, files, severity) in cases {
            #expect(
                DirectoryHealth.room(freeBytes: bytes, freeFiles: files).severity == severity,
                "\(bytes) \(String(describing: files))"
            )
        }
    }

    @Test func `a backup is judged by key, charter and what was signed since`() async throws {
        let founder = try Founder()
        #expect(try await finding(.backup, founder).severity == .warning)
        let now = Instant.now
        let backup = try Backup(of: founder.directory, at: now)
        try BackupRecord(of: backup).write(to: founder.directory)
        #expect(try await finding(.backup, founder).severity == .ok)
        let record = try #require(BackupRecord.read(from: founder.directory))
        let late = now + (try #require(Seconds(HealthLimits.backupSeconds + 1)))
        let limit = now + (try #require(Seconds(HealthLimits.backupSeconds)))
        let cases: [(Bytes32?, CharterID?, Int, Instant, HealthFinding.Severity)] = [
            (record.key, record.charter, 0, now, .ok), (.zero, record.charter, 0, now, .warning),
            (record.key, CharterID(.zero), 0, now, .warning), (record.key, record.charter, 0, late, .ok),
            (record.key, record.charter, 1, limit, .ok), (record.key, record.charter, 1, late, .notice),
        ]
        for (key, charter, highWater, now, severity) in cases {
            let health = BackupHealth(record: record, key: key, charter: charter, highWater: highWater, now: now)
            #expect(health.finding.severity == severity)
        }
    }

    @Test func `precautions that failed are told with what to set`() {
        let all: [ProcessHardening.Shortfall] = [
            .memoryNotLocked, .coreFilesAllowed(reason: "no"), .fewOpenFiles(limit: 64),
        ]
        let findings = ProcessHealth.findings(all)
        #expect(findings.map(\.code) == [.memory, .coreFiles, .openFiles])
        #expect(findings.allSatisfy { $0.remedy.contains("set Limit") })
        // Without memory locks a node runs; without descriptors it does not start.
        #expect(findings.map(\.severity) == [.warning, .warning, .failure])
        #expect(ProcessHealth.findings([]).allSatisfy { $0.severity == .ok })
    }

    @Test func `reachability is as good as the worst announced address`() {
        #expect(Reachability.finding([]).severity == .ok)
        #expect(Reachability.finding([("a:1", .thisNode)]).severity == .ok)
        let mixed = Reachability.finding([("a:1", .thisNode), ("b:2", .anotherNode), ("c:3", .unresolved)])
        #expect(mixed.severity == .warning)
        #expect(mixed.found == "b:2: another party's node answers there, c:3: the host name cannot be resolved")
    }

    @Test func `of two findings of one check the worse counts, and the node's own if they are alike`() {
        let own = HealthFinding.ok(.journal, "own")
        let nodes = HealthFinding.ok(.journal, "node's")
        let bad = HealthFinding.failure(.journal, "bad", remedy: "mend it")
        #expect(Doctor.merged([own, nodes]) == [nodes])
        #expect(Doctor.merged([bad, nodes]) == [bad])
        #expect(Doctor.merged([own, bad]) == [bad])
        #expect(Doctor.merged([nodes, .ok(.room, "x")]).map(\.code) == [.room, .journal])
    }
}
