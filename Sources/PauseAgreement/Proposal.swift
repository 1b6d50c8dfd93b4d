public import SignedStatements

/// What an operator votes on in advance; rule and serial follow from the charter and from what was lodged before.
public struct StandingProposal: Hashable, Sendable {
    public let action: OrderAction
    /// Those of the motions that the ballot is for, word for word.
    public let terms: MotionTerms
    /// The longest that an order may last.
    public let longest: Seconds
    /// The last commit deadline.
    public let until: Instant

    public init(action: OrderAction, terms: MotionTerms, longest: Seconds, until: Instant) {
        self.action = action
        self.terms = terms
        self.longest = longest
        self.until = until
    }
}

/// What an operator proposes; rule and place in the chain follow from the charter and the chain.
public struct Proposal: Hashable, Sendable {
    public let action: OrderAction
    public let terms: MotionTerms
    /// Absolute instants, checked against the charter's limits before anything is signed.
    public let schedule: Motion.Schedule

    public init(action: OrderAction, terms: MotionTerms, schedule: Motion.Schedule) {
        self.action = action
        self.terms = terms
        self.schedule = schedule
    }
}
