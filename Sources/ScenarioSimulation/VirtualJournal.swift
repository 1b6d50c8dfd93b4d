internal import CryptoPrimitives
internal import PauseAgreement
internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// A node's journal: rows that a crash leaves, and rows that a power cut may still take.
///
/// A sound node makes every row durable before it says anything that reveals it (Protocol §10, rule 7).
struct VirtualJournal: JournalIndex {
    private(set) var rows: [(record: Participant.Record, at: Instant)] = []
    private(set) var durableCount = 0
    private let numbering: Numbering
    /// The number of every row's item; 0 for other records.
    private var items: [UInt32] = []
    /// At which position an item is, from 1, in the order of items' numbers; 0 where it is not here.
    private var positions: [UInt32] = []
    private struct Subject: Hashable {
        let motion: StatementID
        let kind: StatementKind
    }

    /// The rows of each kind that are about a motion, ascending.
    private var subjects: [Subject: [Int]] = [:]
    /// What a party that does not keep to the protocol keeps from its peers.
    private var hidden: Set<StatementIdentifier> = []

    init(_ numbering: Numbering) {
        self.numbering = numbering
    }

    mutating func append(_ record: Participant.Record, at instant: Instant) {
        rows.append((record, instant))
        guard case .item(let item) = record else { return items.append(0) }
        let number = numbering.items.add(item.id.bytes)
        items.append(number)
        if positions.count < number { positions += repeatElement(0, count: Int(number) - positions.count) }
        positions[Int(number) - 1] = UInt32(rows.count)
        guard case .statement(let statement) = item, let motion = statement.body.motion else { return }
        subjects[Subject(motion: motion, kind: statement.kind), default: []].append(rows.count - 1)
    }

    mutating func synchronize() { durableCount = rows.count }

    /// Takes the rows that were never made durable.
    mutating func cutPower() {
        for number in items[durableCount...] where number > 0 { positions[Int(number) - 1] = 0 }
        rows.removeLast(rows.count - durableCount)
        items.removeLast(items.count - durableCount)
        for subject in subjects.keys { subjects[subject]?.removeAll { [durableCount] in $0 >= durableCount } }
    }

    /// Loses everything.
    mutating func forget() { self = VirtualJournal(numbering) }

    /// Spoils every sealed ballot, as a broken disk would.
    mutating func spoilBallots() {
        for place in rows.indices {
            guard case .heldBallot(let bytes) = rows[place].record else { continue }
            rows[place].record = .heldBallot(bytes.map { ~$0 })
        }
    }

    mutating func hide(_ identifier: StatementIdentifier) { hidden.insert(identifier) }

    mutating func show(_ identifier: StatementIdentifier) { hidden.remove(identifier) }

    /// Whether peers may have it.
    func isHidden(_ identifier: StatementIdentifier) -> Bool { hidden.contains(identifier) }

    /// At which position an item is; 0 where it is not here.
    private func position(of identifier: StatementIdentifier, in numbers: ItemNumbers) -> Int {
        let number = Int(numbers.number(of: identifier))
        return number > 0 && number <= positions.count ? Int(positions[number - 1]) : 0
    }

    func item(_ identifier: StatementIdentifier) -> Item? {
        let position = position(of: identifier, in: numbering.items)
        guard position > 0, case .item(let item) = rows[position - 1].record else { return nil }
        return item
    }

    /// Whether a power cut leaves the item.
    func isDurable(_ identifier: StatementIdentifier) -> Bool {
        let position = position(of: identifier, in: numbering.items)
        return position > 0 && position <= durableCount
    }

    /// The statements of a kind about a motion, in the order of the rows.
    func statements(_ kind: StatementKind, about motion: StatementID) -> some Sequence<Statement> {
        subjects[Subject(motion: motion, kind: kind), default: []].lazy.compactMap { row in
            if case .item(.statement(let statement)) = rows[row].record { statement } else { nil }
        }
    }

    var lastPosition: UInt64 { UInt64(rows.count) }

    func contains(_ identifier: StatementIdentifier) -> Bool { position(of: identifier, in: numbering.items) > 0 }

    func missing(of identifiers: [StatementIdentifier]) -> [StatementIdentifier] {
        let numbers = numbering.items
        return identifiers.filter { position(of: $0, in: numbers) == 0 }
    }

    func identifiers(after: UInt64, limit: Int) -> (upTo: UInt64, identifiers: [StatementIdentifier]) {
        let numbers = numbering.items
        var upTo = after
        var found: [StatementIdentifier] = []
        found.reserveCapacity(min(limit, items.count - Int(after)))
        for number in items.dropFirst(Int(after)) {
            guard found.count < limit else { break }
            upTo += 1
            guard number > 0 else { continue }
            let identifier = numbers.identifier(of: number)
            if !hidden.contains(identifier) { found.append(identifier) }
        }
        return (upTo, found)
    }
}
