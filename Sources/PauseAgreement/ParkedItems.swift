internal import QuorumPolicy
internal import SignedStatements

/// Verified items that refer to something not here yet, a bounded number of each author's.
///
/// Peers push what is new at once, so an answer can overtake the question. What falls out here is noted, and have/want
/// synchronisation then reads the peers' journals again from where something was early.
struct ParkedItems {
    private struct Parked {
        let item: Item
        let event: Agreement.Event?
        /// Who answers for an item that nobody could verify yet.
        let sender: PartyName?
        /// Bytes of text.
        let size: Int
    }

    private var items: [Parked] = []
    private let bytesPerAuthor: Int
    private let bytes: Int
    private(set) var isWorthRetrying = false
    /// Something has fallen out since ``takeForgotten()`` was last asked.
    private var hasForgotten = false

    /// - Parameters:
    ///   - bytesPerAuthor: How much text of one author may wait.
    ///   - bytes: How much text may wait altogether.
    init(bytesPerAuthor: Int = Limits.parkedBytesPerAuthor, bytes: Int = Limits.parkedBytes) {
        self.bytesPerAuthor = bytesPerAuthor
        self.bytes = bytes
    }

    var count: Int { items.count }

    /// Keeps an item aside; the oldest of the same author gives way when it has too many, else the oldest of all.
    ///
    /// The event is the item verified; `nil` while the key that verifies it is not known.
    ///
    /// An item that was verified takes the place of all of the same id that were not: the id leaves the signature out. Of those
    /// that were not, the first sender of every text is remembered.
    mutating func park(_ item: Item, as event: Agreement.Event?, from sender: PartyName? = nil) {
        let size = item.text.utf8.count
        if items.contains(where: {
            $0.item.id == item.id && ($0.event != nil || $0.item.text == item.text && event == nil)
        }) {
            return
        }
        items.removeAll { $0.item.id == item.id && event != nil }
        while let oldest = giver(of: item, size, isVerified: event != nil) {
            items.remove(at: oldest)
            hasForgotten = true
        }
        items.append(Parked(item: item, event: event, sender: sender, size: size))
    }

    /// What has to give way to an item: the oldest like it, or the oldest of all.
    private func giver(of item: Item, _ size: Int, isVerified: Bool) -> Int? {
        let siblings = items.indices.filter {
            items[$0].item.author == item.author && (items[$0].event != nil) == isVerified
        }
        let limit = isVerified ? Limits.parkedItemsPerAuthor : Limits.parkedUnverifiedItems
        let weight = siblings.reduce(size) { $0 + items[$1].size }
        if let oldest = siblings.first, siblings.count >= limit || weight > bytesPerAuthor { return oldest }
        guard items.count >= Limits.parkedItems || items.reduce(size, { $0 + $1.size }) > bytes else { return nil }
        return items.indices.first
    }

    /// Takes out what a party has signed.
    mutating func takeStatements(of party: PartyName) -> [Statement] {
        let own = items.compactMap { parked -> Statement? in
            guard case .statement(let statement) = parked.item, statement.head.party == party else { return nil }
            return statement
        }
        items.removeAll { $0.item.author == party }
        return own
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

    /// Contributions and dealings that wait, the oldest first.
    var ceremonyMessages: [Statement] {
        items.compactMap { parked in
            guard case .statement(let statement) = parked.item, statement.isCeremonyMessage else { return nil }
            return statement
        }
    }

    /// Something was taken, so what waits may have its turn.
    mutating func noteProgress() {
        isWorthRetrying = !items.isEmpty
    }

    mutating func takeAll() -> [(item: Item, event: Agreement.Event?, sender: PartyName?)] {
        isWorthRetrying = false
        defer { items = [] }
        return items.map { ($0.item, $0.event, $0.sender) }
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
