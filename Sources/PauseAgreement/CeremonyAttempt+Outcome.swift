internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// What an attempt has come to, as a function of its statements (Protocol §5.8).
extension CeremonyAttempt {
    /// One per rule, in the order of the plan's rules, once every dealing is in and valid.
    ///
    /// When somebody contributed or dealt in two ways, only the one that is proven counts, since every honest participant gave its shares for it.
    var transcripts: [Transcript] {
        guard isAmbiguous else { return drafts.first?.transcripts ?? [] }
        return drafts.first { isProven($0.transcripts) }?.transcripts ?? []
    }

    /// Every share of every rule's key has been proven: nothing can abort the attempt any more.
    var isProven: Bool { drafts.contains { isProven($0.transcripts) } }

    private func isProven(_ transcripts: [Transcript]) -> Bool {
        !transcripts.isEmpty
            && zip(plan.rules, transcripts).allSatisfy { rule, transcript in
                rule.signs
                    ? proofs[rule.name]?.value.claims.transcript == transcript.name : isCertified(transcript, of: rule)
            }
    }

    /// No key proof names the transcript of a key that never signs, but every certificate does, except of those who certified
    /// two things: whoever is honest certifies one transcript, and gives shares of key proofs only when all have certified it.
    private func isCertified(_ transcript: Transcript, of rule: CeremonyPlan.KeyedRule) -> Bool {
        rule.parties.allSatisfy { party in
            let all = certificates.all(of: party)
            return all.count > 1
                || all.joined().contains { $0.rule == rule.name && $0.transcript == transcript.name }
        }
    }

    /// Every party has signed the key record.
    var isFinished: Bool { recorded.count == plan.everyone.count }

    /// Something aborts the attempt, unless it is proven.
    var isDoomed: Bool { !causes.isEmpty }

    var isAborted: Bool { isDoomed && !isProven }

    /// Why the attempt cannot go on.
    ///
    /// Whoever sent different things to different parties makes others look wrong, so once that is known, what else the
    /// statements seem to show is not held against anybody.
    var causes: [CeremonyFault] {
        let seen =
            equivocators.isEmpty
            ? seenFaults : equivocators.map { CeremonyFault(.equivocation, [$0]) }
        return seen
            + aborts.everything.filter { $0.content.reason.isOwnWord }.map {
                CeremonyFault($0.content.reason, [$0.content.culprit], accuser: $0.party)
            }
    }

    /// What the statements show, whether or not it is held against anybody.
    var seenFaults: [CeremonyFault] {
        if !isAmbiguous, case .faulty(let fault)? = drafts.first { return [fault] + faults }
        return faults
    }

    /// Accusations that can be judged and that the statements do not bear out: the author is named.
    var unfounded: [CeremonyFault] {
        guard equivocators.isEmpty else { return [] }
        return aborts.everything.filter { isJudgeable($0.content) && !isBorneOut($0.content, by: $0.party) }.map {
            CeremonyFault($0.content.reason, [$0.content.culprit], rule: $0.content.rule, accuser: $0.party)
        }
    }

    private func isJudgeable(_ abort: CeremonyAbort) -> Bool {
        switch abort.reason {
        // Proof of equivocation may still come.
        case .silence, .stopped, .equivocation: false
        case .contributionMismatch, .copiedTerms, .malformedDealing, .proofOfPossession, .wrongShare: !drafts.isEmpty
        case .falseComplaint:
            !drafts.isEmpty && aborts.all(of: abort.culprit).contains { $0.reason == .wrongShare }
        case .wrongCertificate: !drafts.isEmpty && certificates[abort.culprit] != nil
        case .wrongKeyShare: tries.values.contains { $0.shares.count == plan.signers.count }
        }
    }

    /// A complaint that fails is a fault of its own.
    private func isBorneOut(_ abort: CeremonyAbort, by author: PartyName) -> Bool {
        seenFaults.contains { fault in
            fault.reason == abort.reason && fault.culprits.contains(abort.culprit)
                || abort.reason == .wrongShare && fault.reason == .falseComplaint && fault.culprits == [author]
        }
    }

    // MARK: Keys

    func transcript(of rule: RuleName) -> Transcript? {
        let transcripts = transcripts
        guard let index = plan.rules.firstIndex(where: { $0.name == rule }), transcripts.indices.contains(index) else {
            return nil
        }
        return transcripts[index]
    }

    /// The transcript of a rule with this digest, whoever certified it.
    func transcript(of rule: RuleName, named name: TranscriptDigest) -> Transcript? {
        guard let index = plan.rules.firstIndex(where: { $0.name == rule }) else { return nil }
        return drafts.lazy.map(\.transcripts).filter { !$0.isEmpty }.map { $0[index] }.first { $0.name == name }
    }

    /// The group key of a rule, once every share of it has been proven and its proof verified.
    ///
    /// The key that opens ballots is proven with the others: nobody offers a share before all certificates are there.
    func provenKey(of rule: RuleName) -> Element? {
        guard plan.rules.first(where: { $0.name == rule })?.signs == true ? proofs[rule] != nil : isProven else {
            return nil
        }
        return transcript(of: rule)?.groupKey.element
    }

    /// What every party signs at the end: rule, group key and transcript digest.
    var record: [KeyRecord.Key] {
        zip(plan.rules, transcripts).map {
            KeyRecord.Key(rule: $0.name, groupKey: $1.groupKey.element, transcript: $1.name)
        }
    }

    /// The message a rule's key signs to prove that every share of it works.
    func proofClaims(of rule: RuleName) -> KeyProofClaims? {
        transcript(of: rule).map { KeyProofClaims(charter: plan.charter.id, rule: rule, transcript: $0.name) }
    }

    /// The session of one rule, once every contribution is known.
    func session(of rule: CeremonyPlan.KeyedRule) -> CeremonySession? {
        let first = OrderedMap(plan.participants.compactMap { party in contributions[party].map { (party, $0) } })
        return CeremonySession(of: rule, attempt: number, plan: plan, first)
    }

    /// The package of one rule's proof in one try: every party signs, so that every share is proven.
    func proofPackage(of rule: CeremonyPlan.KeyedRule, retry: Int) -> SigningPackage? {
        guard let transcript = transcript(of: rule.name), let message = proofClaims(of: rule.name) else { return nil }
        var commitments: [SigningCommitments] = []
        for participant in rule.structure.tree.participants {
            guard let entry = tries[retry]?.nonces[participant.party]?.first(where: { $0.rule == rule.name }) else {
                return nil
            }
            commitments.append(
                SigningCommitments(
                    participant: participant.identifier,
                    hiding: UncheckedElement(entry.hiding),
                    binding: UncheckedElement(entry.binding)
                )
            )
        }
        let input = message.signingInput(for: transcript.groupKey.element)
        func make() -> SigningPackage? {
            try? SigningPackage(groupKey: transcript.groupKey, message: input, commitments: commitments)
        }
        return shared.map { $0.package(.proof(input, commitments), make) } ?? make()
    }
}
