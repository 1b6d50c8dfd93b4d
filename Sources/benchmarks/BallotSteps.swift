import CryptoPrimitives
import QuorumPolicy
import ThresholdSigning

/// Sealing, checking and opening a hundred ballots under an `open` rule of 67 of 100; what takes seconds apart.
func ballotSteps() throws -> (short: [Step], long: [Step]) {
    let box = try BenchmarkBallots(threshold: 67, of: 100)
    let n = box.ballots.count
    let t = 67
    let short = [
        Step(
            name: "seal a ballot",
            target: 400,
            calls: [(.baseMultiplication, 2), (.multiplication, 3), (.hash, 21)],
            sample: { try Clock.time(turns: 10) { try box.seal() } }
        ),
        Step(
            name: "check 100 ballots",
            target: 40_000,
            calls: [
                (.baseMultiplication, n), (.multiplication, 3 * n), (.addition, 2 * n), (.hash, 13 * n),
            ],
            sample: { try Clock.time(turns: 1) { try box.check() } }
        ),
        Step(
            name: "open one ballot, 67 of 100",
            target: 35_000,
            calls: [
                (.baseMultiplication, t), (.multiplication, 4 * t), (.addition, 3 * t), (.hash, 4 * t),
                (.scalarInversion, 1), (.scalarMultiplication, 1_500),
            ],
            sample: { try Clock.time(turns: 1) { try box.open(box.single, with: box.singleShares) } }
        ),
    ]
    let long = [
        Step(
            name: "open 100 ballots, 67 of 100",
            target: 3_500_000,
            calls: [
                // Checks, proofs, sums.
                (.baseMultiplication, n + t),
                (.multiplication, 3 * n + t * (2 * (n - 1) + 3) + t * n),
                (.addition, 2 * n + t * (2 * (n - 1) + 2) + t * n),
                (.hash, 13 * n + t * 2 * n),
            ],
            sample: {
                try Clock.time(turns: 1) {
                    try box.check()
                    try box.open(box.ballots, with: box.shares)
                }
            }
        )
    ]
    return (short, long)
}

/// A key that one dealer shared, a hundred ballots, and a quorum's shares for one and for all of them.
private struct BenchmarkBallots {
    let key: OpeningKey
    let verification: VerificationShares
    let participants: [Int]
    let ballots: [OpenableBallot]
    let shares: [[UInt8]]
    let singleShares: [[UInt8]]

    var single: [OpenableBallot] { [ballots[0]] }

    init(threshold: Int, of count: Int) throws {
        let names = (1...count).map { "p\($0)" }.joined(separator: ",")
        let structure = AccessStructure(try ThresholdTree(canonicalText: "\(threshold)of(\(names))"))
        let dealing = BenchmarkCeremony.dealing(structure, 1)
        let columns = dealing.commitment.map { UncheckedElement($0) }
        let groupKey = try GroupKey(structure: structure, columns: columns)
        let key = OpeningKey(groupKey)
        let ballots = try (1...count).map { number in
            let label = try Self.label(number, structure)
            return try Self.own(label, key).sealed.openable(as: label, under: key)
        }
        var shares: [[UInt8]] = []
        var singleShares: [[UInt8]] = []
        for participant in 1...threshold {
            let share = OpeningKeyShare(
                try KeyShare(
                    participant: participant,
                    encoding: dealing.shares(of: participant).encoding(),
                    groupKey: groupKey
                )
            )
            shares.append(try share.shares(for: ballots).encoding)
            singleShares.append(try share.shares(for: [ballots[0]]).encoding)
        }
        self.key = key
        self.ballots = ballots
        self.shares = shares
        self.singleShares = singleShares
        participants = Array(1...threshold)
        verification = VerificationShares(of: groupKey)
    }

    func seal() throws {
        _ = try Self.own(ballots[0].label, key).sealed
    }

    func check() throws {
        for ballot in ballots {
            _ = try SealedBallot(encoding: ballot.ballot.encoding).openable(as: ballot.label, under: key)
        }
    }

    /// From shares as they are received to every content.
    func open(_ ballots: [OpenableBallot], with encodings: [[UInt8]]) throws {
        let verified = try zip(participants, encodings).map { participant, encoding in
            let shares = try OpeningShares(
                encoding: encoding,
                participant: participant,
                leaves: 1,
                ballots: ballots.count
            )
            return try verification.verify(shares, for: ballots)
        }
        let quorum = try OpeningQuorum(participants, of: key)
        for ballot in ballots {
            let opened = try quorum.open(ballot, with: verified)
            precondition(opened == .content(Self.content), "the ballot is right")
        }
    }

    private static let content = [UInt8](repeating: 7, count: 100)

    private static func label(_ number: Int, _ structure: AccessStructure) throws -> BallotLabel {
        BallotLabel(
            charter: .zero,
            subject: .motion(.zero),
            party: try PartyName("p\(number)"),
            rule: "pause",
            structure: structure
        )
    }

    private static func own(_ label: BallotLabel, _ key: OpeningKey) throws -> OwnBallot {
        try OwnBallot(content, label: label, key: key, secret: SecretBytes(copying: SHA256.hash([3]).array))
    }
}
