import Foundation
import NodeService
import PauseAgreement

/// Takes a village from its first start to an order in force for all, whatever happens to its nodes on the way.
///
/// Every step asks each node how things stand and does what its operator would do next, so a node may be dead at any time.
final class Journey {
    let village: Village
    let proposer: String
    /// Who takes part; the others stay dark.
    let taking: [String]
    /// The lengths of the motions, one for each that is proposed; a motion closes as soon as every ballot is in.
    var lengths = [Scenario.Lengths.long]
    private var proposed = 0

    init(_ village: Village, proposer: String, dark: [String] = []) {
        self.village = village
        self.proposer = proposer
        taking = village.names.filter { !dark.contains($0) }
    }

    /// One look at every node; true once all that take part know the order as published.
    @discardableResult
    func step(proposes: Bool = true, casts: Bool = true) async throws -> Bool {
        var done = 0
        for name in taking {
            guard let status = await village.status(of: name)?.agreement else { continue }
            try await nudge(name, status, proposes, casts)
            if status.orders.count == 1, status.motions.contains(where: { $0.phase == "published" }) { done += 1 }
        }
        return done == taking.count
    }

    /// Goes on until the order is there.
    func finish() async throws {
        try await village.until("the order is published for \(taking.joined(separator: ", "))") { try await step() }
    }

    private func nudge(_ name: String, _ status: AgreementStatus, _ proposes: Bool, _ casts: Bool) async throws {
        let ceremony = status.ceremony
        guard ceremony.stage != "aborted" else {
            throw village.failure("the ceremony aborted: \(ceremony.problems.joined(separator: "; "))")
        }
        guard ceremony.stage == "finished" else {
            let own = status.parties.first { $0.name == name }
            if ceremony.stage == "ratifying", own?.ceremonySteps.contains("ratified") == false {
                await village.ask(.ratify, name)
            }
            return
        }
        guard let motion = status.motions.first(where: { !["failed", "superseded"].contains($0.phase) }) else {
            if proposes, name == proposer { await propose() }
            return
        }
        let own = motion.voters.first { $0.name == name }
        if casts, motion.phase == "committing", own?.hasCommitted == false {
            await village.ask(.cast(BallotRequest(motion: motion.id, answer: "agree", condition: "")), name)
        }
    }

    private func propose() async {
        let length = lengths[min(proposed, lengths.count - 1)]
        if await village.ask(.propose(Self.motion(length)), proposer)?.motion != nil { proposed += 1 }
    }

    /// A motion to start a pause, with these lengths of time.
    static func motion(_ length: Scenario.Lengths = .long) -> MotionRequest {
        MotionRequest(
            action: "start",
            scope: [.init(name: "training-runs", value: "above 1e26 operations")],
            texts: [],
            commitWithin: length.commit,
            signWithin: length.sign,
            publishWithin: length.publish,
            duration: "90d"
        )
    }
}
