import AssemblySupport
import CryptoPrimitives
import PauseEvidence
import QuorumPolicy
import SignedStatements
import Testing

@testable import PauseAgreement

/// What the files of a motion without an order prove: who agreed, and who owes its share of the signature (Protocol §8.8).
@Suite struct MotionEvidenceTests {
    private let assembly: Assembly
    private let motion: StatementID
    private let files: [EvidenceFile: [UInt8]]

    /// lab.p3 is needed, agrees, opens its ballot, and says nothing more.
    init() throws { try self.init(seconds: 22) }

    /// Sign-by is at 20 seconds.
    private init(seconds: Int) throws {
        assembly = try Assembly(opening: .guaranteed)
        try assembly.makeKeys()
        motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"] {
            try assembly.cast(name == "lab.p4" ? .decline : .agree, by: name, on: motion)
        }
        assembly.delivers = { item, _ in
            // It alone has all shares, and keeps the order as well.
            guard case .statement(let statement) = item else { return false }
            return statement.kind != .signatureShare || statement.head.party.text != "lab.p3"
        }
        try assembly.run(seconds: seconds)
        files = try Self.files(of: motion, assembly)
    }

    private static func files(of motion: StatementID, _ assembly: Assembly) throws -> [EvidenceFile: [UInt8]] {
        let export = try MotionExport(of: motion, charter: assembly.charter, items: assembly.items(of: "lab.p1"))
        return Dictionary(uniqueKeysWithValues: export.files.map { ($0.name, $0.bytes) })
    }

    private func report(
        pin: CharterID?? = .none,
        keys: Bool = true,
        _ change: ([String]) throws -> [String] = { $0 }
    ) throws -> MotionReport {
        let record = String(decoding: try #require(files[.record]), as: UTF8.self)
        let lines = try change(record.split(separator: "\n").map(String.init))
        return MotionVerification.verify(
            charter: try #require(files[.charter]),
            keys: keys ? files[.keys] : nil,
            record: Array(lines.map { $0 + "\n" }.joined().utf8),
            pin: pin ?? assembly.charter.id
        )
    }

    @Test func `a needed signer that keeps its share is named by its opened agreement`() throws {
        #expect(try assembly.status("lab.p1").motions.first?.order.isEmpty == true)
        let report = try report()
        #expect(report.verdict == .agreed)
        #expect(report.owed.map(\.party) == ["lab.p3"])
        #expect(report.owed.allSatisfy { $0.requests > 0 })
        #expect(
            report.lines.contains {
                $0.contains("lab.p3 agreed by its opened ballot and offered nonces, and gave no share")
            }
        )
        #expect(report.signers.contains("lab.p1") && !report.signers.contains("lab.p3"))
        #expect(report.ignored.isEmpty)
        #expect(report.caveats.contains { $0.contains("what was left out of these files") })
        #expect(!report.owed.map(\.party).contains("lab.p4"), "it has declined")
    }

    @Test func `a share that turns up answers it, unless it is dated too late`() throws {
        let statements = try report { $0 }
        let package = try #require(
            assembly.statements(.package, at: "lab.p1").first { statement in
                guard case .package(let body) = statement.body else { return false }
                let asked = body.commitments.compactMap { id in
                    try? assembly.statements(.nonceCommitment, at: "lab.p1").first { $0.id == id }?.head.party.text
                }
                return asked.contains("lab.p3")
            }
        )
        let share = OrderShare(motion: motion, package: package.id, share: .zero)
        #expect(statements.owed.contains { $0.party == "lab.p3" })
        // By now sign-by has passed.
        let late = try assembly.forge(.signatureShare(share), by: "lab.p3").text
        #expect(try report { $0 + [late] }.owed.contains { $0.party == "lab.p3" })
        let said = try #require(
            try assembly.node("lab.p3").sent.first { item in
                if case .statement(let statement) = item { statement.kind == .signatureShare } else { false }
            }
        )
        let answered = try report { $0 + [said.text] }
        #expect(!answered.owed.contains { $0.party == "lab.p3" })
        #expect(answered.signers.contains("lab.p3"))
    }

    private func package(askingFor name: String) throws -> (id: StatementID, body: OrderPackage) {
        let offers = try assembly.statements(.nonceCommitment, at: "lab.p1").filter { $0.head.party.text == name }.map(
            \.id
        )
        return try #require(
            try assembly.statements(.package, at: "lab.p1").compactMap { statement -> (StatementID, OrderPackage)? in
                guard case .package(let body) = statement.body else { return nil }
                return offers.contains(where: body.commitments.contains) ? (statement.id, body) : nil
            }.first
        )
    }

    @Test func `a share for what is no package of its nonces answers nothing`() throws {
        let early = try MotionEvidenceTests(seconds: 15)
        let share = OrderShare(motion: early.motion, package: StatementID(PublicRandom.bytes32()), share: .zero)
        let junk = try early.assembly.forge(.signatureShare(share), by: "lab.p3").text
        #expect(try early.report { $0 + [junk] }.owed.map(\.party) == ["lab.p3"])
        let right = OrderShare(motion: early.motion, package: try early.package(askingFor: "lab.p3").id, share: .zero)
        let answer = try early.assembly.forge(.signatureShare(right), by: "lab.p3").text
        #expect(try early.report { $0 + [answer] }.owed.isEmpty)
    }

    @Test func `a package that a node refuses makes nobody owe a share`() throws {
        let early = try MotionEvidenceTests(seconds: 15)
        let asked = try early.package(askingFor: "lab.p3").body
        func owed(_ package: OrderPackage, by name: String) throws -> [String] {
            let forged = try early.assembly.forge(.package(package), by: name).text
            let report = try early.report { lines in
                try lines.filter { try Statement(decoding: $0).kind != .package } + [forged]
            }
            #expect(report.owed.map(\.party).contains("lab.p3") != report.unasked.contains("lab.p3"))
            return report.owed.map(\.party)
        }
        let coordinators = try early.assembly.statements(.package, at: "lab.p1").filter { statement in
            if case .package(let body) = statement.body { body == asked } else { false }
        }
        let coordinator = try #require(coordinators.first).head.party.text
        #expect(try owed(asked, by: coordinator).contains("lab.p3"))
        #expect(try owed(asked, by: coordinator == "gov.p3" ? "gov.p2" : "gov.p3").isEmpty)
        let few = OrderPackage(
            motion: asked.motion,
            attempt: asked.attempt,
            session: asked.session,
            commitments: Array(asked.commitments.dropFirst())
        )
        #expect(try owed(few, by: coordinator).isEmpty)
    }

    @Test func `a second motion in the files takes nothing away`() throws {
        let other = try assembly.forge(.motion(assembly.motion(.start)), by: "gov.p3", number: 900).text
        #expect(try report { $0 + [other] }.owed.map(\.party) == ["lab.p3"])
    }

    @Test func `ballots that are all open and do not suffice show that there is no agreement`() throws {
        let assembly = try Assembly(opening: .guaranteed)
        try assembly.makeKeys()
        let motion = try assembly.propose()
        let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]
        for name in voters { try assembly.cast(name.hasPrefix("lab") ? .agree : .decline, by: name, on: motion) }
        try assembly.run(seconds: 13)
        let files = try Self.files(of: motion, assembly)
        func verdict(_ keep: (Statement) -> Bool) throws -> MotionReport {
            let lines = String(decoding: try #require(files[.record]), as: UTF8.self).split(separator: "\n").map(
                String.init
            )
            let kept = try lines.filter { keep(try Statement(decoding: $0)) }
            return MotionVerification.verify(
                charter: try #require(files[.charter]),
                keys: files[.keys],
                record: Array(kept.map { $0 + "\n" }.joined().utf8),
                pin: assembly.charter.id
            )
        }
        let whole = try verdict { _ in true }
        #expect(whole.verdict == .notAgreed)
        #expect(whole.owed.isEmpty && whole.unasked.isEmpty)
        #expect(whole.caveats.contains { $0.contains("a further ballot") })
        #expect(try verdict { $0.kind != .opening || $0.head.party.text != "gov.p1" }.verdict == .insufficientEvidence)
    }

    @Test func `nobody owes anything where the agreement is not proven`() throws {
        let without = try report { lines in
            try lines.filter { try Statement(decoding: $0).kind != .opening }
        }
        #expect(without.verdict == .insufficientEvidence)
        #expect(without.owed.isEmpty)
        let open = try report { lines in try lines.filter { try Statement(decoding: $0).kind != .close } }
        #expect(open.owed.isEmpty)
        let keyless = try report(keys: false)
        #expect(keyless.verdict == .insufficientEvidence)
        #expect(keyless.owed.isEmpty)
    }

    @Test func `without a pin nothing is proven, and another pin proves the files wrong`() throws {
        #expect(try report(pin: .some(nil)).verdict == .unpinned)
        let other = try #require(CharterID(String(repeating: "0", count: 64)))
        #expect(try report(pin: .some(other)).verdict == .invalid)
    }

    @Test func `a changed line is ignored and named, and files without a motion prove nothing`() throws {
        let changed = try report { [$0[0] + "A"] + $0.dropFirst() }
        #expect(changed.verdict == .insufficientEvidence)
        #expect(changed.motion.isEmpty)
        #expect(changed.ignored.count == 1)
        let spoiled = MotionVerification.verify(
            charter: Array("standstill-charter v1\n".utf8),
            keys: nil,
            record: nil,
            pin: assembly.charter.id
        )
        #expect(spoiled.verdict == .invalid)
    }
}
