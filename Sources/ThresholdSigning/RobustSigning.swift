public import CryptoPrimitives
public import QuorumPolicy

/// Whom a coordinator asks next, so that a minority of the signers cannot prevent a signature: ROAST over a rule.
///
/// A pure function of facts, so that a coordinator that was restarted goes on where its journal ends. Whenever the parties
/// that are ready meet the rule, it asks a minimal quorum of them; a party that owes an answer is not ready, whatever it
/// offers, nor is one that was proven faulty (Protocol §4.8; ePrint 2022/550).
///
/// At most n - q + 1 sessions are opened, where n is the number of candidates and q the size of the smallest quorum among
/// them, whatever the faulty do. For consider the moment at which session k opens. None of the k - 1 before it has made a
/// signature, so each has a signer that owes its answer, or whose answer was wrong and who is known for it. These k - 1
/// parties are all different: who owes an answer or is known to be wrong is not asked again, so it holds back one session
/// only. And none of them is among the signers of session k, who are q at least. Hence k - 1 + q <= n.
///
/// The bound is that of one coordinator. A signer that lost its nonces in a restart never answers the sessions it was in:
/// for those coordinators it counts with the faulty, for the ones that begin later it does not.
///
/// Two things are asked of the caller: it stops once a session has made a signature, and it has checked every answer
/// before it asks for the next signers. Looking for wrong answers only in sessions that everybody answered would let one
/// party spoil several of them, each held open by somebody slow in the meantime.
public struct RobustSigning: Hashable, Sendable {
    /// A party's nonce commitment, by the name under which it was published.
    public struct Offer: Hashable, Sendable {
        public let party: PartyName
        public let commitment: Bytes32

        public init(party: PartyName, commitment: Bytes32) {
            self.party = party
            self.commitment = commitment
        }
    }

    /// Signers that were asked, and who has answered.
    public struct Session: Hashable, Sendable {
        public let signers: [Offer]
        public let answered: PartySet

        public init(signers: [Offer], answered: PartySet) {
            self.signers = signers
            self.answered = answered
        }
    }

    public let tree: ThresholdTree
    /// Who may be asked; those without a place in the rule are left out.
    public let candidates: PartySet
    /// In the order in which they came; of several unused ones of a party the newest counts, since it may have lost the others.
    public let offers: [Offer]
    /// This coordinator's sessions so far, in any order.
    public let sessions: [Session]
    /// Proven wrong by the check of their shares; never asked again.
    public let faulty: PartySet

    public init(
        tree: ThresholdTree,
        candidates: PartySet,
        offers: [Offer],
        sessions: [Session],
        faulty: PartySet
    ) {
        self.tree = tree
        self.candidates = candidates.intersection(tree.parties)
        self.offers = offers
        self.sessions = sessions
        self.faulty = faulty
    }

    /// The most sessions one coordinator opens.
    public static func sessionBound(candidates: Int, smallestQuorum: Int) -> Int {
        candidates - smallestQuorum + 1
    }

    /// Those who have not answered a session.
    public var owing: PartySet {
        PartySet(sessions.flatMap { session in session.signers.map(\.party).filter { !session.answered.contains($0) } })
    }

    /// One offer of everybody who may be asked now, in the order in which they came.
    public var ready: [Offer] {
        let eligible = candidates.subtracting(owing).subtracting(faulty)
        let used = OrderedMap(sessions.flatMap { $0.signers.map { ($0.commitment, true) } })
        var newest: [Offer] = []
        var seen = PartySet()
        for offer in offers.reversed()
        where eligible.contains(offer.party) && !seen.contains(offer.party) && used[offer.commitment] == nil {
            seen.insert(offer.party)
            newest.append(offer)
        }
        return newest.reversed()
    }

    /// The signers of the next session, ascending by participant number as a package needs them; `nil` while those who
    /// are ready do not meet the rule.
    public var nextSigners: [Offer]? {
        let ready = ready
        let arrivals = ready.map(\.party)
        guard let quorum = tree.minimalQuorum(within: PartySet(arrivals), inOrder: arrivals) else { return nil }
        return tree.participants.filter { quorum.contains($0.party) }
            .compactMap { participant in ready.first { $0.party == participant.party } }
    }
}
