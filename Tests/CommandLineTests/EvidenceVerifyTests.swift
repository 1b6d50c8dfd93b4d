import AssemblySupport
import CryptoPrimitives
import Foundation
import PauseAgreement
import PauseEvidence
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import standstill

@Suite struct EvidenceVerifyTests {
    private static let folder = RepositoryFiles.root.appending(path: "Examples/misconduct")
    private static let example = folder.appending(path: "two-commitments.proof").path()

    private func file() throws -> ProofFile {
        try ProofFile([UInt8](try Data(contentsOf: URL(filePath: Self.example))))
    }

    private func verify(_ path: String, _ arguments: [String]) async throws -> Command.Result {
        try await Command.run(["evidence", "verify", path] + arguments)
    }

    @Test func `a pinned proof ends with success and names the offender`() async throws {
        let charter = try file().charter.id.description
        let result = try await verify(Self.example, ["--pin-charter", charter])
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("PROVEN: gov.p3 has broken the protocol\n"))
        #expect(result.output.contains("\naccuser     lab.p2\n"))
        #expect(result.errors.isEmpty)
    }

    @Test func `the report is JSON for scripts`() async throws {
        let charter = try file().charter.id.description
        let result = try await verify(Self.example, ["--pin-charter", charter, "--json"])
        let report = try JSONDecoder().decode(ProofReport.self, from: Data(result.output.utf8))
        #expect(report.verdict == .proven)
        #expect(report.offence == "two-commitments")
        #expect(report.statements.map(\.isDecisive) == [true, true, false])
    }

    @Test func `no pin, another pin, a changed file and a file that proves less have exits of their own`() async throws
    {
        let file = try file()
        let charter = file.charter.id.description
        let directory = try TemporaryDirectory()
        let unpinned = try await verify(Self.example, [])
        #expect((unpinned.status, unpinned.hint?.contains("--pin-charter")) == (10, true))
        #expect(try await verify(Self.example, ["--pin-charter", String(repeating: "0", count: 64)]).status == 11)
        var changed = file.bytes
        changed[changed.count - 200] ^= 1
        let path = try directory.write(changed, to: "changed")
        let broken = try await verify(path, ["--pin-charter", charter])
        #expect((broken.status, broken.hint?.contains("get the file again")) == (11, true))
        let less = ProofFile(
            accused: file.accused,
            offence: file.offence,
            charter: file.charter,
            statements: [file.statements[0]]
        )
        let short = try directory.write(less.bytes, to: "less")
        let result = try await verify(short, ["--pin-charter", charter])
        #expect((result.status, result.hint?.contains("the whole file")) == (14, true))
        #expect(result.output.hasPrefix("NOT PROVEN: "))
    }

    @Test func `an accusation that its own statements do not bear out blames the accuser`() async throws {
        let file = try file()
        let charter = file.charter
        let empty = ProofFile(
            accused: try PartyName("lab.p1"),
            offence: .twoReceipts,
            charter: charter,
            statements: [file.statements[0]]
        )
        let accuser = try PartyName("gov.p2")
        let head = StatementHead(charter: charter.id, party: accuser, number: 1, previous: nil, at: .earliest)
        let accusation = Accusation(
            accused: empty.accused,
            offence: empty.offence,
            motion: nil,
            proof: empty.digest,
            statements: empty.statements.map(\.id)
        )
        let secrets = PartySecrets(seed: Assembly.seed(of: accuser))
        let signed = try StatementDraft(head: head, body: .accusation(accusation)).signed(by: secrets.identity)
        let directory = try TemporaryDirectory()
        let kept = try directory.write(empty.with(signed).bytes, to: "false")
        let report = try await verify(kept, ["--pin-charter", charter.id.description])
        #expect((report.status, report.hint?.contains("the accuser was wrong")) == (16, true))
        #expect(report.output.hasPrefix("FALSE ACCUSATION: gov.p2 has accused "))
    }

    @Test func `a pin that is no digest and a file that is not there are mistakes`() async throws {
        let wrong = try await verify(Self.example, ["--pin-charter", "abc"])
        #expect(wrong.status == 64)
        #expect(wrong.hint?.contains("charter show") == true)
        #expect(try await verify("/nowhere", []).status == 66)
    }

    @Test func `the list names party, code and statement as the export takes them`() throws {
        let assembly = try Assembly()
        try assembly.makeKeys()
        let motion = try assembly.propose()
        let items = try (1...2).map { index in
            let seal = BallotCommitment(motion: motion, seal: .digest(PublicRandom.bytes32()))
            let item = try assembly.forge(.commitment(seal), by: "gov.p3", number: 900 + 2 * index)
            try assembly.hand(item, to: "lab.p1")
            return item
        }
        let lines = try assembly.status("lab.p1").misconduct.map(EvidenceListCommand.line)
        let id = items[1].id.description.prefix(16)
        #expect(
            lines == [
                "gov.p3  two-commitments  \(id)  gov.p3 committed to two ballots on one motion, motion "
                    + "\(motion.description.prefix(8))"
            ]
        )
    }

    /// The commands for an expert, as the example's page has them.
    @Test func `OpenSSL alone shows what the example's page says`() throws {
        let page = try String(contentsOf: Self.folder.appending(path: "README.md"), encoding: .utf8)
        let blocks = page.components(separatedBy: "```bash\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "command -v openssl >/dev/null || exit 99\n" + (blocks.last ?? "exit 1")]
        process.currentDirectoryURL = Self.folder
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus != 99 else { return print("skipped: no openssl here") }
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix(try file().charter.id.description) == true)
        #expect(lines.filter { $0 == "Signature Verified Successfully" }.count == 2)
        #expect(lines.filter { $0.contains("\"party\":\"gov.p3\"") && $0.contains("\"seal\":") }.count == 2)
    }
}
