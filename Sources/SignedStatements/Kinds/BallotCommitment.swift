public import CryptoPrimitives
internal import QuorumPolicy

/// A party's sealed ballot (kind `commitment`), binding before anyone sees anything (Protocol §7.2).
public struct BallotCommitment: StatementContent {
    /// What hides the ballot and binds its author.
    public enum Seal: Hashable, Sendable {
        /// Under `opening self`: ``Ballot/digest(charter:motion:party:salt:)``.
        case digest(Bytes32)
        /// Under `opening guaranteed`: a sealed ballot that the quorums of the rule `open` can read,
        /// ``StatementLimits/sealedBallot`` bytes (Protocol §11).
        case ciphertext([UInt8])

        /// The way of opening that this seal is for.
        public var mode: Charter.OpeningMode {
            switch self {
            case .digest: .own
            case .ciphertext: .guaranteed
            }
        }
    }

    /// The `motion` statement that this is about.
    public let motion: StatementID
    /// The ballot, sealed in the way that the charter asks for.
    public let seal: Seal

    public init(motion: StatementID, seal: Seal) {
        self.motion = motion
        self.seal = seal
    }

    static let kind = StatementKind.commitment

    var members: OrderedMap<String, CanonicalJSON> { ["motion": .digest(motion), "seal": seal.spelling] }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
        seal = try Seal(from: &reader)
    }
}

extension BallotCommitment.Seal {
    /// The two ways of sealing are told apart by their lengths.
    var spelling: CanonicalJSON {
        switch self {
        case .digest(let digest): .hex(digest)
        case .ciphertext(let bytes): .base64(bytes)
        }
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        let text = try reader.string("seal")
        if let digest = Hex.decode(text).flatMap({ Bytes32($0) }) {
            self = .digest(digest)
        } else if let bytes = Base64URL.decode(text), bytes.count == StatementLimits.sealedBallot {
            self = .ciphertext(bytes)
        } else {
            throw reader.invalid(
                "seal",
                "is neither 64 lower-case hexadecimal digits nor \(StatementLimits.sealedBallot) bytes in base64url"
            )
        }
    }
}
