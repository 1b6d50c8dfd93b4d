internal import BallotSealing
internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements

/// What the facts decide by themselves: agreement, orders that count, and the end of motions.
extension Agreement {
    /// Draws every conclusion that needs no action of this party.
    mutating func settle(at now: Moment) {
        for motion in motions.glances where motion.isNewlyAgreed { noteAgreement(on: motion.id, at: now) }
        // First what counts, then what ends because of it: the result must not depend on the order of ids.
        for motion in motions.glances where motion.hasOrder { countOrder(of: motion, at: now) }
        for motion in motions.glances { conclude(motion, at: now) }
    }

    private mutating func noteAgreement(on id: StatementID, at now: Moment) {
        motions[id]?.signing.agreedAt = now
        report(.agreed(id))
    }

    private mutating func countOrder(of motion: MotionGlance, at now: Moment) {
        guard chain.count(motion.orderDigest, motion: motion.id, at: motion.position) else { return }
        motions[motion.id]?.end(.published, at: now)
        report(.published(motion.id))
    }

    private mutating func conclude(_ motion: MotionGlance, at now: Moment) {
        let id = motion.id
        if let taken = chain.counted[motion.position.seq], taken.motion != id {
            motions[id]?.end(.superseded, at: now)
            report(.superseded(id))
            noteVoid(id)
        } else if motion.isVotedDown || chain.hasLapsed(motion.position), let state = motions[id] {
            motions[id]?.end(.failed, at: now)
            report(.failed(id, missing: shortfall(of: state)))
            noteVoid(id)
        }
    }

    /// An order that exists can never count: its motion has ended without it.
    private mutating func noteVoid(_ id: StatementID) {
        guard let motion = motions[id], motion.order != nil, let outcome = motion.outcome, outcome != .published
        else { return }
        report(.void(id))
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
        var first = round.flatMap { $0 > now ? $0 : nil }
        func consider(_ moment: Moment) {
            if moment > now { first = min(first ?? moment, moment) }
        }
        for motion in motions.glances {
            let schedule = motion.schedule
            for instant in [schedule.signBy, schedule.publishBy, endOfWaiting(after: schedule.publishBy)] {
                consider(Moment(instant))
            }
            consider(Moment(schedule.commitBy))
            if let due = motion.receiptsDue { consider(due) }
            if let closing = closingMoment(for: schedule.commitBy) { consider(closing) }
            if motion.isSigning, now < Moment(schedule.signBy) {
                motions.signingMoments(of: motion.id, after: now).forEach(consider)
            }
            if motion.isReading { turns(of: motion.id).forEach(consider) }
        }
        for id in motions.opening { turns(of: id).forEach(consider) }
        return [first, inquiry?.patienceEnd].compactMap(\.self).min()
    }

    /// When it is this party's turn to say what quorums have opened.
    private func turns(of id: StatementID) -> [Moment] {
        motions[id]?.opening.read.map { turn(of: $0.key, since: $0.value.since) } ?? []
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
        guard motion.order == nil, order.value.claims == motion.claims else { return [] }
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

    /// The operator's ballot: kept, encrypted, before its commitment is signed; or what its standing ballot says.
    ///
    /// A second one changes nothing.
    mutating func hold(_ ballot: Ballot, for id: StatementID, salt: Bytes32) -> [Effect] {
        let held = HeldBallot(motion: id, ballot: ballot, salt: salt)
        if standing.ballots[id]?.author == party {
            standing.held[id] = held
            return [.persistBallot(held)]
        }
        guard
            let motion = motions[id], motion.ownBallot == nil,
            let seal = sealing()?.seal(ballot, salt: salt, as: motion.subject(of: party))
        else { return [] }
        motions[id]?.ownBallot = MotionState.OwnBallot(held: held, seal: seal)
        return [.persistBallot(held)]
    }

    /// Orders and key proofs that this node can make from the shares it holds.
    mutating func assembled() -> [Effect] {
        var items = ceremony.takeUnpublishedProofs().map(Item.keyProof)
        for motion in motions.glances where motion.hasShares {
            items += assembleOrder(of: motion.id)
            checkShares(of: motion.id)
        }
        return items.flatMap { [.persist($0), .publish($0)] }
    }
}
