internal import QuorumPolicy

/// A party takes its standing ballot back, with the notice that the charter sets (kind `standing-revocation`, Protocol §7.11).
public struct StandingRevocation: StatementContent {
    /// The party's own `standing-ballot` statement.
    public let ballot: StatementID

    public init(ballot: StatementID) {
        self.ballot = ballot
    }

    static let kind = StatementKind.standingRevocation

    var members: OrderedMap<String, CanonicalJSON> { ["ballot": .digest(ballot)] }

    init(from reader: inout MemberReader) throws(StatementError) {
        ballot = try reader.digest("ballot")
    }
}
