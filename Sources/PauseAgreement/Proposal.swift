public import SignedStatements

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
