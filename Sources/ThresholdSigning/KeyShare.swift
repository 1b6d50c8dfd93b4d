public import CryptoPrimitives

/// One party's long-lived shares of a group secret, one for each of its leaves.
///
/// Noncopyable and in guarded memory; used to make nonces and signature shares (Protocol §4).
public struct KeyShare: ~Copyable, Sendable {
    /// The party's number in the rule, 1...n.
    public let participant: Int
    /// The key this is a share of; a package for another one is refused.
    public let groupKey: GroupKey
    let shares: SecretScalars

    /// Takes shares that came from storage, 32 bytes for each of the party's leaves in order, and checks each against the
    /// group key; throws ``ThresholdError/wrongKeyShare(participant:)``.
    public init(
        participant: Int,
        encoding: consuming SecretBytes,
        groupKey: GroupKey
    ) throws(ThresholdError) {
        guard (1...groupKey.structure.participantCount).contains(participant) else {
            throw .unknownParticipant(participant)
        }
        guard let shares = SecretScalars(encoding: encoding) else { throw .wrongKeyShare(participant: participant) }
        guard groupKey.matches(shares, of: participant) else { throw .wrongKeyShare(participant: participant) }
        self.init(participant: participant, checked: shares, groupKey: groupKey)
    }

    init(participant: Int, checked shares: consuming SecretScalars, groupKey: GroupKey) {
        self.participant = participant
        self.groupKey = groupKey
        self.shares = shares
    }

    /// The shares for encrypted storage, 32 bytes for each leaf in order.
    public borrowing func encoding() -> SecretBytes {
        shares.encoding()
    }

    /// Signs: this party's share of a signature over the package's message; the nonces are used up (Protocol §4.6).
    ///
    /// The nonces are gone whether this returns or throws. Throws when the package is for another key, or does not hold
    /// exactly the commitment that belongs to the nonces.
    public borrowing func sign(
        _ package: SigningPackage,
        with nonces: consuming SigningNonces
    ) throws(ThresholdError) -> SignatureShare {
        guard package.groupKey.element == groupKey.element, package.groupKey.structure.tree == groupKey.structure.tree
        else { throw .otherGroupKey }
        guard nonces.commitments.participant == participant else {
            throw .noncesOfAnother(participant: nonces.commitments.participant)
        }
        guard let position = package.position(of: participant), package.commitments[position] == nonces.commitments
        else {
            throw .ownCommitmentMissing(participant: participant)
        }
        var response = shares.weightedSum(package.weights(of: participant))
        response.multiply(by: package.challenge)
        var bound = nonces.binding
        bound.multiply(by: package.bindingFactors[position])
        response.add(bound)
        response.add(nonces.hiding)
        return SignatureShare(participant: participant, value: response.reveal())
    }
}

extension GroupKey {
    /// Whether each share times B is what the columns say; one equation per leaf.
    func matches(_ shares: borrowing SecretScalars, of participant: Int) -> Bool {
        let leaves = structure.leaves(of: participant)
        guard shares.count == leaves.count else { return false }
        for (index, leaf) in leaves.enumerated() {
            let point = shares.scalar(at: index).basePointMultiple().map(UncheckedElement.init) ?? .identity
            guard point == verificationShare(ofLeaf: leaf) else { return false }
        }
        return true
    }
}
