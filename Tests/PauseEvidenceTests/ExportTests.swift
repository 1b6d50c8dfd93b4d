import CryptoPrimitives
import Foundation
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseEvidence

@Suite("An exported order is checked by tools of others")
struct ExportTests {
    @Test
    func `an export holds every file once, in their order`() throws {
        let export = try RealEvidence.shared.get().export
        #expect(export.files.map(\.name) == EvidenceFile.allCases)
        #expect(export[.signature].count == 64)
        #expect(export[.order].starts(with: export[.signingInput]))
        #expect(export[.order].last != UInt8(ascii: "\n"))
        #expect(export[.charter] == export.bundle.charter)
    }

    @Test
    func `a record lists the kinds in order, each by party and number`() throws {
        let export = try RealEvidence.shared.get().export
        let statements = try export.bundle.recordLines.map { try Statement(decoding: $0) }
        let places = statements.map { MotionRecord.kinds.firstIndex(of: $0.kind) ?? .max }
        #expect(places == places.sorted())
        #expect(statements.first?.kind == .motion)
        for kind in MotionRecord.kinds {
            let ofKind = statements.filter { $0.kind == kind }.map { StatementOrder($0) }
            #expect(ofKind == ofKind.sorted())
            // Nobody gave up a round whose order counts, and nobody has voted in advance.
            #expect(ofKind.isEmpty == [.lapse, .standingBallot, .standingReceipt].contains(kind))
        }
    }

    @Test
    func `an order is not exported with the key of another rule or another charter`() throws {
        let (scene, motion) = try Scene.published()
        let order = try motion.order.verified(by: Scene.signer(of: "decide").publicKey)
        let key = Scene.signer(of: "ending").publicKey
        #expect(throws: EvidenceError.self) {
            try OrderExport(order, groupKey: key, charter: scene.charter, items: [])
        }
        let other = try RealEvidence.shared.get().charter
        #expect(throws: EvidenceError.wrongCharter(found: other.id, expected: scene.charter.id)) {
            try OrderExport(order, groupKey: Scene.signer(of: "decide").publicKey, charter: other, items: [])
        }
    }

    @Test
    func `what has nothing to do with the order is left out`() throws {
        var (scene, motion) = try Scene.published()
        let items = scene.keys + scene.record.map { .statement($0) } + [.order(motion.order)]
        let other = try scene.propose(Scene.motion())
        let key = Scene.signer(of: "decide").publicKey
        let order = try motion.order.verified(by: key)
        let expected = try OrderExport(order, groupKey: key, charter: scene.charter, items: items)
        let more = items + [.statement(other.statement), .order(other.order)] + items.reversed()
        #expect(try OrderExport(order, groupKey: key, charter: scene.charter, items: more) == expected)
        #expect(expected.bundle.recordLines.count == scene.record.count - 1)
    }

    @Test
    func `OpenSSL verifies the exported signature and refuses a changed byte`() throws {
        let directory = try written()
        guard let sound = try run(VerificationCommands.openssl, in: directory) else {
            print("skipped: OpenSSL verifies the exported signature (no openssl here)")
            return
        }
        #expect(sound.status == 0)
        #expect(sound.output.contains("Verified Successfully"))
        var input = try directory.content(of: EvidenceFile.signingInput.rawValue)
        input[input.count - 1] ^= 1
        try directory.write(input, to: EvidenceFile.signingInput.rawValue)
        #expect(try run(VerificationCommands.openssl, in: directory)?.status == 1)
    }

    @Test
    func `PyJWT verifies the exported order and refuses a changed byte`() throws {
        let directory = try written()
        try directory.write(VerificationCommands.python.utf8, to: "verify.py")
        guard try run("python3 -c 'import jwt, cryptography'", in: directory)?.status == 0 else {
            print("skipped: PyJWT verifies the exported order (install PyJWT and cryptography for python3)")
            return
        }
        let sound = try run("python3 verify.py", in: directory)
        #expect(sound?.status == 0)
        #expect(sound?.output.hasPrefix("This order starts a pause") == true)
        let order = try directory.content(of: EvidenceFile.order.rawValue)
        for index in [0, order.count / 2, order.count - 5] {
            var changed = order
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            try directory.write(changed, to: EvidenceFile.order.rawValue)
            #expect(try run("python3 verify.py", in: directory)?.status == 1, "byte \(index)")
        }
    }

    private func written() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        for file in try RealEvidence.shared.get().export.files {
            try directory.write(file.bytes, to: file.name.rawValue)
        }
        return directory
    }

    /// What a shell command printed and exited with; nil if the shell does not find it.
    private func run(_ command: String, in directory: TemporaryDirectory) throws -> (status: Int32, output: String)? {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(filePath: directory.path)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus != 127 else { return nil }
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }
}
