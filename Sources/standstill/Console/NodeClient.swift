internal import NodeNetwork
internal import NodeService

/// A running node as the commands of its operator see it.
struct NodeClient {
    private let configuration: NodeConfiguration
    /// The node's directory, for advice.
    private let directory: String

    /// `configuration` is that of the `directory`, as the command line named it.
    init(_ configuration: NodeConfiguration, directory: String) {
        self.configuration = configuration
        self.directory = directory
    }

    private var socket: String { configuration.socket }

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
                    continuation.finish(throwing: absence(path))
                } catch NetworkError.cannotOpenSocket(let path, let reason) where configuration.runningProcess != nil {
                    continuation.finish(throwing: absence("\(path) (\(reason))"))
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

    /// Tells a node that does not run from one that runs and cannot be reached.
    private func absence(_ path: String) -> CommandFailure {
        if let process = configuration.runningProcess {
            return CommandFailure(
                "\(process) runs here, but does not answer at \(path)",
                hint: "see its log; a node that is starting answers soon, one whose socket is gone after a restart",
                exitStatus: ExitStatus.unavailable
            )
        }
        return CommandFailure(
            "no node answers at \(path)",
            hint: "start it with `standstill node run --directory \(directory)`, or name another --directory",
            exitStatus: ExitStatus.unavailable
        )
    }
}
