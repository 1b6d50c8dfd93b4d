public import CryptoPrimitives
internal import QuorumPolicy
public import SignedStatements
internal import ThresholdSigning

/// What is inside a sealed ballot: 32 bytes of salt, then the ballot's canonical JSON (Protocol §7.2).
public struct SealedContent: Hashable, Sendable {
    /// What the party answers.
    public let ballot: Ballot
    /// The 32 secret bytes with which the ballot is sealed.
    public let salt: Bytes32

    /// The longest condition, in bytes of its text.
    public static var conditionCount: Int {
        SealedBallot.contentCount - SealedContent(Ballot(.agree), salt: .zero).bytes.count
    }

    public init(_ ballot: Ballot, salt: Bytes32) {
        self.ballot = ballot
        self.salt = salt
    }

    /// Reads a content; nil for anything that ``bytes`` does not make.
    public init?(bytes: [UInt8]) {
        guard let salt = Bytes32(bytes.prefix(Bytes32.count)) else { return nil }
        do {
            self.init(try Ballot(encoding: Array(bytes.dropFirst(Bytes32.count))), salt: salt)
        } catch {
            return nil
        }
    }

    /// The salt and the canonical JSON.
    public var bytes: [UInt8] { salt.array + ballot.encoding }
}
