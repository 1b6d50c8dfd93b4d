public import CryptoPrimitives
public import QuorumPolicy

/// A coordinator's side of one signature that a minority of the signers cannot prevent: ROAST over a rule.
///
/// A pure value. Whenever the parties that are ready meet the rule, it opens one session with a minimal quorum of them, in
/// order of arrival; a party in an open session is not ready again before it has answered it. Each session that does not
/// finish therefore holds back a party of its own, and at most n - q + 1 sessions are ever opened, where q is the size of
/// the smallest quorum, whatever the faulty do (Protocol §4, Robust signing; ePrint 2022/550).
///
/// Give it only what was verified: a share that does not verify is ``faulty(_:)``, never ``answered(_:session:)``.
public struct RobustSigning: Hashable, Sendable {
    /// A signer set that is asked for shares.
    public struct Session: Hashable, Sendable {
        /// Counts from 1 in the order in which this coordinator opened them.
        public let number: Int
        /// Ascending by participant number, as a package needs them.
        public let signers: [Signer]
    }

    /// A party and the nonce commitment it is asked to use.
    public struct Signer: Hashable, Sendable {
        public let party: PartyName
        /// The name of the commitment, as given to ``ready(_:commitment:)``.
        public let commitment: Bytes32
    }

    private struct Standing: Hashable, Sendable {
        /// The commitment that is ready or waits until the open session is answered.
        var next: Bytes32?
        /// The session that the party has not answered.
        var open: Int?
        /// Every commitment that went into a session.
        var used: [Bytes32] = []
    }

    public let tree: ThresholdTree
    /// All sessions so far.
    public private(set) var sessions: [Session] = []
    /// The number of the session that all its signers answered; nothing more happens after that.
    public private(set) var finished: Int?
    /// Parties that are never asked again.
    public private(set) var excluded = PartySet()
    private var standings: OrderedMap<PartyName, Standing>
    /// Parties with a fresh commitment and no open session, in order of arrival.
    private var arrivals: [PartyName] = []

    /// Candidates without a place in the rule are left out.
    public init(tree: ThresholdTree, candidates: PartySet) {
        self.tree = tree
        standings = OrderedMap(candidates.intersection(tree.parties).map { ($0, Standing()) })
    }

    /// The most sessions one coordinator opens.
    public static func sessionBound(candidates: Int, smallestQuorum: Int) -> Int {
        candidates - smallestQuorum + 1
    }

    /// The sessions that some signer has not answered, ascending.
    public var openSessions: [Int] {
        sessions.map(\.number).filter { number in standings.values.contains { $0.open == number } }
    }

    /// A party published a nonce commitment that no package has used; of several, the first unused one counts.
    ///
    /// Nothing happens for strangers, excluded parties and commitments that were used before.
    public mutating func ready(_ party: PartyName, commitment: Bytes32) -> Session? {
        guard finished == nil, !excluded.contains(party), var standing = standings[party],
            standing.next == nil, !standing.used.contains(commitment)
        else { return nil }
        standing.next = commitment
        standings[party] = standing
        guard standing.open == nil else { return nil }
        arrivals.append(party)
        return openSession()
    }

    /// A party's share in a session was verified; any other session than its open one is ignored.
    public mutating func answered(_ party: PartyName, session number: Int) -> Session? {
        guard finished == nil, var standing = standings[party], standing.open == number else { return nil }
        standing.open = nil
        standings[party] = standing
        if isAnswered(number) {
            finished = number
            return nil
        }
        guard standing.next != nil, !excluded.contains(party) else { return nil }
        arrivals.append(party)
        return openSession()
    }

    /// A party is proven faulty: it is never asked again, and a session that waits for it never finishes.
    public mutating func faulty(_ party: PartyName) {
        excluded.insert(party)
        arrivals.removeAll { $0 == party }
    }

    private func isAnswered(_ number: Int) -> Bool {
        sessions[number - 1].signers.allSatisfy { standings[$0.party]?.open != number }
    }

    private mutating func openSession() -> Session? {
        guard let quorum = tree.minimalQuorum(within: PartySet(arrivals), inOrder: arrivals) else { return nil }
        let number = sessions.count + 1
        var signers: [Signer] = []
        for participant in tree.participants where quorum.contains(participant.party) {
            guard var standing = standings[participant.party], let commitment = standing.next else {
                preconditionFailure("a party that is ready has a commitment")
            }
            standing.next = nil
            standing.open = number
            standing.used.append(commitment)
            standings[participant.party] = standing
            signers.append(Signer(party: participant.party, commitment: commitment))
        }
        arrivals.removeAll { quorum.contains($0) }
        let session = Session(number: number, signers: signers)
        sessions.append(session)
        return session
    }
}
