internal import QuorumPolicy

/// The connected peers, and to which of them something may have to be sent.
///
/// An event concerns one peer of many, or those that wait for the journal to grow; to look at all of them at every event would
/// cost the square of their number.
struct PeerTable: Hashable, Sendable {
    private var exchanges = OrderedMap<PeerKey, PeerExchange>()
    /// Changed since ``serveBusy(_:_:_:)``, with repetitions.
    private var changed: [PeerKey] = []
    /// Those whose SUBSCRIBE is not answered.
    private var subscribers: Set<PeerKey> = []
    /// Where the journal ended at ``serveBusy(_:_:_:)``.
    private var end: UInt64 = 0

    /// What is going on with each, in the order of the peers.
    var values: [PeerExchange] { exchanges.values }

    func contains(_ peer: PeerKey) -> Bool { exchanges.contains(peer) }

    subscript(peer: PeerKey) -> PeerExchange? { exchanges[peer] }

    mutating func connect(_ peer: PeerKey, _ exchange: PeerExchange) { exchanges[peer] = exchange }

    /// Forgets a peer, and says what was going on with it; nil when it is not connected.
    mutating func disconnect(_ peer: PeerKey) -> PeerExchange? {
        subscribers.remove(peer)
        defer { exchanges[peer] = nil }
        return exchanges[peer]
    }

    /// Changes what is going on with one peer, in its place; nil when it is not connected.
    @discardableResult
    mutating func update<Result>(_ peer: PeerKey, _ body: (inout PeerExchange) -> Result) -> Result? {
        changed.append(peer)
        return exchanges.update(peer, body)
    }

    mutating func updateEach(_ body: (PeerKey, inout PeerExchange) -> Void) {
        changed = exchanges.keys
        exchanges.updateEach(body)
    }

    /// A peer wants to be told what the journal holds after a position.
    mutating func subscribe(_ peer: PeerKey, after position: UInt64) {
        update(peer) { $0.wantsPageAfter = position }
        subscribers.insert(peer)
    }

    /// Goes by the peers to which there may be something to send, ask or announce now that the journal ends at a position, ascending;
    /// `items` is what they may change besides.
    mutating func serveBusy<Items>(
        _ end: UInt64,
        _ items: inout Items,
        _ body: (PeerKey, inout PeerExchange, inout Items) -> Void
    ) {
        if end != self.end {
            self.end = end
            changed += subscribers
        }
        changed.sort()
        for (index, peer) in changed.enumerated() where index == 0 || peer != changed[index - 1] {
            let isTold = exchanges.update(peer) { exchange in
                guard !exchange.isIdle(end) else { return false }
                let isWaiting = exchange.wantsPageAfter != nil
                body(peer, &exchange, &items)
                return isWaiting && exchange.wantsPageAfter == nil
            }
            if isTold == true { subscribers.remove(peer) }
        }
        changed.removeAll(keepingCapacity: true)
    }
}
