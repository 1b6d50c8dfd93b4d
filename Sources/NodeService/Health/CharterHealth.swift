internal import SignedStatements

/// What a charter says about the time that is left.
enum CharterHealth {
    static func expiry(of charter: Charter, at now: Instant) -> HealthFinding {
        let left = charter.expires.seconds - now.seconds
        guard left > 0 else {
            return .failure(
                .expiry,
                "the charter ended at \(charter.expires): nothing can be ordered under it",
                remedy: "agree on the next charter"
            )
        }
        guard left > HealthLimits.expirySeconds else {
            return .warning(
                .expiry,
                "the charter ends at \(charter.expires), in \(left / 86_400) days",
                remedy: "agree on the next charter before then"
            )
        }
        return .ok(.expiry, "the charter ends at \(charter.expires)")
    }
}
