internal import PauseAgreement
package import PeerProtocol

/// Notices that the wall clock and the monotonic clock no longer go together.
///
/// A machine resumed from a snapshot of its memory goes on with an old monotonic clock and soon has the right wall clock; a
/// machine that slept, or whose clock was set, looks the same, and is treated the same: as restarted. A snapshot resumed
/// so quickly that the clocks do not show it is not noticed (Protocol §10.3).
package struct ClockWatch: Hashable, Sendable {
    /// How far the two may drift apart between two looks: an ordinary correction slews the clock and stays far below.
    package static let jumpMilliseconds: Int64 = 2_000

    private var difference: Int64?

    package init() {}

    /// Looks at both clocks at the same time; says whether one jumped since the last look.
    package mutating func look(wallMilliseconds: Int64, monotonic: MonotonicInstant) -> Bool {
        let now = wallMilliseconds &- Int64(clamping: monotonic.milliseconds)
        defer { difference = now }
        guard let difference else { return false }
        return (now &- difference).magnitude > Self.jumpMilliseconds.magnitude
    }
}

/// What one HELLO says of a peer's clock, as an interval: no message tells when it was written to the millisecond.
struct PeerClock: Hashable, Sendable {
    /// A HELLO says whole seconds, and adds whole seconds for the time since the connection began.
    static let resolutionMilliseconds: Int64 = 2_000

    /// The peer's clock as it said, in milliseconds; no later than its true reading.
    private let said: Int64
    private let asked: MonotonicInstant
    private let received: MonotonicInstant

    /// `nil` for a clock that is no time at all.
    init?(seconds: UInt64, asked: MonotonicInstant, received: MonotonicInstant) {
        guard let seconds = Int64(exactly: seconds), seconds < Int64.max / 2_000 else { return nil }
        said = seconds * 1000
        self.asked = asked
        self.received = received
    }

    /// The peer's clock minus this node's now, in milliseconds: of all values that fit, the one nearest to zero.
    func offset(wallMilliseconds: Int64, monotonic: MonotonicInstant) -> Int64 {
        let least = said + Int64(clamping: monotonic.milliseconds(since: received)) - wallMilliseconds
        let most =
            said + Self.resolutionMilliseconds + Int64(clamping: monotonic.milliseconds(since: asked))
            - wallMilliseconds
        return min(max(0, least), most)
    }
}
