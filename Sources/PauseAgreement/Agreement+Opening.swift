internal import BallotSealing
internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// Sealed ballots and how they become readable (Protocol §7.2 and §7.5).
extension Agreement {
    /// Takes in a commitment; a ciphertext whose public check fails is refused, so that certified implies openable.
    mutating func commit(_ body: BallotCommitment, _ statement: Statement, at now: Moment) -> Reception {
        let author = statement.head.party
        guard let motion = motions[body.motion], let sealing = sealing() else { return .early }
        guard motion.voters.contains(author) else { return .refused(.notAVoter) }
        // An equivocator may have got a receipt for a different commitment from every recorder; all of those are facts.
        // What is beyond that waits until a recorder's receipt names it.
        guard
            isReplaying || motion.commitments(of: author).count <= motion.record.parties.count
                || motion.isAwaited(statement.id)
        else { return .early }
        var openable: OpenableBallot?
        if charter.openRule != nil {
            let subject = motion.subject(of: author)
            openable = openableBallot(body.seal, as: subject, in: statement, sealing)
            guard openable != nil else { return .refused(.malformedBallot) }
        }
        let sealed = MotionState.SealedBallot(
            author: author,
            subject: motion.subject(of: author),
            seal: body.seal,
            openable: openable,
            isStanding: false
        )
        let receipts = motions[body.motion]?.commit(statement.id, sealed, at: now)
        report(.committed(body.motion, by: author))
        if receipts?.isCertified == true { report(.certified(body.motion, by: author)) }
        for wrong in receipts?.misattributed ?? [] {
            noteMisattribution(by: wrong.recorder, in: wrong.statement, of: body.motion)
        }
        return .taken
    }

    /// A sealed ballot whose public check holds; what was taken, or what another node of a simulation has checked, is not checked again.
    mutating func openableBallot(
        _ seal: BallotCommitment.Seal,
        as subject: BallotSealing.Subject,
        in statement: Statement,
        _ sealing: BallotSealing
    ) -> OpenableBallot? {
        if wasTaken(statement) { return sealing.openable(trusted: seal, as: subject) }
        guard let shared else { return sealing.openable(seal, as: subject) }
        let holds = shared.holds(.sealedBallot(statement.id)) { sealing.openable(seal, as: subject) != nil }
        return holds ? sealing.openable(trusted: seal, as: subject) : nil
    }

    /// Takes in an opening: the author's own, or under `opening guaranteed` that of a shareholder, who learned it from a quorum.
    ///
    /// Whoever says it, it counts when the ballot and its salt make the seal.
    mutating func open(_ body: Opening, _ statement: Statement) -> Reception {
        let speaker = statement.head.party
        guard let motion = motions[body.motion], let sealing = sealing() else { return .early }
        guard let sealed = motion.commitments[body.commitment] else { return .early }
        guard sealed.author == speaker || charter.openRule?.tree.parties.contains(speaker) == true else {
            return .refused(.commitmentOfAnother)
        }
        guard !motion.opening.hasOpened(body.commitment, by: speaker) else { return .refused(.alreadySaid) }
        let fits = { sealing.seal(body.ballot, salt: body.salt, as: sealed.subject) == sealed.seal }
        guard shared?.holds(.opening(statement.id), fits) ?? fits() else { return .refused(.sealMismatch) }
        let isFirst = motion.openings[body.commitment] == nil
        motions[body.motion]?.open(body.commitment, body.ballot, by: speaker)
        if isFirst {
            report(
                speaker == sealed.author
                    ? .opened(body.motion, by: speaker)
                    : .openedByQuorum(body.motion, of: sealed.author, by: speaker)
            )
        }
        return .taken
    }

    /// Takes in a shareholder's part in opening sealed ballots, and reads what a quorum has helped to open.
    ///
    /// Only shares whose proofs hold are facts, and those of one leaf and ballot are all the same; so what a ballot turns out to be
    /// does not depend on whose shares came first.
    mutating func share(_ body: SharedOpening, _ statement: Statement, at now: Moment) -> Reception {
        let author = statement.head.party
        guard let motion = motions[body.motion], let shares = verificationShares() else { return .early }
        let structure = shares.key.structure
        guard let participant = structure.tree.identifier(of: author) else { return .refused(.notAParticipant) }
        let sealed = body.commitments.compactMap { motion.commitments[$0]?.openable }
        guard sealed.count == body.commitments.count, body.commitments.allSatisfy(motion.isCertified) else {
            return .early
        }
        guard body.commitments.contains(where: { !motion.opening.hasShared($0, by: author) }) else {
            return .refused(.alreadySaid)
        }
        let verified: VerifiedOpeningShares
        do {
            let given = try OpeningShares(
                encoding: body.shares,
                participant: participant,
                leaves: structure.leaves(of: participant).count,
                ballots: sealed.count
            )
            // What was taken was verified before.
            let isKnown =
                wasTaken(statement)
                || shared?.holds(.openingShare(statement.id)) { (try? shares.verify(given, for: sealed)) != nil }
                    == true
            verified = try isKnown ? shares.trust(given, for: sealed) : shares.verify(given, for: sealed)
        } catch {
            return .refused(.wrongOpeningShare)
        }
        motions[body.motion]?.share(body.commitments, by: author, verified)
        if !isReplaying { read(body.commitments, of: body.motion, at: now) }
        return .taken
    }

    /// Whether a statement of the journal was taken when it came, so that it need not be verified once more.
    ///
    /// The journal also keeps what was refused: what proves misconduct, and what another node said in this party's name.
    mutating func wasTaken(_ statement: Statement) -> Bool {
        isReplaying && statement.head.party != party && !isProof(statement)
    }

    /// Reads what the journal left to be read; most of it was opened by later statements.
    mutating func readOpenedBallots(at now: Moment) {
        for id in motions.keys { read(motions[id]?.unread ?? [], of: id, at: now) }
    }

    /// Reads ballots that are not open, once a quorum has given its shares of them.
    private mutating func read(_ commitments: [StatementID], of id: StatementID, at now: Moment) {
        // The same parties have helped with most of them, and the weights of their shares cost more than a ballot.
        var known: (sharers: PartySet, quorum: OpeningQuorum?)?
        for commitment in commitments {
            guard
                let motion = motions[id], motion.openings[commitment] == nil, motion.opening.read[commitment] == nil,
                let ballot = motion.commitments[commitment]?.openable
            else { continue }
            let sharers = motion.opening.sharers[commitment] ?? []
            if known?.sharers != sharers { known = (sharers, quorum(among: sharers, for: ballot.key)) }
            if let quorum = known?.quorum { read(commitment, of: id, with: quorum, at: now) }
        }
    }

    /// A smallest quorum that can open ballots, of parties that have helped; nil when they do not suffice.
    private func quorum(among sharers: PartySet, for key: OpeningKey) -> OpeningQuorum? {
        guard let rule = charter.openRule?.tree, let parties = rule.minimalQuorum(within: sharers) else { return nil }
        return try? OpeningQuorum(parties.compactMap { rule.identifier(of: $0) }.sorted(), of: key)
    }

    private mutating func read(
        _ commitment: StatementID,
        of id: StatementID,
        with quorum: OpeningQuorum,
        at now: Moment
    ) {
        guard
            let motion = motions[id], let sealed = motion.commitments[commitment], let ballot = sealed.openable,
            let sealing = sealing(), let opened = try? quorum.open(ballot, with: motion.opening.shares(of: commitment))
        else { return }
        if let content = sealing.read(opened, of: sealed.seal, as: sealed.subject) {
            motions[id]?.note(content, of: commitment, at: now)
        } else {
            motions[id]?.noteUnreadable(commitment)
            report(.unreadable(id, by: sealed.author))
        }
    }

    // MARK: Keys

    /// How ballots are sealed; nil as long as the key that they are sealed to is not made.
    mutating func sealing() -> BallotSealing? {
        if knownSealing == nil {
            knownSealing = BallotSealing(charter: charter, key: openingGroupKey.map { OpeningKey($0) })
        }
        return knownSealing
    }

    /// What shares of others are checked against; costly to prepare, and then kept.
    private mutating func verificationShares() -> VerificationShares? {
        if knownVerificationShares == nil {
            knownVerificationShares = openingGroupKey.map { VerificationShares(of: $0) }
        }
        return knownVerificationShares
    }

    /// The key that opens ballots, once everybody has signed that it is made.
    private var openingGroupKey: GroupKey? {
        guard let rule = charter.openRule, ceremony.stage == .finished else { return nil }
        return ceremony.transcript(of: rule.name)?.groupKey
    }
}
