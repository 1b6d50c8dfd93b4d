internal import ArgumentParser
internal import NodeService
internal import PauseAgreement

/// Shows one motion: who did what, and who is missing.
struct MotionShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a motion: who has done what, who is missing since when, and what it still takes."
    )

    @Argument(help: "The motion's id, or a unique beginning of at least 6 digits.")
    var motion: String

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let status = try await node.client().status()
        let motion = try status.motion(motion)
        if output.isJSON { return try Console.json(motion) }
        Console.data(MotionPage(motion, now: status.now).lines.joined(separator: "\n"))
    }
}

extension NodeStatus {
    /// The motion whose id begins so.
    func motion(_ prefix: String) throws(CommandFailure) -> MotionStatus {
        let found = prefix.utf8.count < 6 ? [] : agreement.motions.filter { $0.id.hasPrefix(prefix) }
        guard let motion = found.first else {
            throw CommandFailure(
                "no motion begins with \"\(prefix)\"",
                hint: "give at least 6 digits of an id that `standstill motion list` shows"
            )
        }
        guard found.count == 1 else {
            throw CommandFailure("\(found.count) motions begin with \"\(prefix)\"", hint: "give more digits")
        }
        return motion
    }
}
