internal import CryptoPrimitives

/// One party's part in opening a list of ballots, as received: a point for every leaf and ballot, a proof for every leaf.
///
/// 32 bytes for each leaf and ballot and 64 for each leaf (Protocol §11.5).
public struct OpeningShares: Hashable, Sendable {
    /// The most ballots that one value opens.
    public static let ballotLimit = 1024

    /// The party's number in the `open` rule, 1...n.
    public let participant: Int
    /// Per leaf of the party, per ballot.
    let points: [[UncheckedElement]]
    /// Per leaf of the party.
    let proofs: [OpeningProof]

    /// Reads for every leaf the points in order of ballots, then challenge and response.
    ///
    /// Throws ``ThresholdError/malformedOpeningShares(of:)`` for any other count of bytes and for encodings that are no
    /// canonical point or scalar; the subgroup is left to ``VerificationShares/verify(_:for:)``.
    public init(
        encoding: [UInt8],
        participant: Int,
        leaves: Int,
        ballots: Int
    ) throws(ThresholdError) {
        guard (1...Self.ballotLimit).contains(ballots), leaves > 0,
            encoding.count == leaves * Self.byteCount(ballots: ballots)
        else { throw .malformedOpeningShares(of: participant) }
        var values = stride(from: 0, to: encoding.count, by: 32).map { Bytes32(encoding[$0..<$0 + 32]) }[...]
        var points: [[UncheckedElement]] = []
        var proofs: [OpeningProof] = []
        for _ in 0..<leaves {
            points.append(values.prefix(ballots).compactMap { $0.map { UncheckedElement($0) } })
            values = values.dropFirst(ballots)
            let scalars = values.prefix(2).compactMap { $0.flatMap { Scalar(encoding: $0) } }
            values = values.dropFirst(2)
            guard scalars.count == 2 else { throw .malformedOpeningShares(of: participant) }
            proofs.append(OpeningProof(challenge: scalars[0], response: scalars[1]))
        }
        guard points.allSatisfy({ $0.allSatisfy(\.isCanonical) }) else {
            throw .malformedOpeningShares(of: participant)
        }
        self.init(participant: participant, points: points, proofs: proofs)
    }

    init(participant: Int, points: [[UncheckedElement]], proofs: [OpeningProof]) {
        self.participant = participant
        self.points = points
        self.proofs = proofs
    }

    /// For every leaf the points, challenge and response.
    public var encoding: [UInt8] {
        var bytes: [UInt8] = []
        for (points, proof) in zip(points, proofs) {
            for point in points {
                bytes.append(point.bytes)
            }
            bytes += proof.challenge.bytes.array + proof.response.bytes.array
        }
        return bytes
    }

    /// Bytes per leaf.
    static func byteCount(ballots: Int) -> Int { 32 * ballots + 64 }
}

/// Opening shares whose proofs hold; ballots are opened with no others.
public struct VerifiedOpeningShares: Hashable, Sendable {
    /// The party's number in the `open` rule, 1...n.
    public let participant: Int
    private let leaves: [Int]
    private let ballots: [Bytes32]
    private let points: [[UncheckedElement]]

    init(_ shares: OpeningShares, leaves: [Int], ballots: [OpenableBallot]) {
        participant = shares.participant
        points = shares.points
        self.leaves = leaves
        self.ballots = ballots.map(\.digest)
    }

    /// U of a leaf and ballot; `nil` when these shares are of others.
    func point(ofLeaf leaf: Int, for ballot: OpenableBallot) -> UncheckedElement? {
        guard let row = leaves.firstIndex(of: leaf), let column = ballots.firstIndex(of: ballot.digest) else {
            return nil
        }
        return points[row][column]
    }
}

/// One party's long-lived share of the `open` key; it opens ballots and signs nothing.
public struct OpeningKeyShare: ~Copyable, Sendable {
    /// The key this is a share of.
    public var key: OpeningKey { OpeningKey(groupKey) }
    let groupKey: GroupKey
    private let share: KeyShare

    /// Takes a share that the ceremony made for the rule `open`; it can sign no more.
    public init(_ share: consuming KeyShare) {
        groupKey = share.groupKey
        self.share = share
    }

    /// The party's number in the `open` rule, 1...n.
    public var participant: Int { share.participant }

    borrowing func scalar(at index: Int) -> SecretScalar { share.shares.scalar(at: index) }

    /// This party's part in opening ballots, which all passed their check; the same bytes each time.
    ///
    /// Two multiplications for every leaf and ballot. Throws for a ballot under another key, for no ballots or more than
    /// ``OpeningShares/ballotLimit``, and for a leaf whose share is zero, which takes all dealers of the ceremony.
    public borrowing func shares(for ballots: [OpenableBallot]) throws(ThresholdError) -> OpeningShares {
        try key.check(ballots)
        var points: [[UncheckedElement]] = []
        var proofs: [OpeningProof] = []
        for (index, leaf) in key.structure.leaves(of: participant).enumerated() {
            let secret = share.shares.scalar(at: index)
            guard let verificationShare = secret.basePointMultiple() else {
                throw .wrongKeyShare(participant: participant)
            }
            var row: [UncheckedElement] = []
            for ballot in ballots {
                guard let point = secret.multiple(of: ballot.ballot.point) else {
                    preconditionFailure("a checked ballot's point has prime order")
                }
                row.append(UncheckedElement(point))
            }
            let claim = OpeningClaim(
                key: key,
                leaf: leaf,
                verificationShare: UncheckedElement(verificationShare),
                ballots: ballots,
                points: row
            )
            proofs.append(claim.prove(with: secret))
            points.append(row)
        }
        return OpeningShares(participant: participant, points: points, proofs: proofs)
    }
}

extension VerificationShares {
    /// Checks a party's shares for the same ballots in the same order.
    ///
    /// Throws ``ThresholdError/wrongOpeningShares(of:leaf:)`` with the first leaf whose proof does not hold, and
    /// ``ThresholdError/malformedOpeningShares(of:)`` for another number of leaves or ballots.
    public func verify(
        _ shares: OpeningShares,
        for ballots: [OpenableBallot]
    ) throws(ThresholdError) -> VerifiedOpeningShares {
        try key.check(ballots)
        let structure = key.structure
        guard (1...structure.participantCount).contains(shares.participant) else {
            throw .unknownParticipant(shares.participant)
        }
        let leaves = structure.leaves(of: shares.participant)
        guard shares.points.count == leaves.count, shares.points.allSatisfy({ $0.count == ballots.count }) else {
            throw .malformedOpeningShares(of: shares.participant)
        }
        for (index, leaf) in leaves.enumerated() {
            let claim = OpeningClaim(
                key: key,
                leaf: leaf,
                verificationShare: points[leaf],
                ballots: ballots,
                points: shares.points[index]
            )
            guard claim.isProven(by: shares.proofs[index]) else {
                throw .wrongOpeningShares(of: shares.participant, leaf: leaf)
            }
        }
        return VerifiedOpeningShares(shares, leaves: leaves, ballots: ballots)
    }
}

extension VerificationShares {
    /// The same without the check, for what was checked before it was stored.
    package func trust(_ shares: OpeningShares, for ballots: [OpenableBallot]) -> VerifiedOpeningShares {
        VerifiedOpeningShares(shares, leaves: key.structure.leaves(of: shares.participant), ballots: ballots)
    }
}

extension OpeningKey {
    fileprivate func check(_ ballots: [OpenableBallot]) throws(ThresholdError) {
        let limit = OpeningShares.ballotLimit
        guard (1...limit).contains(ballots.count) else { throw .wrongBallotCount(ballots.count, limit: limit) }
        guard ballots.allSatisfy({ $0.key.isSame(as: self) }) else { throw .otherGroupKey }
    }
}
