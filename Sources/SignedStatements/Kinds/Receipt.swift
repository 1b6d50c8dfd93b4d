public import QuorumPolicy

/// A party's word that it recorded others' commitments before their deadline (kind `receipt`, Protocol §7.3).
public struct Receipt: StatementContent {
    /// The `motion` statement that this is about.
    public let motion: StatementID
    /// By their authors, the `commitment` statements: 1 to ``StatementLimits/receiptedCommitments``.
    public let commitments: OrderedMap<PartyName, StatementID>

    public init(motion: StatementID, commitments: OrderedMap<PartyName, StatementID>) {
        self.motion = motion
        self.commitments = commitments
    }

    /// For one commitment.
    public init(motion: StatementID, commitment: StatementID, committer: PartyName) {
        self.init(motion: motion, commitments: [committer: commitment])
    }

    static let kind = StatementKind.receipt

    var members: OrderedMap<String, CanonicalJSON> {
        let named = commitments.map { ($0.key.text, CanonicalJSON.digest($0.value)) }
        return ["commitments": .object(OrderedMap(named)), "motion": .digest(motion)]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
        commitments = try reader.digestsByParty("commitments", count: 1...StatementLimits.receiptedCommitments)
    }
}
