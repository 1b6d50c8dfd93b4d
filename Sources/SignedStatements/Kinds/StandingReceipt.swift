internal import QuorumPolicy

/// A party's word that it has recorded what another lodged or took back, or that it lets a standing ballot count for a motion
/// (kind `standing-receipt`, Protocol §7.11).
public struct StandingReceipt: StatementContent {
    /// The `standing-ballot` statement, or a `standing-revocation` when there is no motion.
    public let statement: StatementID
    /// The motion that the ballot serves; nil for the receipt that is given when it is lodged or taken back.
    public let motion: StatementID?

    public init(statement: StatementID, motion: StatementID? = nil) {
        self.statement = statement
        self.motion = motion
    }

    static let kind = StatementKind.standingReceipt

    var members: OrderedMap<String, CanonicalJSON> {
        ["motion": .digest(orNone: motion), "statement": .digest(statement)]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digestOrNone("motion")
        statement = try reader.digest("statement")
    }
}
