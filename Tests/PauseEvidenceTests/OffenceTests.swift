import AssemblySupport
import CryptoPrimitives
import PauseAgreement
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing
import ThresholdSigning

@testable import PauseEvidence

/// One forged offence: what a hostile party signs beside a whole honest run.
struct Forgery: Sendable, CustomTestStringConvertible {
    let offence: Offence
    let culprit: String
    /// Lines of the proof file besides the charter and its head.
    let statements: Int
    let isConditional: Bool
    let forge: @Sendable (inout Crowd) throws -> Void

    var testDescription: String { offence.rawValue }

    init(
        _ offence: Offence,
        by culprit: String = "gov.p3",
        statements: Int,
        isConditional: Bool = false,
        _ forge: @escaping @Sendable (inout Crowd) throws -> Void
    ) {
        self.offence = offence
        self.culprit = culprit
        self.statements = statements
        self.isConditional = isConditional
        self.forge = forge
    }
}

@Suite("Every offence convicts exactly its author")
struct OffenceTests {
    static let forgeries = chainForgeries + ballotForgeries + signingForgeries + orderForgeries + CeremonyForgeries.all

    @Test func `there is a forgery of every offence`() {
        #expect(PartySetOfOffences(Self.forgeries.map(\.offence)) == PartySetOfOffences(Offence.allCases))
    }

    /// A list without order or repetition.
    private struct PartySetOfOffences: Equatable {
        let codes: [String]
        init(_ offences: [Offence]) { codes = OrderedMap(offences.map { ($0.rawValue, ()) }).keys }
    }

    @Test(arguments: forgeries)
    func `a forged offence is found, and nobody but its author is convicted`(forgery: Forgery) throws {
        var crowd = try Crowd.shared.get()
        try forgery.forge(&crowd)
        let findings = try crowd.search().findings
        #expect(findings.contains { $0.offence == forgery.offence })
        for finding in findings { #expect(finding.party.text == forgery.culprit, "\(finding)") }
    }

    @Test(arguments: forgeries)
    func `its proof file is small, judged alone, and stands when its accuser signs`(forgery: Forgery) throws {
        var crowd = try Crowd.shared.get()
        try forgery.forge(&crowd)
        let search = try crowd.search()
        let finding = try #require(search.findings.first { $0.offence == forgery.offence })
        let file = try #require(ProofFile(finding, in: search))
        #expect(file.statements.count == forgery.statements)
        #expect(try ProofFile(file.bytes) == file)
        let expected: ProofVerdict = forgery.isConditional ? .conditional : .proven
        let report = ProofVerification.verify(file.bytes, pin: crowd.charter.id)
        #expect(report.verdict == expected, "\(report)")
        #expect(report.verdict.exitCode == (forgery.isConditional ? 15 : 0))
        #expect(report.guilty == forgery.culprit)
        let first = forgery.isConditional ? "CONDITIONAL: " : "PROVEN: "
        #expect(report.lines.first?.hasPrefix("\(first)\(forgery.culprit) has broken the protocol") == true)
        #expect(report.condition.isEmpty != forgery.isConditional)
        let accusation = try crowd.say(.accusation(file.accusation(of: finding)), by: "lab.p2")
        let accused = ProofVerification.verify(file.with(accusation).bytes, pin: crowd.charter.id)
        #expect(accused.verdict == expected)
        #expect(accused.accuser == "lab.p2")
        #expect(ProofVerification.verify(file.bytes, pin: nil).verdict == .unpinned)
    }

    /// Without any one of its statements the rest proves nothing, and blames nobody.
    @Test(arguments: forgeries)
    func `every statement of a proof is needed`(forgery: Forgery) throws {
        var crowd = try Crowd.shared.get()
        try forgery.forge(&crowd)
        let search = try crowd.search()
        let finding = try #require(search.findings.first { $0.offence == forgery.offence })
        let file = try #require(ProofFile(finding, in: search))
        let accusation = try crowd.say(.accusation(file.accusation(of: finding)), by: "lab.p2")
        for left in file.statements.indices {
            var statements = file.statements
            statements.remove(at: left)
            let rest = ProofFile(
                accused: file.accused,
                offence: file.offence,
                charter: file.charter,
                statements: statements,
                accusation: accusation
            )
            let report = ProofVerification.verify(rest.bytes, pin: crowd.charter.id)
            #expect(report.verdict == .notProven, "without \(file.statements[left].kind)")
            #expect(report.guilty.isEmpty)
        }
    }

    /// The first letter of a statement's payload, signature or author exchanged.
    @Test(arguments: forgeries)
    func `a proof in which a statement was changed blames nobody`(forgery: Forgery) throws {
        var crowd = try Crowd.shared.get()
        try forgery.forge(&crowd)
        let search = try crowd.search()
        let finding = try #require(search.findings.first { $0.offence == forgery.offence })
        let file = try #require(ProofFile(finding, in: search))
        let text = String(decoding: file.bytes, as: UTF8.self)
        let last = try #require(file.statements.last?.text)
        let parts = last.split(separator: ".").map(String.init)
        for index in parts.indices {
            var changed = parts
            changed[index].replaceSubrange(
                changed[index].index(
                    changed[index].startIndex,
                    offsetBy: 40
                )...changed[index].index(
                    changed[index].startIndex,
                    offsetBy: 40
                ),
                with: changed[index].dropFirst(40).first == "A" ? "B" : "A"
            )
            let bytes = Array((text.dropLast(last.count + 1) + changed.joined(separator: ".") + "\n").utf8)
            let report = ProofVerification.verify(bytes, pin: crowd.charter.id)
            #expect(report.verdict == .malformed)
            #expect(report.verdict.exitCode == 11)
            #expect(report.guilty.isEmpty)
        }
    }

    @Test(arguments: Offence.allCases)
    func `whatever an honest party is accused of by all that it has signed, the accuser is to blame`(
        offence: Offence
    ) throws {
        var crowd = try Crowd.shared.get()
        let accused = try PartyName("lab.p1")
        let file = ProofFile(
            accused: accused,
            offence: offence,
            charter: crowd.charter,
            statements: crowd.honest.filter { $0.head.party == accused || $0.body.ceremonyAttempt != nil }
        )
        #expect(ProofVerification.verify(file.bytes, pin: crowd.charter.id).verdict == .notProven)
        let own = crowd.honest.filter { $0.head.party == accused }.map(\.id).sorted()
        let accusation = Accusation(
            accused: accused,
            offence: offence,
            motion: nil,
            proof: file.digest,
            statements: Array(own.prefix(StatementLimits.accusedStatements))
        )
        let signed = try crowd.say(.accusation(accusation), by: "gov.p2")
        let report = ProofVerification.verify(file.with(signed).bytes, pin: crowd.charter.id)
        #expect(report.verdict == .falseAccusation)
        #expect(report.verdict.exitCode == 16)
        #expect(report.guilty == "gov.p2")
        #expect(report.lines.first?.hasPrefix("FALSE ACCUSATION: gov.p2 ") == true)
    }

    // MARK: Forgeries

    private static let chainForgeries: [Forgery] = [
        Forgery(.twoStatementsWithOneNumber, statements: 2) { crowd in
            let last = try crowd.lastStatement(of: "gov.p3").head
            let close = StatementBody.close(Close(motion: StatementID(PublicRandom.bytes32())))
            try crowd.say(close, by: "gov.p3", number: last.number, previous: last.previous, at: last.at)
        },
        Forgery(.brokenChain, statements: 2) { crowd in
            let last = try crowd.lastStatement(of: "gov.p3").head
            let close = StatementBody.close(Close(motion: StatementID(PublicRandom.bytes32())))
            let wrong = StatementID(PublicRandom.bytes32())
            try crowd.say(close, by: "gov.p3", number: last.number + 1, previous: wrong, at: last.at)
        },
    ]

    private static let ballotForgeries: [Forgery] = [
        Forgery(.twoCommitments, statements: 2) { crowd in
            let seal = PublicRandom.bytes32()
            try crowd.say(.commitment(.init(motion: try crowd.motion().id, seal: .digest(seal))), by: "gov.p3")
        },
        Forgery(.twoReceipts, statements: 2) { crowd in
            let other = StatementID(PublicRandom.bytes32())
            let receipt = Receipt(motion: try crowd.motion().id, commitment: other, committer: try PartyName("lab.p1"))
            try crowd.say(.receipt(receipt), by: "gov.p3")
        },
        Forgery(.misattributedReceipt, statements: 2) { crowd in
            let commitment = try crowd.statement(.commitment, by: "lab.p1").id
            let name = try PartyName("lab.p2")
            let receipt = Receipt(motion: try crowd.motion().id, commitment: commitment, committer: name)
            try crowd.say(.receipt(receipt), by: "gov.p3")
        },
        Forgery(.receiptAfterClose, statements: 2) { crowd in
            guard case .receipt(let receipt) = try crowd.statement(.receipt, by: "gov.p3").body else { return }
            try crowd.say(.receipt(receipt), by: "gov.p3")
        },
        Forgery(.receiptAfterClose, statements: 2) { crowd in
            let receipt = StandingReceipt(statement: try crowd.motion().id, motion: try crowd.motion().id)
            try crowd.say(.standingReceipt(receipt), by: "gov.p3")
        },
        Forgery(.receiptAfterDeadline, statements: 2) { crowd in
            guard case .receipt(let receipt) = try crowd.statement(.receipt, by: "gov.p3").body else { return }
            try crowd.say(.receipt(receipt), by: "gov.p3", at: try crowd.motion().body.schedule.commitBy)
        },
        Forgery(.openingMismatch, statements: 2) { crowd in
            let commitment = try crowd.statement(.commitment, by: "gov.p3").id
            let salt = PublicRandom.bytes32()
            let opening = Opening(
                motion: try crowd.motion().id,
                commitment: commitment,
                ballot: Ballot(.decline),
                salt: salt
            )
            try crowd.say(.opening(opening), by: "gov.p3")
        },
        Forgery(.openingOfAnother, statements: 2) { crowd in
            guard case .opening(let opening) = try crowd.statement(.opening, by: "lab.p1").body else { return }
            try crowd.say(.opening(opening), by: "gov.p3")
        },
    ]

    private static let signingForgeries: [Forgery] = [
        Forgery(.malformedNonces, statements: 1) { crowd in
            let nonces = OrderNonces(
                motion: try crowd.motion().id,
                attempt: 9,
                serial: 39,
                hiding: try Crowd.point(),
                binding: .zero
            )
            try crowd.say(.nonceCommitment(nonces), by: "gov.p3")
        },
        Forgery(.wrongSignatureShare, statements: 1) { crowd in
            let package = StatementID(PublicRandom.bytes32())
            let share = OrderShare(motion: try crowd.motion().id, package: package, share: Crowd.noScalar)
            try crowd.say(.signatureShare(share), by: "gov.p3")
        },
        Forgery(.repeatedNoncePoint, statements: 1) { crowd in
            let point = Element.base.bytes
            let nonces = OrderNonces(
                motion: try crowd.motion().id,
                attempt: 9,
                serial: 40,
                hiding: point,
                binding: point
            )
            try crowd.say(.nonceCommitment(nonces), by: "gov.p3")
        },
        Forgery(.repeatedNoncePoint, by: "lab.p4", statements: 2) { crowd in
            guard case .keyNonces(let old) = try crowd.statement(.keyNonces, by: "lab.p4").body else { return }
            let nonces = OrderNonces(
                motion: try crowd.motion().id,
                attempt: 9,
                serial: 40,
                hiding: Element.base.bytes,
                binding: old.keys[0].hiding
            )
            try crowd.say(.nonceCommitment(nonces), by: "lab.p4")
        },
        Forgery(.twoPackagesWithOneNumber, statements: 2) { crowd in
            for _ in 0..<2 { try crowd.package(by: "gov.p3", session: 90, [StatementID(PublicRandom.bytes32())]) }
        },
        Forgery(.noncesInTwoPackages, statements: 2) { crowd in
            let nonces = StatementID(PublicRandom.bytes32())
            for session in [91, 92] { try crowd.package(by: "gov.p3", session: session, [nonces]) }
        },
        Forgery(.twoSharesForOneNonce, statements: 5) { crowd in
            let nonces = OrderNonces(
                motion: try crowd.motion().id,
                attempt: 9,
                serial: 41,
                hiding: Element.base.bytes,
                binding: (Scalar(3) * Element.base)?.bytes ?? .zero
            )
            let own = try crowd.say(.nonceCommitment(nonces), by: "gov.p3").id
            for coordinator in ["lab.p1", "lab.p2"] {
                let package = try crowd.package(by: coordinator, session: 93, [own]).id
                let share = OrderShare(motion: nonces.motion, package: package, share: Scalar(5).bytes)
                try crowd.say(.signatureShare(share), by: "gov.p3")
            }
        },
        Forgery(.twoSharesForOnePackage, statements: 2) { crowd in
            for value in [5, 6] as [UInt64] {
                let share = OrderShare(
                    motion: try crowd.motion().id,
                    package: StatementID(.zero),
                    share: Scalar(value).bytes
                )
                try crowd.say(.signatureShare(share), by: "gov.p3")
            }
        },
        // The share, package, motion, key record, seven contributions and dealings, and the nonces of five signers.
        Forgery(.wrongSignatureShare, by: "gov.p1", statements: 4 + 14 + 5) { crowd in
            // A package of its own making, with nonces that everybody in it has offered.
            var offers: [StatementID] = []
            for name in ["lab.p1", "lab.p2", "lab.p3", "gov.p1", "gov.p2"] {
                let nonces = OrderNonces(
                    motion: try crowd.motion().id,
                    attempt: 9,
                    serial: 42,
                    hiding: try Crowd.point(),
                    binding: try Crowd.point()
                )
                offers.append(try crowd.say(.nonceCommitment(nonces), by: name).id)
            }
            let package = try crowd.package(by: "lab.p4", session: 94, offers).id
            let share = OrderShare(motion: try crowd.motion().id, package: package, share: Scalar(7).bytes)
            try crowd.say(.signatureShare(share), by: "gov.p1")
        },
    ]

    private static let orderForgeries: [Forgery] = [
        Forgery(.twoPublicationReceipts, statements: 2) { crowd in
            let old = try crowd.publicationReceipt(by: "gov.p3")
            let other = PublicationReceipt(
                motion: old.motion,
                order: OrderDigest(PublicRandom.bytes32()),
                position: old.position,
                roll: []
            )
            try crowd.say(.publicationReceipt(other), by: "gov.p3")
        },
        Forgery(.publicationReceiptAfterDeadline, statements: 2) { crowd in
            let again = try crowd.publicationReceipt(by: "gov.p3")
            let late = try crowd.motion().body.schedule.publishBy
            try crowd.say(.publicationReceipt(again), by: "gov.p3", at: late)
        },
        Forgery(.publicationReceiptAfterLapse, statements: 2) { crowd in
            let old = try crowd.publicationReceipt(by: "gov.p3")
            let round = ChainPosition(seq: 1, round: 1, previous: nil)
            try crowd.say(.lapse(Lapse(position: round)), by: "gov.p3")
            let after = PublicationReceipt(motion: old.motion, order: old.order, position: round, roll: [])
            try crowd.say(.publicationReceipt(after), by: "gov.p3")
        },
        Forgery(.lapseDeniesReceipt, statements: 2) { crowd in
            let old = try crowd.publicationReceipt(by: "gov.p3")
            try crowd.say(.lapse(Lapse(position: old.position)), by: "gov.p3")
        },
        Forgery(.twoLapses, statements: 2) { crowd in
            let round = ChainPosition(seq: 1, round: 7, previous: nil)
            try crowd.say(.lapse(Lapse(position: round)), by: "gov.p3")
            try crowd.say(.lapse(Lapse(position: round, receipted: OrderDigest(.zero))), by: "gov.p3")
            try crowd.say(.lapse(Lapse(position: round, receipted: OrderDigest(SHA256.hash([1])))), by: "gov.p3")
        },
    ]
}

extension Crowd {
    /// A point that nobody has published.
    static func point() throws -> Bytes32 {
        guard let point = Scalar(reducing: PublicRandom.bytes(count: 64)) * Element.base else { throw Missing() }
        return point.bytes
    }

    @discardableResult
    mutating func package(by name: String, session: Int, _ commitments: [StatementID]) throws -> Statement {
        let package = OrderPackage(
            motion: try motion().id,
            attempt: 9,
            session: session,
            commitments: commitments
        )
        return try say(.package(package), by: name)
    }

    func publicationReceipt(by name: String) throws -> PublicationReceipt {
        guard case .publicationReceipt(let receipt) = try statement(.publicationReceipt, by: name).body else {
            throw Missing()
        }
        return receipt
    }
}
