internal import CryptoPrimitives
internal import QuorumPolicy
internal import ThresholdSigning

extension FuzzTarget {
    static let sealedBallots = [sealedBallot, openingShares]

    /// What a party commits to under `opening guaranteed`, as it comes.
    private static let sealedBallot = FuzzTarget(name: "sealed-ballot", maximumCount: 2 * SealedBallot.byteCount) {
        bytes in
        guard let ballot = try? SealedBallot(encoding: bytes) else { return }
        try hold(ballot.encoding == bytes, "a sealed ballot has two spellings")
        let fixture = try FuzzBallots.fixture.get()
        guard (try? ballot.openable(as: fixture.labels[0], under: fixture.key)) != nil else { return }
        try hold(ballot == fixture.ballots[0].ballot, "a ballot that nobody sealed passes")
    }

    /// Anybody's shares, after the participant and how many ballots they are for.
    private static let openingShares = FuzzTarget(name: "opening-shares", maximumCount: 512) { bytes in
        var input = FuzzInput(bytes)
        let fixture = try FuzzBallots.fixture.get()
        let participant = input.number(below: 3) + 1
        let ballots = Array(fixture.ballots.prefix(input.number(below: 2) + 1))
        let leaves = fixture.key.structure.leaves(of: participant).count
        let encoding = input.rest()
        let shares = try? OpeningShares(
            encoding: encoding,
            participant: participant,
            leaves: leaves,
            ballots: ballots.count
        )
        guard let shares else { return }
        try hold(shares.encoding == encoding, "opening shares have two spellings")
        guard (try? fixture.verification.verify(shares, for: ballots)) != nil else { return }
        let genuine = try FuzzBallots.share(of: participant, of: fixture.groupKey).shares(for: ballots)
        try hold(shares == genuine, "opening shares that nobody made are proven")
    }
}

/// Two ballots under a key whose secret is known, with party a in two places.
package struct FuzzBallots: Sendable {
    static let fixture = Result { try FuzzBallots() }
    private static let coefficients: [UInt64] = [3, 5, 7]

    let groupKey: GroupKey
    let key: OpeningKey
    let verification: VerificationShares
    let labels: [BallotLabel]
    let ballots: [OpenableBallot]

    private init() throws {
        let structure = AccessStructure(try ThresholdTree(canonicalText: "2of(a,2of(b,a),c)"))
        let columns = Self.coefficients.map { UncheckedElement(multiplyingBaseBy: Scalar($0)) }
        let groupKey = try GroupKey(structure: structure, columns: columns)
        let key = OpeningKey(groupKey)
        labels = try ["a", "b"].map { party in
            BallotLabel(
                charter: SHA256.hash([1]),
                subject: .motion(SHA256.hash([2])),
                party: try PartyName(party),
                rule: "pause",
                structure: structure
            )
        }
        ballots = try labels.map { label in
            let secret = SecretBytes(copying: [UInt8](repeating: 7, count: 32))
            return try OwnBallot([1, 2, 3], label: label, key: key, secret: secret).sealed
                .openable(as: label, under: key)
        }
        verification = VerificationShares(of: groupKey)
        self.key = key
        self.groupKey = groupKey
    }

    static func share(of participant: Int, of groupKey: GroupKey) throws -> OpeningKeyShare {
        let structure = groupKey.structure
        var encoding: [UInt8] = []
        for leaf in structure.leaves(of: participant) {
            let sum = zip(structure.row(ofLeaf: leaf), coefficients).reduce(Scalar.zero) { $0 + $1.0 * Scalar($1.1) }
            encoding += sum.bytes.array
        }
        return OpeningKeyShare(
            try KeyShare(participant: participant, encoding: SecretBytes(copying: encoding), groupKey: groupKey)
        )
    }

    /// A ballot that passes, one for another party, one cut off.
    package static var sealedSeeds: [[UInt8]] {
        get throws {
            let encodings = try fixture.get().ballots.map(\.ballot.encoding)
            return encodings + [Array(encodings[0].dropLast())]
        }
    }

    /// Everybody's shares for one ballot and for two.
    package static var shareSeeds: [[UInt8]] {
        get throws {
            let fixture = try fixture.get()
            return try [(1, 1), (1, 2), (2, 1), (3, 2)].map { participant, count in
                let ballots = Array(fixture.ballots.prefix(count))
                let shares = try share(of: participant, of: fixture.groupKey).shares(for: ballots)
                return [UInt8(participant - 1), UInt8(count - 1)] + shares.encoding
            }
        }
    }
}
