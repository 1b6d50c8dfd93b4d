internal import BallotSealing
internal import QuorumPolicy
internal import SignedStatements
internal import ThresholdSigning

/// How the sealed ballots of a motion become readable for a quorum (Protocol §7.5).
struct OpeningState: Sendable {
    /// What a quorum has opened here.
    struct ReadBallot: Hashable, Sendable {
        let content: SealedContent
        let since: Moment
    }

    /// Who has opened which sealed ballot.
    private var openers: OrderedMap<StatementID, PartySet> = [:]
    /// Ballots that a quorum has opened here, and since when, as long as nobody has said so.
    private(set) var read: OrderedMap<StatementID, ReadBallot> = [:]
    /// Who has helped to open which sealed ballot.
    private(set) var sharers: OrderedMap<StatementID, PartySet> = [:]
    /// Verified shares, as long as one of their ballots is not open.
    private var shares: [(commitments: [StatementID], shares: VerifiedOpeningShares)] = []

    /// Whether a party has opened a sealed ballot, its own or another's.
    func hasOpened(_ commitment: StatementID, by speaker: PartyName) -> Bool {
        openers[commitment]?.contains(speaker) ?? false
    }

    mutating func open(_ commitment: StatementID, by speaker: PartyName) {
        openers[commitment, default: []].insert(speaker)
        read[commitment] = nil
    }

    mutating func note(_ content: SealedContent, of commitment: StatementID, at now: Moment) {
        read[commitment] = ReadBallot(content: content, since: now)
    }

    /// Whether a shareholder has helped to open a sealed ballot.
    func hasShared(_ commitment: StatementID, by party: PartyName) -> Bool {
        sharers[commitment]?.contains(party) ?? false
    }

    /// Records who has helped to open what; without `shares` when nothing is left to be opened with them.
    mutating func share(_ commitments: [StatementID], by party: PartyName, _ shares: VerifiedOpeningShares?) {
        for commitment in commitments { sharers[commitment, default: []].insert(party) }
        if let shares { self.shares.append((commitments, shares)) }
    }

    /// The verified shares of a ballot that is not open.
    func shares(of commitment: StatementID) -> [VerifiedOpeningShares] {
        shares.filter { $0.commitments.contains(commitment) }.map(\.shares)
    }

    /// Drops the shares whose ballots are all open.
    mutating func forget(whatIsOpen isOpen: (StatementID) -> Bool) {
        shares.removeAll { $0.commitments.allSatisfy(isOpen) }
    }
}
