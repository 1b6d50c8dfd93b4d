/// What was wrong with a signer list, a ceremony or a signature, and which participant is to blame.
///
/// Participants are named by their number in the rule, 1...n (Protocol §4).
public enum ThresholdError: Error, Hashable, Sendable {
    // Signer lists
    /// A list of signers that is empty, out of order or names one twice.
    case unsortedSigners([Int])
    /// A number outside 1...n.
    case unknownParticipant(Int)
    /// A signer whose share no satisfied gate uses.
    case idleSigner(Int)
    /// Signers who do not meet the rule.
    case unqualifiedSigners([Int])

    // Signing
    /// Nonce commitments that are not points of the prime-order subgroup.
    case invalidNonceCommitments(by: [Int])
    /// Nonce commitments that sum up to nothing; a new session gets new ones.
    case neutralGroupCommitment
    /// A package that does not hold exactly the commitment that belongs to these nonces.
    case ownCommitmentMissing(participant: Int)
    /// A package for another group key than the share's.
    case otherGroupKey
    /// Nonces that were made with another participant's share.
    case noncesOfAnother(participant: Int)
    /// A signer of the package whose share is not there.
    case missingShare(of: Int)
    /// A share of a participant who is not in the package, or a second share of one who is.
    case unexpectedShare(of: Int)
    /// Shares that are wrong; the honest ones are not named.
    case wrongShares(by: [Int])
    /// Key material that does not belong to the group key.
    case wrongKeyShare(participant: Int)
    /// Public key material that does not have one valid point per column.
    case malformedGroupKey

    // Ceremony
    /// Not one static key for each participant.
    case wrongStaticKeyCount(Int, expected: Int)
    /// Two participants with one static key.
    case repeatedStaticKey(participant: Int, earlier: Int)
    /// A ceremony key that is nobody's in this session.
    case notAParticipant
    /// Not one message (or contribution, or certificate) from each participant.
    case wrongMessageCount(Int, expected: Int)
    /// A commitment of another length than the rule's: a raised or lowered threshold.
    case wrongCommitmentLength(dealer: Int, Int, expected: Int)
    /// A commitment that is not a point of the prime-order subgroup.
    case invalidCommitment(dealer: Int, column: Int)
    /// An ephemeral key that is not a point of the prime-order subgroup.
    case invalidEphemeralKey(dealer: Int)
    /// A proof that the dealer knows the secret behind its constant term, for this session, that does not verify.
    case invalidProofOfPossession(dealer: Int)
    /// Terms other than the ones the dealer bound itself to in round 0.
    case contributionMismatch(dealer: Int)
    /// Two dealers with the same constant term or the same ephemeral key.
    case repeatedContribution(dealer: Int, earlier: Int)
    /// Not one ciphertext for each participant.
    case wrongCiphertextCount(dealer: Int, Int, expected: Int)
    /// A ciphertext whose size does not fit the recipient's leaves.
    case wrongCiphertextSize(dealer: Int, recipient: Int, Int, expected: Int)
    /// Constant terms that sum up to nothing, which no honest dealer's can.
    case neutralGroupKey
    /// A ciphertext that does not open, or opens to a share that contradicts the dealer's commitment.
    case wrongShare(dealer: Int)
    /// A signature over the transcript that does not verify.
    case invalidCertificate(participant: Int)
    /// A certificate without valid proofs of the shares of a key that never signs.
    case invalidPossession(participant: Int)

    // Sealed ballots
    /// A ballot's content that is longer than a sealed ballot holds.
    case oversizedContent(Int, limit: Int)
    /// Not the 1168 bytes of a sealed ballot.
    case malformedBallot
    /// A sealed ballot whose proof does not hold for this label and key.
    case invalidBallot
    /// A scalar that is not the one a ballot was sealed with.
    case wrongRandomness
    /// No ballots to open, or too many at once.
    case wrongBallotCount(Int, limit: Int)
    /// Opening shares that do not fit the party's leaves and the ballots, or hold what is no point or scalar.
    case malformedOpeningShares(of: Int)
    /// Opening shares whose proof does not hold.
    case wrongOpeningShares(of: Int, leaf: Int)

    /// The participants who are to blame, ascending; empty when the mistake is the caller's or nobody's.
    public var culprits: [Int] {
        switch self {
        case .invalidNonceCommitments(let participants), .wrongShares(let participants): participants
        case .wrongCommitmentLength(let dealer, _, _), .invalidCommitment(let dealer, _),
            .invalidEphemeralKey(let dealer), .invalidProofOfPossession(let dealer),
            .contributionMismatch(let dealer), .wrongCiphertextCount(let dealer, _, _),
            .wrongCiphertextSize(let dealer, _, _, _), .wrongShare(let dealer):
            [dealer]
        case .invalidCertificate(let participant), .invalidPossession(let participant),
            .malformedOpeningShares(let participant), .wrongOpeningShares(let participant, _):
            [participant]
        case .unsortedSigners, .unknownParticipant, .idleSigner, .unqualifiedSigners, .neutralGroupCommitment,
            .ownCommitmentMissing, .otherGroupKey, .noncesOfAnother, .missingShare, .unexpectedShare, .wrongKeyShare,
            .malformedGroupKey, .wrongStaticKeyCount, .repeatedStaticKey, .notAParticipant, .wrongMessageCount,
            .repeatedContribution, .neutralGroupKey, .oversizedContent, .malformedBallot, .invalidBallot,
            .wrongRandomness, .wrongBallotCount:
            []
        }
    }
}

extension ThresholdError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unsortedSigners(let signers):
            "signers \(signers) are not in ascending order, each once"
        case .unknownParticipant(let participant):
            "participant \(participant) has no place in the rule"
        case .idleSigner(let signer):
            "signer \(signer) does not help to meet the rule in this set; leave it out"
        case .unqualifiedSigners(let signers):
            "signers \(signers) do not meet the rule"
        case .invalidNonceCommitments(let participants):
            "nonce commitments of participants \(participants) are not points of the prime-order subgroup"
        case .neutralGroupCommitment:
            "the nonce commitments cancel out; sign again with new ones"
        case .ownCommitmentMissing(let participant):
            "the package does not hold the commitment participant \(participant) made for these nonces"
        case .otherGroupKey:
            "the package is for another group key than the share"
        case .noncesOfAnother(let participant):
            "the nonces were made with the share of participant \(participant)"
        case .missingShare(let participant):
            "the share of signer \(participant) is missing"
        case .unexpectedShare(let participant):
            "a share of participant \(participant) does not belong here or is there twice"
        case .wrongShares(let participants):
            "signature shares of participants \(participants) are wrong"
        case .wrongKeyShare(let participant):
            "the key share of participant \(participant) does not belong to the group key; restore it from the seed"
        case .malformedGroupKey:
            "the group key does not have one point of the prime-order subgroup per column of the rule"
        case .wrongStaticKeyCount(let count, let expected):
            "got \(count) static keys for \(expected) participants"
        case .repeatedStaticKey(let participant, let earlier):
            "participants \(earlier) and \(participant) have the same static key"
        case .notAParticipant:
            "the ceremony key belongs to no participant of this session"
        case .wrongMessageCount(let count, let expected):
            "got \(count) messages from \(expected) participants"
        case .wrongCommitmentLength(let dealer, let count, let expected):
            "dealer \(dealer) commits to \(count) terms where the rule has \(expected): another threshold"
        case .invalidCommitment(let dealer, let column):
            "term \(column) of dealer \(dealer) is not a point of the prime-order subgroup"
        case .invalidEphemeralKey(let dealer):
            "the ephemeral key of dealer \(dealer) is not a point of the prime-order subgroup"
        case .invalidProofOfPossession(let dealer):
            "dealer \(dealer) does not prove that it knows its constant term in this session"
        case .contributionMismatch(let dealer):
            "dealer \(dealer) deals other terms than it bound itself to"
        case .repeatedContribution(let dealer, let earlier):
            "dealers \(earlier) and \(dealer) deal the same constant term or ephemeral key"
        case .wrongCiphertextCount(let dealer, let count, let expected):
            "dealer \(dealer) sends \(count) ciphertexts for \(expected) participants"
        case .wrongCiphertextSize(let dealer, let recipient, let count, let expected):
            "dealer \(dealer) sends participant \(recipient) \(count) bytes instead of \(expected)"
        case .neutralGroupKey:
            "the constant terms cancel out; begin a new attempt"
        case .wrongShare(let dealer):
            "dealer \(dealer) sent a share that does not open or contradicts its commitment"
        case .invalidPossession(let participant):
            "participant \(participant) does not prove that it holds its shares of the key"
        case .invalidCertificate(let participant):
            "participant \(participant) did not sign this transcript"
        case .oversizedContent(let count, let limit):
            "the ballot has \(count) bytes where a sealed one holds \(limit); shorten its condition"
        case .malformedBallot:
            "the sealed ballot does not have the size and form of one"
        case .invalidBallot:
            "the sealed ballot was not made for this charter, motion, party, rule and key, or was changed"
        case .wrongRandomness:
            "the ballot was not sealed with what its author reveals"
        case .wrongBallotCount(let count, let limit):
            "got \(count) ballots to open at once instead of 1 to \(limit)"
        case .malformedOpeningShares(let participant):
            "the opening shares of participant \(participant) do not have the size and form for these ballots"
        case .wrongOpeningShares(let participant, let leaf):
            "the opening shares of participant \(participant) for leaf \(leaf) are not proven"
        }
    }
}
