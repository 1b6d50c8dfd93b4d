internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// What this party owes the ceremony (Protocol §5), judged by the facts alone.
extension Agreement {
    func ceremonyDuties(at now: Moment) -> [Effect] {
        let attempt = ceremony.current
        let duties: [Effect] =
            switch ceremony.stage(of: attempt) {
            case .ratifying, .aborted: ratificationDuty()
            case .contributing: contributionDuty(attempt)
            case .dealing: dealingDuty(attempt)
            case .certifying: certificateDuty(attempt)
            case .proving: recoveryDuty(attempt) + proofDuty(attempt)
            case .recording: recoveryDuty(attempt) + recordDuty(attempt)
            case .finished: recoveryDuty(attempt)
            }
        return forgettingDuty(attempt) + duties
    }

    /// The shares of the present attempt are in memory.
    var holdsShares: Bool { attemptOfShares == ceremony.attempt }

    private var isParticipant: Bool { ceremony.plan.participants.contains(party) }

    /// Shares of an attempt that is given up are of no use to anybody but a thief.
    private func forgettingDuty(_ attempt: CeremonyAttempt) -> [Effect] {
        guard let held = attemptOfShares, held != attempt.number || attempt.isAborted else { return [] }
        return [.perform(.forgetShares)]
    }

    /// To take part in the first attempt was agreed with the charter; in a later one the operator decides.
    private func contributionDuty(_ attempt: CeremonyAttempt) -> [Effect] {
        guard isParticipant, attempt.number == 1, attempt.contributions[party] == nil else { return [] }
        return contribution(to: 1)
    }

    /// This party's contribution to an attempt.
    func contribution(to attempt: Int) -> [Effect] {
        let rules = ceremony.plan.rules(of: party).map {
            SecretWork.Contributed(name: $0.name, structure: $0.structure)
        }
        return [.perform(.contribute(attempt: attempt, rules: rules))]
    }

    private func ratificationDuty() -> [Effect] {
        guard wantsRatification, !ceremony.hasRatified(party) else { return [] }
        return [.issue(.ratification(Ratification(network: charter.network, title: charter.title)))]
    }

    private func dealingDuty(_ attempt: CeremonyAttempt) -> [Effect] {
        guard isParticipant, attempt.dealings[party] == nil, let own = attempt.contributions[party] else { return [] }
        let dealt = zip(ceremony.plan.rules(of: party), own).compactMap { rule, entry in
            attempt.session(of: rule).map {
                SecretWork.Dealt(rule: rule.name, session: $0, random: entry.random)
            }
        }
        return [.perform(.deal(attempt: attempt.number, dealt))]
    }

    private func recoverable(_ attempt: CeremonyAttempt) -> [SecretWork.Recovered] {
        ceremony.plan.rules(of: party).compactMap { rule in
            attempt.transcript(of: rule.name).map {
                SecretWork.Recovered(rule: rule.name, transcript: $0, provesPossession: !rule.signs)
            }
        }
    }

    private func certificateDuty(_ attempt: CeremonyAttempt) -> [Effect] {
        guard isParticipant else { return [] }
        guard attempt.certificates[party] == nil else { return recoveryDuty(attempt) }
        return [.perform(.certify(attempt: attempt.number, recoverable(attempt)))]
    }

    /// After a restart the shares come back from the seed and the transcript.
    private func recoveryDuty(_ attempt: CeremonyAttempt) -> [Effect] {
        guard isParticipant, !holdsShares else { return [] }
        return [.perform(.recoverShares(attempt: attempt.number, recoverable(attempt)))]
    }

    /// Every party signs one package per rule.
    ///
    /// A party that restarted has lost its nonces and opens the next try.
    private func proofDuty(_ attempt: CeremonyAttempt) -> [Effect] {
        guard holdsShares, ceremony.plan.signers.contains(party) else { return [] }
        let newest = attempt.tries.last?.key ?? 1
        let current = attempt.tries[newest] ?? CeremonyAttempt.ProofTry()
        let rules = ceremony.plan.signingRules(of: party)
        if current.nonces[party] == nil { return offerDuty(newest, in: attempt) }
        guard current.shares[party] == nil else { return [] }
        guard liveProofTry == ProofTryName(attempt: attempt.number, retry: newest) else {
            return newest < Limits.keyProofTries ? offerDuty(newest + 1, in: attempt) : []
        }
        let asked = rules.compactMap { rule in
            attempt.proofPackage(of: rule, retry: newest).map { SecretWork.Asked(rule: rule.name, package: $0) }
        }
        guard asked.count == rules.count else { return [] }
        return [.perform(.answerProofs(ProofTryName(attempt: attempt.number, retry: newest), asked))]
    }

    private func offerDuty(_ retry: Int, in attempt: CeremonyAttempt) -> [Effect] {
        let rules = ceremony.plan.signingRules(of: party).map(\.name)
        return [.perform(.offerProofs(ProofTryName(attempt: attempt.number, retry: retry), rules: rules))]
    }

    /// One record in the life of the charter: so at most one attempt is ever finished.
    private func recordDuty(_ attempt: CeremonyAttempt) -> [Effect] {
        guard ceremony.recordedAttempt(of: party) == nil else { return [] }
        return [.issue(.keyRecord(KeyRecord(attempt: attempt.number, keys: attempt.record)))]
    }

    // MARK: Operator

    /// The number of the attempt that this party may join now.
    func attemptToJoin() throws(ParticipantError) -> Int {
        let attempt = ceremony.current
        guard isParticipant else { throw .noCeremonyPart }
        guard !attempt.isFinished else { throw .nothingToRetry(.finished) }
        if let recorded = ceremony.recordedAttempt(of: party) { throw .keyRecordSigned(attempt: recorded) }
        if attempt.number > 1, attempt.contributions[party] == nil, !attempt.isAborted { return attempt.number }
        guard attempt.isAborted else { throw .nothingToRetry(ceremony.stage) }
        guard attempt.number < Limits.ceremonyAttempts else { throw .tooManyCeremonyAttempts }
        return attempt.number + 1
    }

    /// The statement by which this party gives up the present attempt.
    func abort(blaming culprit: PartyName?) throws(ParticipantError) -> CeremonyAbort {
        let attempt = ceremony.current
        let stage = ceremony.stage(of: attempt)
        guard !attempt.isAborted, attempt.aborts[party] == nil, stage != .finished, stage != .recording else {
            throw .nothingToStop(stage)
        }
        // With this share the others may complete the proofs at any time.
        guard
            attempt.tries.count == Limits.keyProofTries
                || !attempt.tries.values.contains(where: { $0.shares[party] != nil })
        else { throw .keyShareGiven }
        if let culprit {
            guard charter.party(culprit) != nil else { throw .unknownParty(culprit) }
            guard ceremony.missing.contains(culprit) else { throw .notMissing(culprit, stage) }
        }
        return CeremonyAbort(
            attempt: attempt.number,
            reason: culprit == nil || culprit == party ? .stopped : .silence,
            culprit: culprit ?? party,
            rule: nil,
            complaint: nil
        )
    }
}
