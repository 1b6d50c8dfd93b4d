internal import Foundation
internal import NodeNetwork

/// The operator's end: asks a running node one thing over its own socket.
package enum OperatorClient {
    /// The node's replies as they come; the stream ends with the answer, or throws a `NetworkError`.
    package static func ask(
        _ request: OperatorRequest,
        at socket: String
    ) -> AsyncThrowingStream<OperatorReply, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    let line = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
                    for try await answer in LocalSocketClient.ask(line, at: socket) {
                        continuation.yield(try JSONDecoder().decode(OperatorReply.self, from: Data(answer.utf8)))
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
