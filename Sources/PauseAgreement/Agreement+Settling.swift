internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// What the facts decide by themselves: agreement, orders that count, and the end of motions.
extension Agreement {
    /// Draws every conclusion that needs no action of this party.
    mutating func settle(at now: Moment) {
        let open = motions.open
        for id in open { noteAgreement(on: id, at: now) }
        // First what counts, then what ends because of it: the result must not depend on the order of ids.
        for id in open { countOrder(of: id, at: now) }
        for id in open { concludeMotion(id, at: now) }
    }

    private mutating func noteAgreement(on id: StatementID, at now: Moment) {
        guard let motion = motions[id], motion.signing.agreedAt == nil, motion.agreement != nil else { return }
        motions[id]?.signing.agreedAt = now
        report(.agreed(id))
    }

    private mutating func countOrder(of id: StatementID, at now: Moment) {
        guard let motion = motions[id], let order = motion.order else { return }
        guard chain.count(order.value.digest, motion: id, at: motion.position) else { return }
        motions[id]?.end(.published, at: now)
        report(.published(id))
    }

    private mutating func concludeMotion(_ id: StatementID, at now: Moment) {
        guard let motion = motions[id], motion.outcome == nil else { return }
        if let taken = chain.counted[motion.position.seq], taken.motion != id {
            motions[id]?.end(.superseded, at: now)
            report(.superseded(id))
            noteVoid(id)
        } else if motion.isVotedDown || isPassed(motion) {
            motions[id]?.end(.failed, at: now)
            report(.failed(id, missing: shortfall(of: motion)))
            noteVoid(id)
        }
    }

    /// An order that exists can never count: its motion has ended without it.
    private mutating func noteVoid(_ id: StatementID) {
        guard let motion = motions[id], motion.order != nil, let outcome = motion.outcome, outcome != .published
        else { return }
        report(.void(id))
    }

    /// A later round of the same position has begun.
    private func isPassed(_ motion: MotionState) -> Bool {
        chain.hasLapsed(motion.position)
    }

    /// What was missing, in words: first of agreement, then of the steps after it.
    func shortfall(of motion: MotionState) -> String {
        let names = charter.groupNames(of: motion.decision)
        if !motion.isClosed {
            return "it was not closed: " + sentence(motion.record.missing(from: motion.closes), names)
        }
        if let missing = motion.decision.missing(from: motion.tally.agreeing) {
            return missing.sentence(groupNames: names)
        }
        if motion.order == nil { return "the parties agreed, but not enough of them have signed" }
        let publishers = chain.publishers(of: motion.orderDigest, at: motion.position)
        return "publication receipts dated before \(motion.schedule.publishBy) are missing: "
            + sentence(motion.record.missing(from: publishers), names)
    }

    private func sentence(_ missing: Shortfall?, _ names: OrderedMap<Int, String>) -> String {
        missing?.sentence(groupNames: names) ?? "nothing"
    }

    /// The next time something can be owed without any event.
    public func nextWake(after now: Moment) -> Moment? {
        // A motion that failed early still holds its round until LAPSE.
        let round = motions.lastPublishBy(at: chain.next).map { Moment(endOfWaiting(after: $0)) }
        let open = motions.openValues.flatMap { wakes(of: $0, after: now) }
        let asking = [inquiry?.patienceEnd].compactMap(\.self)
        return (open + [round].compactMap(\.self).filter { $0 > now } + asking).min()
    }

    private func wakes(of motion: MotionState, after now: Moment) -> [Moment] {
        var moments = [
            motion.schedule.commitBy, motion.schedule.signBy, motion.schedule.publishBy,
            endOfWaiting(after: motion.schedule.publishBy),
        ].map { Moment($0) }
        if let closing = closingMoment(for: motion.schedule.commitBy) { moments.append(closing) }
        if motion.order == nil, motion.signing.agreedAt != nil, now < Moment(motion.schedule.signBy),
            let agreeing = motion.agreement
        {
            let turns = motion.attempts(among: agreeing).count
            moments +=
                (0..<turns).first { motion.beginning(of: $0, among: turns) > now }
                .map { [motion.beginning(of: $0, among: turns)] } ?? []
            moments += motion.signing.answeredAt.values.map { $0 + Limits.answerPatienceMilliseconds }
        }
        return moments.filter { $0 > now }
    }
}

// MARK: - Group items and operator events

extension Agreement {
    mutating func apply(_ order: Verified<Order>) -> [Effect] {
        let id = order.value.claims.motion
        guard let motion = motions[id] else {
            let park = Effect.park(.order(order.value), as: .order(order))
            guard !awaited.contains(id), awaited.count < Limits.openMotions else { return [park] }
            awaited.append(id)
            return [park, .retryParked]
        }
        guard motion.order == nil, order.value.claims == orderClaims(of: motion) else { return [] }
        motions[id]?.order = order
        report(.ordered(id))
        noteVoid(id)
        return [.persist(.order(order.value))]
    }

    mutating func apply(_ proof: Verified<KeyProof>) -> [Effect] {
        switch ceremony.prove(proof) {
        case .taken: [.persist(.keyProof(proof.value))]
        case .early: [.park(.keyProof(proof.value), as: .keyProof(proof))]
        case .refused: []
        }
    }

    /// The operator's ballot: kept, encrypted, before its commitment is signed.
    ///
    /// A second one changes nothing.
    mutating func hold(_ ballot: Ballot, for id: StatementID, salt: Bytes32) -> [Effect] {
        guard let motion = motions[id], motion.held == nil else { return [] }
        let held = HeldBallot(motion: id, ballot: ballot, salt: salt)
        motions[id]?.held = held
        return [.persistBallot(held)]
    }

    /// Orders and key proofs that this node can make from the shares it holds.
    mutating func assembled() -> [Effect] {
        var items = ceremony.takeUnpublishedProofs().map(Item.keyProof)
        for id in motions.open {
            items += assembleOrder(of: id)
            checkShares(of: id)
        }
        return items.flatMap { [.persist($0), .publish($0)] }
    }
}
