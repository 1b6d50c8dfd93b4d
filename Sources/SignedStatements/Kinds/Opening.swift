public import CryptoPrimitives
internal import QuorumPolicy

/// What makes a party's own sealed ballot readable (Protocol §7.5).
public struct Opening: StatementContent {
    /// The `motion` statement that this is about.
    public let motion: StatementID
    /// The `commitment` or `standing-ballot` statement that it opens.
    public let commitment: StatementID
    /// The ballot as it was sealed.
    public let ballot: Ballot
    /// The 32 random bytes in the seal.
    public let salt: Bytes32

    public init(motion: StatementID, commitment: StatementID, ballot: Ballot, salt: Bytes32) {
        self.motion = motion
        self.commitment = commitment
        self.ballot = ballot
        self.salt = salt
    }

    static let kind = StatementKind.opening

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "ballot": .object(ballot.members),
            "commitment": .digest(commitment),
            "motion": .digest(motion),
            "salt": .base64(salt),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
        commitment = try reader.digest("commitment")
        ballot = try reader.object("ballot") { (ballot) throws(StatementError) in try Ballot(from: &ballot) }
        salt = try reader.bytes32("salt")
    }
}
