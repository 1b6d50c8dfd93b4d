internal import ArgumentParser
internal import NodeService
internal import PauseAgreement

/// Lists the motions that the node knows.
struct MotionListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the motions that the node knows, newest first."
    )

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let motions = try await node.client().status().agreement.motions.sorted { one, other in
            (other.proposedAt, other.id) < (one.proposedAt, one.id)
        }
        if output.isJSON { return try Console.json(motions) }
        guard !motions.isEmpty else { return Console.people("no motion has been proposed") }
        for motion in motions {
            let origin = "proposed \(motion.proposedAt) by \(motion.proposer)"
            Console.data("\(motion.id)  \(motion.phase)  \(motion.action)  \(origin)")
        }
    }
}
