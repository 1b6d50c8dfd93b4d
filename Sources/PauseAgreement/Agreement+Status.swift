internal import CryptoPrimitives
package import QuorumPolicy
package import SignedStatements

extension Agreement {
    /// A snapshot for screens and scripts.
    public func status(at now: Moment) -> AgreementStatus {
        AgreementStatus(
            network: charter.network,
            charter: charter.id.description,
            party: party.text,
            isAbstaining: isAbstaining,
            asking: unanswered.map(\.text),
            ceremony: ceremonyStatus,
            parties: charter.parties.map(status(of:)),
            motions: motions.values.map { status(of: $0) },
            orders: chain.counted.map { status(of: $0.value, seq: $0.key, at: now) },
            standing: standingStatus(at: now.instant),
            equivocators: ledger.equivocators.map(\.text),
            misconduct: provenOffences.map(status(of:)),
            accusations: misconduct.accused.map(status(of:)),
            statementNumber: ledger.head(of: party)?.number ?? 0
        )
    }

    private var ceremonyStatus: CeremonyStatus {
        var keys: [String: String] = [:]
        for rule in ceremony.plan.rules {
            keys[rule.name.text] = ceremony.provenKey(of: rule.name).map { Base64URL.encode($0.bytes.array) }
        }
        let failures = ceremony.troubles.map { CeremonyFailureStatus(asKnownHere($0)) }
        return CeremonyStatus(
            stage: ceremony.stage.rawValue,
            attempt: ceremony.attempt,
            missing: ceremony.missing.map(\.text),
            since: stageSince?.description ?? "",
            problems: failures.filter { !$0.isWaiting }.map(\.sentence),
            failures: failures,
            earlier: ceremony.attempts.prefix { $0.number < ceremony.attempt }.map { attempt in
                CeremonyAttemptStatus(
                    number: attempt.number,
                    failures: ceremony.failures(of: attempt).map(CeremonyFailureStatus.init)
                )
            },
            keys: keys
        )
    }

    /// What this node alone knows of its own party: its officers have ratified, and it has not signed that yet.
    private func asKnownHere(_ trouble: CeremonyTrouble) -> CeremonyTrouble {
        guard wantsRatification, trouble.failure == .notRatified, trouble.party == party else { return trouble }
        return CeremonyTrouble(.ratifiedHere, party)
    }

    private func status(of member: Charter.Party) -> PartyStatus {
        PartyStatus(
            name: member.name.text,
            partyClass: member.partyClass.text,
            legalName: member.legalName.text,
            isVoter: charter.voters.contains(member.name),
            addresses: addresses[member.name]?.addresses.map(\.description) ?? [],
            statementNumber: ledger.head(of: member.name)?.number ?? 0,
            ceremonySteps: ceremony.steps(of: member.name).map(\.rawValue)
        )
    }

    private func status(of offence: ProvenOffence) -> OffenceStatus {
        OffenceStatus(
            party: offence.party.text,
            offence: offence.offence.rawValue,
            sentence: offence.offence.sentence,
            motion: offence.motion?.description ?? "",
            statements: offence.statements.map(\.description),
            isConditional: offence.isConditional
        )
    }

    private func status(of entry: (accuser: PartyName, accusation: Accusation)) -> AccusationStatus {
        AccusationStatus(
            accuser: entry.accuser.text,
            accused: entry.accusation.accused.text,
            offence: entry.accusation.offence.rawValue
        )
    }

    private func status(of motion: MotionState) -> MotionStatus {
        let phase = phase(of: motion)
        return MotionStatus(
            id: motion.id.description,
            proposer: motion.proposer.text,
            action: motion.motion.action.rawValue,
            rule: motion.motion.rule.text,
            seq: motion.motion.position.seq,
            round: motion.motion.position.round,
            summary: motion.motion.summary.text,
            proposedAt: motion.proposedAt.description,
            commitBy: motion.schedule.commitBy.description,
            signBy: motion.schedule.signBy.description,
            publishBy: motion.schedule.publishBy.description,
            effective: motion.schedule.effective.description,
            end: motion.schedule.end.description,
            phase: phase.rawValue,
            since: (motion.phaseSince ?? motion.proposedAt).description,
            missing: missing(in: phase, of: motion).map(\.text),
            shortfall: shortfall(of: motion, in: phase),
            voters: motion.decision.participants.map { status(of: $0.party, on: motion) },
            agreeing: motion.tally.agreeing.map(\.text),
            withdrawals: motion.tally.rounds.flatMap { $0 }.map { withdrawal in
                "\(withdrawal.party): " + withdrawal.missing.map { $0.sentence() }.joined(separator: "; ")
            },
            order: motion.order?.value.digest.description ?? "",
            coordinators: motion.signing.beginners.map(\.text)
        )
    }

    private func status(of voter: PartyName, on motion: MotionState) -> VoterStatus {
        let commitments = motion.ballots(of: voter)
        let ballots = commitments.compactMap { motion.openings[$0] }
        return VoterStatus(
            name: voter.text,
            hasCommitted: !commitments.isEmpty,
            isCertified: commitments.contains(where: motion.isCertified),
            hasClosed: motion.closes.contains(voter),
            hasOpened: !ballots.isEmpty,
            answer: ballots.map(\.words).joined(separator: " and "),
            hasSigned: motion.signing.shares.values.contains { $0[voter] != nil },
            hasPublished: chain[motion.position].receipts[voter, default: []].contains(motion.orderDigest)
        )
    }

    private func status(of order: OrderChain.CountedOrder, seq: Int, at now: Moment) -> OrderStatus {
        let motion = motions[order.motion]?.motion
        return OrderStatus(
            seq: seq,
            round: order.round,
            motion: order.motion.description,
            digest: order.digest.description,
            action: motion?.action.rawValue ?? "",
            effective: motion?.schedule.effective.description ?? "",
            end: motion?.schedule.end.description ?? "",
            state: motion.map { state(of: $0, seq: seq, at: now.instant) } ?? ""
        )
    }

    private func state(of motion: Motion, seq: Int, at now: Instant) -> String {
        let replaced = chain.counted.contains { later, order in
            later > seq && (motions[order.motion]?.schedule.effective ?? .latest) <= now
        }
        if replaced { return "replaced" }
        if now < motion.schedule.effective { return "not-yet" }
        return now < motion.schedule.end ? "in-force" : "ended"
    }
}

// MARK: - Phases

/// Where a motion stands, in the order of the protocol's steps.
public enum MotionPhase: String, Hashable, Sendable, CaseIterable {
    case waiting, committing, closing, opening, signing, publishing, published, failed, superseded
    /// An order exists and can never count.
    case void
}

extension Agreement {
    /// Where a motion stands; nil when it is not known.
    package func phase(of motion: StatementID) -> MotionPhase? { motions[motion].map(phase(of:)) }

    /// Of whom this node can prove that they lied.
    package var convicted: PartySet { PartySet(ledger.equivocators).union(PartySet(provenOffences.map(\.party))) }

    func phase(of motion: MotionState) -> MotionPhase {
        switch motion.outcome {
        case .published: return .published
        case .failed, .superseded:
            if motion.order != nil { return .void }
            // What the ballots decided does not depend on whether they or the rival order were heard of first.
            if motion.isVotedDown || motion.outcome != .superseded { return .failed }
            return .superseded
        case nil: break
        }
        return isCurrent(motion) ? motion.reached : .waiting
    }

    /// Whom a phase waits for.
    func missing(in phase: MotionPhase, of motion: MotionState) -> PartySet {
        switch phase {
        case .waiting, .published, .failed, .superseded, .void: []
        case .committing: motion.voters.subtracting(motion.certifiedVoters)
        case .closing: motion.record.parties.subtracting(motion.closes)
        case .opening: motion.certifiedVoters.subtracting(motion.openedVoters)
        case .signing: motion.tally.agreeing.subtracting(motion.signing.answerers)
        case .publishing:
            motion.record.parties.subtracting(
                chain.publishers(of: motion.orderDigest, at: motion.position)
            )
        }
    }

    private func shortfall(of motion: MotionState, in phase: MotionPhase) -> String {
        switch phase {
        case .failed, .opening, .signing, .publishing, .closing: shortfall(of: motion)
        case .void: "\(whyVoid(motion)); \(shortfall(of: motion))"
        case .waiting, .committing, .published, .superseded: ""
        }
    }

    /// Why an order can never count.
    private func whyVoid(_ motion: MotionState) -> String {
        let position = motion.position
        if let taken = chain.counted[position.seq], taken.motion != motion.id {
            return "the order never counts: motion \(taken.motion) took its place \(position.seq) of the chain"
        }
        return "the order never counts: round \(position.round) of place \(position.seq) was given up without it"
    }
}

extension CeremonyFailureStatus {
    init(_ trouble: CeremonyTrouble) {
        self.init(
            code: trouble.failure.code,
            party: trouble.party?.text ?? "",
            step: trouble.step.rawValue,
            what: trouble.failure.what,
            remedy: trouble.failure.remedy,
            accuser: trouble.accuser?.text ?? "",
            isWaiting: trouble.failure.isWaiting
        )
    }

    /// Code, party, what it did, and what to do.
    public var sentence: String {
        let source = accuser.isEmpty || accuser == party ? "" : ", says \(accuser)"
        return "\(code) \(party.isEmpty ? "the parties together" : party) \(what)\(source); \(remedy)"
    }
}

extension MotionState.OpenedBallot {
    var words: String {
        switch self {
        case .ballot(let ballot): ballot.answer.words
        case .unreadable: "unreadable"
        }
    }
}
