internal import CryptoPrimitives
public import QuorumPolicy

/// Two statements of one party, or one, that no honest party signs (Protocol §7.10).
public struct Contradiction: Hashable, Sendable {
    public let party: PartyName
    public let offence: Offence
    /// What proves it by itself, in the order of numbers.
    public let statements: [StatementID]
    /// What others said could explain it (Protocol §7.10).
    public let isConditional: Bool
}

/// What every party has said so far, as far as it binds the party: the memory that finds contradictions.
///
/// Needs nothing but the statements themselves: no charter, no clock and nothing that others signed. Each statement costs
/// a few hundred bytes.
public struct ConductLedger: Sendable {
    private var parties: OrderedMap<PartyName, PartyConduct> = [:]

    public init() {}

    /// What a statement proves against its author, by itself or beside those recorded.
    ///
    /// Mutating, so that what the author has said is looked at in its place and not copied.
    public mutating func contradictions(of statement: Statement) -> [Contradiction] {
        parties.update(statement.head.party) { $0.contradictions(of: statement) }
            ?? PartyConduct().contradictions(of: statement)
    }

    /// Whether a signature share answers a second package with one nonce commitment of its author.
    public func contradiction(of share: Statement, answeringWith nonces: StatementID) -> Contradiction? {
        guard let claim = share.answerClaim(with: nonces) else { return nil }
        return parties[share.head.party]?.conflict(with: claim, in: share).map { Contradiction(of: share, $0) }
    }

    /// The statement by which a party said what it may say once: a step of the ceremony or a share for a package; nil if it
    /// has not said it, or if the offence is not about saying something twice.
    public func statement(
        of party: PartyName,
        whoseSecondIs offence: Offence,
        about subject: StatementID? = nil,
        attempt: Int = 0,
        retry: Int = 0
    ) -> StatementID? {
        let slot = StatementClaim.Slot(offence, subject?.bytes ?? .zero, first: attempt, second: retry)
        return parties[party]?.entry(slot)?.said.id
    }

    /// Remembers a statement; of two that contradict each other the first stays.
    public mutating func record(_ statement: Statement) {
        parties[statement.head.party, default: PartyConduct()].record(statement)
    }

    /// Remembers which nonce commitment a signature share has used up.
    public mutating func record(_ share: Statement, answeringWith nonces: StatementID) {
        guard let claim = share.answerClaim(with: nonces) else { return }
        parties[share.head.party, default: PartyConduct()].record(claim, of: Said(share))
    }
}

extension Contradiction {
    fileprivate init(
        of statement: Statement,
        _ conflict: (offence: Offence, other: Said),
        isConditional: Bool = false
    ) {
        let other = conflict.other
        party = statement.head.party
        offence = conflict.offence
        statements = other.id == statement.id ? [statement.id] : [other, Said(statement)].sorted().map(\.id)
        self.isConditional = isConditional
    }
}

/// A statement by its place: number, and id among statements with one number.
struct Said: Hashable, Comparable, Sendable {
    let number: Int
    let id: StatementID

    init(_ statement: Statement) {
        number = statement.head.number
        id = statement.id
    }

    static func < (left: Said, right: Said) -> Bool { (left.number, left.id) < (right.number, right.id) }
}

/// One party's statements, as far as they bind it.
private struct PartyConduct: Sendable {
    /// One statement of the party's chain.
    private struct Link: Sendable {
        let said: Said
        let previous: StatementID?
    }

    /// What a party said in a slot, and where.
    struct Entry: Sendable {
        let value: StatementClaim.Value
        let said: Said
    }

    private var chain: OrderedMap<Int, Link> = [:]
    /// In buckets, so that an insertion moves little.
    private var claims: OrderedMap<UInt8, OrderedMap<StatementClaim.Slot, Entry>> = [:]
    /// By motion: the first close, and the last receipt.
    private var closes: OrderedMap<StatementID, Said> = [:]
    private var lastReceipts: OrderedMap<StatementID, Said> = [:]
    private(set) var ceremony = CeremonyConduct()

    mutating func record(_ statement: Statement) {
        let said = Said(statement)
        if chain[said.number] == nil { chain[said.number] = Link(said: said, previous: statement.head.previous) }
        for claim in statement.claims { record(claim, of: said) }
        ceremony.record(statement)
        switch statement.body {
        case .close(let body): closes[body.motion] = min(closes[body.motion] ?? said, said)
        default: break
        }
        if let motion = statement.body.receiptedMotion {
            lastReceipts[motion] = max(lastReceipts[motion] ?? said, said)
        }
    }

    mutating func record(_ claim: StatementClaim, of said: Said) {
        guard entry(claim.slot) == nil else { return }
        claims[claim.slot.bucket, default: [:]][claim.slot] = Entry(value: claim.value, said: said)
    }

    func entry(_ slot: StatementClaim.Slot) -> Entry? {
        claims[slot.bucket].flatMap { $0[slot] }
    }

    func contradictions(of statement: Statement) -> [Contradiction] {
        conflicts(with: statement).map { Contradiction(of: statement, $0) }
            + ceremony.conflicts(with: statement).map {
                Contradiction(of: statement, ($0.offence, $0.other), isConditional: $0.isConditional)
            }
    }

    private func conflicts(with statement: Statement) -> [(offence: Offence, other: Said)] {
        chainConflicts(with: statement) + claimConflicts(with: statement) + orderConflicts(with: statement)
    }

    private func chainConflicts(with statement: Statement) -> [(offence: Offence, other: Said)] {
        let number = statement.head.number
        var found: [(offence: Offence, other: Said)] = []
        if let same = chain[number], same.said.id != statement.id {
            found.append((.twoStatementsWithOneNumber, same.said))
        }
        // The charter's id says that statements were lost (Protocol §6.4).
        let gap = StatementID(statement.head.charter.bytes)
        let previous = statement.head.previous
        if let before = chain[number - 1], previous != before.said.id, previous != gap {
            found.append((.brokenChain, before.said))
        }
        if let after = chain[number + 1], after.previous != statement.id, after.previous != gap {
            found.append((.brokenChain, after.said))
        }
        return found
    }

    private func claimConflicts(with statement: Statement) -> [(offence: Offence, other: Said)] {
        let claims = statement.claims
        let beside = claims.compactMap { conflict(with: $0, in: statement) }
        return conflicts(among: claims).map { ($0.slot.offence, Said(statement)) } + beside
    }

    /// The claims that another one before them in the same statement contradicts.
    private func conflicts(among claims: [StatementClaim]) -> [StatementClaim] {
        // Mostly there is no slot twice: those of a receipt ascend.
        let ascends = zip(claims, claims.dropFirst()).allSatisfy { $0.slot < $1.slot }
        guard !ascends, Set(claims.map(\.slot)).count < claims.count else { return [] }
        return claims.enumerated().filter { index, claim in
            claims[..<index].contains { $0.slot == claim.slot && $0.value != claim.value }
        }.map(\.element)
    }

    func conflict(with claim: StatementClaim, in statement: Statement) -> (offence: Offence, other: Said)? {
        guard let entry = entry(claim.slot), entry.said.id != statement.id, entry.value != claim.value else {
            return nil
        }
        return (claim.slot.offence, entry.said)
    }

    /// What may not be said any more after something else: by the author's own numbers.
    private func orderConflicts(with statement: Statement) -> [(offence: Offence, other: Said)] {
        let said = Said(statement)
        if let motion = statement.body.receiptedMotion, let close = closes[motion], close.number < said.number {
            return [(.receiptAfterClose, close)]
        }
        switch statement.body {
        case .close(let body):
            guard let receipt = lastReceipts[body.motion], receipt.number > said.number else { return [] }
            return [(.receiptAfterClose, receipt)]
        case .publicationReceipt(let body):
            let place = StatementClaim.Slot(.twoLapses, first: body.position.seq, second: body.position.round)
            return entry(place).flatMap { lapse in
                conflict(of: lapse, said: lapse.said, order: body.order, said: said).map { [($0, lapse.said)] }
            } ?? []
        case .lapse(let body):
            let slot = StatementClaim.Slot(
                .twoPublicationReceipts,
                first: body.position.seq,
                second: body.position.round
            )
            let lapse = Entry(value: .init(body.receipted?.bytes ?? .zero), said: said)
            return entry(slot).flatMap { receipt in
                conflict(of: lapse, said: said, order: OrderDigest(receipt.value.digest), said: receipt.said)
                    .map { [($0, receipt.said)] }
            } ?? []
        default: return []
        }
    }

    private func conflict(
        of lapse: Entry,
        said lapsed: Said,
        order: OrderDigest,
        said receipted: Said
    ) -> Offence? {
        if receipted.number > lapsed.number { return .publicationReceiptAfterLapse }
        return receipted.number < lapsed.number && lapse.value.digest != order.bytes ? .lapseDeniesReceipt : nil
    }
}

extension StatementClaim.Slot {
    /// Which of 256 maps the slot lies in.
    fileprivate var bucket: UInt8 {
        UInt8(truncatingIfNeeded: subject.leading) &+ UInt8(truncatingIfNeeded: first)
    }
}
