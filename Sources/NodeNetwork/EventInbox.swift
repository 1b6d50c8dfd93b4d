internal import PeerProtocol
internal import Synchronization

/// Events on their way from the sockets to the one task that consumes them; says when a peer has sent enough.
final class EventInbox: Sendable {
    private struct Load {
        var messages = 0
        var bytes = 0
        var changes = 0
        var isFull = false
    }

    private struct Entry {
        let event: PeerNetworkEvent
        let peer: PeerKey
        let bytes: Int
    }

    private struct State {
        var queue: [Entry] = []
        var consumed = 0
        var loads: [PeerKey: Load] = [:]
        var waiter: CheckedContinuation<PeerNetworkEvent?, Never>?
        var isFinished = false
    }

    private let limits: NetworkLimits
    private let relieved: @Sendable (PeerKey) -> Void
    private let state = Mutex(State())

    /// `relieved` is called, on any thread, when a peer that was full may be read again.
    init(limits: NetworkLimits, relieved: @escaping @Sendable (PeerKey) -> Void) {
        self.limits = limits
        self.relieved = relieved
    }

    /// Adds a message; `false` when the peer should not be read until it is relieved.
    func add(_ message: Message, from peer: PeerKey) -> Bool {
        state.withLock { state in
            let bytes = Self.cost(of: message)
            state.loads[peer, default: Load()].messages += 1
            state.loads[peer, default: Load()].bytes += bytes
            put(Entry(event: .message(message, from: peer), peer: peer, bytes: bytes), &state)
            guard let load = state.loads[peer], isOverLimit(load) else { return true }
            state.loads[peer]?.isFull = true
            return false
        }
    }

    /// Adds anything but a message.
    func add(_ event: PeerNetworkEvent, about peer: PeerKey) {
        state.withLock { state in
            state.loads[peer, default: Load()].changes += 1
            put(Entry(event: event, peer: peer, bytes: 0), &state)
        }
    }

    /// Whether too many changes of this peer are waiting already.
    func isCrowded(by peer: PeerKey) -> Bool {
        state.withLock { ($0.loads[peer]?.changes ?? 0) >= limits.inboxChanges }
    }

    /// Whether the peer must not be read.
    func isFull(of peer: PeerKey) -> Bool {
        state.withLock { $0.loads[peer]?.isFull ?? false }
    }

    /// Ends the stream once everything added has been consumed.
    func finish() {
        let waiter = state.withLock { state in
            state.isFinished = true
            return exchange(&state.waiter, with: nil)
        }
        waiter?.resume(returning: nil)
    }

    /// The next event; `nil` once finished, or when the consuming task is cancelled.
    func next() async -> PeerNetworkEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (event, isReady, relieved) = state.withLock { state in take(continuation, &state) }
                if isReady { continuation.resume(returning: event) }
                if let relieved { self.relieved(relieved) }
            }
        } onCancel: {
            let waiter = state.withLock { state in exchange(&state.waiter, with: nil) }
            waiter?.resume(returning: nil)
        }
    }

    private func take(
        _ continuation: CheckedContinuation<PeerNetworkEvent?, Never>,
        _ state: inout State
    ) -> (event: PeerNetworkEvent?, isReady: Bool, relieved: PeerKey?) {
        guard state.consumed < state.queue.count else {
            if state.isFinished || Task.isCancelled { return (nil, true, nil) }
            state.waiter = continuation
            return (nil, false, nil)
        }
        let entry = state.queue[state.consumed]
        state.consumed += 1
        if state.consumed == state.queue.count || state.consumed >= 1024 {
            state.queue.removeFirst(state.consumed)
            state.consumed = 0
        }
        return (entry.event, true, lighten(entry, &state))
    }

    /// Takes an entry off its peer's load; the peer, when that makes it readable again.
    private func lighten(_ entry: Entry, _ state: inout State) -> PeerKey? {
        guard var load = state.loads[entry.peer] else { return nil }
        if case .message = entry.event {
            load.messages -= 1
            load.bytes -= entry.bytes
        } else {
            load.changes -= 1
        }
        let isLight = load.messages <= limits.inboxMessages / 2 && load.bytes <= limits.inboxBytes / 2
        let isRelieved = load.isFull && isLight
        if isRelieved { load.isFull = false }
        state.loads[entry.peer] = load.messages == 0 && load.changes == 0 ? nil : load
        return isRelieved ? entry.peer : nil
    }

    private func put(_ entry: Entry, _ state: inout State) {
        guard !state.isFinished else { return }
        guard let waiter = exchange(&state.waiter, with: nil) else {
            state.queue.append(entry)
            return
        }
        _ = lighten(entry, &state)
        waiter.resume(returning: entry.event)
    }

    private func isOverLimit(_ load: Load) -> Bool {
        load.messages >= limits.inboxMessages || load.bytes >= limits.inboxBytes
    }

    private static func cost(of message: Message) -> Int {
        switch message {
        case .item(let bytes), .head(_, let bytes): bytes.count + 64
        case .have(_, let identifiers), .want(let identifiers): identifiers.count * 32 + 64
        case .hello, .subscribe, .ping, .pong, .bye, .twin: 64
        }
    }
}
