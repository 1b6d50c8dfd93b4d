internal import CryptoPrimitives
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// What is known of one motion's threshold signing: nonce commitments, packages and shares.
///
/// Attempts are numbered; each has one coordinator, and nonces are offered to one attempt only, so that nobody but its
/// coordinator can spoil it. Whom a coordinator asks next is the rule of ``RobustSigning``, derived from these facts.
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

    /// What belongs to one coordinator's turn.
    private struct Attempt: Sendable {
        /// In the order of their serials, then ids.
        var offers: [StatementID] = []
        /// In the order of their numbers.
        var sessions: [StatementID] = []
        /// Offers beyond an author's limit that a package of the coordinator names.
        var awaited: [StatementID] = []
    }

    private(set) var offers: OrderedMap<StatementID, Offer> = [:]
    private(set) var sessions: OrderedMap<StatementID, Session> = [:]
    private(set) var shares: OrderedMap<StatementID, OrderedMap<PartyName, Scalar>> = [:]
    private var attempts: OrderedMap<Int, Attempt> = [:]
    private var serials: OrderedMap<PartyName, Int> = [:]
    /// Whose shares of an own package have been checked one by one.
    var checked: OrderedMap<StatementID, PartySet> = [:]
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
        var listed = attempts[offer.attempt, default: Attempt()].offers
        let place = listed.firstIndex { other in
            (offers[other]?.serial ?? 0, other) > (offer.serial, id)
        }
        listed.insert(id, at: place ?? listed.endIndex)
        attempts[offer.attempt, default: Attempt()].offers = listed
        attempts[offer.attempt]?.awaited.removeAll { $0 == id }
        serials[offer.signer] = max(serials[offer.signer] ?? 0, offer.serial)
    }

    /// Notes offers that a package names and that are not here; `false` when all of them are awaited already.
    mutating func await(_ missing: [StatementID], in attempt: Int) -> Bool {
        var awaited = attempts[attempt, default: Attempt()].awaited
        let news = missing.filter { !awaited.contains($0) }.prefix(Limits.awaitedOffersPerAttempt - awaited.count)
        awaited += news
        attempts[attempt, default: Attempt()].awaited = awaited
        return !news.isEmpty
    }

    mutating func begin(_ id: StatementID, _ session: Session) {
        sessions[id] = session
        var listed = attempts[session.attempt, default: Attempt()].sessions
        let place = listed.firstIndex { (sessions[$0]?.number ?? 0) > session.number }
        listed.insert(id, at: place ?? listed.endIndex)
        attempts[session.attempt, default: Attempt()].sessions = listed
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
    /// The offers of one attempt, in the order of their serials.
    func offers(in attempt: Int) -> [(id: StatementID, offer: Offer)] {
        (attempts[attempt]?.offers ?? []).compactMap { id in offers[id].map { (id: id, offer: $0) } }
    }

    func offers(of signer: PartyName, in attempt: Int) -> [(id: StatementID, offer: Offer)] {
        offers(in: attempt).filter { $0.offer.signer == signer }
    }

    func isAwaited(_ offer: StatementID, in attempt: Int) -> Bool {
        attempts[attempt]?.awaited.contains(offer) ?? false
    }

    /// The highest serial this signer has used for the motion; 0 when it offered nothing yet.
    func lastSerial(of signer: PartyName) -> Int {
        serials[signer] ?? 0
    }

    /// The sessions of one attempt, in the order of their numbers.
    func sessions(in attempt: Int) -> [(id: StatementID, session: Session)] {
        (attempts[attempt]?.sessions ?? []).compactMap { id in sessions[id].map { (id: id, session: $0) } }
    }

    /// The facts by which a coordinator chooses its next signers.
    func robust(in attempt: Int, of rule: ThresholdTree, among candidates: PartySet) -> RobustSigning {
        RobustSigning(
            tree: rule,
            candidates: candidates,
            offers: offers(in: attempt).map { RobustSigning.Offer(party: $0.offer.signer, commitment: $0.id.bytes) },
            sessions: sessions(in: attempt).map { id, session in
                RobustSigning.Session(
                    signers: zip(session.signers, session.offers).map { signer, offer in
                        RobustSigning.Offer(party: signer, commitment: offer.bytes)
                    },
                    answered: PartySet((shares[id] ?? [:]).keys)
                )
            },
            faulty: faulty
        )
    }

    /// Those who have answered any session.
    var answerers: PartySet {
        PartySet(shares.values.flatMap(\.keys))
    }

    /// The coordinators that have begun, in the order of their attempts.
    var beginners: [PartyName] {
        sessions.values.sorted { ($0.attempt, $0.number) < ($1.attempt, $1.number) }.map(\.coordinator)
    }

    /// Whether a package has all its shares and has not failed, or has any and a party made it.
    func hasShares(for coordinator: PartyName) -> Bool {
        sessions.contains { package, session in
            (isComplete(package) && !failedSessions.contains(package))
                || (session.coordinator == coordinator && shares[package]?.isEmpty == false)
        }
    }

    /// Every signer of the session has answered.
    func isComplete(_ package: StatementID) -> Bool {
        guard let session = sessions[package] else { return false }
        return session.signers.allSatisfy { shares[package]?[$0] != nil }
    }
}
