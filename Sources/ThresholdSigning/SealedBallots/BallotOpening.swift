public import CryptoPrimitives

/// What an opened ballot holds: a function of the ballot alone, whoever opened it and however (Protocol §11.6).
public enum OpenedBallot: Hashable, Sendable {
    /// What the author sealed, at most 1020 bytes; whether it is a ballot is for the reader to say.
    case content([UInt8])
    /// Sealed under another key or wrongly padded; counts as abstaining.
    case unreadable
}

/// Parties who meet the `open` rule, with the weights of their shares, computed once for any number of ballots.
public struct OpeningQuorum: Hashable, Sendable {
    public let key: OpeningKey
    /// Ascending.
    public let participants: [Int]
    /// The weight of each leaf's point.
    public let coefficients: [AccessStructure.LeafCoefficient]

    /// Throws what ``AccessStructure/coefficients(for:)`` does.
    public init(_ participants: [Int], of key: OpeningKey) throws(ThresholdError) {
        coefficients = try key.structure.coefficients(for: participants)
        self.participants = participants
        self.key = key
    }

    /// Adds up the weighted points to rh and reads the ballot: one multiplication and one addition for every leaf used.
    ///
    /// Throws ``ThresholdError/missingShare(of:)`` when the shares of a participant for this ballot are not among those given,
    /// and ``ThresholdError/otherGroupKey``. Shares of further parties are ignored.
    public func open(
        _ ballot: OpenableBallot,
        with shares: [VerifiedOpeningShares]
    ) throws(ThresholdError) -> OpenedBallot {
        guard ballot.key.isSame(as: key) else { throw .otherGroupKey }
        var sum = UncheckedElement.identity
        for coefficient in coefficients {
            guard let point = Self.point(coefficient, of: ballot, in: shares) else {
                throw .missingShare(of: coefficient.participant)
            }
            guard let term = coefficient.value * point else {
                preconditionFailure("a verified point has prime order, and no weight is zero")
            }
            sum = sum.adding(UncheckedElement(term))
        }
        return ballot.read(with: sum)
    }

    private static func point(
        _ coefficient: AccessStructure.LeafCoefficient,
        of ballot: OpenableBallot,
        in shares: [VerifiedOpeningShares]
    ) -> UncheckedElement? {
        for share in shares where share.participant == coefficient.participant {
            if let point = share.point(ofLeaf: coefficient.leaf, for: ballot) { return point }
        }
        return nil
    }
}

extension OpenableBallot {
    /// Opens with the r that the author revealed; the result is what a quorum would have read.
    ///
    /// Throws ``ThresholdError/wrongRandomness`` when u is not rB.
    public func open(randomness: Scalar) throws(ThresholdError) -> OpenedBallot {
        guard
            UncheckedElement(multiplyingBaseBy: randomness) == ballot.point,
            let shared = randomness * key.element
        else { throw .wrongRandomness }
        return read(with: UncheckedElement(shared))
    }

    fileprivate func read(with shared: UncheckedElement) -> OpenedBallot {
        let content = cipher.open(ballot.ciphertext, shared: SecretBytes(copying: shared.bytes.array))
        return content.map(OpenedBallot.content) ?? .unreadable
    }
}
