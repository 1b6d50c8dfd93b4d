internal import ArgumentParser
internal import NodeService

/// Shows how everything stands, on one screen.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show on one screen how keys, motions, orders and peers stand, and who is missing."
    )

    @OptionGroup var node: NodeLocation

    @Flag(name: .customLong("watch"), help: "Show it again whenever something changes, until interrupted.")
    var isWatching = false

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let client = try node.client()
        guard isWatching else { return try show(try await client.status(), isRedrawn: false) }
        for try await reply in client.replies(to: .watch) {
            guard let status = reply.status else { throw NodeClient.otherVersion }
            try show(status, isRedrawn: Console.isTerminal)
        }
    }

    private func show(_ status: NodeStatus, isRedrawn: Bool) throws {
        if output.isJSON { return try Console.json(status) }
        let lines = StatusScreen(status).lines
        if isRedrawn {
            Console.screen(lines)
        } else {
            Console.data(lines.joined(separator: "\n") + (isWatching ? "\n" : ""))
        }
    }
}
