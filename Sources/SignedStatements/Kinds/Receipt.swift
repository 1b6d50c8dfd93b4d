public import QuorumPolicy

/// A party's word that it recorded another's commitment before its deadline (Protocol §7.3).
public struct Receipt: StatementContent {
    /// The `motion` statement that this is about.
    public let motion: StatementID
    /// The `commitment` statement.
    public let commitment: StatementID
    /// Whose commitment it is.
    public let committer: PartyName

    public init(motion: StatementID, commitment: StatementID, committer: PartyName) {
        self.motion = motion
        self.commitment = commitment
        self.committer = committer
    }

    static let kind = StatementKind.receipt

    var members: OrderedMap<String, CanonicalJSON> {
        ["commitment": .digest(commitment), "committer": .name(committer), "motion": .digest(motion)]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
        commitment = try reader.digest("commitment")
        committer = try reader.partyName("committer")
    }
}
