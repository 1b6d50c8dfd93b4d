internal import ArgumentParser

/// Everything about the founding document.
struct CharterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "charter",
        abstract: "Write, explain, check and ratify a charter.",
        subcommands: [
            CharterNewCommand.self, CharterShowCommand.self, CharterCheckCommand.self, CharterExplainCommand.self,
            CharterDiffCommand.self, CharterRatifyCommand.self,
        ]
    )
}
