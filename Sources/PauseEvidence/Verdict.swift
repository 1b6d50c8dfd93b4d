/// The answer in one word, for scripts.
public enum Verdict: String, CaseIterable, Hashable, Sendable, Codable {
    /// Pinned, signed, published in time, and effective at the given instant.
    case inForce = "in-force"
    /// As ``inForce``, but effective later.
    case notYetEffective = "not-yet-effective"
    /// Nothing from outside the bundle says that this charter or key is the right one.
    case unpinned
    /// A signature, a claim, a key record or the pin is wrong.
    case invalid
    /// Not published in time, and so never in force.
    case void
    /// Was in force and is no more.
    case ended
    /// Nothing is wrong, but what was supplied does not prove that the order is in force.
    case insufficientEvidence = "insufficient-evidence"

    /// What a command should exit with: 0 for an order that is or will be in force.
    ///
    /// The others start at 10, clear of what shells and argument parsers use.
    public var exitCode: Int32 {
        switch self {
        case .inForce, .notYetEffective: 0
        case .unpinned: 10
        case .invalid: 11
        case .void: 12
        case .ended: 13
        case .insufficientEvidence: 14
        }
    }

    /// Whether a record quorum's receipts, a pinned key and the claims all hold, and the order has not ended.
    public var isPositive: Bool { exitCode == 0 }

    /// What people read first.
    public var sentence: String {
        switch self {
        case .inForce: "IN FORCE: this order is proven to be in force"
        case .notYetEffective: "NOT YET EFFECTIVE: this order is proven, and takes effect later"
        case .unpinned:
            "UNPINNED: nothing outside these files says whose order this is; pin the charter or the group key"
        case .invalid: "INVALID: do not act on this order"
        case .void: "VOID: this order was not published in time and has never been in force"
        case .ended: "ENDED: this order is proven, and is not in force any more"
        case .insufficientEvidence: "INSUFFICIENT EVIDENCE: these files do not prove that the order is in force"
        }
    }
}
