internal import BallotSealing
package import CryptoPrimitives
public import QuorumPolicy
public import SignedStatements
internal import ThresholdSigning

/// What the driver asks of the core.
extension Agreement {
    /// The place in the chain the next order takes.
    public var nextPosition: ChainPosition { chain.next }

    /// The number of this party's newest statement; 0 before the first.
    public var ownStatementNumber: Int { max(ledger.head(of: party)?.number ?? 0, writtenOff) }

    /// The place in the chain that a motion asks for; `nil` for one that is not known.
    public func position(of motion: StatementID) -> ChainPosition? { motions[motion]?.position }

    /// Every motion known, in order of ids.
    public var motionIDs: [StatementID] { motions.keys }

    /// Where a party says it can be reached, by its newest statement; empty when it never said.
    public func announcedAddresses(of party: PartyName) -> [PeerAddress] {
        addresses[party]?.addresses ?? []
    }

    /// The group keys of all rules, once every share of them has been proven.
    package var provenKeys: OrderedMap<RuleName, Element> {
        OrderedMap(ceremony.plan.rules.compactMap { rule in ceremony.provenKey(of: rule.name).map { (rule.name, $0) } })
    }

    /// The group key of a rule once the ceremony has made it; certificates and proofs may still be outstanding.
    func groupKey(of rule: RuleName) -> Element? {
        ceremony.transcript(of: rule)?.groupKey.element
    }

    /// The group key that a key proof says it is signed with; `nil` while its transcript is not known here.
    func groupKey(provenBy claims: KeyProofClaims) -> Element? {
        ceremony.transcript(of: claims.rule, named: claims.transcript)?.groupKey.element
    }

    func knows(motion id: StatementID) -> Bool {
        motions.contains(id)
    }

    func knows(_ statement: Statement) -> Bool {
        ledger.standing(of: statement) == .known
    }

    /// Makes sure that the number of a statement of the journal is never used again, whatever became of its content.
    mutating func remember(_ statement: Statement) {
        guard !knows(statement) else { return }
        ledger.record(statement)
        if statement.head.party == party { refusedOwnStatements += 1 }
    }

    /// Whether this node's ballot on the motion can still be cast.
    mutating func checkCast(_ ballot: Ballot, on id: StatementID, at now: Moment) throws(ParticipantError) {
        guard let motion = motions[id] else { throw .unknownMotion(id) }
        guard motion.voters.contains(party) else { throw .notAVoter }
        guard !mayHaveSpoken(on: motion) else { throw .writtenOff }
        guard motion.outcome == nil else { throw .motionEnded }
        guard motion.ownBallot == nil, motion.commitments(of: party).isEmpty else { throw .alreadyCast }
        guard now.instant < motion.schedule.commitBy, !motion.closes.contains(party) else {
            throw .commitDeadlinePassed(motion.schedule.commitBy)
        }
        guard sealing()?.seal(ballot, salt: .zero, as: motion.subject(of: party)) != nil else {
            throw .conditionTooLong(atMost: SealedContent.conditionCount)
        }
        try checkNames(in: ballot)
    }

    /// A condition that names a stranger could never be met, and would make the ballot unreadable.
    func checkNames(in ballot: Ballot) throws(ParticipantError) {
        guard case .agreeIf(let condition) = ballot.answer else { return }
        if let stranger = condition.parties.first(where: { charter.party($0) == nil }) { throw .unknownParty(stranger) }
    }

    /// The highest number that a statement of this party is known to have, whether this node could take it in or not.
    public var highestOwnNumber: Int { max(ownStatementNumber, shownNumber) }

    /// How many of this party's statements are not here, of as many as it is known to have signed or `signed` says.
    ///
    /// The newest one comes first, in a peer's answer; what the others say binds this party as well. What the operator has
    /// written off is not missed.
    public func missingOwnStatements(signed: Int) -> Int {
        max(signed, highestOwnNumber) - writtenOff - ledger.count(of: party, above: writtenOff)
    }

    /// Who has said, since the operator's last acknowledgement, that a second node with this party's key is alive.
    public var twinReporters: [PartyName] { Array(twinReports) }

    /// Whether this node still waits for its peers' answers before its first word.
    public var isAsking: Bool { inquiry != nil }

    /// Whom the question before the first word still waits for.
    public var unanswered: PartySet {
        guard let inquiry else { return [] }
        return PartySet(charter.parties.map(\.name)).subtracting(inquiry.answered).subtracting([party])
    }

    /// The newest statement known of a party, by number.
    public func newestStatement(of party: PartyName) -> (number: Int, id: StatementID)? { ledger.head(of: party) }

    /// Ends the replay of the journal: what the earlier run had in memory is gone, and the peers are asked first.
    mutating func endReplay(at now: Moment) {
        isReplaying = false
        readOpenedBallots(at: now)
        loseNonces()
    }

    /// Every nonce offered before is gone, and nothing is said before the peers have been asked.
    mutating func loseNonces() {
        inquiry = StartInquiry()
        liveProofTry = nil
        for id in motions.open {
            let own = motions[id]?.signing.offers.filter { $0.value.signer == party }.map(\.key) ?? []
            motions[id]?.signing.lostOffers = own
        }
    }

    /// Tells the operator why the attempt failed, and what to do.
    mutating func reportCauses() {
        for trouble in ceremony.failures(of: ceremony.current) {
            report(.ceremonyAborted(attempt: ceremony.attempt, culprit: trouble.party, trouble.failure))
        }
    }

    /// Takes note of what came of secret work; the observations are for the operator.
    mutating func note(_ result: SecretResult, of work: SecretWork, at now: Moment) -> [Observation] {
        switch (result, work) {
        case (.issue, .certify(let attempt, _)),
            (.sharesRecovered, .recoverShares(let attempt, _)):
            attemptOfShares = attempt
        case (.sharesForgotten, _):
            (attemptOfShares, liveProofTry) = (nil, nil)
        case (.issue, .offerProofs(let name, _)):
            liveProofTry = name
        case (.issue, .answer(let motion, let package, _, _, _)):
            let attempt = motions[motion]?.signing.sessions[package]?.attempt
            if let attempt { motions[motion]?.signing.answeredAt[attempt] = now }
        case (.noncesLost(let package), .answer(let motion, _, _, _, _)):
            motions[motion]?.signing.lose(offersIn: package, of: party)
            return [.noncesLost(motion)]
        case (.unable(let why), _):
            return [.unable(why)]
        case (.issue, _), (.noncesLost, _), (.sharesRecovered, _):
            break
        }
        return []
    }
}
