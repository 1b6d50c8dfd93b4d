internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// Which statements convict their authors; no fact is refused because of it, and no duty follows from it.
extension Agreement {
    /// The offences that this node can prove, by party, in the order in which they were found.
    ///
    /// One that something else could explain is not among them once that has turned up.
    public var provenOffences: [ProvenOffence] { misconduct.all.filter { !isExplained($0) } }

    private func isExplained(_ offence: ProvenOffence) -> Bool {
        guard offence.isConditional, let attempt = offence.attempt else { return false }
        if offence.offence == .abortAndKeyShare { return hasUsedAllTries(attempt) }
        return ceremony.attempts.indices.contains(attempt - 1)
            && ceremony.attempts[attempt - 1].equivocators.contains { $0 != offence.party }
    }

    /// Whether this party has signed the accusation before.
    func hasAccused(_ accusation: Accusation) -> Bool {
        misconduct.accused.contains { $0.accuser == party && $0.accusation == accusation }
    }

    /// Notes what a statement that was taken proves, and remembers it.
    ///
    /// An opening is only taken when it fits its seal, and a receipt was held against what it names.
    mutating func noteTaken(_ statement: Statement) {
        note(offences(in: statement) + lateness(of: statement), of: statement)
    }

    /// Notes what a refused statement proves, and remembers it; what was taken has no flaw.
    mutating func noteRefused(_ statement: Statement) {
        note(flaws(of: statement) + offences(in: statement) + referenceOffences(in: statement), of: statement)
    }

    private mutating func note(_ found: [ProvenOffence], of statement: Statement) {
        for offence in found { note(offence) }
        misconduct.remember(statement, answeringWith: ownNonces(answeredBy: statement))
        noteCeremonyConduct(after: statement)
    }

    /// Whether a statement that may be taken proves something new; such a one has no flaw by itself.
    mutating func convicts(_ statement: Statement) -> Bool {
        (offences(in: statement) + referenceOffences(in: statement)).contains(where: misconduct.isNews)
    }

    /// Whether a refused statement proves something new, so that it is kept all the same.
    mutating func isProof(_ statement: Statement) -> Bool {
        convicts(statement) || flaws(of: statement).contains(where: misconduct.isNews)
    }

    /// Takes down one offence, the first time it is seen.
    mutating func note(_ offence: ProvenOffence) {
        guard misconduct.add(offence) else { return }
        report(.misconduct(offence.party, offence.offence, offence.statements))
    }

    /// A receipt ascribes a commitment to another party than its author.
    mutating func noteMisattribution(by recorder: PartyName, in receipt: StatementID, of motion: StatementID) {
        note(ProvenOffence(.misattributedReceipt, of: recorder, in: [receipt], motion: motion))
    }

    /// A signature share was found wrong by the individual check.
    mutating func noteWrongShare(of signer: PartyName, in package: StatementID, of motion: StatementID) {
        let share = misconduct.ledger.statement(of: signer, whoseSecondIs: .twoSharesForOnePackage, about: package)
        guard let share else { return }
        note(ProvenOffence(.wrongSignatureShare, of: signer, in: [share], motion: motion))
    }

    mutating func accused(_ accusation: Accusation, by accuser: PartyName) -> Reception {
        let reception = misconduct.accuse(accusation, by: accuser)
        if reception == .taken { report(.accused(accusation.accused, accusation.offence, by: accuser)) }
        return reception
    }
}

// MARK: - Judging

extension Agreement {
    /// What the author's own statements contradict.
    private mutating func offences(in statement: Statement) -> [ProvenOffence] {
        let motion = statement.body.motion
        let answered = ownNonces(answeredBy: statement).flatMap {
            misconduct.ledger.contradiction(of: statement, answeringWith: $0)
        }
        let contradictions = misconduct.contradictions(of: statement) + (answered.map { [$0] } ?? [])
        return contradictions.map {
            ProvenOffence(
                $0.offence,
                of: $0.party,
                in: $0.statements,
                motion: motion,
                attempt: statement.body.ceremonyAttempt,
                isConditional: $0.isConditional
            )
        }
    }

    private func flaws(of statement: Statement) -> [ProvenOffence] {
        let (party, motion) = (statement.head.party, statement.body.motion)
        return statement.flaw.map { [ProvenOffence($0, of: party, in: [statement.id], motion: motion)] } ?? []
    }

    /// After the last try an attempt may be stopped by a party that has given its share.
    private func hasUsedAllTries(_ attempt: Int) -> Bool {
        ceremony.attempts.indices.contains(attempt - 1)
            && ceremony.attempts[attempt - 1].tries.count == Limits.keyProofTries
    }

    /// The nonce commitment of its author that a signature share uses up.
    private func ownNonces(answeredBy statement: Statement) -> StatementID? {
        guard
            statement.kind == .signatureShare, case .signatureShare(let share) = statement.body,
            let signing = motions[share.motion]?.signing
        else { return nil }
        return signing.sessions[share.package]?.offers.first { signing.offers[$0]?.signer == statement.head.party }
    }

    /// What a statement says of another that it names, compared with that one.
    private func referenceOffences(in statement: Statement) -> [ProvenOffence] {
        lateness(of: statement) + falsehoods(in: statement)
    }

    /// A receipt whose own date lies after the deadline of its motion.
    private func lateness(of statement: Statement) -> [ProvenOffence] {
        guard let motion = statement.body.motion, let schedule = motions.schedule(of: motion) else { return [] }
        let offence: Offence
        switch statement.body {
        case .receipt where statement.head.at >= schedule.commitBy: offence = .receiptAfterDeadline
        case .publicationReceipt where statement.head.at >= schedule.publishBy:
            offence = .publicationReceiptAfterDeadline
        default: return []
        }
        return [ProvenOffence(offence, of: statement.head.party, in: [statement.id], motion: motion)]
    }

    /// What a statement says of a commitment, and is not so.
    private func falsehoods(in statement: Statement) -> [ProvenOffence] {
        let (party, id) = (statement.head.party, statement.id)
        guard let motion = statement.body.motion, motions.contains(motion) else { return [] }
        switch statement.body {
        case .receipt(let body):
            let isMisattributed = motions.isMisattributed(body)
            return isMisattributed ? [ProvenOffence(.misattributedReceipt, of: party, in: [id], motion: motion)] : []
        case .opening(let body):
            guard let sealed = motions.commitment(body.commitment, on: motion) else { return [] }
            return offences(in: body, statement, of: sealed)
        default: return []
        }
    }

    private func offences(
        in opening: Opening,
        _ statement: Statement,
        of sealed: MotionState.SealedBallot
    ) -> [ProvenOffence] {
        // Under `opening guaranteed` the ballot opens all the same, and an opening that lies about it is merely refused.
        guard case .digest(let digest) = sealed.seal else { return [] }
        let (party, motion) = (statement.head.party, opening.motion)
        guard sealed.author == party else {
            return [ProvenOffence(.openingOfAnother, of: party, in: [statement.id], motion: motion)]
        }
        let opened = opening.ballot.digest(charter: charter.id, motion: motion, party: party, salt: opening.salt)
        guard opened != digest else { return [] }
        let both = [opening.commitment, statement.id]
        return [ProvenOffence(.openingMismatch, of: party, in: both, motion: motion)]
    }
}
