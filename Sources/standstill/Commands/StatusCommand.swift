internal import ArgumentParser
internal import NodeService
internal import SystemCalls

/// Shows how everything stands, on one screen.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show on one screen how keys, motions, orders and peers stand, and who is missing."
    )

    @OptionGroup var node: NodeLocation

    @Flag(
        name: .customLong("watch"),
        help: "Show it again whenever something changes, until interrupted; a node that restarts is waited for."
    )
    var isWatching = false

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let client = try node.client()
        guard isWatching else { return try show(try await client.status()) }
        try await watch(client)
    }

    /// Shows every change; a node that answered once and stops is waited for, since it is often only restarted.
    private func watch(_ client: NodeClient) async throws {
        var last: NodeStatus?
        while true {
            do {
                for try await reply in client.replies(to: .watch) {
                    guard let status = reply.status else { throw NodeClient.otherVersion }
                    last = status
                    try show(status)
                }
            } catch {
                guard last != nil, Self.isAbsence(error) else { throw error }
            }
            guard let status = last else { return }
            tellAbsence(after: status)
            repeat { try await Task.sleep(for: .seconds(1)) } while try await !isBack(client)
        }
    }

    /// Whether the node answers again.
    private func isBack(_ client: NodeClient) async throws -> Bool {
        do {
            _ = try await client.status()
            return true
        } catch {
            guard Self.isAbsence(error) else { throw error }
            return false
        }
    }

    /// Whether the node does not run or stopped in the middle of an answer, rather than answering something else.
    private static func isAbsence(_ error: any Error) -> Bool {
        let failure = CommandFailure(error)
        return failure.exitStatus == ExitStatus.unavailable && failure.what != NodeClient.otherVersion.what
    }

    private static let absence = "the node does not answer; waiting until it runs again"

    private func tellAbsence(after status: NodeStatus) {
        guard let fit = screen else { return Console.people(Self.absence) }
        let lines = fit.wrapped(Self.absence) + [""] + StatusScreen(status).lines(fitting: fit)
        Console.screen(fit.page(lines))
    }

    /// The terminal that is drawn on again and again; nil for everything that is only added to.
    private var screen: ScreenFit? {
        guard isWatching, !output.isJSON, Console.isTerminal else { return nil }
        let size = Terminal.size ?? (columns: 80, rows: 24)
        // The line after the last one is the cursor's.
        return ScreenFit(columns: size.columns, rows: size.rows - 1)
    }

    private func show(_ status: NodeStatus) throws {
        if output.isJSON { return try Console.json(status) }
        if let fit = screen { return Console.screen(StatusScreen(status).lines(fitting: fit)) }
        Console.data(StatusScreen(status).lines.joined(separator: "\n") + (isWatching ? "\n" : ""))
    }
}
