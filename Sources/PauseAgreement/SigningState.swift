internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// What is known of one motion's threshold signing: nonce commitments, packages and shares.
///
/// Attempts are numbered; each has one coordinator. A coordinator makes a package of a minimal quorum of those who
/// offered it nonces and owe it no answer (ROAST over the policy), so at most n - q_min + 1 packages of an honest
/// coordinator can fail, whatever the faulty do.
struct SigningState: Sendable {
    /// One nonce commitment as its signer published it.
    struct Offer: Hashable, Sendable {
        let signer: PartyName
        let attempt: Int
        let serial: Int
        let hiding: Bytes32
        let binding: Bytes32
    }

    /// One package as its coordinator published it.
    struct Session: Hashable, Sendable {
        let coordinator: PartyName
        let attempt: Int
        let number: Int
        let offers: [StatementID]
        let signers: [PartyName]
    }

    private(set) var offers: OrderedMap<StatementID, Offer> = [:]
    private(set) var sessions: OrderedMap<StatementID, Session> = [:]
    private(set) var shares: OrderedMap<StatementID, OrderedMap<PartyName, Scalar>> = [:]
    /// Which package first used a nonce commitment; a second use is never answered.
    private(set) var uses: OrderedMap<StatementID, StatementID> = [:]
    /// Signers proven wrong by the individual check of a failed session.
    var faulty = PartySet()
    /// Sessions whose shares were aggregated in vain.
    var failedSessions: [StatementID] = []
    /// Own nonce commitments whose secrets are gone: those of an earlier run of this node.
    var lostOffers: [StatementID] = []
    /// When this node first saw the agreement, by its own clock; it paces the coordinators.
    var agreedAt: Moment?
    /// When this node last answered in an attempt.
    var answeredAt: OrderedMap<Int, Moment> = [:]

    mutating func offer(_ id: StatementID, _ offer: Offer) {
        offers[id] = offer
    }

    mutating func begin(_ id: StatementID, _ session: Session) {
        sessions[id] = session
        for offer in session.offers where uses[offer] == nil {
            uses[offer] = id
        }
    }

    /// Gives up this signer's nonces in a package: they are not in memory any more.
    mutating func lose(offersIn package: StatementID, of signer: PartyName) {
        lostOffers += (sessions[package]?.offers ?? []).filter { offers[$0]?.signer == signer }
    }

    /// Records one signer's share; `false` when it gave one for this package before.
    mutating func share(_ share: Scalar, for package: StatementID, by signer: PartyName) -> Bool {
        guard shares[package]?[signer] == nil else { return false }
        shares[package, default: [:]][signer] = share
        return true
    }
}

// MARK: - What follows

extension SigningState {
    /// The attempts that have begun: one more each time the agreeing set has waited long enough.
    func begunAttempts(at now: Moment) -> Int {
        guard let agreedAt else { return 0 }
        let waited = max(0, now.milliseconds - agreedAt.milliseconds)
        return min(Limits.signingAttempts, Int(waited / Limits.coordinatorPatienceMilliseconds) + 1)
    }

    func offers(of signer: PartyName, in attempt: Int) -> [(id: StatementID, offer: Offer)] {
        offers.filter { $0.value.signer == signer && $0.value.attempt == attempt }
            .map { (id: $0.key, offer: $0.value) }
            .sorted { $0.offer.serial < $1.offer.serial }
    }

    /// The highest serial this signer has used for the motion; 0 when it offered nothing yet.
    func lastSerial(of signer: PartyName) -> Int {
        offers.filter { $0.value.signer == signer }.map(\.value.serial).max() ?? 0
    }

    /// The sessions of one attempt, in the order of their numbers.
    func sessions(in attempt: Int) -> [(id: StatementID, session: Session)] {
        sessions.filter { $0.value.attempt == attempt }
            .map { (id: $0.key, session: $0.value) }
            .sorted { $0.session.number < $1.session.number }
    }

    /// Those an honest coordinator may ask in its next session: they offered unused nonces, owe it no answer and have
    /// not been proven wrong.
    ///
    /// In the order of their offers' serials, then names.
    func readySigners(in attempt: Int, among candidates: PartySet) -> [(signer: PartyName, offer: StatementID)] {
        let earlier = sessions(in: attempt)
        let owing = PartySet(
            earlier.flatMap { id, session in session.signers.filter { shares[id]?[$0] == nil } }
        )
        let ready = candidates.subtracting(owing).subtracting(faulty)
        return ready.compactMap { signer in
            offers(of: signer, in: attempt).last { uses[$0.id] == nil }.map { (signer, $0.id, $0.offer.serial) }
        }
        .sorted { ($0.2, $0.0) < ($1.2, $1.0) }
        .map { (signer: $0.0, offer: $0.1) }
    }

    /// Those who have answered any session.
    var answerers: PartySet {
        PartySet(shares.values.flatMap(\.keys))
    }

    /// The coordinators that have begun, in the order of their attempts.
    var beginners: [PartyName] {
        sessions.values.sorted { ($0.attempt, $0.number) < ($1.attempt, $1.number) }.map(\.coordinator)
    }

    /// Every signer of the session has answered.
    func isComplete(_ package: StatementID) -> Bool {
        guard let session = sessions[package] else { return false }
        return session.signers.allSatisfy { shares[package]?[$0] != nil }
    }
}
