internal import QuorumPolicy

/// What one kind of statement says besides its head: how it becomes members, and how it is read back.
protocol StatementContent: Hashable, Sendable {
    static var kind: StatementKind { get }

    /// The members, without those of the head.
    var members: OrderedMap<String, CanonicalJSON> { get }

    /// Takes its members out of the reader; the caller checks that none is left.
    init(from reader: inout MemberReader) throws(StatementError)
}

/// How long the lists and texts of statements may be.
public enum StatementLimits {
    /// Addresses of a party.
    public static let addresses = 8
    /// Entries of a scope, and authentic texts, of a motion's terms.
    public static let terms = 64
    /// Parties in any list.
    public static let parties = 1024
    /// Bytes of a ballot sealed under `opening guaranteed`.
    public static let sealedBallot = 1168
    /// Sealed ballots that one statement helps to open; more take more statements.
    public static let sharedBallots = 64
    /// Commitments that one receipt names; more take more receipts.
    public static let receiptedCommitments = 64
    /// Statements of the accused that an accusation names; its digest covers all others.
    public static let accusedStatements = 16
    /// Rules of a charter, and so keys of a ceremony.
    public static let rules = 16
    /// Points of one dealing's commitment; a tree has at most this many columns.
    public static let columns = 2048
    /// Bytes of one party's encrypted shares in a dealing.
    public static let encryptedShare = 65_536
    /// Bytes of a title, a legal name or the name of a text.
    public static let title = 256
    /// Bytes of a scope entry's value.
    public static let scopeValue = 512
    /// Bytes of a motion's summary.
    public static let summary = 8192
}
