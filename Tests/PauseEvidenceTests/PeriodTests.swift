import CryptoPrimitives
import SignedStatements
import Testing

@testable import PauseEvidence

@Suite("Times are judged with the clock tolerance, on the side of the pause")
struct PeriodTests {
    /// Effective at 30, for a day; clocks may be off by one second.
    static let end: Int64 = 30 + 86_400

    @Test(
        arguments: [
            (28, .notYetEffective, false), (29, .inForce, true), (30, .inForce, true), (31, .inForce, false),
            (end - 2, .inForce, false), (end - 1, .inForce, true), (end, .inForce, true), (end + 1, .ended, false),
        ] as [(Int64, Verdict, Bool)]
    )
    func `a pause counts as in force a tolerance longer at both ends`(
        offset: Int64,
        verdict: Verdict,
        isNear: Bool
    ) throws {
        let (scene, motion) = try Scene.published(by: Scene.quorum)
        let report = try scene.report(motion, at: offset)
        #expect(report.verdict == verdict)
        #expect(report.state.isNearBoundary == isNear)
        #expect(report.state.sentence.contains("clock tolerance of 1s") == isNear)
    }

    @Test(
        arguments: [
            (29, .notYetEffective), (30, .notYetEffective), (31, .inForce), (end - 2, .inForce), (end - 1, .ended),
            (end, .ended),
        ] as [(Int64, Verdict)]
    )
    func `an order that lifts a pause counts a tolerance shorter at both ends`(
        offset: Int64,
        verdict: Verdict
    ) throws {
        var scene = try Scene()
        let previous = OrderDigest(.zero)
        let motion = try scene.propose(Scene.motion(.lift, rule: "ending", seq: 2, previous: previous))
        try scene.publish(motion, by: Scene.quorum)
        #expect(try scene.report(motion, at: offset).verdict == verdict)
    }

    @Test
    func `an unpublished order is in no state at any time`() throws {
        let (scene, motion) = try Scene.published(by: [])
        for offset: Int64 in [0, 24, 30, 1_800, Self.end + 10] {
            #expect(try scene.report(motion, at: offset).state.name == .unpublished)
        }
    }
}
