/// How much longer an exact analysis may search; a step costs the square of the number of parties.
struct SearchBudget {
    private var remaining: Int
    private let stepCost: Int

    init(partyCount: Int, effort: Int = ThresholdTree.Limits.searchEffort) {
        self.remaining = effort
        self.stepCost = partyCount * partyCount
    }

    /// Once true, the result may be incomplete.
    var isExhausted: Bool { remaining <= 0 }

    mutating func spendStep() { remaining -= stepCost }
}
