internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// How a verified statement becomes a fact. A refused statement changes nothing.
extension Agreement {
    mutating func apply(_ verified: Verified<Statement>, at now: Moment) -> [Effect] {
        let statement = verified.value
        switch ledger.standing(of: statement) {
        case .known:
            return []
        case .new, .conflicting, .beyondEvidence:
            break
        }
        do {
            try charter.check(verified)
        } catch {
            return refuse(statement, .againstCharter("\(error)")) + keepProof(statement)
        }
        switch take(statement, at: now) {
        case .early:
            return [.park(.statement(statement), as: .statement(verified))] + awaitOffers(of: statement)
                + awaitCommitment(of: statement) + awaitStanding(of: statement)
        case .refused(let refusal):
            return refuse(statement, refusal) + keepProof(statement)
        case .taken:
            noteConflict(of: statement)
            return keep(statement) + (hasPendingReceipts(as: statement) ? awaitCommitment(of: statement) : [])
        }
    }

    /// Remembers a statement that was taken.
    private mutating func keep(_ statement: Statement) -> [Effect] {
        noteTaken(statement)
        ledger.record(statement)
        return [.persist(.statement(statement))]
    }

    /// Takes in what this party has just signed; `nil` when it changes nothing or would convict the party, so that it is never said.
    mutating func say(_ verified: Verified<Statement>, at now: Moment) -> [Effect]? {
        let statement = verified.value
        guard
            ledger.standing(of: statement) == .new, (try? charter.check(verified)) != nil, !convicts(statement),
            take(statement, at: now) == .taken
        else { return nil }
        let effects = keep(statement)
        settle(at: now)
        return effects + drainReports()
    }

    private mutating func take(_ statement: Statement, at now: Moment) -> Reception {
        let author = statement.head.party
        switch statement.body {
        case .ratification: return ratified(by: author)
        case .address(let body): return published(body, by: statement.head)
        case .ceremonyContribution(let body): return ceremony.contribute(body, by: author, isLetIn: isLetIn(statement))
        case .ceremonyDealing(let body): return ceremony.deal(body, by: author, isLetIn: isLetIn(statement))
        case .ceremonyCertificate(let body): return ceremony.certify(body, by: author)
        case .ceremonyAbort(let body): return ceremony.abort(body, by: author)
        case .keyNonces(let body): return ceremony.offerProofNonces(body, by: author)
        case .keyShare(let body): return ceremony.shareProof(body, by: author)
        case .keyRecord(let body): return ceremony.record(body, by: author)
        case .standingBallot(let body): return lodge(body, statement, at: now)
        case .standingRevocation(let body): return revoke(body, statement, at: now)
        case .standingReceipt(let body): return receipt(body, by: statement.head)
        case .motion(let body): return propose(body, statement, at: now)
        case .commitment(let body): return commit(body, statement, at: now)
        case .receipt(let body): return receipt(body, statement)
        case .close(let body): return close(body, by: author)
        case .opening(let body): return open(body, statement)
        case .openingShare(let body): return share(body, statement, at: now)
        case .nonceCommitment(let body): return offer(body, statement)
        case .package(let body): return package(body, statement)
        case .signatureShare(let body): return share(body, by: author)
        case .publicationReceipt(let body): return publication(body, by: statement.head)
        case .lapse(let body): return lapse(body, by: author)
        case .accusation(let body): return accused(body, by: author)
        }
    }

    private mutating func refuse(_ statement: Statement, _ refusal: Refusal) -> [Effect] {
        report(.refused(statement.id, from: statement.head.party, refusal))
        return []
    }

    /// Keeps a refused statement all the same when it proves misconduct of its author.
    private mutating func keepProof(_ statement: Statement) -> [Effect] {
        guard isProof(statement) else { return [] }
        noteConflict(of: statement)
        noteRefused(statement)
        ledger.record(statement)
        return [.persist(.statement(statement))]
    }

    /// A second statement with one number proves equivocation; one in this party's own name means a second node.
    private mutating func noteConflict(of statement: Statement) {
        guard case .conflicting(let earlier) = ledger.standing(of: statement) else { return }
        report(.equivocation(statement.head.party, earlier, statement.id))
    }

    // MARK: Ceremony

    private mutating func ratified(by author: PartyName) -> Reception {
        let reception = ceremony.ratify(by: author)
        if reception == .taken { report(.ratified(author)) }
        return reception
    }

    private mutating func published(_ body: AddressList, by head: StatementHead) -> Reception {
        let known = addresses[head.party]
        if let known, known.number >= head.number { return .refused(.alreadySaid) }
        let count = (known?.count ?? 0) + 1
        guard count <= Limits.addressesPerParty else { return .refused(.limit("address statements")) }
        addresses[head.party] = PublishedAddress(number: head.number, addresses: body.addresses, count: count)
        return .taken
    }

    // MARK: Motions

    private mutating func propose(_ body: Motion, _ statement: Statement, at now: Moment) -> Reception {
        guard motions[statement.id] == nil else { return .refused(.alreadySaid) }
        let next = chain.next
        if (body.position.seq, body.position.round) > (next.seq, next.round) { return .early }
        guard chain.hasReached(body.position) else { return .refused(.wrongPosition) }
        // A clock that runs ahead must not hold the round open; its motion has its turn when its time has come.
        guard !isAhead(statement, at: now) else { return .early }
        // What the journal holds was taken, for whatever reason there was room for it then.
        guard
            isReplaying || awaited.contains(statement.id) || hasRoom(for: body.position, of: statement.head.party)
        else {
            // Others may have taken it first; it waits here, and a verified order makes room for it.
            return .early
        }
        guard let decision = charter.rule(body.rule)?.tree else {
            return .refused(.againstCharter("no rule \(body.rule)"))
        }
        motions[statement.id] = MotionState(
            id: statement.id,
            motion: body,
            head: statement.head,
            firstSeen: now.instant,
            decision: decision,
            record: charter.recordRule.tree,
            own: party
        )
        awaited.removeAll { $0 == statement.id }
        report(.proposed(statement.id, by: statement.head.party))
        return .taken
    }

    /// What one party can make this node keep is bounded by position, whether its motions have ended or not.
    ///
    /// A motion whose position is behind the chain is over at once, so that it is not one of the open ones.
    private func hasRoom(for position: ChainPosition, of proposer: PartyName) -> Bool {
        let there = motions.values.count { $0.proposer == proposer && $0.position == position }
        guard there < max(Limits.motionsPerPosition, charter.limits.openMotions) else { return false }
        guard position == chain.next else { return true }
        return motions.open.count < Limits.openMotions
            && motions.openValues.count { $0.proposer == proposer } < charter.limits.openMotions
    }

    private mutating func receipt(_ body: Receipt, _ statement: Statement) -> Reception {
        let author = statement.head.party
        guard knows(motion: body.motion) else { return .early }
        guard charter.recordRule.tree.parties.contains(author) else { return .refused(.notAVoter) }
        switch motions[body.motion]?.receipt(body, statement.id, by: author) {
        case nil, .early: return .early
        case .ofAnother: return .refused(.commitmentOfAnother)
        case .repeated: return .refused(.alreadySaid)
        case .counted(let certified, let isWrong):
            for committer in certified { report(.certified(body.motion, by: committer)) }
            if isWrong { noteMisattribution(by: author, in: statement.id, of: body.motion) }
            return .taken
        }
    }

    private mutating func close(_ body: Close, by author: PartyName) -> Reception {
        guard let motion = motions[body.motion] else { return .early }
        guard motion.record.parties.contains(author) else { return .refused(.notAVoter) }
        guard !motion.closes.contains(author) else { return .refused(.alreadySaid) }
        motions[body.motion]?.close(by: author)
        if !motion.isClosed, motions[body.motion]?.isClosed == true { report(.closed(body.motion)) }
        return .taken
    }

    // MARK: Signing

    private mutating func offer(_ body: OrderNonces, _ statement: Statement) -> Reception {
        let author = statement.head.party
        guard let motion = motions[body.motion] else { return .early }
        guard motion.voters.contains(author) else { return .refused(.notAVoter) }
        guard body.attempt < motion.attemptLimit else { return .refused(.limit("attempts")) }
        // A bad point would make the package of whoever coordinates unusable, and cost the others their nonces.
        guard isPoint(body.hiding), isPoint(body.binding) else { return .refused(.malformedNonces) }
        // Others may have taken it first, and two with one serial: what a package names must be the same for all.
        guard
            isReplaying || motion.signing.isAwaited(statement.id, in: body.attempt)
                || motion.signing.offers(of: author, in: body.attempt).count < motion.offerLimit
        else { return .early }
        motions[body.motion]?.signing.offer(
            statement.id,
            SigningState.Offer(
                signer: author,
                attempt: body.attempt,
                serial: body.serial,
                hiding: body.hiding,
                binding: body.binding
            )
        )
        report(.offered(body.motion, by: author))
        return .taken
    }

    private func isPoint(_ encoding: Bytes32) -> Bool {
        shared?.isPoint(encoding) ?? (Element(encoding: encoding) != nil)
    }

    private mutating func package(_ body: OrderPackage, _ statement: Statement) -> Reception {
        guard let motion = motions[body.motion] else { return .early }
        guard body.attempt < motion.attemptLimit else { return .refused(.limit("attempts")) }
        guard motion.coordinator(of: body.attempt) == statement.head.party else { return .refused(.wrongCoordinator) }
        let earlier = motion.signing.sessions(in: body.attempt)
        guard earlier.count < motion.packageLimit else { return .refused(.limit("packages")) }
        guard !earlier.contains(where: { $0.session.number == body.session }) else { return .refused(.alreadySaid) }
        var signers: [PartyName] = []
        for id in body.commitments {
            guard let offer = motion.signing.offers[id] else { return .early }
            guard offer.attempt == body.attempt else { return .refused(.malformedPackage("another attempt's nonces")) }
            signers.append(offer.signer)
        }
        let numbers = signers.compactMap { motion.decision.identifier(of: $0) }
        guard numbers == numbers.sorted(), PartySet(signers).count == body.commitments.count else {
            return .refused(.malformedPackage("signers are repeated or out of order"))
        }
        guard motion.decision.isSatisfied(by: PartySet(signers)) else {
            return .refused(.malformedPackage("its signers do not satisfy the rule"))
        }
        motions[body.motion]?.signing.begin(
            statement.id,
            SigningState.Session(
                coordinator: statement.head.party,
                attempt: body.attempt,
                number: body.session,
                offers: body.commitments,
                signers: signers
            )
        )
        report(.packaged(body.motion, attempt: body.attempt, by: statement.head.party))
        return .taken
    }

    /// What a coordinator's package names is taken, however much its author has offered elsewhere.
    ///
    /// A signer that offers one thing here and another there would else keep honest ones from answering.
    private mutating func awaitOffers(of statement: Statement) -> [Effect] {
        guard
            case .package(let body) = statement.body, let motion = motions[body.motion],
            body.attempt < motion.attemptLimit, motion.coordinator(of: body.attempt) == statement.head.party
        else { return [] }
        let missing = body.commitments.filter { motion.signing.offers[$0] == nil }
        guard motions[body.motion]?.signing.await(missing, in: body.attempt) == true else { return [] }
        return [.retryParked]
    }

    /// Whether what was taken may be a receipt that names something that is not here.
    private func hasPendingReceipts(as statement: Statement) -> Bool {
        guard case .receipt(let body) = statement.body else { return false }
        return motions.hasPendingReceipts(on: body.motion)
    }

    /// What a recorder's receipt names is taken, however much its author has committed to elsewhere.
    ///
    /// A liar that shows one node more commitments than that keeps, and the others another one, would else never be certified here.
    private mutating func awaitCommitment(of statement: Statement) -> [Effect] {
        guard
            case .receipt(let body) = statement.body,
            motions[body.motion]?.await(body, by: statement.head.party) == true
        else { return [] }
        return [.retryParked]
    }

    private mutating func share(_ body: OrderShare, by author: PartyName) -> Reception {
        guard let motion = motions[body.motion] else { return .early }
        guard let session = motion.signing.sessions[body.package] else { return .early }
        guard session.signers.contains(author) else { return .refused(.notInPackage) }
        guard let share = Scalar(encoding: body.share) else { return .refused(.malformedShare) }
        guard motions[body.motion]?.signing.share(share, for: body.package, by: author) == true else {
            return .refused(.alreadySaid)
        }
        report(.signed(body.motion, by: author))
        return .taken
    }

    // MARK: The chain

    private mutating func publication(_ body: PublicationReceipt, by head: StatementHead) -> Reception {
        guard let motion = motions[body.motion] else { return .early }
        guard motion.record.parties.contains(head.party) else { return .refused(.notAVoter) }
        guard body.position == motion.position, body.order == motion.orderDigest else {
            return .refused(.wrongPosition)
        }
        guard head.at < motion.schedule.publishBy else { return .refused(.motionEnded) }
        guard chain.receipt(body.order, at: motion.position, by: head.party) else { return .refused(.alreadySaid) }
        return .taken
    }

    private mutating func lapse(_ body: Lapse, by author: PartyName) -> Reception {
        guard charter.recordRule.tree.parties.contains(author) else { return .refused(.notAVoter) }
        let position = body.position
        guard motions.lastPublishBy(at: position) != nil else { return .early }
        // Otherwise a liar could name as many as it likes.
        if let receipted = body.receipted, !motions.orders(at: position).contains(receipted) { return .early }
        let had = chain.hasLapsed(position)
        guard chain.lapse(position, receipted: body.receipted, by: author) else { return .refused(.alreadySaid) }
        if !had, chain.hasLapsed(position) { report(.lapsed(position)) }
        return .taken
    }
}
