internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

extension MotionState {
    func coordinator(of attempt: Int) -> PartyName { decision.coordinator(of: attempt, on: id) }

    /// How many attempts there are: everybody can have a turn.
    var attemptLimit: Int { max(Limits.signingAttempts, decision.participants.count) }

    /// How many packages one coordinator can make in one attempt; an honest one never needs more than there are parties.
    var packageLimit: Int { max(Limits.packagesPerAttempt, decision.participants.count) }

    /// How many nonce commitments of one party an attempt takes unasked: one for every package, and some for restarts.
    var offerLimit: Int { max(Limits.nonceCommitmentsPerAttempt, decision.participants.count) }

    /// The attempts whose coordinator agrees; the others would never ask.
    func attempts(among agreeing: PartySet) -> [Int] {
        let count = decision.participants.count
        let agrees = (0..<count).map { agreeing.contains(coordinator(of: $0)) }
        return (0..<attemptLimit).filter { agrees[$0 % count] }
    }

    /// The attempts that have begun: one more each time the agreeing parties have waited long enough.
    func begunAttempts(at now: Moment, among turns: [Int]) -> [Int] {
        Array(turns.indices.prefix { now >= beginning(of: $0, among: turns.count) }.map { turns[$0] })
    }

    /// When the next turn begins; nil when none does.
    private func nextTurn(after now: Moment) -> Moment? {
        for turn in turns.indices {
            let moment = beginning(of: turn, among: turns.count)
            if moment > now { return moment }
        }
        return nil
    }

    /// When the next coordinator begins, and when this party has waited long enough for those that it answered.
    func signingMoments(after now: Moment) -> [Moment] {
        guard agreement != nil else { return [] }
        return [nextTurn(after: now)].compactMap(\.self)
            + signing.answeredAt.values.map { $0 + Limits.answerPatienceMilliseconds }
    }

    /// From when signing goes on: ballots that are still to be opened have a moment, since every one of them may change whose turn it is.
    private var beginning: Moment? {
        guard let agreedAt = signing.agreedAt else { return nil }
        return certifiedVoters == openedVoters ? agreedAt : agreedAt + Limits.signingPatienceMilliseconds
    }

    /// When a turn begins: everybody has one early, and the others are spread over the time until sign-by.
    ///
    /// A signer that crashes is lost to the coordinators that have asked it, so there must be later ones for as long as
    /// signing may go on.
    func beginning(of turn: Int, among turns: Int) -> Moment {
        guard let agreedAt = beginning else { return Moment(schedule.signBy) }
        let patience = Limits.coordinatorPatienceMilliseconds
        let early = min(turns, decision.participants.count)
        let rest = agreedAt + Int64(early) * patience
        guard turn >= early else { return agreedAt + Int64(turn) * patience }
        let left = Moment(schedule.signBy).milliseconds - rest.milliseconds
        return rest + Int64(turn - early) * max(patience, left / Int64(max(1, turns - early)))
    }
}

/// Signing (Protocol §7, step 7): only on evidence this node holds, only for a motion this party agreed to.
extension Agreement {
    func signingDuties(_ motion: MotionState, at now: Moment) -> [Effect] {
        guard
            motion.order == nil, isCurrent(motion), holdsShares,
            now.instant < motion.schedule.signBy, !hasReceiptedRival(of: motion),
            let agreeing = motion.agreement, agreeing.contains(party)
        else { return [] }
        let begun = motion.begunAttempts(at: now, among: motion.turns)
        return offerDuties(motion, in: begun, at: now)
            + begun.flatMap { packageDuty(motion, attempt: $0, among: agreeing) }
            + answerDuty(motion, among: agreeing)
    }

    /// After this party's receipt for another order of the position, an order of this motion could only split the round.
    private func hasReceiptedRival(of motion: MotionState) -> Bool {
        chain[motion.position].receipts[party] != nil
    }

    /// One unused nonce commitment lies ready for every coordinator that has begun.
    private func offerDuties(_ motion: MotionState, in begun: [Int], at now: Moment) -> [Effect] {
        let attempts = begun.filter { owesOffer(motion, attempt: $0, at: now) }
        let last = motion.signing.lastSerial(of: party)
        return attempts.enumerated().map { index, attempt in
            .perform(.offer(motion: motion.id, attempt: attempt, serial: last + 1 + index, rule: motion.motion.rule))
        }
    }

    private func owesOffer(_ motion: MotionState, attempt: Int, at now: Moment) -> Bool {
        let signing = motion.signing
        let isReady = signing.offers(of: party, in: attempt)
            .contains { signing.uses[$0.id] == nil && !signing.lostOffers.contains($0.id) }
        return !isReady && isPatienceOver(motion, attempt: attempt, at: now)
            && signing.offers(of: party, in: attempt).count < motion.offerLimit
    }

    /// After an answer the order usually follows at once; new nonces are offered only when it does not.
    private func isPatienceOver(_ motion: MotionState, attempt: Int, at now: Moment) -> Bool {
        let owes = motion.signing.sessions(in: attempt).contains { id, session in
            session.signers.contains(party) && motion.signing.shares[id]?[party] == nil && !isLost(session, motion)
        }
        guard !owes else { return false }
        guard let answered = motion.signing.answeredAt[attempt] else { return true }
        return now >= answered + Limits.answerPatienceMilliseconds
    }

    private func isLost(_ session: SigningState.Session, _ motion: MotionState) -> Bool {
        session.offers.contains(where: motion.signing.lostOffers.contains)
    }

    /// The coordinator's next package: a minimal quorum of those who are ready, once they suffice.
    private func packageDuty(_ motion: MotionState, attempt: Int, among agreeing: PartySet) -> [Effect] {
        guard motion.coordinator(of: attempt) == party else { return [] }
        let earlier = motion.signing.sessions(in: attempt)
        guard earlier.count < motion.packageLimit else { return [] }
        let robust = motion.signing.robust(in: attempt, of: motion.decision, among: agreeing)
        guard let signers = robust.nextSigners else { return [] }
        let package = OrderPackage(
            motion: motion.id,
            attempt: attempt,
            session: (earlier.last?.session.number ?? 0) + 1,
            commitments: signers.map { StatementID($0.commitment) }
        )
        return [.issue(.package(package))]
    }

    /// A share is given once per nonce commitment, for the first package that uses it, when every signer of the package
    /// is in the agreeing set this node has verified itself.
    private func answerDuty(_ motion: MotionState, among agreeing: PartySet) -> [Effect] {
        var effects: [Effect] = []
        for (id, session) in motion.signing.sessions {
            guard
                session.signers.contains(party), motion.signing.shares[id]?[party] == nil,
                PartySet(session.signers).isSubset(of: agreeing),
                session.offers.allSatisfy({ motion.signing.uses[$0] == id }),
                !isLost(session, motion),
                let own = session.offers.first(where: { motion.signing.offers[$0]?.signer == party }),
                let serial = motion.signing.offers[own]?.serial,
                let package = signingPackage(of: session, motion)
            else { continue }
            effects.append(
                .perform(
                    .answer(
                        motion: motion.id,
                        package: id,
                        attempt: session.attempt,
                        serial: serial,
                        SecretWork.Asked(rule: motion.motion.rule, package: package)
                    )
                )
            )
        }
        return effects
    }

    /// The package over the order this node computes itself; there is no other way to have anything signed.
    func signingPackage(of session: SigningState.Session, _ motion: MotionState) -> SigningPackage? {
        guard let groupKey = groupKey(for: motion) else { return nil }
        let make = { signingPackage(of: session, motion, under: groupKey) }
        return shared.map { $0.package(.order(name(of: session, motion, under: groupKey)), make) } ?? make()
    }

    private func groupKey(for motion: MotionState) -> GroupKey? {
        ceremony.transcript(of: motion.motion.rule)?.groupKey
    }

    private func name(
        of session: SigningState.Session,
        _ motion: MotionState,
        under groupKey: GroupKey
    ) -> SigningPackageName {
        SigningPackageName(groupKey: groupKey.element, motion: motion.id, offers: session.offers)
    }

    private func signingPackage(
        of session: SigningState.Session,
        _ motion: MotionState,
        under groupKey: GroupKey
    ) -> SigningPackage? {
        let commitments = session.offers.compactMap { id in
            motion.signing.offers[id].flatMap { offer in
                motion.decision.identifier(of: offer.signer).map {
                    SigningCommitments(
                        participant: $0,
                        hiding: UncheckedElement(offer.hiding),
                        binding: UncheckedElement(offer.binding)
                    )
                }
            }
        }
        let message = motion.claims.signingInput(for: groupKey.element)
        return try? SigningPackage(groupKey: groupKey, message: message, commitments: commitments)
    }

    /// Whoever holds all shares of a package makes the order; no coordinator can keep it back.
    mutating func assembleOrder(of id: StatementID) -> [Item] {
        guard let motion = motions[id], motion.order == nil, let groupKey = groupKey(for: motion) else { return [] }
        for (package, session) in motion.signing.sessions
        where motion.signing.isComplete(package) && !motion.signing.failedSessions.contains(package) {
            guard let signing = signingPackage(of: session, motion) else {
                motions[id]?.signing.failedSessions.append(package)
                continue
            }
            let shares = session.signers.compactMap { signer in
                motion.decision.identifier(of: signer).flatMap { identifier in
                    motion.signing.shares[package]?[signer].map {
                        SignatureShare(participant: identifier, value: $0)
                    }
                }
            }
            do {
                let make = { () throws -> Verified<Order> in
                    let signature = try signing.aggregate(shares)
                    let key = groupKey.element
                    return try Order(motion.claims, groupKey: key, signature: signature).verified(by: key)
                }
                let name = AssembledOrderName(
                    package: name(of: session, motion, under: groupKey),
                    shares: shares
                )
                let order = try shared.map { try $0.assembled(name, make) } ?? make()
                motions[id]?.order = order
                report(.ordered(id))
                return [.order(order.value)]
            } catch {
                blame((error as? ThresholdError)?.culprits ?? [], in: package, of: id)
            }
        }
        return []
    }

    /// Checks one by one the shares of this coordinator's open packages, before it asks anybody again.
    ///
    /// Otherwise one party could spoil several packages, while each is held open by somebody else who is slow.
    mutating func checkShares(of id: StatementID) {
        guard let motion = motions[id], motion.order == nil else { return }
        let mine = OrderedMap(
            motion.signing.sessions.values.filter { $0.coordinator == party }.map { ($0.attempt, ()) }
        )
        guard !mine.isEmpty, let agreeing = motion.agreement else { return }
        for attempt in mine.keys {
            let robust = motion.signing.robust(in: attempt, of: motion.decision, among: agreeing)
            guard robust.nextSigners != nil else { continue }
            for (package, session) in motion.signing.sessions(in: attempt) {
                checkShares(in: package, session, of: motion)
            }
        }
    }

    private mutating func checkShares(
        in package: StatementID,
        _ session: SigningState.Session,
        of motion: MotionState
    ) {
        let checked = motion.signing.checked[package, default: []]
        let shares = (motion.signing.shares[package] ?? [:]).filter { !checked.contains($0.key) }
        guard
            !shares.isEmpty, !motion.signing.failedSessions.contains(package),
            let signing = signingPackage(of: session, motion)
        else { return }
        motions[motion.id]?.signing.checked[package] = checked.union(PartySet(shares.map(\.key)))
        for (signer, share) in shares {
            guard
                let number = motion.decision.identifier(of: signer),
                !signing.isValid(SignatureShare(participant: number, value: share))
            else { continue }
            noteFaulty(signer, in: package, of: motion.id)
        }
    }

    private mutating func noteFaulty(_ signer: PartyName, in package: StatementID, of id: StatementID) {
        noteWrongShare(of: signer, in: package, of: id)
        guard motions[id]?.signing.faulty.contains(signer) == false else { return }
        motions[id]?.signing.faulty.insert(signer)
        report(.faultySigner(id, signer))
    }

    private mutating func blame(_ culprits: [Int], in package: StatementID, of id: StatementID) {
        motions[id]?.signing.failedSessions.append(package)
        for culprit in culprits {
            guard
                let name = motions[id]?.decision.participants.first(where: { $0.identifier == culprit })?.party
            else { continue }
            noteFaulty(name, in: package, of: id)
        }
    }
}
