// error: cannot convert value of type '[SealedBallot]' to expected argument type '[OpenableBallot]'
import ThresholdSigning

func misuse(_ share: borrowing OpeningKeyShare, _ ballots: [SealedBallot]) throws {
    _ = try share.shares(for: ballots)
}
