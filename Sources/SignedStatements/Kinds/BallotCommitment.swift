public import CryptoPrimitives
internal import QuorumPolicy

/// A party's sealed ballot (kind `commitment`), binding before anyone sees anything (Protocol §7.2).
public struct BallotCommitment: StatementContent {
    /// The `motion` statement that this is about.
    public let motion: StatementID
    /// ``Ballot/seal(charter:motion:party:salt:)`` of the ballot.
    public let seal: Bytes32

    public init(motion: StatementID, seal: Bytes32) {
        self.motion = motion
        self.seal = seal
    }

    static let kind = StatementKind.commitment

    var members: OrderedMap<String, CanonicalJSON> { ["motion": .digest(motion), "seal": .hex(seal)] }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
        seal = try reader.digestBytes("seal")
    }
}
