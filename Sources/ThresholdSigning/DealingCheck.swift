public import CryptoPrimitives
internal import QuorumPolicy

extension CeremonySession {
    /// Checks one dealer's message as far as anybody can who is not its recipient, for instance on arrival.
    ///
    /// Sizes first, then the commitment of round 0, then the proof of possession. Whether the terms past the constant one
    /// are in the prime-order subgroup is checked on the sum of all dealers, by ``Transcript``.
    public func check(
        _ message: DealingMessage,
        from dealer: Int,
        contribution: Bytes32
    ) throws(ThresholdError) {
        try checkSizes(message, from: dealer)
        let expected = Contribution.commitment(
            party: structure.tree.participants[dealer - 1].party,
            constantTerm: message.commitment[0],
            ephemeralKey: message.ephemeralKey
        )
        guard expected == contribution else { throw .contributionMismatch(dealer: dealer) }
        try checkProof(message, from: dealer)
    }

    func check(_ message: DealingMessage, from dealer: Int) throws(ThresholdError) {
        try checkSizes(message, from: dealer)
        try checkProof(message, from: dealer)
    }

    private func checkSizes(_ message: DealingMessage, from dealer: Int) throws(ThresholdError) {
        guard (1...structure.participantCount).contains(dealer) else { throw .unknownParticipant(dealer) }
        guard message.commitment.count == structure.columnCount else {
            throw .wrongCommitmentLength(
                dealer: dealer,
                message.commitment.count,
                expected: structure.columnCount
            )
        }
        guard message.ciphertexts.count == structure.participantCount else {
            throw .wrongCiphertextCount(
                dealer: dealer,
                message.ciphertexts.count,
                expected: structure.participantCount
            )
        }
        for (index, ciphertext) in message.ciphertexts.enumerated() {
            let expected = ShareCipher.ciphertextCount(leaves: structure.leaves(of: index + 1).count)
            guard ciphertext.count == expected else {
                throw .wrongCiphertextSize(
                    dealer: dealer,
                    recipient: index + 1,
                    ciphertext.count,
                    expected: expected
                )
            }
        }
    }

    private func checkProof(_ message: DealingMessage, from dealer: Int) throws(ThresholdError) {
        if let column = message.commitment.firstIndex(where: { !$0.isCanonical }) {
            throw .invalidCommitment(dealer: dealer, column: column)
        }
        guard Element(encoding: message.ephemeralKey.bytes) != nil else {
            throw .invalidEphemeralKey(dealer: dealer)
        }
        let statement = message.possessionMessage(in: self)
        guard TaggedSchnorr.isValid(message.proofOfPossession, of: statement, by: message.commitment[0]) else {
            throw .invalidProofOfPossession(dealer: dealer)
        }
    }
}

/// The sum of all dealers' commitments, with one subgroup check per column instead of one per dealer and column.
enum CommitmentSum {
    /// D points of the prime-order subgroup, or the identity past column 0.
    ///
    /// A dealer that lets its last term cancel the others' cannot deal matching shares, so it is found like any other that
    /// deals wrong ones; refusing the identity here would let it stop the ceremony without being named.
    static func columns(of messages: [DealingMessage]) throws(ThresholdError) -> [UncheckedElement] {
        var columns = messages[0].commitment
        for (index, message) in messages.enumerated().dropFirst() {
            for column in columns.indices {
                guard let sum = columns[column] + message.commitment[column] else {
                    // An operand off the curve; the sum so far is on it unless it is the first dealer's own term.
                    let isFirst = Element(encoding: columns[column].bytes) == nil && index == 1
                    throw .invalidCommitment(dealer: isFirst ? 1 : index + 1, column: column)
                }
                columns[column] = sum
            }
        }
        for (column, sum) in columns.enumerated() where sum != .identity && Element(encoding: sum.bytes) == nil {
            throw culprit(of: column, messages)
        }
        return columns
    }

    private static func culprit(of column: Int, _ messages: [DealingMessage]) -> ThresholdError {
        for (index, message) in messages.enumerated() where Element(encoding: message.commitment[column].bytes) == nil {
            return .invalidCommitment(dealer: index + 1, column: column)
        }
        preconditionFailure("a sum of points of the subgroup is in the subgroup")
    }
}
