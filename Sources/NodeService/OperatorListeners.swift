internal import Foundation

/// Operators that follow what happens; each gets what is newest, and one that does not read holds nobody up.
struct OperatorListeners {
    /// Events an operator may fall behind before the oldest are dropped for it.
    static let eventsHeld = 4096

    private var watchers: [AsyncStream<String>.Continuation] = []
    private var followers: [AsyncStream<String>.Continuation] = []
    /// Something changed since the watchers were last told.
    var isStale = false

    mutating func addWatcher(_ continuation: AsyncStream<String>.Continuation, first: NodeStatus) {
        guard continuation.isOpen(after: OperatorReply(status: first)) else { return }
        watchers.append(continuation)
    }

    mutating func addFollower(_ continuation: AsyncStream<String>.Continuation) {
        guard continuation.isOpen(after: OperatorReply(done: "following")) else { return }
        followers.append(continuation)
    }

    mutating func tell(_ event: NodeEvent) {
        followers.removeAll { !$0.isOpen(after: OperatorReply(event: event)) }
    }

    /// Something changed that somebody watches.
    var awaitUpdate: Bool { isStale && !watchers.isEmpty }

    /// Tells the watchers.
    mutating func update(_ status: NodeStatus) {
        isStale = false
        let reply = OperatorReply(status: status)
        watchers.removeAll { !$0.isOpen(after: reply) }
    }

    mutating func close() {
        for continuation in watchers + followers { continuation.finish() }
        watchers = []
        followers = []
    }
}

extension AsyncStream<String>.Continuation {
    /// Yields one line; `false` when nobody listens any more.
    fileprivate func isOpen(after reply: OperatorReply) -> Bool {
        if case .terminated = yield(reply.line) { false } else { true }
    }
}

extension OperatorReply {
    /// The reply as one line of JSON, members sorted.
    var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return #"{"error":"the answer cannot be written as JSON"}"# }
        return String(decoding: data, as: UTF8.self)
    }
}
