internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// What the statements of an attempt prove, for as far as more than two of one party show it (Protocol §5.8, §7.10).
extension Agreement {
    /// Takes down what a statement of the ceremony has brought to light in its attempt.
    mutating func noteCeremonyConduct(after statement: Statement) {
        guard
            let number = statement.body.ceremonyAttempt, ceremony.attempts.indices.contains(number - 1)
        else { return }
        let attempt = ceremony.attempts[number - 1]
        for fault in attempt.seenFaults {
            for culprit in fault.culprits { offences(of: culprit, by: fault, in: attempt).forEach { note($0) } }
        }
    }

    /// What a fault is called as an offence of a culprit, and which of its statements show it; none if it takes more than
    /// the culprit has signed itself.
    private func offences(
        of culprit: PartyName,
        by fault: CeremonyFault,
        in attempt: CeremonyAttempt
    ) -> [ProvenOffence] {
        func said(_ step: Offence, retry: Int = 0) -> StatementID? {
            misconduct.ledger.statement(of: culprit, whoseSecondIs: step, attempt: attempt.number, retry: retry)
        }
        func offence(_ offence: Offence, _ shown: StatementID?...) -> ProvenOffence {
            ProvenOffence(
                offence,
                of: culprit,
                in: shown.compactMap(\.self),
                attempt: attempt.number,
                isConditional: fault.isConditional
            )
        }
        switch fault.reason {
        case .contributionMismatch:
            let own = [offence(.contributionMismatch, said(.twoContributions), said(.twoDealings))]
            guard attempt.hasCopied(culprit) else { return own }
            return own + [offence(.copiedTerms, said(.twoContributions), said(.twoDealings))]
        case .copiedTerms: return [offence(.copiedTerms, said(.twoContributions), said(.twoDealings))]
        case .malformedDealing: return [offence(.malformedDealing, said(.twoDealings))]
        case .proofOfPossession: return [offence(.wrongProofOfPossession, said(.twoDealings))]
        case .wrongShare: return [offence(.wrongDealtShare, said(.twoDealings))]
        case .falseComplaint: return [offence(.falseComplaint, said(.twoAborts))]
        case .wrongCertificate: return [offence(.wrongCertificate, said(.twoCertificates))]
        case .wrongKeyShare:
            // Who certified other dealings than these has made its share for those.
            guard attempt.certified.contains(culprit), let retry = fault.retry else { return [] }
            return [offence(.wrongKeyShare, said(.twoCertificates), said(.twoKeyShares, retry: retry))]
        case .equivocation, .silence, .stopped: return []
        }
    }
}

extension CeremonyAttempt {
    /// Whether a dealer that had committed to something else has dealt another one's terms.
    fileprivate func hasCopied(_ dealer: PartyName) -> Bool {
        guard let own = dealings[dealer] else { return false }
        return dealings.everything.contains { party, keys in
            party != dealer
                && keys.contains { other in
                    own.contains {
                        $0.rule == other.rule
                            && ($0.commitment.first == other.commitment.first || $0.ephemeral == other.ephemeral)
                    }
                }
        }
    }
}
