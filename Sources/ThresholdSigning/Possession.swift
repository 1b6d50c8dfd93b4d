internal import CryptoPrimitives

/// Proofs that a party holds its shares of a key that never signs (Protocol §5.5).
///
/// A signing key proves its shares by a signature of all; the key that opens ballots has this instead.
extension Transcript {
    /// A tagged Schnorr signature per leaf share, 64 bytes each; always the same for the same transcript.
    ///
    /// Throws ``ThresholdError/otherGroupKey`` for shares of another key.
    public func possession(of share: borrowing OpeningKeyShare) throws(ThresholdError) -> [[UInt8]] {
        guard share.groupKey == groupKey else { throw .otherGroupKey }
        var proofs: [[UInt8]] = []
        for (index, leaf) in session.structure.leaves(of: share.participant).enumerated() {
            guard let point = Element(encoding: groupKey.verificationShare(ofLeaf: leaf).bytes) else {
                throw .wrongKeyShare(participant: share.participant)
            }
            proofs.append(TaggedSchnorr.sign(message(of: leaf), with: share.scalar(at: index), publicKey: point))
        }
        return proofs
    }

    /// Throws ``ThresholdError/invalidPossession(participant:)`` unless there is a proof of every leaf share of the participant.
    public func verify(possession proofs: [[UInt8]], by participant: Int) throws(ThresholdError) {
        guard (1...messages.count).contains(participant) else { throw .unknownParticipant(participant) }
        let leaves = session.structure.leaves(of: participant)
        let areValid =
            proofs.count == leaves.count
            && zip(proofs, leaves).allSatisfy { proof, leaf in
                TaggedSchnorr.isValid(proof, of: message(of: leaf), by: groupKey.verificationShare(ofLeaf: leaf))
            }
        guard areValid else { throw .invalidPossession(participant: participant) }
    }

    private func message(of leaf: Int) -> [UInt8] {
        .ascii("STANDSTILL-POSSESSION-v1") + digest + .littleEndian32(leaf)
    }
}
