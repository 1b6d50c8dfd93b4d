internal import ArgumentParser

/// Everything about motions.
struct MotionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "motion",
        abstract: "Propose to start, renew or lift a pause, and see how motions stand.",
        subcommands: [
            MotionProposeCommand.self, MotionListCommand.self, MotionShowCommand.self, MotionExportCommand.self,
            MotionVerifyCommand.self,
        ]
    )
}
