/// What a charter file may measure at most, and its fixed words.
public enum CharterLimits {
    /// The first line.
    public static let header = "standstill-charter v1"
    /// Bytes of the file: 1 MiB.
    public static let size = 1 << 20
    /// Annexes.
    public static let annexes = 64
    /// Classes of parties.
    public static let classes = 32
    /// Parties.
    public static let parties = StatementLimits.parties
    /// Groups.
    public static let groups = 256
    /// Rules.
    public static let rules = StatementLimits.rules
    /// Tags of one party.
    public static let tags = 16
    /// Motions that one party may have open, at most.
    public static let openMotions = 64
    /// Motions that one party may have open when the charter does not say.
    public static let openMotionsByDefault = 2
    /// The class whose parties receive everything and decide nothing.
    public static let observerClass = "observer"
    /// The rule for receipts, close and publication.
    public static let recordRule = "record"
    /// The rule whose quorums open ballots under `opening guaranteed`.
    public static let openRule = "open"
    /// The rule that decides about the next charter.
    public static let amendRule = "amend"
}
