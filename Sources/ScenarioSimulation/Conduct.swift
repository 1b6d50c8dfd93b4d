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
    /// Never opens its ballot.
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
    private var heard: [Statement] = []
    private var firstNonces: OrderNonces?
    private var closers = PartySet()
    private var hasOpened = false

    init(_ strategy: Strategy) {
        self.strategy = strategy
    }

    /// The node has taken something in.
    mutating func hear(_ item: Item, _ simulation: Simulation, _ node: SimulatedNode) -> [Saying] {
        guard case .statement(let statement) = item else { return [] }
        heard.append(statement)
        guard strategy == .countTwice, case .close(let close) = statement.body, !hasOpened else { return [] }
        closers.insert(statement.head.party)
        let rule = simulation.charter.recordRule.tree
        let counted = rule.parties.first { !closers.contains($0) && rule.isSatisfied(by: closers.union([$0])) }
        let commitment = heard.first { $0.kind == .commitment && $0.head.party == node.party }
        guard counted != nil, !rule.isSatisfied(by: closers), let commitment else { return [] }
        hasOpened = true
        let opening = Opening(motion: close.motion, commitment: commitment.id, ballot: Ballot(.agree), salt: .zero)
        let number = (heard.filter { $0.head.party == node.party }.map(\.head.number).max() ?? 0) + Self.aside
        let item = Self.forge(.opening(opening), number: number, simulation, node)
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
        case (.withholdOpening, .opening): return Turn(publishes: false)
        case (.equivocate, .commitment(let body)):
            let other = StatementBody.commitment(BallotCommitment(motion: body.motion, seal: .zero))
            return Turn(
                publishes: false,
                sayings: [Saying(item: item, at: now, audience: everybody.filter { $0.isMultiple(of: 2) })]
                    + forge(other, number: number, to: everybody.filter { !$0.isMultiple(of: 2) })
            )
        case (.lateBallot, .commitment(let body)):
            let wait = (simulation.commitBy(of: body.motion)?.milliseconds ?? 0) - now.milliseconds + 500
            return Turn(publishes: false, sayings: [Saying(item: item, at: now + max(wait, 0), audience: everybody)])
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
            let second = Receipt(motion: body.motion, commitment: statement.id, committer: body.committer)
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
