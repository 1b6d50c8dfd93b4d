internal import CryptoPrimitives
public import QuorumPolicy
public import SignedStatements

/// What a party's operator can have its node do.
extension Participant {
    /// Signs the charter, once: now, or as soon as this node may speak.
    public mutating func ratify(at now: Moment) throws(ParticipantError) -> [Output] {
        try refuseWhileAbstaining()
        guard !agreement.ceremony.hasRatified(agreement.party), !agreement.wantsRatification else {
            throw .alreadyRatified
        }
        agreement.wantsRatification = true
        outputs.append(.append(.ratifying))
        return settle(at: now)
    }

    /// Joins the next attempt of the ceremony, by this party's contribution to it (Protocol §5.8).
    ///
    /// - Returns: The attempt's number, and what to do.
    public mutating func retryCeremony(
        at now: Moment
    ) throws(ParticipantError) -> (attempt: Int, outputs: [Output]) {
        try refuseWhileAbstaining()
        let attempt = try agreement.attemptToJoin()
        guard !agreement.isAsking else { throw .asking(waitingFor: Array(agreement.unanswered)) }
        perform(agreement.contribution(to: attempt), at: now)
        return (attempt, settle(at: now))
    }

    /// Gives up the present attempt of the ceremony: because a party does nothing, or for reasons of this party's own.
    public mutating func stopCeremony(
        blaming culprit: PartyName?,
        at now: Moment
    ) throws(ParticipantError) -> [Output] {
        try refuseWhileAbstaining()
        let abort = try agreement.abort(blaming: culprit)
        guard !agreement.isAsking else { throw .asking(waitingFor: Array(agreement.unanswered)) }
        issue(.ceremonyAbort(abort), at: now)
        return settle(at: now)
    }

    /// Publishes where this party can be reached, if that is news.
    public mutating func announce(_ addresses: [PeerAddress], at now: Moment) -> [Output] {
        guard !agreement.isAbstaining, !agreement.isAsking,
            agreement.addresses[agreement.party]?.addresses != addresses
        else { return [] }
        issue(.address(AddressList(addresses: addresses)), at: now)
        return settle(at: now)
    }

    /// Proposes a motion; the terms are checked against the charter before anything is signed.
    ///
    /// - Returns: The motion's id, and what to do.
    public mutating func propose(
        _ proposal: Proposal,
        at now: Moment
    ) throws(ParticipantError) -> (motion: StatementID, outputs: [Output]) {
        try refuseWhileAbstaining()
        guard agreement.ceremony.stage == .finished else { throw .keysNotReady(agreement.ceremony.stage) }
        guard !agreement.isAsking else { throw .asking(waitingFor: Array(agreement.unanswered)) }
        if let end = agreement.endOfGivingUp(at: now) { throw .roundEnding(atLatest: end) }
        let head = agreement.nextHead(at: now)
        let motion: Motion
        do {
            motion = try agreement.motion(proposal)
            try motion.check(under: agreement.charter, head: head)
        } catch {
            throw .motionInvalid("\(error)")
        }
        guard let id = issue(.motion(motion), at: now) else { throw .tooManyOpenMotions }
        return (id, settle(at: now))
    }

    /// Casts this party's ballot; it stays sealed until the motion is closed.
    public mutating func cast(
        _ ballot: Ballot,
        on motion: StatementID,
        at now: Moment
    ) throws(ParticipantError) -> [Output] {
        try refuseWhileAbstaining()
        guard !agreement.isAsking else { throw .asking(waitingFor: Array(agreement.unanswered)) }
        try agreement.checkCast(ballot, on: motion, at: now)
        let event = Agreement.Event.ballot(ballot, motion: motion, salt: PublicRandom.bytes32())
        perform(agreement.apply(event, at: now), at: now)
        return settle(at: now)
    }

    /// Lodges this party's ballot for every motion with these terms; it stays sealed until it is opened for one of them.
    ///
    /// - Returns: The standing ballot's serial, and what to do.
    public mutating func lodge(
        _ ballot: Ballot,
        for proposal: StandingProposal,
        at now: Moment
    ) throws(ParticipantError) -> (serial: Int, outputs: [Output]) {
        try refuseWhileAbstaining()
        guard agreement.ceremony.stage == .finished else { throw .keysNotReady(agreement.ceremony.stage) }
        guard !agreement.isAsking else { throw .asking(waitingFor: Array(agreement.unanswered)) }
        guard now.instant < proposal.until else { throw .standingTooLate(proposal.until) }
        let pattern = try agreement.pattern(proposal, at: now)
        let salt = PublicRandom.bytes32()
        let seal = try agreement.seal(ballot, salt: salt, for: pattern)
        guard let id = issue(.standingBallot(StandingBallot(pattern: pattern, seal: seal)), at: now) else {
            throw .tooManyStandingBallots
        }
        perform(agreement.apply(.ballot(ballot, motion: id, salt: salt), at: now), at: now)
        return (pattern.serial, settle(at: now))
    }

    /// Takes one of this party's standing ballots back; it binds until the charter's notice has run out.
    public mutating func revoke(standingBallot serial: Int, at now: Moment) throws(ParticipantError) -> [Output] {
        try refuseWhileAbstaining()
        guard !agreement.isAsking else { throw .asking(waitingFor: Array(agreement.unanswered)) }
        issue(.standingRevocation(StandingRevocation(ballot: try agreement.ownStanding(serial))), at: now)
        return settle(at: now)
    }

    /// Signs an accusation, whose proof the caller has judged; one that this party has signed before is not signed again.
    public mutating func accuse(_ accusation: Accusation, at now: Moment) throws(ParticipantError) -> [Output] {
        try refuseWhileAbstaining()
        guard !agreement.hasAccused(accusation) else { return [] }
        guard !agreement.isAsking else { throw .asking(waitingFor: Array(agreement.unanswered)) }
        guard issue(.accusation(accusation), at: now) != nil else { throw .tooManyAccusations }
        return settle(at: now)
    }

    /// Something outside the journal shows that it is older than what this party has signed: sign nothing.
    ///
    /// Only until the operator acknowledges it; nothing is written, since the same sign is there at the next start.
    public mutating func suspect() {
        agreement.isAbstaining = true
    }

    /// The operator has seen that somebody else speaks for this party, and has dealt with it.
    ///
    /// Statements of this party up to the number `writtenOff` that are not here are not waited for any more, and their numbers
    /// are never used (Protocol §6.4).
    public mutating func acknowledge(writingOff writtenOff: Int = 0, at now: Moment) -> [Output] {
        guard agreement.isAbstaining else { return [] }
        agreement.writeOff(writtenOff, at: now)
        (agreement.isAbstaining, agreement.hasRecordedAbstaining) = (false, false)
        agreement.twinReports = []
        // What still waits for something is known all the same, or whoever shows it again would make this node abstain again.
        for statement in parked.takeStatements(of: agreement.party) {
            agreement.remember(statement)
            outputs.append(.append(.item(.statement(statement))))
        }
        outputs.append(.append(.acknowledged(writtenOff: writtenOff)))
        return settle(at: now)
    }

    private borrowing func refuseWhileAbstaining() throws(ParticipantError) {
        guard !agreement.isAbstaining else { throw .abstaining }
    }
}
