public import QuorumPolicy
public import SignedStatements

/// An offence that this node can prove from the statements it holds (Protocol §7.10).
public struct ProvenOffence: Hashable, Sendable {
    public let party: PartyName
    public let offence: Offence
    /// The offender's own statements that show it, in the order of numbers.
    public let statements: [StatementID]
    /// The motion that it is about; nil where there is none.
    public let motion: StatementID?
    /// The attempt of the ceremony that it is about; nil where there is none.
    public let attempt: Int?
    /// Something else that somebody signed could explain it.
    public let isConditional: Bool

    init(
        _ offence: Offence,
        of party: PartyName,
        in statements: [StatementID],
        motion: StatementID? = nil,
        attempt: Int? = nil,
        isConditional: Bool = false
    ) {
        self.attempt = attempt
        self.party = party
        self.offence = offence
        self.statements = statements
        self.motion = motion
        self.isConditional = isConditional
    }
}

/// What every party has said so far and what it has been convicted of; facts are only ever added.
struct MisconductRecord: Sendable {
    private(set) var ledger = ConductLedger()
    private var offences: OrderedMap<PartyName, [ProvenOffence]> = [:]
    private var accusations: OrderedMap<PartyName, [Accusation]> = [:]

    /// Everything kept, by party, in the order in which it was found.
    var all: [ProvenOffence] { offences.values.flatMap { $0 } }

    /// Every accusation, by accuser.
    var accused: [(accuser: PartyName, accusation: Accusation)] {
        accusations.flatMap { accuser, list in list.map { (accuser, $0) } }
    }

    /// Whether a proof adds to what is kept: of one offence of one party ``Limits/proofsPerOffence``.
    func isNews(_ offence: ProvenOffence) -> Bool {
        let known = offences[offence.party, default: []].filter { $0.offence == offence.offence }
        return known.count < Limits.proofsPerOffence && !known.contains(offence)
    }

    /// Keeps a proof; `false` if it adds nothing.
    mutating func add(_ offence: ProvenOffence) -> Bool {
        guard isNews(offence) else { return false }
        offences[offence.party, default: []].append(offence)
        return true
    }

    /// What a statement proves against its author beside what is known; mutating as ``ConductLedger/contradictions(of:)``.
    mutating func contradictions(of statement: Statement) -> [Contradiction] { ledger.contradictions(of: statement) }

    mutating func remember(_ statement: Statement, answeringWith nonces: StatementID?) {
        ledger.record(statement)
        if let nonces { ledger.record(statement, answeringWith: nonces) }
    }

    /// Records what a party accuses another of.
    mutating func accuse(_ accusation: Accusation, by accuser: PartyName) -> Reception {
        let earlier = accusations[accuser, default: []]
        guard !earlier.contains(accusation) else { return .refused(.alreadySaid) }
        guard earlier.count < Limits.accusationsPerParty else { return .refused(.limit("accusations")) }
        accusations[accuser, default: []].append(accusation)
        return .taken
    }
}
