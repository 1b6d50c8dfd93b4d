import CryptoPrimitives
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import PauseEvidence

@Suite("Leaving a line out never improves a verdict")
struct MonotonyTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `no refusal becomes a proof by removing one line of the record`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var (scene, motion) = try Self.shortRecord(using: &random)
        try Self.disturb(&scene, motion, using: &random)
        var lines = scene.record.map(\.text).shuffled(using: &random)
        lines.insert("nonsense", at: Int.random(in: 0...lines.count, using: &random))
        lines.append(lines[Int.random(in: lines.indices, using: &random)])
        let isPositive = judge(scene, motion, lines).verdict.isPositive
        for index in lines.indices {
            var fewer = lines
            fewer.remove(at: index)
            #expect(isPositive || !judge(scene, motion, fewer).verdict.isPositive, "line \(index + 1)")
        }
    }

    @Test
    func `both kinds of verdict occur among these records`() throws {
        let verdicts = try (1...12 as ClosedRange<UInt64>).map { seed in
            var random = SeededRandom(seed: seed)
            var (scene, motion) = try Self.shortRecord(using: &random)
            try Self.disturb(&scene, motion, using: &random)
            return judge(scene, motion, scene.record.map(\.text)).verdict
        }
        #expect(verdicts.contains { $0.isPositive })
        #expect(verdicts.contains { !$0.isPositive })
    }

    /// A motion of which some parties gave publication receipts, in time or late.
    private static func shortRecord(using random: inout SeededRandom) throws -> (Scene, CarriedMotion) {
        var scene = try Scene()
        let motion = try scene.propose(Scene.motion())
        for party in Scene.everyone where Int.random(in: 0..<8, using: &random) > 0 {
            try scene.publish(motion, by: [party], at: Int.random(in: 0..<6, using: &random) > 0 ? 20 : 26)
        }
        return (scene, motion)
    }

    /// Contradictions and strays: another motion, receipts for another order, a second ballot, a late receipt.
    private static func disturb(
        _ scene: inout Scene,
        _ motion: CarriedMotion,
        using random: inout SeededRandom
    ) throws {
        let other = try scene.propose(Scene.motion())
        let stray = PublicationReceipt(
            motion: motion.id,
            order: motion.order.digest,
            position: ChainPosition(seq: 1, round: 3, previous: nil),
            roll: []
        )
        for party in Scene.everyone {
            switch Int.random(in: 0..<5, using: &random) {
            case 0: try scene.publish(other, by: [party])
            case 1: try scene.record(.publicationReceipt(stray), by: party, at: 20)
            case 2: try scene.close(motion, by: [party])
            case 3:
                let ballot = try scene.commit(.decline, by: party, on: motion)
                try scene.receipt(ballot, by: [party], on: motion, at: 12)
                try scene.open(ballot, on: motion)
            default: try scene.commit(.agree, by: party, on: other)
            }
        }
    }

    private func judge(_ scene: Scene, _ motion: CarriedMotion, _ lines: [String]) -> OrderReport {
        let bundle = scene.bundle(motion).with(recordLines: lines)
        return OrderVerification.verify(bundle, pin: .charter(scene.charter.id), at: motion.claims.effective)
    }
}
