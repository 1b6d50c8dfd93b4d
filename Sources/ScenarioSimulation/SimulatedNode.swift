internal import PauseAgreement
internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// One party's node in a simulation: the real core and the real dissemination, a journal in memory, and a clock of its own.
final class SimulatedNode {
    let number: Int
    let party: PartyName
    let key: PeerKey
    var participant: Participant?
    /// What it knew at the end of the run.
    private var last: Agreement?
    var journal: VirtualJournal
    var dissemination = Dissemination()
    /// Counts the runs of the node, as HELLO tells peers.
    var runEpoch: UInt64 = 1
    /// Milliseconds that the node's clock is ahead of true time.
    var clockOffset: Int64 = 0 { didSet { hasNewClocks = true } }
    /// What each connected peer's HELLO said of its clock, by the peer's number: whole seconds in milliseconds, and when that was
    /// in true time.
    var hellos: [Int: (said: Int64, at: Moment)] = [:] { didSet { hasNewClocks = true } }
    /// Whether a comparison of clocks may come to something else than the last one: all of them run alike.
    var hasNewClocks = true
    /// What a node that does not keep to the protocol does.
    var conduct: Conduct?
    /// When the node is looked at next because of its own timers, in true time.
    var wake: Moment?
    /// How many more rounds of outputs are carried out before the node dies, where in that round, and for how long.
    var death: (rounds: Int, point: DeathPoint, back: Int64?)?
    var refusedItems = 0

    init(_ number: Int, _ party: PartyName, _ key: PeerKey, _ journal: VirtualJournal) {
        self.number = number
        self.party = party
        self.key = key
        self.journal = journal
    }

    var isUp: Bool { participant != nil }

    /// The node's own clock at a true time.
    func clock(_ now: Moment) -> Moment { now + clockOffset }

    /// Does something with the core of a node that is up.
    func with<Result>(_ body: (inout Participant) throws -> Result) rethrows -> Result? {
        guard participant != nil else { return nil }
        // In its place: to take it out and put it back would copy all of it twice.
        // swift-format-ignore: NeverForceUnwrap
        return try body(&participant!)
    }

    /// The identifiers that it keeps for the sake of peers.
    var heldCount: Int { dissemination.heldCount + (conduct?.hoard.count ?? 0) }

    /// Whether the node's party said it, or may keep it to itself until somebody else says it.
    func isOwn(_ item: Item) -> Bool {
        if case .statement(let statement) = item { statement.head.party == party } else { true }
    }

    /// What the node knows now, or knew when the run ended.
    var agreement: Agreement? { with { $0.agreement } ?? last }

    /// Ends the node's run and keeps what it knew.
    func dismiss() -> Signer? {
        guard participant != nil else { return nil }
        last = agreement
        return participant.take()?.dismissed()
    }
}

/// Where in carrying out its core's outputs a node dies.
package enum DeathPoint: String, CaseIterable, Hashable, Sendable {
    /// Nothing of the round is written.
    case beforeWriting = "before writing"
    /// Everything is durable and nothing is sent.
    case beforeSending = "before sending"
    /// Everything is durable and sent.
    case afterSending = "after sending"
}
