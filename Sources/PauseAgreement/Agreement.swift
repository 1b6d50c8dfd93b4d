internal import BallotSealing
internal import CryptoPrimitives
public import QuorumPolicy
public import SignedStatements
internal import ThresholdSigning

/// One party's view of everything the parties agree on: a pure value that turns events into effects.
///
/// It performs no input or output, reads no clock, draws no randomness and holds no secret key. ``apply(_:at:)`` takes in a
/// fact; ``pursue(at:)`` says what this party owes now, given all facts. Duties are judged by what is known, not by what
/// just happened, so a restarted node takes up exactly where its journal ends.
public struct Agreement: Sendable {
    public let charter: Charter
    /// The party this node speaks for.
    public let party: PartyName
    /// What other nodes of a simulation have found out already; `nil` in a real node, which finds out everything by itself.
    var shared: (any SharedFindings)? {
        get { ceremony.shared }
        set { ceremony.shared = newValue }
    }
    public internal(set) var ceremony: KeyCeremony
    var ledger = Ledger()
    var motions = MotionTable()
    var standing: StandingBallots
    var misconduct = MisconductRecord()
    var chain: OrderChain
    var addresses: OrderedMap<PartyName, PublishedAddress> = [:]
    /// Motions not known here for which a verified order exists: no limit keeps them out.
    var awaited: [StatementID] = []
    /// Contributions and dealings that a certificate shows to count: no limit keeps them out.
    var chosen: [StatementID] = []
    /// The attempt of the ceremony whose shares this party has recovered in this run of the node.
    var attemptOfShares: Int?
    /// This party's nonces of a key proof, offered in this run of the node.
    var liveProofTry: ProofTryName?
    /// Another node or an older copy speaks for this party: it signs nothing until its operator has looked.
    public internal(set) var isAbstaining = false
    /// Whether the journal says so; a suspicion that comes from outside the journal is not written down.
    var hasRecordedAbstaining = false
    /// The question to the peers that comes before this node's first word; `nil` once it is answered.
    var inquiry: StartInquiry?
    /// The highest number of a statement of this party that anybody has shown to this node.
    public internal(set) var shownNumber = 0
    /// Numbers of this party up to this one are used, whether their statements are here or not: its operator has said so.
    private(set) var writtenOff = 0
    /// What was proposed up to this instant, lost statements of this party may have been about.
    private var writtenOffUntil = Instant.earliest
    /// How many statements of this party the journal keeps although they were refused.
    var refusedOwnStatements = 0
    /// Peers that say that another node with this party's key is alive.
    var twinReports = PartySet()
    /// How ballots are sealed, once it is known.
    var knownSealing: BallotSealing?
    /// What opening shares are checked against, once it was needed.
    var knownVerificationShares: VerificationShares?
    /// The operator wants the charter ratified.
    var wantsRatification = false
    /// The median of the peers' clocks minus this node's, in milliseconds; `nil` while too few are connected.
    var clockOffset: Int64?
    /// The clock has jumped and has not been compared with the peers' since.
    var isClockInDoubt = false
    /// Facts of the journal are being read again: nothing is reported or owed.
    var isReplaying = false
    private(set) var reports: [Observation] = []
    private var announcedPlace: CeremonyPlace?
    /// When this node saw the ceremony's present stage begin; for the screens.
    private(set) var stageSince: Instant?

    public init(charter: Charter, party: PartyName) {
        self.charter = charter
        self.party = party
        ceremony = KeyCeremony(charter: charter)
        chain = OrderChain(record: charter.recordRule.tree)
        standing = StandingBallots(record: charter.recordRule.tree)
    }

    /// Whether this party holds a share in any rule.
    var isVoter: Bool { charter.voters.contains(party) }

    /// The number and predecessor of this party's next statement.
    ///
    /// After a number that was written off, `previous` is the charter's id.
    public func nextHead(at now: Moment) -> StatementHead {
        let last = ledger.head(of: party)
        let number = ownStatementNumber + 1
        return StatementHead(
            charter: charter.id,
            party: party,
            number: number,
            previous: last?.number == number - 1 ? last?.id : (number == 1 ? nil : StatementID(charter.id.bytes)),
            at: now.instant
        )
    }

    /// Gives up statements of this party that are not here, up to a number; 0 for none.
    mutating func writeOff(_ number: Int, at now: Moment) {
        guard number > 0 else { return }
        writtenOff = max(writtenOff, number)
        let tolerance = charter.limits.clockTolerance
        writtenOffUntil = max(writtenOffUntil, now.instant + tolerance + tolerance)
    }

    /// Whether this party may have said something about the motion that it does not know any more.
    func mayHaveSpoken(on motion: MotionState) -> Bool { mayHaveSpoken(since: motion.proposedAt) }

    /// Whether this party may have said something about what was said at that instant and does not know it any more.
    func mayHaveSpoken(since instant: Instant) -> Bool { writtenOff > 0 && instant <= writtenOffUntil }

    /// Whether this party may have given up a round, or receipted an order of it, and does not know it any more.
    func mayHaveSpoken(at position: ChainPosition) -> Bool {
        writtenOff > 0 && (motions.firstProposal(at: position).map { $0 <= writtenOffUntil } ?? false)
    }

    /// Takes in one event and says what to do now, in order.
    public mutating func receive(_ event: Event, at now: Moment) -> [Effect] {
        apply(event, at: now) + pursue(at: now)
    }

    /// Takes in one event; what this party owes because of it, ``pursue(at:)`` says.
    public mutating func apply(_ event: Event, at now: Moment) -> [Effect] {
        var effects: [Effect] = []
        switch event {
        case .statement(let statement): effects = apply(statement, at: now)
        case .order(let order): effects = apply(order)
        case .keyProof(let proof): effects = apply(proof)
        case .ballot(let ballot, let motion, let salt): effects = hold(ballot, for: motion, salt: salt)
        case .time: break
        }
        settle(at: now)
        return effects + drainReports()
    }

    /// Everything this party owes now; empty when there is nothing more to do until the next event.
    public mutating func pursue(at now: Moment) -> [Effect] {
        guard !isReplaying else { return [] }
        var effects = assembled()
        settle(at: now)
        notePhases(at: now)
        effects += drainReports()
        guard mayOwe(at: now) else { return effects }
        if !isCeremonyOver { effects += ceremonyDuties(at: now) }
        effects += standingDuties(at: now)
        var engaged: [StatementID] = []
        for motion in motions.glances {
            effects += duties(for: motion, at: now, engaged: &engaged)
        }
        for id in motions.opening { effects += lateDuties(for: id, at: now) }
        effects += publicationDuty(at: now)
        effects += lapseDuty(at: now)
        return effects + drainReports()
    }

    /// Whether this party may sign anything at all.
    private mutating func mayOwe(at now: Moment) -> Bool {
        if let inquiry, inquiry.isOver(for: party, record: charter.recordRule.tree, at: now) { self.inquiry = nil }
        return !isAbstaining && inquiry == nil
    }

    /// Whether the keys are made and this party's shares in memory: nothing of the ceremony can be owed any more.
    private var isCeremonyOver: Bool { ceremony.stage == .finished && holdsShares }

    mutating func report(_ observation: Observation) {
        guard !isReplaying else { return }
        reports.append(observation)
    }

    mutating func drainReports() -> [Effect] {
        defer { reports = [] }
        return reports.map(Effect.report)
    }

    /// Remembers since when each step waits, so that whoever is missing is named with a time.
    private mutating func notePhases(at now: Moment) {
        for motion in motions.glances {
            let phase = motion.position == chain.next ? motion.reached : .waiting
            guard phase != motion.seen else { continue }
            motions[motion.id]?.phase = phase
            motions[motion.id]?.phaseSince = now.instant
        }
        let place = CeremonyPlace(attempt: ceremony.attempt, stage: ceremony.stage)
        guard place != announcedPlace else { return }
        announcedPlace = place
        stageSince = now.instant
        report(.ceremonyStage(place.stage, attempt: place.attempt))
        if place.stage == .finished { report(.keysReady) }
        if place.stage == .aborted { reportCauses() }
    }
}

/// Where the ceremony stands.
struct CeremonyPlace: Hashable, Sendable {
    let attempt: Int
    let stage: KeyCeremony.Stage
}

/// Where a party says it can be reached, by its newest statement.
public struct PublishedAddress: Hashable, Sendable {
    /// The number of the statement that says so.
    public let number: Int
    /// At most 8.
    public let addresses: [PeerAddress]
    /// How many such statements the party has made.
    let count: Int
}
