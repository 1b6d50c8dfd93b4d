internal import CryptoPrimitives

extension Transcript {
    /// Opens this party's shares from all dealers and adds them up: after the ceremony, or from the seed years later.
    ///
    /// Checks one equation per leaf against the summed commitments, and looks at single dealers only when it fails: throws
    /// ``ThresholdError/wrongShare(dealer:)`` with the first dealer whose share does not open or does not fit. Such a dealer
    /// can be shown to be wrong with ``complaint(against:by:)``.
    public func recoverShares(with key: borrowing CeremonyKey) throws(ThresholdError) -> KeyShare {
        let participant = try session.participant(key)
        var sum = SecretScalars(zeros: session.structure.leaves(of: participant).count)
        for dealer in 1...messages.count {
            guard let shares = open(from: dealer, to: participant, with: key) else {
                throw .wrongShare(dealer: dealer)
            }
            sum.add(shares)
        }
        guard groupKey.matches(sum, of: participant) else {
            throw wrongDealer(for: participant, with: key)
        }
        return KeyShare(participant: participant, checked: sum, groupKey: groupKey)
    }

    /// Whether a dealer's shares for a participant are the ones its own commitment promises.
    func areConsistent(_ shares: borrowing SecretScalars, from dealer: Int, to participant: Int) -> Bool {
        let commitment = messages[dealer - 1].commitment
        for (index, leaf) in session.structure.leaves(of: participant).enumerated() {
            let point = shares.scalar(at: index).basePointMultiple().map(UncheckedElement.init) ?? .identity
            guard session.structure.rows[leaf].combine(commitment) == point else { return false }
        }
        return true
    }

    func cipher(from dealer: Int, to participant: Int) -> ShareCipher {
        ShareCipher(
            dealer: session.staticKeys[dealer - 1],
            recipient: session.staticKeys[participant - 1],
            ephemeralKey: messages[dealer - 1].ephemeralKey,
            context: session.context
        )
    }

    private func open(
        from dealer: Int,
        to participant: Int,
        with key: borrowing CeremonyKey
    ) -> SecretScalars? {
        let cipher = cipher(from: dealer, to: participant)
        guard
            let ephemeral = key.secret.diffieHellman(cipher.ephemeralKey),
            let staticSecret = key.secret.diffieHellman(UncheckedElement(cipher.dealer))
        else { preconditionFailure("a checked transcript holds points of prime order only") }
        return cipher.open(
            messages[dealer - 1].ciphertexts[participant - 1],
            ephemeral: ephemeral,
            static: staticSecret
        )
    }

    private func wrongDealer(for participant: Int, with key: borrowing CeremonyKey) -> ThresholdError {
        for dealer in 1...messages.count {
            guard let shares = open(from: dealer, to: participant, with: key),
                areConsistent(shares, from: dealer, to: participant)
            else { return .wrongShare(dealer: dealer) }
        }
        preconditionFailure("shares that each fit their commitment fit the sum of the commitments")
    }
}
