internal import Synchronization

/// Where the node's loop leaves what monitors may see: at most one snapshot a second, and only when somebody asked.
///
/// The loop never waits here: it stores two values under a lock that nobody holds for longer than that.
final class HealthBoard: Sendable {
    /// What was so at one moment.
    struct Snapshot: Sendable {
        let status: NodeStatus
        /// How often each kind of event was observed since the start.
        let events: [String: Int]
    }

    private struct State {
        var lastTurn: ContinuousClock.Instant
        var snapshot: Snapshot?
        var takenAt: ContinuousClock.Instant
        var isWanted = true
    }

    private let state: Mutex<State>
    private let clock = ContinuousClock()
    private let rendered = Mutex<(takenAt: ContinuousClock.Instant, text: String)?>(nil)

    init() {
        let now = ContinuousClock().now
        state = Mutex(State(lastTurn: now, takenAt: now))
    }

    /// Notes that the loop turns; `true` when it should leave a snapshot.
    func turn(at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock { state in
            state.lastTurn = now
            return state.isWanted && (state.snapshot == nil || state.takenAt + HealthLimits.snapshotInterval <= now)
        }
    }

    /// Leaves a snapshot.
    func leave(_ snapshot: Snapshot, at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.snapshot = snapshot
            state.takenAt = now
            state.isWanted = false
        }
    }

    /// How long ago the loop turned.
    func stall(at now: ContinuousClock.Instant = .now) -> Duration {
        state.withLock { $0.lastTurn.duration(to: now) }
    }

    /// A snapshot from the last second if the loop turns, else the last there was.
    func latest() async -> (snapshot: Snapshot, takenAt: ContinuousClock.Instant)? {
        let asked = clock.now
        while true {
            let (found, takenAt) = state.withLock { state in
                state.isWanted = true
                return (state.snapshot, state.takenAt)
            }
            let isOld = found == nil || takenAt + HealthLimits.snapshotInterval < asked
            guard isOld, clock.now < asked + HealthLimits.patience else { return found.map { ($0, takenAt) } }
            // Cancelled: the node stops, and what there is will do.
            guard (try? await clock.sleep(for: .milliseconds(50))) != nil else { return found.map { ($0, takenAt) } }
        }
    }

    /// A text made from a snapshot once, however often it is asked for.
    func text(of takenAt: ContinuousClock.Instant, _ make: () -> String) -> String {
        rendered.withLock { rendered in
            if let rendered, rendered.takenAt == takenAt { return rendered.text }
            let text = make()
            rendered = (takenAt, text)
            return text
        }
    }
}
