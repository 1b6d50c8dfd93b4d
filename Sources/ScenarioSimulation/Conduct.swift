internal import CryptoPrimitives
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// How a party breaks the protocol, or how a broken node would.
package enum Strategy: String, CaseIterable, Hashable, Sendable {
    /// Says nothing at all.
    case silent
    /// Commits to two ballots with one number, and tells half of the parties the one, half the other.
    case equivocate
    /// Never opens its ballot, nor helps to open another's.
    case withholdOpening = "withhold-opening"
    /// Sends its ballot only after it has seen another's opening.
    case lateBallot = "late-ballot"
    /// Sends signature shares that do not verify.
    case wrongShare = "wrong-share"
    /// Offers the nonces of its first nonce commitment again and again.
    case reusedNonces = "reused-nonces"
    /// As coordinator, tells half of the parties another package.
    case hostileCoordinator = "hostile-coordinator"
    /// Keeps its signature share, orders and publication receipts to itself until publish-by has passed.
    case sleeperOrder = "sleeper-order"
    /// Gives receipts after its own close.
    case receiptAfterClose = "receipt-after-close"
    /// Gives a committer a second receipt, for a commitment that is not there.
    case doubleReceipt = "double-receipt"
    /// Opens its ballot as soon as it is sealed.
    case earlyOpening = "early-opening"
    /// Sends a signature share before anything is opened.
    case signWithoutEvidence = "sign-without-evidence"
    /// Gives publication receipts after publish-by.
    case lateReceipt = "late-receipt"
    /// Votes without the condition that its operator set.
    case ignoreCondition = "ignore-condition"
    /// Counts one party's close twice, and opens its ballot too soon.
    case countTwice = "count-twice"
    /// Seals a second ballot.
    case secondBallot = "second-ballot"
    /// Gives receipts to ballots that come after its own close.
    case secondThought = "second-thought"
    /// Answers two packages with one nonce commitment.
    case answerTwice = "answer-twice"
    /// Accuses whoever seals a ballot of having sealed two.
    case falseAccusation = "false-accusation"
    /// Loses its journal whenever its node stops, and lets nobody remind it of what it said.
    case forgetful
    /// Cannot read its own sealed ballots after its node has stopped.
    case spoiledJournal = "spoiled-journal"
    /// Keeps what it has heard once more for every peer and second, and lets nothing go.
    case hoard

    /// What a party may do to others; the rest harms nobody but itself, and is there to try the checks.
    package static let lies = allCases.filter { ![.spoiledJournal, .hoard].contains($0) }
}

/// A party that does not keep to the protocol: a real node whose words are kept back, changed or added to.
///
/// It has its party's keys and no others.
struct Conduct {
    struct Saying {
        let item: Item
        let at: Moment
        /// To whom, by number.
        let audience: [Int]
    }

    /// What becomes of one statement.
    struct Turn {
        /// Whether the node sends it as it is.
        var publishes = true
        var sayings: [Saying] = []
    }

    let strategy: Strategy
    /// What is kept and never let go.
    private(set) var hoard: [StatementID] = []
    private var heard: [Statement] = []
    private var firstNonces: OrderNonces?
    private var closers = PartySet()
    /// The ballot that is kept back until another's opening is seen.
    private var keptBack: (item: Item, motion: StatementID)?
    private var hasOpened = false
    /// How many statements were added to the node's own.
    private var addedCount = 0

    init(_ strategy: Strategy) {
        self.strategy = strategy
    }

    /// A second has passed at a node with so many peers.
    mutating func passSecond(peers: Int) {
        guard strategy == .hoard else { return }
        for _ in 0..<peers { hoard += heard.map(\.id) }
    }

    /// A ciphertext that verifies is the only one its author has; said in another statement it is another commitment.
    private static func another(_ seal: BallotCommitment.Seal) -> BallotCommitment.Seal {
        switch seal {
        case .digest: .digest(.zero)
        case .ciphertext: seal
        }
    }

    /// The node has taken something in.
    mutating func hear(_ item: Item, _ simulation: Simulation, _ node: SimulatedNode) -> [Saying] {
        guard case .statement(let statement) = item else { return [] }
        heard.append(statement)
        switch (strategy, statement.body) {
        case (.countTwice, .close(let close)): return countTwice(close, by: statement.head.party, simulation, node)
        case (.lateBallot, .opening(let opening)):
            guard let (ballot, motion) = keptBack, motion == opening.motion else { return [] }
            keptBack = nil
            return [Saying(item: ballot, at: simulation.now, audience: Array(simulation.nodes.indices))]
        case (.secondThought, .commitment(let body)) where hasClosed(body.motion, node):
            let late = Receipt(motion: body.motion, commitment: statement.id, committer: statement.head.party)
            return add(.receipt(late), simulation, node)
        case (.falseAccusation, .commitment(let body)) where statement.head.party != node.party:
            let accusation = Accusation(
                accused: statement.head.party,
                offence: .twoCommitments,
                motion: body.motion,
                proof: .zero,
                statements: [statement.id]
            )
            return add(.accusation(accusation), simulation, node)
        default: return []
        }
    }

    private func hasClosed(_ motion: StatementID, _ node: SimulatedNode) -> Bool {
        heard.contains { $0.kind == .close && $0.head.party == node.party && $0.body.motion == motion }
    }

    private mutating func countTwice(
        _ close: Close,
        by party: PartyName,
        _ simulation: Simulation,
        _ node: SimulatedNode
    ) -> [Saying] {
        guard !hasOpened else { return [] }
        closers.insert(party)
        let rule = simulation.charter.recordRule.tree
        let counted = rule.parties.first { !closers.contains($0) && rule.isSatisfied(by: closers.union([$0])) }
        let commitment = heard.first { $0.kind == .commitment && $0.head.party == node.party }
        guard counted != nil, !rule.isSatisfied(by: closers), let commitment else { return [] }
        hasOpened = true
        let opening = Opening(motion: close.motion, commitment: commitment.id, ballot: Ballot(.agree), salt: .zero)
        return add(.opening(opening), simulation, node)
    }

    /// A statement besides those of the node itself, told to everybody at once.
    private mutating func add(_ body: StatementBody, _ simulation: Simulation, _ node: SimulatedNode) -> [Saying] {
        let number =
            (heard.filter { $0.head.party == node.party }.map(\.head.number).max() ?? 0) + Self.aside + addedCount
        addedCount += 1
        let item = Self.forge(body, number: number, simulation, node)
        return item.map { [Saying(item: $0, at: simulation.now, audience: Array(simulation.nodes.indices))] } ?? []
    }

    /// The node is about to say something.
    mutating func say(_ item: Item, _ simulation: Simulation, _ node: SimulatedNode) -> Turn {
        let everybody = Array(simulation.nodes.indices)
        let now = simulation.now
        func forge(_ body: StatementBody, number: Int, after milliseconds: Int64 = 0, to audience: [Int]) -> [Saying] {
            guard let item = Self.forge(body, number: number, simulation, node) else { return [] }
            return [Saying(item: item, at: now + milliseconds, audience: audience)]
        }
        guard case .statement(let statement) = item else {
            guard strategy == .sleeperOrder || strategy == .silent, case .order = item else {
                return Turn(publishes: strategy != .silent)
            }
            return Turn(publishes: false)
        }
        let number = statement.head.number
        switch (strategy, statement.body) {
        case (.silent, _): return Turn(publishes: false)
        case (.withholdOpening, .opening), (.withholdOpening, .openingShare): return Turn(publishes: false)
        case (.equivocate, .commitment(let body)):
            let other = StatementBody.commitment(BallotCommitment(motion: body.motion, seal: Self.another(body.seal)))
            return Turn(
                publishes: false,
                sayings: [Saying(item: item, at: now, audience: everybody.filter { $0.isMultiple(of: 2) })]
                    + forge(other, number: number, to: everybody.filter { !$0.isMultiple(of: 2) })
            )
        case (.lateBallot, .commitment(let body)):
            keptBack = (item, body.motion)
            return Turn(publishes: false)
        case (.secondBallot, .commitment(let body)):
            let other = BallotCommitment(motion: body.motion, seal: Self.another(body.seal))
            return Turn(sayings: add(.commitment(other), simulation, node))
        case (.answerTwice, .signatureShare(let body)):
            return Turn(sayings: answerAgain(body, simulation, node))
        case (.wrongShare, .signatureShare(let body)):
            let other = OrderShare(motion: body.motion, package: body.package, share: Self.one)
            return Turn(publishes: false, sayings: forge(.signatureShare(other), number: number, to: everybody))
        case (.reusedNonces, .nonceCommitment(let body)):
            guard let first = firstNonces else {
                firstNonces = body
                return Turn()
            }
            let again = OrderNonces(
                motion: body.motion,
                attempt: body.attempt,
                serial: body.serial,
                hiding: first.hiding,
                binding: first.binding
            )
            return Turn(publishes: false, sayings: forge(.nonceCommitment(again), number: number, to: everybody))
        case (.hostileCoordinator, .package(let body)):
            let other = OrderPackage(
                motion: body.motion,
                attempt: body.attempt,
                session: body.session,
                commitments: Array(body.commitments.dropLast())
            )
            return Turn(
                publishes: false,
                sayings: [Saying(item: item, at: now, audience: everybody.filter { $0.isMultiple(of: 2) })]
                    + forge(.package(other), number: number, to: everybody.filter { !$0.isMultiple(of: 2) })
            )
        case (.sleeperOrder, .publicationReceipt), (.sleeperOrder, .signatureShare):
            let publishBy = statement.body.motion.flatMap { simulation.publishBy(of: $0) }
            let wait = (publishBy?.milliseconds ?? 0) - now.milliseconds + 500
            return Turn(publishes: false, sayings: [Saying(item: item, at: now + max(wait, 0), audience: everybody)])
        case (.receiptAfterClose, .close(let body)):
            let commitment = heard.first { $0.kind == .commitment && $0.body.motion == body.motion }
            guard let commitment else { return Turn() }
            let late = Receipt(motion: body.motion, commitment: commitment.id, committer: commitment.head.party)
            return Turn(sayings: forge(.receipt(late), number: number + Self.aside, after: 1, to: everybody))
        case (.doubleReceipt, .receipt(let body)):
            let second = Receipt(motion: body.motion, commitments: body.commitments.mapValues { _ in statement.id })
            return Turn(sayings: forge(.receipt(second), number: number + Self.aside, after: 1, to: everybody))
        case (.earlyOpening, .commitment(let body)):
            let opening = Opening(motion: body.motion, commitment: statement.id, ballot: Ballot(.agree), salt: .zero)
            return Turn(sayings: forge(.opening(opening), number: number + Self.aside, after: 1, to: everybody))
        case (.signWithoutEvidence, .commitment(let body)):
            let share = OrderShare(motion: body.motion, package: statement.id, share: Self.one)
            return Turn(sayings: forge(.signatureShare(share), number: number + Self.aside, after: 1, to: everybody))
        case (.lateReceipt, .publicationReceipt(let body)):
            let wait = (simulation.publishBy(of: body.motion)?.milliseconds ?? 0) - now.milliseconds + 2000
            return Turn(
                sayings: forge(
                    .publicationReceipt(body),
                    number: number + Self.aside,
                    after: max(wait, 1),
                    to: everybody
                )
            )
        default: return Turn()
        }
    }

    /// A package with the same nonce commitments, and an answer to it.
    private mutating func answerAgain(
        _ share: OrderShare,
        _ simulation: Simulation,
        _ node: SimulatedNode
    ) -> [Saying] {
        guard case .package(let package)? = heard.first(where: { $0.id == share.package })?.body else { return [] }
        let again = OrderPackage(
            motion: package.motion,
            attempt: package.attempt,
            session: package.session + 1,
            commitments: package.commitments
        )
        let sayings = add(.package(again), simulation, node)
        guard let id = sayings.first?.item.id else { return [] }
        let second = OrderShare(motion: share.motion, package: id, share: Self.one)
        return sayings + add(.signatureShare(second), simulation, node)
    }

    /// How far the numbers of added statements lie from those that the node itself uses.
    private static let aside = 500
    private static let one = Bytes32([1] + [UInt8](repeating: 0, count: 31)) ?? .zero

    private static func forge(
        _ body: StatementBody,
        number: Int,
        _ simulation: Simulation,
        _ node: SimulatedNode
    ) -> Item? {
        let head = StatementHead(
            charter: simulation.charter.id,
            party: node.party,
            number: number,
            previous: number == 1 ? nil : StatementID(simulation.charter.id.bytes),
            at: node.clock(simulation.now).instant
        )
        guard let draft = try? StatementDraft(head: head, body: body) else { return nil }
        return .statement(draft.signed(by: PreparedKeys.secrets(of: node.party).identity))
    }
}
