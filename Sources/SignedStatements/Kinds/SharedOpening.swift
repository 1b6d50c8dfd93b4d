internal import QuorumPolicy

/// A shareholder's part in opening certified ballots of a closed motion (kind `opening-share`, Protocol §7.5).
public struct SharedOpening: StatementContent {
    /// The `motion` statement that this is about.
    public let motion: StatementID
    /// The `commitment` and `standing-ballot` statements that hold the sealed ballots: 1 to
    /// ``StatementLimits/sharedBallots``, ascending.
    public let commitments: [StatementID]
    /// For every leaf of the party in the rule `open` 32 bytes per ballot and a proof of 64 bytes (Protocol §11.5).
    public let shares: [UInt8]

    public init(motion: StatementID, commitments: [StatementID], shares: [UInt8]) {
        self.motion = motion
        self.commitments = commitments
        self.shares = shares
    }

    static let kind = StatementKind.openingShare

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "commitments": .array(commitments.map { .digest($0) }), "motion": .digest(motion),
            "shares": .base64(shares),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
        commitments = try reader.strings(
            "commitments",
            count: 1...StatementLimits.sharedBallots,
            of: "64 lower-case hexadecimal digits"
        ) { StatementID($0) }
        guard zip(commitments, commitments.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw reader.invalid("commitments", "is not in ascending order")
        }
        shares = try reader.bytes("shares", atMost: CompactJWS.Limits.item)
    }
}
