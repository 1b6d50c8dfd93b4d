internal import NodeNetwork
internal import NodeService

/// A running node as the commands of its operator see it.
struct NodeClient {
    let socket: String
    /// The node's directory, for advice.
    let directory: String

    /// The node's answer to one request; what it refuses is thrown.
    func ask(_ request: OperatorRequest) async throws -> OperatorReply {
        for try await reply in replies(to: request) { return reply }
        throw CommandFailure(
            "the node at \(socket) gave no answer",
            hint: "see the node's log",
            exitStatus: ExitStatus.unavailable
        )
    }

    /// The node's state now.
    func status() async throws -> NodeStatus {
        guard let status = try await ask(.status).status else { throw Self.otherVersion }
        return status
    }

    /// The answers to one request, as they come.
    func replies(to request: OperatorRequest) -> AsyncThrowingStream<OperatorReply, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    for try await reply in OperatorClient.ask(request, at: socket) {
                        if let error = reply.error { throw CommandFailure(answer: error) }
                        continuation.yield(reply)
                    }
                    continuation.finish()
                } catch NetworkError.nobodyServes(let path) {
                    continuation.finish(throwing: notRunning(path))
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// An answer that lacks what was asked for.
    static let otherVersion = CommandFailure(
        "the node answered something else than it was asked",
        hint: "run the command and the node in the same version",
        exitStatus: ExitStatus.unavailable
    )

    private func notRunning(_ path: String) -> CommandFailure {
        CommandFailure(
            "no node answers at \(path)",
            hint: "start it with `standstill node run --directory \(directory)`, or name another --directory",
            exitStatus: ExitStatus.unavailable
        )
    }
}
