public import QuorumPolicy
public import SignedStatements

/// An offence that statements prove, and which of them it takes.
public struct MisconductFinding: Hashable, Sendable {
    /// Who committed it.
    public let party: PartyName
    public let offence: Offence
    /// The offender's own statements that show it, in the order of numbers.
    public let statements: [StatementID]
    /// What else is needed to see it, of the offender or of others, in no particular order.
    public let context: [StatementID]
    /// The motion that it is about; nil where there is none.
    public let motion: StatementID?
    /// What else would explain it, as a sentence; nil if nothing would.
    ///
    /// Some statements do not name all that they were made from. What they prove then holds unless somebody has signed what
    /// is not here, in most cases a second statement where it may sign one.
    public let condition: String?

    init(
        _ offence: Offence,
        of party: PartyName,
        in statements: [StatementID],
        context: [StatementID] = [],
        motion: StatementID? = nil,
        unless condition: String? = nil
    ) {
        self.party = party
        self.offence = offence
        self.statements = statements
        self.context = context
        self.motion = motion
        self.condition = condition
    }
}

extension MisconductFinding: Comparable {
    /// By offence, then party, then statements.
    public static func < (left: MisconductFinding, right: MisconductFinding) -> Bool {
        if left.offence != right.offence { return left.offence < right.offence }
        if left.party != right.party { return left.party < right.party }
        return left.statements.lexicographicallyPrecedes(right.statements)
    }
}
