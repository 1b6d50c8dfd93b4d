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
    private var identifiers: [StatementIdentifier?] = []
    private var places: [StatementIdentifier: Int] = [:]
    /// What a party that does not keep to the protocol keeps from its peers.
    private var hidden: Set<StatementIdentifier> = []

    mutating func append(_ record: Participant.Record, at instant: Instant) {
        rows.append((record, instant))
        guard case .item(let item) = record else { return identifiers.append(nil) }
        places[item.id.bytes] = rows.count - 1
        identifiers.append(item.id.bytes)
    }

    mutating func synchronize() { durableCount = rows.count }

    /// Takes the rows that were never made durable.
    mutating func cutPower() {
        for identifier in identifiers[durableCount...] { if let identifier { places[identifier] = nil } }
        rows.removeLast(rows.count - durableCount)
        identifiers.removeLast(identifiers.count - durableCount)
    }

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

    func item(_ identifier: StatementIdentifier) -> Item? {
        guard let place = places[identifier], case .item(let item) = rows[place].record else { return nil }
        return item
    }

    /// Whether a power cut leaves the item.
    func isDurable(_ identifier: StatementIdentifier) -> Bool { places[identifier].map { $0 < durableCount } ?? false }

    /// Every item, in the order of the rows.
    var items: [Item] {
        rows.compactMap { row in if case .item(let item) = row.record { item } else { nil } }
    }

    var lastPosition: UInt64 { UInt64(rows.count) }

    func contains(_ identifier: StatementIdentifier) -> Bool { places[identifier] != nil }

    func identifiers(after: UInt64, limit: Int) -> (upTo: UInt64, identifiers: [StatementIdentifier]) {
        var upTo = after
        var found: [StatementIdentifier] = []
        for identifier in identifiers.dropFirst(Int(after)) {
            guard found.count < limit else { break }
            upTo += 1
            if let identifier, !hidden.contains(identifier) { found.append(identifier) }
        }
        return (upTo, found)
    }
}
