internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

extension MotionState {
    /// Who coordinates an attempt: the rule's parties in their order, beginning with one the motion's id picks, so that
    /// no party can choose to be first.
    func coordinator(of attempt: Int) -> PartyName {
        let parties = decision.participants.map(\.party)
        let start = id.bytes.array.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        return parties[(start + Int(attempt)) % parties.count]
    }

    /// The attempts whose coordinator agrees; the others would never ask.
    func attempts(upTo count: Int, among agreeing: PartySet) -> [Int] {
        var found: [Int] = []
        var attempt: Int = 0
        while found.count < count, attempt < Limits.signingAttempts {
            if agreeing.contains(coordinator(of: attempt)) { found.append(attempt) }
            attempt += 1
        }
        return found
    }
}

/// Signing (Protocol §7, step 7): only on evidence this node holds, only for a motion this party agreed to.
extension Agreement {
    func signingDuties(_ motion: MotionState, at now: Moment) -> [Effect] {
        guard
            motion.order == nil, isCurrent(motion), holdsShares,
            now.instant < motion.schedule.signBy,
            let agreeing = motion.agreement, agreeing.contains(party)
        else { return [] }
        let begun = motion.attempts(upTo: motion.signing.begunAttempts(at: now), among: agreeing)
        return begun.flatMap { offerDuty(motion, attempt: $0, at: now) }
            + begun.flatMap { packageDuty(motion, attempt: $0, among: agreeing) }
            + answerDuty(motion, among: agreeing)
    }

    /// One unused nonce commitment lies ready for every coordinator that has begun.
    private func offerDuty(_ motion: MotionState, attempt: Int, at now: Moment) -> [Effect] {
        let signing = motion.signing
        let isReady = signing.offers(of: party, in: attempt)
            .contains { signing.uses[$0.id] == nil && !signing.lostOffers.contains($0.id) }
        guard !isReady, isPatienceOver(motion, attempt: attempt, at: now) else { return [] }
        let serial = signing.lastSerial(of: party) + 1
        guard signing.offers(of: party, in: attempt).count < Limits.nonceCommitmentsPerAttempt else { return [] }
        return [
            .perform(.offer(motion: motion.id, attempt: attempt, serial: serial, rule: motion.motion.rule))
        ]
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
        guard earlier.count < Limits.packagesPerAttempt else { return [] }
        let ready = motion.signing.readySigners(in: attempt, among: agreeing)
        guard
            let quorum = motion.decision.minimalQuorum(
                within: PartySet(ready.map(\.signer)),
                inOrder: ready.map(\.signer)
            )
        else { return [] }
        let offers = motion.decision.participants.compactMap { participant in
            ready.first { quorum.contains($0.signer) && $0.signer == participant.party }?.offer
        }
        let number = (earlier.last?.session.number ?? 0) + 1
        return [
            .issue(.package(OrderPackage(motion: motion.id, attempt: attempt, session: number, commitments: offers)))
        ]
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
        guard let transcript = ceremony.transcript(of: motion.motion.rule) else { return nil }
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
        let message = orderClaims(of: motion).signingInput(for: transcript.groupKey.element)
        return try? SigningPackage(groupKey: transcript.groupKey, message: message, commitments: commitments)
    }

    /// Whoever holds all shares of a package makes the order; no coordinator can keep it back.
    mutating func assembleOrder(of id: StatementID) -> [Item] {
        guard let motion = motions[id], motion.order == nil,
            let transcript = ceremony.transcript(of: motion.motion.rule)
        else { return [] }
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
                let signature = try signing.aggregate(shares)
                let key = transcript.groupKey.element
                let order = try Order(orderClaims(of: motion), groupKey: key, signature: signature).verified(by: key)
                motions[id]?.order = order
                report(.ordered(id))
                return [.order(order.value)]
            } catch {
                blame((error as? ThresholdError)?.culprits ?? [], in: package, of: id)
            }
        }
        return []
    }

    private mutating func blame(_ culprits: [Int], in package: StatementID, of id: StatementID) {
        motions[id]?.signing.failedSessions.append(package)
        for culprit in culprits {
            guard
                let name = motions[id]?.decision.participants.first(where: { $0.identifier == culprit })?.party
            else { continue }
            motions[id]?.signing.faulty.insert(name)
            report(.faultySigner(id, name))
        }
    }
}
