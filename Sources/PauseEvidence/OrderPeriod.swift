internal import SignedStatements

/// From when until when an order is effective, for clocks that may be off by the charter's tolerance (Protocol §7.9).
///
/// Near a boundary the conservative side holds: a pause counts as in force. An order that starts or renews one is therefore
/// effective a tolerance longer at both ends, one that lifts it a tolerance shorter.
struct OrderPeriod {
    private let claims: OrderClaims
    private let tolerance: Seconds

    init(_ claims: OrderClaims, tolerance: Seconds) {
        self.claims = claims
        self.tolerance = tolerance
    }

    func state(at instant: Instant) -> OrderState {
        if instant < begins { return .notYet }
        return instant < ends ? .inForce : .ended
    }

    /// Whether honest clocks may differ on which side of a boundary the instant lies.
    func isNearBoundary(_ instant: Instant) -> Bool {
        [claims.effective, claims.end].contains { boundary in
            boundary - tolerance <= instant && instant < boundary + tolerance
        }
    }

    func sentence(at instant: Instant) -> String {
        let period = "effective from \(claims.effective) until \(claims.end)"
        let state =
            switch state(at: instant) {
            case .notYet: "not yet effective at \(instant)"
            case .inForce: "in force at \(instant)"
            case .ended, .late, .unpublished: "ended before \(instant)"
            }
        guard isNearBoundary(instant) else { return "\(state); \(period)" }
        return
            "\(state); \(period); this is within the clock tolerance of \(tolerance), where a pause counts as in force"
    }

    private var begins: Instant { liftsPause ? claims.effective + tolerance : claims.effective - tolerance }

    private var ends: Instant { liftsPause ? claims.end - tolerance : claims.end + tolerance }

    private var liftsPause: Bool {
        switch claims.action {
        case .lift: true
        case .start, .renew: false
        }
    }
}
