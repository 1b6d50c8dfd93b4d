internal import BallotSealing
internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// Ballots that are lodged in advance, and what this party owes them (Protocol §7.11).
extension Agreement {
    /// Takes in a standing ballot; one whose public check fails is refused, so that recorded implies openable.
    mutating func lodge(_ body: StandingBallot, _ statement: Statement, at now: Moment) -> Reception {
        let author = statement.head.party
        // What is dated later would look unsaid to a party that writes off what it has lost.
        guard let sealing = sealing(), !isAhead(statement, at: now) else { return .early }
        guard
            isReplaying || standing.hasRoom(for: author, at: now.instant)
                || motions.values.contains(where: {
                    $0.awaits(standing: statement.id) && $0.voters.contains(author) && body.pattern.matches($0.motion)
                })
        else { return .early }
        let subject = BallotSealing.Subject(party: author, pattern: body.pattern)
        guard let openable = openableBallot(body.seal, as: subject, in: statement, sealing) else {
            return .refused(.malformedBallot)
        }
        standing.lodge(
            statement.id,
            StandingBallots.Lodged(
                pattern: body.pattern,
                lodgedAt: statement.head.at,
                sealed: MotionState.SealedBallot(
                    author: author,
                    subject: subject,
                    seal: body.seal,
                    openable: openable,
                    isStanding: true
                )
            )
        )
        report(.lodged(statement.id, by: author))
        return .taken
    }

    mutating func revoke(_ body: StandingRevocation, _ statement: Statement, at now: Moment) -> Reception {
        guard let ballot = standing.ballots[body.ballot], !isAhead(statement, at: now) else { return .early }
        guard ballot.author == statement.head.party else { return .refused(.commitmentOfAnother) }
        guard standing.revoke(body.ballot, by: statement.id, at: statement.head.at) else {
            return .refused(.limit("revocations of one standing ballot"))
        }
        report(.revoked(body.ballot, by: ballot.author))
        return .taken
    }

    /// Takes in a recorder's word on what was lodged or taken back, or that a standing ballot counts for a motion.
    mutating func receipt(_ body: StandingReceipt, by head: StatementHead) -> Reception {
        guard charter.recordRule.tree.parties.contains(head.party) else { return .refused(.notAVoter) }
        if let motion = body.motion { return serve(motion, by: head.party, with: body.statement) }
        guard standing.contains(body.statement) else { return .early }
        let isNew = standing.receipt(body.statement, by: head.party, at: head.at, isOwn: head.party == party)
        return isNew ? .taken : .refused(.alreadySaid)
    }

    private mutating func serve(_ id: StatementID, by recorder: PartyName, with ballot: StatementID) -> Reception {
        guard let motion = motions[id], let lodged = standing.ballots[ballot] else { return .early }
        guard motion.voters.contains(lodged.author), lodged.pattern.matches(motion.motion) else {
            return .refused(.wrongStandingBallot)
        }
        switch motions[id]?.serve(ballot, lodged.sealed, by: recorder) {
        case .counted(let certified, _):
            for author in certified { report(.certified(id, by: author)) }
            return .taken
        case nil, .early, .ofAnother, .repeated: return .refused(.alreadySaid)
        }
    }

    /// What a recorder lets count for a motion is taken, however much its author has lodged elsewhere.
    mutating func awaitStanding(of statement: Statement) -> [Effect] {
        guard
            case .standingReceipt(let body) = statement.body, let motion = body.motion.flatMap({ motions[$0] }),
            motion.record.parties.contains(statement.head.party), standing.ballots[body.statement] == nil,
            motions[motion.id]?.await(standing: body.statement, by: statement.head.party) == true
        else { return [] }
        return [.retryParked]
    }

    // MARK: Duties

    /// Receipts for what was lodged and taken back; dated by this node's clock, so only while that is trusted.
    mutating func standingDuties(at now: Moment) -> [Effect] {
        guard
            !standing.awaitingReceipt.isEmpty, charter.recordRule.tree.parties.contains(party),
            ceremony.stage == .finished, hasTrustedClock
        else { return [] }
        for id in standing.awaitingReceipt where !mayReceipt(id, at: now.instant) { standing.forgetReceipt(of: id) }
        return standing.awaitingReceipt.map { .issue(.standingReceipt(StandingReceipt(statement: $0))) }
    }

    /// A receipt for what has ended says nothing, and one for what was lodged before statements were lost may be the second.
    private func mayReceipt(_ id: StatementID, at now: Instant) -> Bool {
        guard let said = standing.date(of: id), !mayHaveSpoken(since: said) else { return false }
        return standing.ballots[id].map { now <= $0.pattern.until } ?? true
    }

    /// The standing ballots that this party lets count for a motion as it closes it.
    ///
    /// One serves one motion: not while this party has let it count for another open one, or may have and does not know it
    /// any more, and not when it is to be opened for another.
    func serving(_ motion: MotionState, besides engaged: [StatementID]) -> [StatementID] {
        guard let notice = charter.limits.standingNotice, !standing.isEmpty else { return [] }
        return standing.serving(motion, notice: notice, tolerance: charter.limits.clockTolerance) { id in
            !engaged.contains(id)
                && !motions.values.contains { $0.id != motion.id && ($0.engages(id) || mayHaveEngaged(id, for: $0)) }
        }
    }

    private func mayHaveEngaged(_ id: StatementID, for motion: MotionState) -> Bool {
        motion.outcome == nil && mayHaveSpoken(on: motion)
            && standing.ballots[id]?.pattern.matches(motion.motion) == true
    }

    // MARK: This party's own

    /// The pattern of this party's next standing ballot.
    func pattern(_ proposal: StandingProposal, at now: Moment) throws(ParticipantError) -> StandingPattern {
        guard charter.limits.standingNotice != nil else { throw .noStandingBallots }
        guard let action = charter.action(proposal.action), let rule = charter.rule(action.rule) else {
            throw .motionInvalid("the charter has no action \(proposal.action.rawValue)")
        }
        guard rule.tree.parties.contains(party) else { throw .notAVoter }
        guard proposal.longest > .zero else { throw .motionInvalid("no order lasts no time at all") }
        guard standing.hasRoom(for: party, at: now.instant) else { throw .tooManyStandingBallots }
        let own = standing.ballots.values.filter { $0.author == party }.map(\.pattern.serial)
        return StandingPattern(
            action: proposal.action,
            rule: rule.name,
            terms: proposal.terms,
            longest: proposal.longest,
            until: proposal.until,
            serial: (own.max() ?? 0) + 1
        )
    }

    /// Seals what this party votes in advance.
    mutating func seal(
        _ ballot: Ballot,
        salt: Bytes32,
        for pattern: StandingPattern
    ) throws(ParticipantError) -> BallotCommitment.Seal {
        try checkNames(in: ballot)
        let subject = BallotSealing.Subject(party: party, pattern: pattern)
        guard let seal = sealing()?.seal(ballot, salt: salt, as: subject) else {
            throw .conditionTooLong(atMost: SealedContent.conditionCount)
        }
        return seal
    }

    /// This party's own standing ballot with a serial, if it is not taken back.
    func ownStanding(_ serial: Int) throws(ParticipantError) -> StatementID {
        let own = standing.ballots.filter { $0.value.author == party && $0.value.pattern.serial == serial }.map(\.key)
        guard !own.isEmpty else { throw .unknownStandingBallot(serial) }
        // Another node with this key may have used the serial, too.
        guard let left = own.first(where: { standing.revocations[$0] == nil }) else { throw .alreadyRevoked(serial) }
        return left
    }
}
