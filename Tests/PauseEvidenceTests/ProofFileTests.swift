import CryptoPrimitives
import Foundation
import PauseAgreement
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseEvidence

@Suite("A proof file is judged alone, and a false one blames its accuser")
struct ProofFileTests {
    /// gov.p3 with two commitments on one motion.
    private func proof() throws -> (crowd: Crowd, file: ProofFile, accusation: Accusation) {
        var crowd = try Crowd.shared.get()
        try crowd.say(.commitment(.init(motion: try crowd.motion().id, seal: .digest(.zero))), by: "gov.p3")
        let search = try crowd.search()
        let finding = try #require(search.findings.first { $0.offence == .twoCommitments })
        let file = try #require(ProofFile(finding, in: search))
        return (crowd, file, file.accusation(of: finding))
    }

    private func verdict(_ file: ProofFile, _ crowd: Crowd) -> ProofVerdict {
        ProofVerification.verify(file.bytes, pin: crowd.charter.id).verdict
    }

    @Test func `an accusation that its statements do not bear out blames its author`() throws {
        var (crowd, file, _) = try proof()
        let honest = try [StatementKind.commitment, .opening].map { try crowd.statement($0, by: "lab.p1") }
        let accused = try PartyName("lab.p1")
        file = ProofFile(accused: accused, offence: .openingMismatch, charter: crowd.charter, statements: honest)
        #expect(verdict(file, crowd) == .notProven)
        let accusation = Accusation(
            accused: accused,
            offence: .openingMismatch,
            motion: try crowd.motion().id,
            proof: file.digest,
            statements: honest.map(\.id).sorted()
        )
        let signed = try crowd.say(.accusation(accusation), by: "gov.p2")
        let report = ProofVerification.verify(file.with(signed).bytes, pin: crowd.charter.id)
        #expect(report.verdict == .falseAccusation)
        #expect(report.guilty == "gov.p2")
        #expect(report.verdict.exitCode == 16)
    }

    @Test func `an accuser does not answer for statements that somebody else took out, added or exchanged`() throws {
        var (crowd, file, accusation) = try proof()
        let signed = try crowd.say(.accusation(accusation), by: "lab.p2")
        let other = try crowd.statement(.close, by: "lab.p1")
        for statements in [[file.statements[0]], [file.statements[0], other], []] {
            let changed = ProofFile(
                accused: file.accused,
                offence: file.offence,
                charter: file.charter,
                statements: statements,
                accusation: signed
            )
            #expect(verdict(changed, crowd) == .notProven)
        }
        // Nor for another party or offence than it named.
        for (name, offence) in [("lab.p1", Offence.twoCommitments), ("gov.p3", .twoReceipts)] {
            let changed = ProofFile(
                accused: try PartyName(name),
                offence: offence,
                charter: file.charter,
                statements: file.statements,
                accusation: signed
            )
            #expect(verdict(changed, crowd) == .notProven)
        }
        // What is proven stays so, whatever is added.
        let more = file.statements + [other]
        file = ProofFile(accused: file.accused, offence: file.offence, charter: file.charter, statements: more)
        #expect(verdict(file.with(signed), crowd) == .proven)
    }

    @Test func `a changed byte of a statement, another pin and no pin are told apart`() throws {
        let (crowd, file, _) = try proof()
        let bytes = file.bytes
        #expect(ProofVerification.verify(bytes, pin: CharterID(.zero)).verdict == .malformed)
        #expect(ProofVerification.verify(bytes, pin: nil).verdict == .unpinned)
        #expect(ProofVerification.verify(bytes, pin: nil).guilty.isEmpty)
        let start = bytes.count - file.statements.map { $0.text.utf8.count + 1 }.reduce(0, +)
        for position in stride(from: start, to: bytes.count, by: 61) {
            var changed = bytes
            changed[position] = changed[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let report = ProofVerification.verify(changed, pin: crowd.charter.id)
            #expect(report.verdict == .malformed, "byte \(position)")
        }
    }

    @Test func `only one spelling of a file is read, and the error names the line`() throws {
        var (crowd, file, accusation) = try proof()
        let signed = try crowd.say(.accusation(accusation), by: "lab.p2")
        file = file.with(signed)
        let lines = String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(try ProofFile(Self.join(lines)) == file)
        let count = lines.count
        let first = count - 3
        var changes: [([String], String)] = [
            (["standstill-proof v2"] + lines.dropFirst(), "line 1 is not"),
            (lines.replacing(1, with: "accused Gov"), "line 2 does not name a party"),
            (lines.replacing(2, with: "offence murder"), "line 3 names no offence"),
            (lines.replacing(3, with: "charter 0 lines"), "line 4 does not say"),
            (Array(lines.prefix(10)), "charter"),
            (lines + [lines[first]], "line \(count + 1) stands after the accusation"),
            (lines + [""], "line \(count + 1) "),
            (lines.replacing(first, with: lines[first] + " "), "line \(first + 1) "),
        ]
        var repeated = lines
        repeated.insert(lines[first], at: first)
        changes.append((repeated, "the file is no proof: statements are repeated"))
        var swapped = lines
        swapped.swapAt(first, first + 1)
        changes.append((swapped, "the file is no proof: statements are repeated, out of order"))
        for (text, expected) in changes {
            let report = ProofVerification.verify(Self.join(text), pin: crowd.charter.id)
            #expect(report.verdict == .malformed)
            #expect(report.sentence.contains(expected), "\(report.sentence)")
        }
        #expect(ProofVerification.verify(file.bytes.dropLast(), pin: crowd.charter.id).verdict == .malformed)
        #expect(ProofVerification.verify([], pin: crowd.charter.id).verdict == .malformed)
    }

    private static func join(_ lines: [String]) -> [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

    @Test func `a file over a limit is refused before its statements are read`() throws {
        let line = UInt8(ascii: "\n")
        for (count, isOver) in [(EvidenceLimits.proofLines, false), (EvidenceLimits.proofLines + 1, true)] {
            let report = ProofVerification.verify([UInt8](repeating: line, count: count), pin: nil)
            #expect(report.sentence.contains("more than \(EvidenceLimits.proofLines) lines") == isOver)
        }
        for (count, isOver) in [(EvidenceLimits.proof, false), (EvidenceLimits.proof + 1, true)] {
            let report = ProofVerification.verify([UInt8](repeating: 0, count: count), pin: nil)
            #expect(report.sentence.contains("at most \(EvidenceLimits.proof) are read") == isOver)
        }
    }

    @Test func `an accusation names at most 16 statements of the accused, and its digest all`() throws {
        let ids = (0..<17).map { StatementID(SHA256.hash([UInt8($0)])) }.sorted()
        var crowd = try Crowd.shared.get()
        func accusation(_ statements: [StatementID]) throws -> StatementBody {
            .accusation(
                Accusation(
                    accused: try PartyName("lab.p1"),
                    offence: .twoReceipts,
                    motion: nil,
                    proof: MisconductProof.digest(of: ids),
                    statements: statements
                )
            )
        }
        _ = try crowd.say(accusation(Array(ids.prefix(16))), by: "lab.p2")
        #expect(throws: StatementError.self) { try crowd.say(accusation(ids), by: "lab.p2") }
        #expect(throws: StatementError.self) { try crowd.say(accusation([]), by: "lab.p2") }
        #expect(throws: StatementError.self) { try crowd.say(accusation(ids.prefix(2).reversed()), by: "lab.p2") }
        #expect(MisconductProof.digest(of: ids.reversed() + ids) == MisconductProof.digest(of: ids))
        #expect(MisconductProof.digest(of: ids.dropLast()) != MisconductProof.digest(of: ids))
    }

    @Test func `the table of the protocol is the list of offences`() throws {
        let page = RepositoryFiles.root.appending(path: "Protocol/07-motions.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let rows = text.matches(of: /\n\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \| \[§([0-9.]+)\]\([^)]*\) \|/)
        #expect(rows.map { String($0.1) } == Offence.allCases.map(\.rawValue))
        for (row, offence) in zip(rows, Offence.allCases) {
            #expect(String(row.2) == offence.sentence)
            #expect(String(row.3) == offence.proof)
            #expect(String(row.4) == offence.section)
        }
    }

    @Test func `the real file of the examples is proven`() throws {
        let folder = RepositoryFiles.root.appending(path: "Examples/misconduct")
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "two-commitments.proof")))
        let readme = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
        let file = try ProofFile(bytes)
        #expect(readme.contains(file.charter.id.description))
        let report = ProofVerification.verify(bytes, pin: file.charter.id)
        #expect(report.verdict == .proven)
        #expect(report.guilty == "gov.p3")
        #expect(report.accuser == "lab.p2")
    }

    /// Writes the example anew: `STANDSTILL_WRITE_EXAMPLES=1 swift test --disable-xctest --filter ProofFileTests`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["STANDSTILL_WRITE_EXAMPLES"] != nil))
    func `the example can be made again`() throws {
        var (crowd, file, accusation) = try proof()
        file = file.with(try crowd.say(.accusation(accusation), by: "lab.p2"))
        let path = RepositoryFiles.root.appending(path: "Examples/misconduct/two-commitments.proof")
        try Data(file.bytes).write(to: path)
    }
}

extension [String] {
    fileprivate func replacing(_ index: Int, with line: String) -> [String] {
        var copy = self
        copy[index] = line
        return copy
    }
}
