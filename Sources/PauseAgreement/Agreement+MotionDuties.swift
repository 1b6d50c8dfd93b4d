internal import BallotSealing
internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// What this party owes one motion (Protocol §7, steps 2 to 5 and 8), judged by the facts and its clock.
extension Agreement {
    /// What is owed a motion that has not ended.
    ///
    /// `engaged` are the standing ballots that this party lets count for the motions before this one.
    func duties(for glance: MotionGlance, at now: Moment, engaged: inout [StatementID]) -> [Effect] {
        let isClosing =
            !glance.hasClosed && (closingMoment(for: glance.schedule.commitBy).map { now >= $0 } ?? false)
        guard
            isVoter, glance.mayOwe || isClosing || (!standing.isEmpty && !glance.hasClosed),
            ceremony.stage == .finished, let motion = motions[glance.id],
            motion.outcome == nil, !mayHaveSpoken(on: motion)
        else { return [] }
        return commitDuty(motion, at: now)
            + receiptDuty(motion, at: now)
            + closeDuty(motion, at: now, engaged: &engaged)
            + openingDuties(motion, at: now)
            + signingDuties(motion, at: now)
    }

    /// What this party owes a motion that has ended: its certified ballots are opened all the same, since who agreed is bound.
    func lateDuties(for id: StatementID, at now: Moment) -> [Effect] {
        guard let motion = motions[id], !mayHaveSpoken(on: motion) else { return [] }
        return openingDuties(motion, at: now)
    }

    private func openingDuties(_ motion: MotionState, at now: Moment) -> [Effect] {
        openDuty(motion) + shareDuty(motion) + readDuty(motion, at: now)
    }

    /// A motion is acted on only at the position the chain has reached.
    func isCurrent(_ motion: MotionState) -> Bool {
        motion.position == chain.next
    }

    private func commitDuty(_ motion: MotionState, at now: Moment) -> [Effect] {
        guard
            let own = motion.ownBallot,
            motion.commitments(of: party).isEmpty,
            now.instant < motion.schedule.commitBy,
            !motion.closes.contains(party)
        else { return [] }
        return [.issue(.commitment(BallotCommitment(motion: motion.id, seal: own.seal)))]
    }

    /// Receipts are given before the deadline by this node's own clock, as long as the peers' clocks do not contradict it,
    /// for a motion seen early enough, and never after this node's own CLOSE.
    private func receiptDuty(_ motion: MotionState, at now: Moment) -> [Effect] {
        guard
            motion.record.parties.contains(party), isCurrent(motion), hasTrustedClock,
            now.instant < motion.schedule.commitBy,
            cameInTime(motion), !motion.closes.contains(party), owesReceipts(motion, at: now)
        else { return [] }
        let owed = motion.awaitingReceipt.compactMap { author in
            motion.commitments(of: author).first.map { (author, $0) }
        }
        return owed.parts(atMost: StatementLimits.receiptedCommitments).map { part in
            .issue(.receipt(Receipt(motion: motion.id, commitments: OrderedMap(part))))
        }
    }

    /// Whether this node saw a motion early enough to give receipts for it.
    private func cameInTime(_ motion: MotionState) -> Bool {
        motion.firstSeen + charter.limits.commitWindow.lowerBound <= motion.schedule.commitBy
    }

    /// Commitments wait a moment for others, and no longer when every voter's is here or lodged.
    private func owesReceipts(_ motion: MotionState, at now: Moment) -> Bool {
        guard let due = motion.receiptsDue else { return false }
        // A clock that was set back must not make them wait for longer.
        let isFar = due > now + Limits.receiptPatienceMilliseconds
        return now >= due || isFar || motion.voters.isSubset(of: motion.committers.union(standing.authors))
    }

    /// Closing early is right only when nobody can be shut out: every voter has a certified commitment or a standing ballot.
    ///
    /// Standing ballots are receipted at this last moment, so that no motion that drags on ties them up.
    private func closeDuty(_ motion: MotionState, at now: Moment, engaged: inout [StatementID]) -> [Effect] {
        guard motion.record.parties.contains(party), isCurrent(motion), !motion.closes.contains(party) else {
            return []
        }
        let isDue = closingMoment(for: motion.schedule.commitBy).map { now >= $0 } ?? false
        guard isDue || motion.voters.isSubset(of: motion.certifiedVoters.union(standing.authors)) else { return [] }
        let serving = serving(motion, besides: engaged)
        let served = PartySet(serving.compactMap { standing.ballots[$0]?.author })
        guard isDue || motion.certifiedVoters.union(served) == motion.voters else { return [] }
        engaged += serving
        return serving.map { .issue(.standingReceipt(StandingReceipt(statement: $0, motion: motion.id))) }
            + [.issue(.close(Close(motion: motion.id)))]
    }

    private func openDuty(_ motion: MotionState) -> [Effect] {
        guard motion.isClosed, motion.mayStillPass else { return [] }
        return motion.ballots(of: party).compactMap { id in
            guard motion.openings[id] == nil, motion.isCertified(id), let own = held(id, on: motion) else { return nil }
            return .issue(.opening(Opening(motion: motion.id, commitment: id, ballot: own.ballot, salt: own.salt)))
        }
    }

    /// What this party sealed in a commitment or a standing ballot of its own.
    private func held(_ id: StatementID, on motion: MotionState) -> HeldBallot? {
        if let held = standing.held[id] { return held }
        // A commitment of another node with this key, or of this one before its journal was lost, is not what is held here.
        guard let own = motion.ownBallot, motion.commitments[id]?.seal == own.seal else { return nil }
        return own.held
    }

    /// Under `opening guaranteed` every shareholder helps to open every certified ballot, whether or not it voted, once the
    /// motion is closed and opening cannot be in vain (Protocol §7.5).
    private func shareDuty(_ motion: MotionState) -> [Effect] {
        guard
            let rule = charter.openRule, rule.tree.parties.contains(party), holdsShares,
            motion.isClosed, motion.mayStillPass
        else { return [] }
        let owed = motion.certified.keys.filter { !motion.opening.hasShared($0, by: party) }.compactMap { id in
            motion.commitments[id]?.openable.map { SecretWork.SharedBallot(commitment: id, ballot: $0) }
        }
        return owed.parts(atMost: StatementLimits.sharedBallots).map { part in
            .perform(.shareOpening(motion: motion.id, rule: rule.name, Array(part)))
        }
    }

    /// Somebody says what a quorum has opened, when its author does not: the shareholders have their turns.
    private func readDuty(_ motion: MotionState, at now: Moment) -> [Effect] {
        guard charter.openRule?.tree.parties.contains(party) == true else { return [] }
        return motion.opening.read.filter { turn(of: $0.key, since: $0.value.since) <= now }.map { id, read in
            let (ballot, salt) = (read.content.ballot, read.content.salt)
            return .issue(.opening(Opening(motion: motion.id, commitment: id, ballot: ballot, salt: salt)))
        }
    }

    /// When it is this party's turn to say what a quorum has opened.
    ///
    /// The author is waited for, then one shareholder after the other, beginning with one that the commitment's id picks.
    func turn(of commitment: StatementID, since: Moment) -> Moment {
        let holders = charter.openRule.map { Array($0.tree.parties) } ?? []
        let own = holders.firstIndex(of: party) ?? 0
        let first = Int(commitment.bytes.array[0]) % max(1, holders.count)
        let rank = (own + holders.count - first) % max(1, holders.count)
        return since + Limits.openingPatienceMilliseconds + Int64(rank) * Limits.openingTurnMilliseconds
    }

    /// One publication receipt per position, before publish-by, and none after this party's LAPSE.
    ///
    /// It is owed once and not once for every motion: two orders may have come since this party last looked.
    func publicationDuty(at now: Moment) -> [Effect] {
        guard
            ceremony.stage == .finished, isVoter, !mayHaveSpoken(at: chain.next),
            chain.mayReceipt(at: chain.next, by: party)
        else { return [] }
        let published = motions.glances.first {
            $0.hasOrder && $0.position == chain.next && now.instant < $0.schedule.publishBy
        }
        guard let motion = published.flatMap({ motions[$0.id] }), motion.record.parties.contains(party) else {
            return []
        }
        return [
            .issue(
                .publicationReceipt(
                    PublicationReceipt(
                        motion: motion.id,
                        order: motion.orderDigest,
                        position: motion.position,
                        roll: motion.tally.agreeing
                    )
                )
            )
        ]
    }

    /// When every motion of the current position is over without an order that counts, the round is given up.
    func lapseDuty(at now: Moment) -> [Effect] {
        let position = chain.next
        guard
            let last = motions.lastPublishBy(at: position), now.instant >= endOfWaiting(after: last),
            charter.recordRule.tree.parties.contains(party), ceremony.stage == .finished,
            !mayHaveSpoken(at: position),
            let lapse = chain.lapse(at: position, by: party, faultBound: charter.limits.faultBound)
        else { return [] }
        return [.issue(.lapse(lapse))]
    }

    /// The instant from which no order with this publish-by can count any more, even by a slow clock.
    func endOfWaiting(after publishBy: Instant) -> Instant {
        publishBy + charter.limits.clockTolerance + charter.limits.clockTolerance
    }

    /// Until when nothing is to be proposed, since the round may be given up any moment; nil while it is open (Protocol §7.8).
    ///
    /// A party whose clock is ahead gives the round up before it has heard of a motion that was proposed at that time, and then
    /// gives its order no publication receipt. When the round is not over in time, too few are there to end it.
    /// Motions that came too late for a receipt do not count: a liar could have one ready for every round.
    func endOfGivingUp(at now: Moment) -> Instant? {
        let timely = motions.values.filter { $0.position == chain.next && cameInTime($0) }
        guard let last = timely.map(\.schedule.publishBy).max(), now.instant >= last else { return nil }
        let end = endOfWaiting(after: endOfWaiting(after: last))
        return now.instant < end ? end : nil
    }

    /// The motion an operator's proposal becomes at the chain's next position.
    func motion(_ proposal: Proposal) throws(ParticipantError) -> Motion {
        guard let action = charter.action(proposal.action) else {
            throw .motionInvalid("the charter has no action \(proposal.action.rawValue)")
        }
        return Motion(
            action: proposal.action,
            rule: action.rule,
            position: chain.next,
            terms: proposal.terms,
            schedule: proposal.schedule
        )
    }
}

extension Array {
    /// The elements in their order, in parts of a size that a statement may have.
    fileprivate func parts(atMost size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min(count, $0 + size)] }
    }
}
