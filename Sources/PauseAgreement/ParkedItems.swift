internal import QuorumPolicy
internal import SignedStatements

/// Verified items that refer to something not here yet, a bounded number of each author's.
///
/// Peers push what is new at once, so an answer can overtake the question. What falls out here is noted, and have/want
/// synchronisation then reads the peers' journals again from where something was early.
struct ParkedItems {
    private var items: [(item: Item, event: Agreement.Event?)] = []
    private(set) var isWorthRetrying = false
    /// Something has fallen out since ``takeForgotten()`` was last asked.
    private var hasForgotten = false

    var count: Int { items.count }

    /// Keeps an item aside; the oldest of the same author gives way when it has too many, else the oldest of all.
    ///
    /// The event is the item verified; `nil` while the key that verifies it is not known.
    mutating func park(_ item: Item, as event: Agreement.Event?) {
        guard !items.contains(where: { $0.item.id == item.id }) else { return }
        let siblings = items.indices.filter { items[$0].item.author == item.author }
        if let oldest = siblings.first, siblings.count >= Limits.parkedItemsPerAuthor {
            items.remove(at: oldest)
            hasForgotten = true
        } else if items.count >= Limits.parkedItems {
            items.removeFirst()
            hasForgotten = true
        }
        items.append((item, event))
    }

    /// Whether something has fallen out since this was last asked.
    mutating func takeForgotten() -> Bool {
        defer { hasForgotten = false }
        return hasForgotten
    }

    /// Whether an item waits here.
    func contains(_ id: StatementID) -> Bool {
        items.contains { $0.item.id == id }
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
