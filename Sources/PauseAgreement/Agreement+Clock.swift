internal import QuorumPolicy
internal import SignedStatements

/// What this node makes of its peers' clocks (Protocol §7.3, §9.4).
extension Agreement {
    /// Whether this node's clock is within the charter's tolerance of its peers' median, as far as that is known.
    ///
    /// One that has jumped is not until it has been compared again.
    public var hasTrustedClock: Bool {
        guard let clockOffset else { return !isClockInDoubt }
        return charter.limits.tolerates(clockOffset)
    }

    /// Whether a statement is dated more than twice the tolerance ahead: no honest clock is that late.
    func isAhead(_ statement: Statement, at now: Moment) -> Bool {
        let tolerance = charter.limits.clockTolerance
        return statement.head.at > now.instant + tolerance + tolerance
    }

    /// When this node closes by a deadline: a clock that runs ahead of the others shuts nobody out.
    ///
    /// `nil` while the clock has jumped by nobody knows how much.
    func closingMoment(for deadline: Instant) -> Moment? {
        guard !isClockInDoubt else { return nil }
        let lead = hasTrustedClock ? 0 : max(0, -(clockOffset ?? 0))
        return Moment(deadline) + lead
    }

    /// This node's clock has jumped: what was known of it is worth nothing.
    mutating func doubtClock() {
        clockOffset = nil
        isClockInDoubt = true
    }

    /// Takes note of the peers' clocks; says whether that changes what this node may do.
    mutating func compareClocks(_ offset: Int64?) -> Bool {
        let (wasTrusted, wasInDoubt) = (hasTrustedClock, isClockInDoubt)
        clockOffset = offset
        if offset != nil { isClockInDoubt = false }
        guard hasTrustedClock != wasTrusted || isClockInDoubt != wasInDoubt else { return false }
        report(.clock(offsetMilliseconds: offset ?? 0, isTrusted: hasTrustedClock))
        return true
    }
}
