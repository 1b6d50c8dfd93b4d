internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// One attempt of the ceremony: what the parties said in it, and what follows (Protocol §5.8).
///
/// Every statement of an attempt that has begun is a fact whenever it comes, even one that is wrong or contradicts an earlier
/// one of its author: the conclusions say what it is worth. So the state does not depend on the order of arrival.
struct CeremonyAttempt: Sendable {
    /// One party's nonces or shares for one try of the key proofs.
    struct ProofTry: Sendable {
        var nonces = Said<[KeyNonces.Key]>()
        var shares = Said<[KeyShares.Key]>()
    }

    /// Counts from 1.
    let number: Int
    let plan: CeremonyPlan
    /// What other nodes of a simulation have found out already.
    var shared: (any SharedFindings)?

    private(set) var contributions = Said<[CeremonyContribution.Key]>()
    private(set) var dealings = Said<[CeremonyDealing.Key]>()
    private(set) var certificates = Said<[CeremonyCertificate.Key]>()
    private(set) var tries: OrderedMap<Int, ProofTry> = [:]
    private(set) var aborts = Said<CeremonyAbort>()
    private(set) var proofs: OrderedMap<RuleName, Verified<KeyProof>> = [:]
    /// Who has signed the key record.
    private(set) var recorded = PartySet()

    /// Who said two different things in one step.
    private(set) var equivocators = PartySet()
    /// Some participant has contributed or dealt in two ways.
    private(set) var isAmbiguous = false
    /// What was put together while nobody was known to contribute or deal in two ways, and what certificates name.
    private(set) var drafts: [TranscriptDraft] = []
    /// Whose certificate fits ``transcripts``.
    private(set) var certified = PartySet()
    /// Whose certificate is about other dealings than those this node holds.
    private(set) var diverging = PartySet()
    /// What certificates, complaints and key shares turned out to be.
    private(set) var faults: [CeremonyFault] = []
    /// Proofs made here that nobody has been told of.
    private(set) var unpublishedProofs: [KeyProof] = []

    init(number: Int, plan: CeremonyPlan, shared: (any SharedFindings)? = nil) {
        self.number = number
        self.plan = plan
        self.shared = shared
    }
}

// MARK: - Facts

extension CeremonyAttempt {
    /// `isLetIn` says that no limit keeps the message out: it was chosen, or the journal holds it.
    mutating func contribute(
        _ keys: [CeremonyContribution.Key],
        by party: PartyName,
        isLetIn: Bool = false
    ) -> Reception {
        let novelty = contributions.add(keys, by: party, isLetIn: isLetIn)
        return drafting(novelty, by: party, .contribution(keys, by: party))
    }

    /// As ``contribute(_:by:isLetIn:)``.
    mutating func deal(_ keys: [CeremonyDealing.Key], by party: PartyName, isLetIn: Bool = false) -> Reception {
        drafting(dealings.add(keys, by: party, isLetIn: isLetIn), by: party, .dealing(keys, by: party))
    }

    /// What is over the limit waits, since a certificate may show that it counts; no other does once the keys are proven.
    private mutating func drafting(
        _ novelty: Said<some Hashable & Sendable>.Novelty,
        by party: PartyName,
        _ news: CeremonyNews
    ) -> Reception {
        if novelty == .superfluous, !isProven { return .early }
        let reception = reception(of: novelty, by: party)
        if novelty == .conflicting, plan.participants.contains(party) { isAmbiguous = true }
        if reception == .taken { draftTranscripts(because: news) }
        return reception
    }

    mutating func certify(_ keys: [CeremonyCertificate.Key], by party: PartyName) -> Reception {
        let wasProven = isProven
        let reception = reception(of: certificates.add(keys, by: party), by: party)
        guard reception == .taken else { return reception }
        judge(keys, by: party)
        if isAmbiguous, isFirstToName(keys) { draftTranscripts(because: .certificate) }
        if isAmbiguous, isProven != wasProven { judgeAll() }
        return reception
    }

    mutating func offerProofNonces(_ nonces: KeyNonces, by party: PartyName) -> Reception {
        guard (1...Limits.keyProofTries).contains(nonces.retry) else {
            return .refused(.limit("tries of the key proof"))
        }
        guard nonces.keys.map(\.rule) == plan.signingRules(of: party).map(\.name) else {
            return .refused(.notAParticipant)
        }
        guard nonces.retry == 1 || tries[nonces.retry - 1] != nil else { return .early }
        let points = nonces.keys.flatMap { [$0.hiding, $0.binding] }
        guard points.allSatisfy({ shared?.isPoint($0) ?? (Element(encoding: $0) != nil) }) else {
            return .refused(.malformedNonces)
        }
        return reception(of: tries[nonces.retry, default: ProofTry()].nonces.add(nonces.keys, by: party), by: party)
    }

    mutating func shareProof(_ shares: KeyShares, by party: PartyName) -> Reception {
        guard let offered = tries[shares.retry]?.nonces[party] else { return .early }
        guard offered.map(\.rule) == shares.keys.map(\.rule) else { return .refused(.notAParticipant) }
        guard shares.keys.allSatisfy({ Scalar(encoding: $0.share) != nil }) else { return .refused(.malformedShare) }
        guard let novelty = tries[shares.retry]?.shares.add(shares.keys, by: party) else { return .early }
        if novelty == .first { aggregate(shares.retry) }
        return reception(of: novelty, by: party)
    }

    /// The proof names its transcript, so that it is found even when somebody dealt in two ways.
    mutating func prove(_ proof: Verified<KeyProof>) -> Reception {
        let claims = proof.value.claims
        // One that was put together here and is not persisted yet gives way to the one that came: it would be lost otherwise.
        let isUnpublished = unpublishedProofs.contains { $0.claims.rule == claims.rule }
        unpublishedProofs.removeAll { $0.claims.rule == claims.rule }
        guard proofs[claims.rule] == nil || isUnpublished else { return .refused(.alreadySaid) }
        proofs[claims.rule] = proof
        if isAmbiguous, isProven { judgeAll() }
        return .taken
    }

    mutating func record(_ record: KeyRecord, by party: PartyName) -> Reception {
        guard isProven else { return .early }
        guard record.keys == self.record else { return .refused(.keyRecordDiffers) }
        guard !recorded.contains(party) else { return .refused(.alreadySaid) }
        recorded.insert(party)
        return .taken
    }

    mutating func abort(_ abort: CeremonyAbort, by party: PartyName) -> Reception {
        let reception = reception(of: aborts.add(abort, by: party), by: party)
        if reception == .taken { judge(abort, by: party) }
        return reception
    }

    /// The proofs that are to be persisted and told to the peers.
    mutating func takeUnpublishedProofs() -> [KeyProof] {
        defer { unpublishedProofs = [] }
        return unpublishedProofs
    }

    private mutating func reception<Content>(of novelty: Said<Content>.Novelty, by party: PartyName) -> Reception {
        switch novelty {
        case .first: return .taken
        case .conflicting:
            equivocators.insert(party)
            return .taken
        case .repeated: return .refused(.alreadySaid)
        case .superfluous: return .refused(.limit("messages of one step of the ceremony"))
        }
    }
}

// MARK: - Conclusions

extension CeremonyAttempt {
    /// Puts transcripts together once everybody has contributed and dealt.
    ///
    /// When somebody did so in two ways, only what a certificate names can have been proven. What was put together before is
    /// not made again: it is the costly part.
    private mutating func draftTranscripts(because news: CeremonyNews) {
        guard !isProven else { return }
        let chosen = isAmbiguous ? namedCombinations(because: news) : [onlyParts].compactMap(\.self)
        let made = chosen.map { TranscriptDraft($0, attempt: number, plan: plan, shared: shared) }.filter { draft in
            !drafts.contains { $0.transcripts.map(\.digest) == draft.transcripts.map(\.digest) }
        }
        drafts += made
        if isAmbiguous || !made.isEmpty { judgeAll() }
    }

    /// What every participant has contributed and dealt, as long as nobody did so in two ways; `nil` until all have.
    private var onlyParts: [TranscriptDraft.Part]? {
        var parts: [TranscriptDraft.Part] = []
        for party in plan.participants {
            guard let contribution = contributions[party], let dealing = dealings[party] else { return nil }
            parts.append(TranscriptDraft.Part(party: party, contribution: contribution, dealing: dealing))
        }
        return parts
    }

    private mutating func judgeAll() {
        certified = []
        diverging = []
        faults = []
        guard !transcripts.isEmpty else { return }
        for party in certificates.parties { certificates[party].map { judge($0, by: party) } }
        for (party, abort) in aborts.everything { judge(abort, by: party) }
        for retry in tries.keys { aggregate(retry) }
    }

    private mutating func judge(_ certificate: [CeremonyCertificate.Key], by party: PartyName) {
        guard !transcripts.isEmpty else { return }
        for entry in certificate {
            guard let transcript = transcript(of: entry.rule), transcript.digest == entry.transcript.bytes else {
                diverging.insert(party)
                return
            }
            let participant = transcript.session.structure.tree.identifier(of: party)
            guard let participant, holds(entry, by: participant, in: transcript) else {
                note(CeremonyFault(.wrongCertificate, [party], rule: entry.rule))
                return
            }
        }
        certified.insert(party)
    }

    private func holds(_ entry: CeremonyCertificate.Key, by participant: Int, in transcript: Transcript) -> Bool {
        func check() -> Bool {
            (try? transcript.verify(entry.signature, by: participant)) != nil
                && provesPossession(entry, by: participant, in: transcript)
        }
        let name = CertificateName(transcript: transcript.digest, participant: participant, entry: entry)
        return shared.map { $0.holds(.certificate(name), check) } ?? check()
    }

    /// Shares of a key that never signs are proven here, those of the others by the key proofs.
    private func provesPossession(
        _ entry: CeremonyCertificate.Key,
        by participant: Int,
        in transcript: Transcript
    ) -> Bool {
        guard plan.rules.contains(where: { $0.name == entry.rule && !$0.signs }) else { return true }
        return (try? transcript.verify(possession: entry.possession, by: participant)) != nil
    }

    /// Only a complaint is judged here; the other reasons change nothing that the statements do not say by themselves.
    private mutating func judge(_ abort: CeremonyAbort, by author: PartyName) {
        guard abort.reason == .wrongShare, let rule = abort.rule, let transcript = transcript(of: rule) else { return }
        let tree = transcript.session.structure.tree
        guard let dealer = tree.identifier(of: abort.culprit), let complainer = tree.identifier(of: author) else {
            return note(CeremonyFault(.falseComplaint, [author], rule: rule))
        }
        let complaint = Complaint(dealer: dealer, complainer: complainer, bytes: abort.complaint ?? [])
        switch try? complaint.finding(in: transcript) {
        case .wrongShare: note(CeremonyFault(.wrongShare, [abort.culprit], rule: rule))
        case .rightShare, .malformed, nil: note(CeremonyFault(.falseComplaint, [author], rule: rule))
        // It may have been made for other dealings.
        case .wrongProof: note(CeremonyFault(.falseComplaint, [author], rule: rule, isConditional: true))
        }
    }

    /// Makes the proofs of a try that everybody has answered, or finds whose share is wrong.
    ///
    /// The signature is the same for all who hold the same statements.
    private mutating func aggregate(_ retry: Int) {
        for rule in plan.rules where rule.signs && proofs[rule.name] == nil {
            // The package is the costly part: it is made only when there is something to aggregate.
            guard
                let shares = shares(of: rule, in: retry), let claims = proofClaims(of: rule.name),
                let package = proofPackage(of: rule, retry: retry),
                let key = transcript(of: rule.name)?.groupKey.element
            else { continue }
            do {
                let proof = try KeyProof(claims, groupKey: key, signature: package.aggregate(shares)).verified(by: key)
                proofs[rule.name] = proof
                unpublishedProofs.append(proof.value)
            } catch let error as ThresholdError {
                note(
                    CeremonyFault(
                        .wrongKeyShare,
                        rule.names(of: error.culprits),
                        rule: rule.name,
                        retry: retry,
                        isConditional: true
                    )
                )
            } catch {
                preconditionFailure("what aggregates verifies: \(error)")
            }
        }
    }

    private func shares(of rule: CeremonyPlan.KeyedRule, in retry: Int) -> [SignatureShare]? {
        var shares: [SignatureShare] = []
        for participant in rule.structure.tree.participants {
            guard
                let entry = tries[retry]?.shares[participant.party]?.first(where: { $0.rule == rule.name }),
                let share = Scalar(encoding: entry.share)
            else { return nil }
            shares.append(SignatureShare(participant: participant.identifier, value: share))
        }
        return shares
    }

    private mutating func note(_ fault: CeremonyFault) {
        if !faults.contains(fault) { faults.append(fault) }
    }
}
