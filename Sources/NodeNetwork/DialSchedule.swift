/// When to dial a peer again: an exponentially growing wait with full jitter, and its addresses in turn.
struct DialSchedule: Hashable, Sendable {
    private(set) var attempts = 0
    private let baseMilliseconds: Int64
    private let maximumMilliseconds: Int64

    init(limits: NetworkLimits) {
        baseMilliseconds = max(1, limits.dialBaseMilliseconds)
        maximumMilliseconds = max(1, limits.dialMaximumMilliseconds)
    }

    /// The longest the next wait can be.
    var ceilingMilliseconds: Int64 {
        // Beyond 2^20 every base has reached every sensible maximum.
        min(maximumMilliseconds, baseMilliseconds << Int64(min(attempts, 20)))
    }

    /// The wait before the next attempt, which is counted.
    mutating func nextWait(using random: inout some RandomNumberGenerator) -> Int64 {
        defer { attempts += 1 }
        return Int64.random(in: 0...ceilingMilliseconds, using: &random)
    }

    /// Which of `count` addresses the attempt just counted is for.
    func addressIndex(of count: Int) -> Int {
        count == 0 ? 0 : max(0, attempts - 1) % count
    }

    /// Starts over after a connection that lasted.
    mutating func reset() {
        attempts = 0
    }
}
