internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// What one peer or party may cost this node by what it must refuse, within one minute.
package enum RefusalLimits {
    /// Refusals of one author or peer that are told and logged; further ones are only counted.
    package static let toldPerMinute = 10
    /// Items of one peer that do not verify, after which its connection is closed: checking signatures costs time.
    package static let invalidItemsPerMinute = 100
    /// Bytes of a reason that may quote what the peer sent.
    package static let reasonBytes = 400
}

/// Counts the refusals of each source in the current minute.
struct RefusalCount {
    /// What to do about one refusal more.
    enum Measure: Hashable {
        case tell
        case keepQuiet
        case disconnect
    }

    private var minuteBegan = Instant.earliest
    private var counts: OrderedMap<String, Int> = [:]

    /// Counts a refusal; the sources are peers and parties of the charter, so that there are never many.
    mutating func add(_ source: String, at now: Instant) -> Measure {
        // A clock that was set back begins a new minute as well.
        if now < minuteBegan || now.seconds - minuteBegan.seconds >= 60 {
            minuteBegan = now
            counts = [:]
        }
        counts[source, default: 0] += 1
        let count = counts[source] ?? 0
        if count > RefusalLimits.invalidItemsPerMinute { return .disconnect }
        return count > RefusalLimits.toldPerMinute ? .keepQuiet : .tell
    }
}
