import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

@Suite struct OpeningSharesTests {
    /// Party b has two leaves, 1 and 3.
    static let rule = "2of(2of(a,b,c),1of(b,d))"

    @Test func `shares have one spelling, 32 bytes for each leaf and ballot and 64 for each leaf`() throws {
        let box = try BallotBox(Self.rule)
        let ballots = try box.ballots(["agree", "decline", "agree"])
        for (participant, leaves) in [(1, 1), (2, 2)] {
            let shares = try box.shares(of: participant, for: ballots)
            #expect(try box.shares(of: participant, for: ballots) == shares, "the same bytes each time")
            #expect(shares.encoding.count == leaves * (3 * 32 + 64))
            let read = try OpeningShares(
                encoding: shares.encoding,
                participant: participant,
                leaves: leaves,
                ballots: 3
            )
            #expect(read == shares)
            _ = try box.verificationShares.verify(read, for: ballots)
        }
    }

    @Test func `every changed byte is noticed, and its leaf named`() throws {
        let box = try BallotBox(Self.rule)
        let ballots = try box.ballots(["agree", "decline"])
        let encoding = try box.shares(of: 2, for: ballots).encoding
        let verification = box.verificationShares
        for index in encoding.indices {
            var changed = encoding
            changed[index] ^= 1 << UInt8(index % 8)
            let error = #expect(throws: ThresholdError.self, "byte \(index)") {
                let shares = try OpeningShares(encoding: changed, participant: 2, leaves: 2, ballots: 2)
                return try verification.verify(shares, for: ballots)
            }
            #expect(error?.culprits == [2])
            if case .wrongOpeningShares(_, let leaf) = error { #expect(leaf == (index < 128 ? 1 : 3)) }
        }
    }

    @Test(arguments: 0..<2, BadPoint.encodings)
    func `what is no point of prime order is refused`(ballot: Int, encoding: String) throws {
        let box = try BallotBox(Self.rule)
        let ballots = try box.ballots(["agree", "decline"])
        var shares = try box.shares(of: 1, for: ballots).encoding
        shares.replaceSubrange(32 * ballot..<32 * ballot + 32, with: try bytes(encoding))
        #expect(throws: ThresholdError.self) {
            let read = try OpeningShares(encoding: shares, participant: 1, leaves: 1, ballots: 2)
            return try box.verificationShares.verify(read, for: ballots)
        }
    }

    @Test(arguments: 0..<2, [2, 4, 8])
    func `a point with torsion is refused`(ballot: Int, order: Int) throws {
        let box = try BallotBox(Self.rule)
        let ballots = try box.ballots(["agree", "decline"])
        let shares = try box.shares(of: 1, for: ballots)
        var points = shares.points
        points[0][ballot] = try BadPoint.mixed(points[0][ballot], order: order)
        let changed = try proven(box, points: points[0], ballots)
        #expect(throws: ThresholdError.wrongOpeningShares(of: 1, leaf: 0)) {
            try box.verificationShares.verify(changed, for: ballots)
        }
    }

    /// In a plain sum the differences would cancel out.
    @Test func `points that are wrong by opposite amounts are refused`() throws {
        let box = try BallotBox(Self.rule)
        let ballots = try box.ballots(["agree", "decline"])
        let points = try box.shares(of: 1, for: ballots).points[0]
        let amount = UncheckedElement(Element.base)
        let changed = [try present(points[0] + amount), try present(points[1] - amount)]
        let shares = try proven(box, points: changed, ballots)
        #expect(throws: ThresholdError.wrongOpeningShares(of: 1, leaf: 0)) {
            try box.verificationShares.verify(shares, for: ballots)
        }
        _ = try box.verificationShares.verify(try proven(box, points: points, ballots), for: ballots)
    }

    @Test func `shares count for their own party, ballots and order only`() throws {
        let box = try BallotBox(Self.rule)
        let ballots = try box.ballots(["agree", "decline", "abstain"])
        let shares = try box.shares(of: 1, for: Array(ballots.prefix(2)))
        let verification = box.verificationShares
        for others in [[ballots[1], ballots[0]], [ballots[0], ballots[2]], [ballots[2], ballots[1]]] {
            #expect(throws: ThresholdError.wrongOpeningShares(of: 1, leaf: 0)) {
                try verification.verify(shares, for: others)
            }
        }
        for others in [[ballots[0]], ballots] {
            #expect(throws: ThresholdError.malformedOpeningShares(of: 1)) {
                try verification.verify(shares, for: others)
            }
        }
        let stolen = try OpeningShares(encoding: shares.encoding, participant: 3, leaves: 1, ballots: 2)
        #expect(throws: ThresholdError.wrongOpeningShares(of: 3, leaf: 2)) {
            try verification.verify(stolen, for: Array(ballots.prefix(2)))
        }
    }

    /// Both leaves have points and proofs that are right, in the wrong order.
    @Test func `a party's leaves are not interchangeable`() throws {
        let box = try BallotBox(Self.rule)
        let ballots = try box.ballots(["agree"])
        let shares = try box.shares(of: 2, for: ballots)
        let swapped = OpeningShares(
            participant: 2,
            points: shares.points.reversed(),
            proofs: shares.proofs.reversed()
        )
        #expect(throws: ThresholdError.wrongOpeningShares(of: 2, leaf: 1)) {
            try box.verificationShares.verify(swapped, for: ballots)
        }
        let wrongNumber = OpeningShares(
            participant: 1,
            points: shares.points,
            proofs: shares.proofs
        )
        #expect(throws: ThresholdError.malformedOpeningShares(of: 1)) {
            try box.verificationShares.verify(wrongNumber, for: ballots)
        }
        let stranger = OpeningShares(participant: 5, points: shares.points, proofs: shares.proofs)
        #expect(throws: ThresholdError.unknownParticipant(5)) {
            try box.verificationShares.verify(stranger, for: ballots)
        }
    }

    @Test func `ballots under another key are neither opened nor verified nor read`() throws {
        let box = try BallotBox(Self.rule)
        let other = try BallotBox(Self.rule, seed: 2)
        let ballots = try other.ballots(["agree"])
        #expect(throws: ThresholdError.otherGroupKey) { try box.shares(of: 1, for: ballots) }
        let shares = try other.shares(of: 1, for: ballots)
        #expect(throws: ThresholdError.otherGroupKey) { try box.verificationShares.verify(shares, for: ballots) }
        #expect(throws: ThresholdError.otherGroupKey) {
            try OpeningQuorum([1, 2], of: box.key).open(ballots[0], with: other.verifiedShares(for: ballots))
        }
    }

    /// Shares of the same ballot under another label are not these shares.
    @Test func `shares for another ballot are missing`() throws {
        let box = try BallotBox()
        let ballots = try box.ballots(["agree", "decline"])
        let shares = try box.verifiedShares(for: [ballots[0]])
        #expect(throws: ThresholdError.missingShare(of: 1)) {
            try OpeningQuorum([1, 2], of: box.key).open(ballots[1], with: shares)
        }
    }

    @Test func `ballots are counted, at the limit and past it`() throws {
        let box = try BallotBox()
        let ballot = try box.ballots(["agree"])[0]
        let limit = OpeningShares.ballotLimit
        #expect(limit == 1024)
        for count in [0, limit + 1] {
            let ballots = [OpenableBallot](repeating: ballot, count: count)
            #expect(throws: ThresholdError.wrongBallotCount(count, limit: limit)) {
                try box.shares(of: 1, for: ballots)
            }
            let encoding = [UInt8](repeating: 0, count: 32 * count + 64)
            #expect(throws: ThresholdError.malformedOpeningShares(of: 1)) {
                try OpeningShares(encoding: encoding, participant: 1, leaves: 1, ballots: count)
            }
        }
        let zeros = [UInt8](repeating: 0, count: 32 * limit + 64)
        #expect(try OpeningShares(encoding: zeros, participant: 1, leaves: 1, ballots: limit).encoding == zeros)
    }

    @Test(arguments: [-1, 1, 64])
    func `another count of bytes is refused`(difference: Int) throws {
        let box = try BallotBox()
        let encoding = try box.shares(of: 1, for: box.ballots(["agree"])).encoding
        let bytes = Array((encoding + [UInt8](repeating: 0, count: 64)).prefix(encoding.count + difference))
        #expect(throws: ThresholdError.malformedOpeningShares(of: 1)) {
            try OpeningShares(encoding: bytes, participant: 1, leaves: 1, ballots: 1)
        }
        #expect(throws: ThresholdError.malformedOpeningShares(of: 1)) {
            try OpeningShares(encoding: encoding, participant: 1, leaves: 0, ballots: 1)
        }
    }

    /// Shares of participant 1, who has one leaf, with given points and the proof that it would make for them.
    private func proven(
        _ box: BallotBox,
        points: [UncheckedElement],
        _ ballots: [OpenableBallot]
    ) throws -> OpeningShares {
        let claim = OpeningClaim(
            key: box.key,
            leaf: 0,
            verificationShare: box.verificationShares.points[0],
            ballots: ballots,
            points: points
        )
        let share = try box.transcript.recoverShares(with: box.ceremony.key(1))
        let proof = claim.prove(with: share.shares.scalar(at: 0))
        return OpeningShares(participant: 1, points: [points], proofs: [proof])
    }
}
