package import PauseAgreement
package import QuorumPolicy

/// What must always hold (Protocol §10), as a simulation checks it after every step.
package enum Invariant: String, CaseIterable, Hashable, Sendable {
    /// One number, one statement, across restarts.
    case numberOnce = "number-once"
    /// At most one commitment of a party on a motion.
    case commitmentOnce = "commitment-once"
    /// At most one receipt of a party for a committer.
    case receiptOnce = "receipt-once"
    /// No receipt after the receipter's close.
    case receiptBeforeClose = "receipt-before-close"
    /// No opening before a record quorum has closed, each party counted once.
    case sealed
    /// No commitment is certified that was made after an honest opening.
    case noSecondThought = "no-second-thought"
    /// No signature share before a deciding quorum's certified agreements are in the signer's journal.
    case evidenceFirst = "evidence-first"
    /// No signature share against the signer's own ballot or its condition.
    case conditionKept = "condition-kept"
    /// No nonce commitment answers two packages.
    case nonceOnce = "nonce-once"
    /// What is sent is durable.
    case durable
    /// No publication receipt after publish-by, and no order counts without a record quorum of receipts.
    case publishedInTime = "published-in-time"
    /// No two orders count for one position of the chain.
    case oneOrder = "one-order"
    /// Nothing proves misconduct of a party that keeps to the protocol.
    case noFraming = "no-framing"
    /// What is kept for peers is bounded.
    case bounded
    /// A journal can be read again.
    case restart
    /// All who have group keys have the same.
    case sameKeys = "same-keys"
    /// A motion that its quorum agrees to becomes an order, and a ceremony ends once everybody is there.
    case liveness

    /// Which line of Protocol §10.1 it belongs to; 0 for liveness, §10.2.
    package var line: Int {
        switch self {
        case .evidenceFirst: 1
        case .conditionKept: 2
        case .commitmentOnce, .receiptOnce, .receiptBeforeClose: 3
        case .sealed: 4
        case .noSecondThought: 5
        case .nonceOnce: 6
        case .durable, .restart: 7
        case .oneOrder, .publishedInTime: 8
        case .numberOnce, .noFraming: 9
        case .bounded: 11
        case .sameKeys: 12
        case .liveness: 0
        }
    }
}

/// Something that must never happen, and did.
package struct Violation: Hashable, Sendable, CustomStringConvertible {
    package let invariant: Invariant
    /// True time.
    package let at: Moment
    package let party: PartyName
    package let text: String

    init(_ invariant: Invariant, at moment: Moment, by party: PartyName, _ text: String) {
        self.invariant = invariant
        at = moment
        self.party = party
        self.text = text
    }

    package var description: String { "\(invariant.rawValue): \(party): \(text)" }
}
