internal import SignedStatements
internal import ThresholdSigning

/// One try of the key proofs in one attempt of the ceremony.
public struct ProofTryName: Hashable, Comparable, Sendable {
    let attempt: Int
    let retry: Int

    public static func < (left: ProofTryName, right: ProofTryName) -> Bool {
        (left.attempt, left.retry) < (right.attempt, right.retry)
    }
}

/// What a pair of nonces was made for.
enum NonceName: Hashable, Comparable {
    case proof(rule: RuleName, ProofTryName)
    case order(motion: StatementID, attempt: Int, serial: Int)
}

/// A place for one pair of nonces in a collection; they can be taken out once.
final class NonceBox {
    private var nonces: SigningNonces?

    init(_ nonces: consuming SigningNonces) {
        self.nonces = consume nonces
    }

    func take() -> SigningNonces? {
        nonces.take()
    }
}

/// A place for one key share in a collection.
final class KeyShareBox {
    let share: KeyShare

    init(_ share: consuming KeyShare) {
        self.share = share
    }
}

/// A place for a share of the key that opens ballots in a collection.
final class OpeningShareBox {
    let share: OpeningKeyShare

    init(_ share: consuming OpeningKeyShare) {
        self.share = share
    }
}
