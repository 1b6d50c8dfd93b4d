internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// What this party owes one motion (Protocol §7, steps 2 to 5 and 8), judged by the facts and its clock.
extension Agreement {
    func duties(for glance: MotionGlance, at now: Moment) -> [Effect] {
        let isClosing =
            !glance.hasClosed && (closingMoment(for: glance.schedule.commitBy).map { now >= $0 } ?? false)
        guard
            isVoter, glance.mayOwe || isClosing, ceremony.stage == .finished, let motion = motions[glance.id],
            motion.outcome == nil, !mayHaveSpoken(on: motion)
        else { return [] }
        return commitDuty(motion, at: now)
            + receiptDuty(motion, at: now)
            + closeDuty(motion, at: now)
            + openDuty(motion)
            + signingDuties(motion, at: now)
    }

    /// A motion is acted on only at the position the chain has reached.
    func isCurrent(_ motion: MotionState) -> Bool {
        motion.position == chain.next
    }

    private func commitDuty(_ motion: MotionState, at now: Moment) -> [Effect] {
        guard
            let held = motion.held,
            motion.commitments(of: party).isEmpty,
            now.instant < motion.schedule.commitBy,
            !motion.closes.contains(party)
        else { return [] }
        let seal = held.ballot.seal(charter: charter.id, motion: motion.id, party: party, salt: held.salt)
        return [.issue(.commitment(BallotCommitment(motion: motion.id, seal: seal)))]
    }

    /// Receipts are given before the deadline by this node's own clock, as long as the peers' clocks do not contradict it,
    /// for a motion seen early enough, and never after this node's own CLOSE.
    private func receiptDuty(_ motion: MotionState, at now: Moment) -> [Effect] {
        guard
            motion.record.parties.contains(party), isCurrent(motion), hasTrustedClock,
            now.instant < motion.schedule.commitBy,
            motion.firstSeen + charter.limits.commitWindow.lowerBound <= motion.schedule.commitBy,
            !motion.closes.contains(party)
        else { return [] }
        guard !motion.awaitingReceipt.isEmpty else { return [] }
        var awaiting = motion.awaitingReceipt
        var effects: [Effect] = []
        for (commitment, sealed) in motion.commitments where awaiting.contains(sealed.author) {
            awaiting.remove(sealed.author)
            effects.append(
                .issue(.receipt(Receipt(motion: motion.id, commitment: commitment, committer: sealed.author)))
            )
        }
        return effects
    }

    /// Closing early is right only when nobody can be shut out: every voter's commitment is certified.
    private func closeDuty(_ motion: MotionState, at now: Moment) -> [Effect] {
        guard
            motion.record.parties.contains(party), isCurrent(motion),
            !motion.closes.contains(party),
            motion.certifiedVoters == motion.voters
                || closingMoment(for: motion.schedule.commitBy).map({ now >= $0 }) ?? false
        else { return [] }
        return [.issue(.close(Close(motion: motion.id)))]
    }

    private func openDuty(_ motion: MotionState) -> [Effect] {
        guard let held = motion.held, motion.isClosed, motion.mayStillPass else { return [] }
        let unopened = motion.commitments(of: party).filter { motion.openings[$0] == nil && motion.isCertified($0) }
        guard !unopened.isEmpty else { return [] }
        let seal = held.ballot.seal(charter: charter.id, motion: motion.id, party: party, salt: held.salt)
        // A commitment of another node with this key, or of this one before its journal was lost, is not what is held here.
        return unopened.filter { motion.commitments[$0]?.seal == seal }
            .map { .issue(.opening(Opening(motion: motion.id, commitment: $0, ballot: held.ballot, salt: held.salt))) }
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
