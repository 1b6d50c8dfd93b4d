import CryptoPrimitives
import Foundation
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseEvidence

@Suite("A verifier judges an order from its files alone")
struct OrderVerificationTests {
    @Test
    func `an order made by the real protocol is proven to be in force`() throws {
        let report = try RealEvidence.shared.get().report()
        #expect(report.verdict == .inForce, "\(report.lines.joined(separator: "\n"))")
        #expect(report.verdict.exitCode == 0)
        for fact in [report.pin, report.charter, report.keyRecord, report.signature, report.claims, report.roll.fact] {
            #expect(fact.status == .holds, "\(fact.sentence)")
        }
        #expect(report.roll.agreeing == ["gov.p1", "gov.p2", "lab.p1", "lab.p2", "lab.p3"])
        #expect(
            report.roll.ballots.map(\.answer) == [
                "agree", "agree if lab.p1", "abstain", "agree", "agree", "agree", "decline",
            ]
        )
        #expect(report.publication.fact.status == .holds)
        #expect(report.misconduct.isEmpty)
        #expect(report.ignored.isEmpty)
    }

    @Test
    func `every change of one byte of the order is refused under a pinned group key`() throws {
        let evidence = try RealEvidence.shared.get()
        let original = evidence.export[.order]
        for (index, byte) in original.enumerated() {
            let changes: [UInt8] = [byte ^ 1, byte ^ 0x80, UInt8(ascii: "."), UInt8(ascii: "\n"), UInt8(ascii: "A")]
            for change in changes where change != byte {
                var bundle = EvidenceBundle(order: original)
                bundle.order[index] = change
                let report = OrderVerification.verify(bundle, pin: .groupKey(evidence.groupKey), at: evidence.proposed)
                #expect(report.verdict == .invalid, "byte \(index)")
            }
        }
    }

    @Test
    func `every change of one byte of the order is refused under a pinned charter`() throws {
        let evidence = try RealEvidence.shared.get()
        let original = evidence.export.bundle
        for index in original.order.indices {
            var bundle = original
            bundle.record = nil
            bundle.order[index] ^= 1
            let report = OrderVerification.verify(bundle, pin: .charter(evidence.charter.id), at: evidence.proposed)
            #expect(report.verdict == .invalid, "byte \(index)")
        }
    }

    @Test
    func `an order with a byte too many or too few is refused`() throws {
        let evidence = try RealEvidence.shared.get()
        var bundle = evidence.export.bundle
        for order in [bundle.order + [UInt8(ascii: "\n")], Array(bundle.order.dropLast()), [], [0xFF]] {
            bundle.order = order
            let report = OrderVerification.verify(bundle, pin: .groupKey(evidence.groupKey), at: evidence.proposed)
            #expect(report.verdict == .invalid)
        }
        bundle.order = [UInt8](repeating: UInt8(ascii: "a"), count: EvidenceLimits.order + 1)
        let report = OrderVerification.verify(bundle, pin: nil, at: evidence.proposed)
        #expect(report.signature.sentence == "order.jws: 16385 bytes: at most 16384 are read")
        #expect(report.order == nil)
    }

    @Test
    func `without a pin a proven order is unpinned`() throws {
        let (scene, motion) = try Scene.published()
        let report = OrderVerification.verify(scene.bundle(motion), pin: nil, at: try Scene.instant(1_800))
        #expect(report.verdict == .unpinned)
        #expect(report.pin.status == .unknown)
        #expect(report.pin.sentence.hasPrefix("UNPINNED"))
        #expect(report.signature.status == .holds)
        #expect(report.state.name == .inForce)
    }

    @Test
    func `a pin that does not fit is refused`() throws {
        let (scene, motion) = try Scene.published()
        let stranger = CharterID(SHA256.hash(Array("another charter".utf8)))
        for pin in [OrderVerification.Pin.charter(stranger), .groupKey(Scene.signer(of: "ending").publicKey)] {
            let report = OrderVerification.verify(scene.bundle(motion), pin: pin, at: try Scene.instant(1_800))
            #expect(report.verdict == .invalid)
            #expect(report.pin.status == .fails)
        }
    }

    @Test
    func `the group key of another rule is refused`() throws {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion(), signedBy: "ending")
        try scene.agree(on: motion)
        try scene.publish(motion, by: Scene.everyone)
        let report = try scene.report(motion)
        #expect(report.verdict == .invalid)
        #expect(report.signature.status == .fails)
        // The pinned key did sign, but the key record says that it is another rule's.
        let pin = OrderVerification.Pin.groupKey(Scene.signer(of: "ending").publicKey)
        let pinned = OrderVerification.verify(scene.bundle(motion), pin: pin, at: try Scene.instant(1_800))
        #expect(pinned.verdict == .invalid)
        #expect(pinned.pin.status == .fails)
    }

    @Test
    func `a pinned group key needs no key record`() throws {
        let (scene, motion) = try Scene.published()
        var bundle = scene.bundle(motion)
        bundle.keys = nil
        let pin = OrderVerification.Pin.groupKey(Scene.signer(of: "decide").publicKey)
        #expect(OrderVerification.verify(bundle, pin: pin, at: try Scene.instant(1_800)).verdict == .inForce)
        let byCharter = OrderVerification.verify(
            bundle,
            pin: .charter(scene.charter.id),
            at: try Scene.instant(1_800)
        )
        #expect(byCharter.verdict == .insufficientEvidence)
        #expect(byCharter.signature.status == .unknown)
    }

    @Test
    func `a bare order proves assent and nothing more`() throws {
        let (scene, motion) = try Scene.published()
        let bundle = EvidenceBundle(order: scene.bundle(motion).order)
        let pin = OrderVerification.Pin.groupKey(Scene.signer(of: "decide").publicKey)
        let report = OrderVerification.verify(bundle, pin: pin, at: try Scene.instant(1_800))
        #expect(report.verdict == .insufficientEvidence)
        #expect(report.signature.status == .holds)
        #expect(report.state.name == .unpublished)
    }

    @Test
    func `a charter that the order does not name is refused`() throws {
        let (scene, motion) = try Scene.published()
        var bundle = scene.bundle(motion)
        bundle.charter = Array("# a remark\n".utf8) + scene.charter.bytes
        let pin = OrderVerification.Pin.groupKey(Scene.signer(of: "decide").publicKey)
        let report = OrderVerification.verify(bundle, pin: pin, at: try Scene.instant(1_800))
        #expect(report.verdict == .invalid)
        #expect(report.charter.status == .fails)
    }

    @Test
    func `a key record without one party does not prove the key`() throws {
        let (scene, motion) = try Scene.published()
        var bundle = scene.bundle(motion)
        bundle.keys = Scene.lines(scene.keys.dropFirst().map(\.text))
        let report = OrderVerification.verify(bundle, pin: .charter(scene.charter.id), at: try Scene.instant(1_800))
        #expect(report.verdict == .insufficientEvidence)
        #expect(report.keyRecord.sentence.hasPrefix("keys.jws: no key record of lab.p1"))
    }

    @Test
    func `an order does not borrow the record of another motion with the same terms`() throws {
        var (scene, motion) = try Scene.published()
        let other = try scene.propose(Scene.motion())
        #expect(other.id != motion.id)
        #expect(other.claims.terms == motion.claims.terms)
        let report = try scene.report(other)
        #expect(report.claims.status == .holds)
        #expect(report.verdict == .void)
        #expect(report.publication.onTime.isEmpty)
        #expect(report.publication.gaveToAnother.count == 7)
        // Without its own motion not even publish-by is known.
        scene.record.removeAll { $0.id == other.id }
        #expect(try scene.report(other).verdict == .insufficientEvidence)
    }

    @Test
    func `an order that says something else than its motion is refused`() throws {
        let (scene, motion) = try Scene.published()
        let order = Scene.order(try Self.longer(motion.claims), signedBy: "decide")
        let report = try scene.report(CarriedMotion(statement: motion.statement, order: order))
        #expect(report.signature.status == .holds)
        #expect(report.claims.sentence == "the order does not say what its motion proposed")
        #expect(report.verdict == .invalid)
    }

    private static func longer(_ claims: OrderClaims) throws -> OrderClaims {
        var text = String(decoding: claims.payload, as: UTF8.self)
        text = text.replacing("\"exp\":\(claims.end.seconds)", with: "\"exp\":\(claims.end.seconds + 1)")
        let header = Scene.order(claims, signedBy: "decide").text.split(separator: ".")[0]
        let signature = Base64URL.encode([UInt8](repeating: 0, count: 64))
        return try Order(decoding: "\(header).\(Base64URL.encode(text.utf8)).\(signature)").claims
    }

    @Test
    func `a motion with a summary of its own is refused though the whole quorum signed`() throws {
        var scene = try Scene()
        let usual = try Scene.motion()
        guard let summary = PlainText("This order does nothing at all.") else { throw Scene.Missing() }
        let motion = try scene.propose(
            Motion(
                action: usual.action,
                rule: usual.rule,
                position: usual.position,
                terms: usual.terms,
                schedule: usual.schedule,
                template: usual.template,
                summary: summary
            )
        )
        try scene.publish(motion, by: Scene.everyone)
        let report = try scene.report(motion)
        #expect(report.claims.sentence.contains("member \"summary\""))
        #expect(report.verdict == .invalid)
    }

    @Test
    func `a rule that may not decide on the action is refused`() throws {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion(.lift))
        try scene.publish(motion, by: Scene.everyone)
        let report = try scene.report(motion)
        #expect(report.claims.sentence == "the charter does not let rule decide decide on lift")
        #expect(report.verdict == .invalid)
    }

    @Test
    func `verdicts exit with codes of their own`() {
        let codes = Verdict.allCases.filter { !$0.isPositive }.map(\.exitCode)
        #expect(Set(codes).count == codes.count)
        #expect(!codes.contains(0))
    }

    @Test
    func `a report survives JSON and its first line is the verdict`() throws {
        let report = try RealEvidence.shared.get().report()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try JSONDecoder().decode(OrderReport.self, from: encoder.encode(report)) == report)
        #expect(report.lines.first == "IN FORCE: this order is proven to be in force")
        #expect(report.lines.contains { $0.hasPrefix("published   yes: ") })
    }
}
