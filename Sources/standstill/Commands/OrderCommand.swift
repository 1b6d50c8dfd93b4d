internal import ArgumentParser

/// Everything about the result.
struct OrderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order",
        abstract: "Show, export and verify orders.",
        subcommands: [OrderShowCommand.self, OrderExportCommand.self, OrderVerifyCommand.self]
    )
}
