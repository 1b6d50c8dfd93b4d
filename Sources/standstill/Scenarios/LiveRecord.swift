internal import NodeService
internal import QuorumPolicy
internal import ScenarioSimulation
internal import Synchronization

/// What is known of a scenario that real nodes play: what happened, and which motions there are.
final class LiveRecord: Sendable {
    struct Motion: Sendable {
        let id: String
        /// By this machine's clock, in milliseconds from the beginning.
        let commitBy: Int64
    }

    private struct State {
        var story = Story()
        var motions: [Int: Motion] = [:]
        var notices = 0
    }

    private let begin = ContinuousClock.now
    private let state = Mutex(State())
    /// Told whatever happens for the first time.
    private let tell: @Sendable (String) -> Void

    init(tell: @escaping @Sendable (String) -> Void) {
        self.tell = tell
    }

    /// Milliseconds from the beginning.
    var now: Int64 {
        let elapsed = begin.duration(to: .now).components
        return elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000
    }

    /// Waits for a time of the run, in milliseconds from the beginning.
    func wait(until moment: Int64) async throws {
        try await Task.sleep(until: begin + .milliseconds(moment), clock: .continuous)
    }

    /// Something that the scenario did.
    func note(_ text: String) {
        let now = now
        state.withLock { _ = $0.story.tell(text, at: now) }
        tell("\(ScenarioPage.seconds(now))  * \(text)")
    }

    /// Something that a party's node told its operator.
    func notice(_ event: NodeEvent, by party: PartyName) {
        let now = now
        let isNew = state.withLock { state in
            state.notices += 1
            return state.story.tell(event.text, at: now, by: party, motion: event.motion)
        }
        if isNew { tell("\(ScenarioPage.seconds(now))  \(party): \(event.text)") }
    }

    func add(_ motion: Motion, number: Int) { state.withLock { $0.motions[number] = motion } }

    func motion(_ number: Int) -> Motion? { state.withLock { $0.motions[number] } }

    var motions: [Int: Motion] { state.withLock { $0.motions } }

    var story: [StoryLine] { state.withLock { $0.story.lines } }

    /// How often nodes told anything.
    var notices: Int { state.withLock { $0.notices } }
}
