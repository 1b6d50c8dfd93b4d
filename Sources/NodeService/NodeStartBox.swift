internal import Foundation
internal import SignedStatements
internal import Synchronization

/// Carries a node that is set up into the task that will own it.
final class NodeStartBox: Sendable {
    private let content: Mutex<NodeStart?>

    init(_ start: consuming sending NodeStart) {
        content = Mutex(consume start)
    }

    func take() -> sending NodeStart? {
        content.withLock { $0.take() }
    }
}

extension Instant {
    /// The wall clock's whole second.
    static var now: Instant {
        Instant(seconds: Int64(Date.now.timeIntervalSince1970)) ?? .earliest
    }
}
