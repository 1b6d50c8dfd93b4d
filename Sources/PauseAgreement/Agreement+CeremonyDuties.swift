internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// What this party owes the ceremony (Protocol §5), judged by the facts alone.
extension Agreement {
    func ceremonyDuties(at now: Moment) -> [Effect] {
        switch ceremony.stage {
        case .ratifying: ratificationDuty()
        case .aborted: []
        case .contributing: contributionDuty()
        case .dealing: dealingDuty()
        case .certifying: certificateDuty()
        case .proving: recoveryDuty() + proofDuty()
        case .recording: recoveryDuty() + recordDuty()
        case .finished: recoveryDuty()
        }
    }

    private var isParticipant: Bool { ceremony.participants.contains(party) }

    private func ratificationDuty() -> [Effect] {
        guard wantsRatification, !ceremony.hasRatified(party) else { return [] }
        return [.issue(.ratification(Ratification(network: charter.network, title: charter.title)))]
    }

    private func contributionDuty() -> [Effect] {
        guard isParticipant, ceremony.contributions[party] == nil else { return [] }
        let rules = ceremony.rules(of: party).map { SecretWork.Contributed(name: $0.name, structure: $0.structure) }
        return [.perform(.contribute(attempt: ceremony.attempt, rules: rules))]
    }

    private func dealingDuty() -> [Effect] {
        guard isParticipant, ceremony.dealings[party] == nil, let own = ceremony.contributions[party] else { return [] }
        let dealt = zip(ceremony.rules(of: party), own).compactMap { rule, entry in
            ceremony.session(of: rule).map {
                SecretWork.Dealt(rule: rule.name, session: $0, random: entry.random)
            }
        }
        return [.perform(.deal(attempt: ceremony.attempt, dealt))]
    }

    private var recoverable: [SecretWork.Recovered] {
        ceremony.rules(of: party).compactMap { rule in
            ceremony.transcript(of: rule.name).map { SecretWork.Recovered(rule: rule.name, transcript: $0) }
        }
    }

    private func certificateDuty() -> [Effect] {
        guard isParticipant else { return [] }
        guard !ceremony.certified.contains(party) else { return recoveryDuty() }
        return [.perform(.certify(attempt: ceremony.attempt, recoverable))]
    }

    /// After a restart the shares come back from the seed and the transcript.
    private func recoveryDuty() -> [Effect] {
        guard isParticipant, !holdsShares else { return [] }
        return [.perform(.recoverShares(recoverable))]
    }

    /// Every party signs one package per rule.
    ///
    /// A party that restarted has lost its nonces and opens the next try.
    private func proofDuty() -> [Effect] {
        guard holdsShares else { return [] }
        let newest = ceremony.tries.last?.key ?? 1
        let current = ceremony.tries[newest] ?? KeyCeremony.ProofTry()
        let rules = ceremony.rules(of: party)
        if current.nonces[party] == nil {
            return [.perform(.offerProofs(attempt: ceremony.attempt, retry: newest, rules: rules.map(\.name)))]
        }
        if current.shares[party] == nil {
            guard liveProofTry == newest else { return nextTry(after: newest, rules) }
            let asked = rules.compactMap { rule in
                ceremony.proofPackage(of: rule, retry: newest).map { SecretWork.Asked(rule: rule.name, package: $0) }
            }
            guard asked.count == rules.count else { return [] }
            return [.perform(.answerProofs(attempt: ceremony.attempt, retry: newest, asked))]
        }
        return []
    }

    private func nextTry(after newest: Int, _ rules: [KeyCeremony.KeyedRule]) -> [Effect] {
        guard newest < Limits.keyProofTries else { return [] }
        return [
            .perform(.offerProofs(attempt: ceremony.attempt, retry: newest + 1, rules: rules.map(\.name)))
        ]
    }

    /// Anyone who holds all shares of a try makes the proofs.
    ///
    /// The signature is the same for all.
    mutating func assembleProofs() -> [Item] {
        guard ceremony.stage == .proving, let newest = ceremony.tries.last else { return [] }
        var items: [Item] = []
        for rule in ceremony.rules where ceremony.proofs[rule.name] == nil {
            // The package is the costly part: it is made only when there is something to aggregate.
            guard
                let shares = proofShares(of: rule, in: newest.value),
                let claims = ceremony.proofClaims(of: rule.name),
                let package = ceremony.proofPackage(of: rule, retry: newest.key),
                let transcript = ceremony.transcript(of: rule.name)
            else { continue }
            do {
                let signature = try package.aggregate(shares)
                let key = transcript.groupKey.element
                let proof = try KeyProof(claims, groupKey: key, signature: signature).verified(by: key)
                items.append(.keyProof(proof.value))
                _ = ceremony.prove(proof)
            } catch {
                reportFaultyProof(of: rule, package, shares)
            }
        }
        return items
    }

    private func proofShares(of rule: KeyCeremony.KeyedRule, in attempt: KeyCeremony.ProofTry) -> [SignatureShare]? {
        var shares: [SignatureShare] = []
        for participant in rule.structure.tree.participants {
            guard
                let entry = attempt.shares[participant.party]?.first(where: { $0.rule == rule.name }),
                let share = Scalar(encoding: entry.share)
            else { return nil }
            shares.append(.init(participant: participant.identifier, value: share))
        }
        return shares
    }

    private mutating func reportFaultyProof(
        of rule: KeyCeremony.KeyedRule,
        _ package: SigningPackage,
        _ shares: [SignatureShare]
    ) {
        for culprit in package.culprits(among: shares) {
            guard let name = rule.structure.tree.participants.first(where: { $0.identifier == culprit })?.party else {
                continue
            }
            report(.ceremonyAborted(culprit: name, reason: "its share of rule \(rule.name) does not work", by: party))
        }
    }

    private func recordDuty() -> [Effect] {
        guard !ceremony.recorded.contains(party) else { return [] }
        return [.issue(.keyRecord(KeyRecord(attempt: ceremony.attempt, keys: ceremony.record)))]
    }
}
