internal import QuorumPolicy
internal import SignedStatements

/// Verified items that refer to something not here yet, a bounded number of each author's.
///
/// Peers push what is new at once, so an answer can overtake the question. What falls out here is asked for again through
/// have/want synchronisation, in journal order.
struct ParkedItems {
    private var items: [(item: Item, event: Agreement.Event?)] = []
    private(set) var isWorthRetrying = false

    var count: Int { items.count }

    /// Keeps an item aside; the oldest of the same author gives way when it has too many, else the oldest of all.
    ///
    /// The event is the item verified; `nil` while the key that verifies it is not known.
    mutating func park(_ item: Item, as event: Agreement.Event?) {
        guard !items.contains(where: { $0.item.id == item.id }) else { return }
        let siblings = items.indices.filter { items[$0].item.author == item.author }
        if let oldest = siblings.first, siblings.count >= Limits.parkedItemsPerAuthor {
            items.remove(at: oldest)
        } else if items.count >= Limits.parkedItems {
            items.removeFirst()
        }
        items.append((item, event))
    }

    /// Forgets an item of this node's own that came to nothing.
    mutating func drop(_ id: StatementID) {
        items.removeAll { $0.item.id == id }
    }

    /// Something was taken, so what waits may have its turn.
    mutating func noteProgress() {
        isWorthRetrying = !items.isEmpty
    }

    mutating func takeAll() -> [(item: Item, event: Agreement.Event?)] {
        isWorthRetrying = false
        defer { items = [] }
        return items
    }
}

extension Item {
    /// The party that signed the item; `nil` for what a quorum signed.
    var author: PartyName? {
        switch self {
        case .statement(let statement): statement.head.party
        case .order, .keyProof: nil
        }
    }
}
