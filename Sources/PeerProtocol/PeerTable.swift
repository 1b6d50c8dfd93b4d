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

    /// Whether the journal ended at a position when everybody was served last.
    func isServed(_ end: UInt64) -> Bool { end == self.end }

    /// When time first changes something, if nothing is asked of anybody.
    func firstDeadline(_ timing: DisseminationTiming) -> MonotonicInstant? {
        var first: MonotonicInstant?
        exchanges.lookAtEach { _, exchange in
            let again = exchange.subscribedAt.after(milliseconds: timing.resubscribeMilliseconds)
            let deadline = exchange.suspendedUntil.map { min($0, again) } ?? again
            first = first.map { min($0, deadline) } ?? deadline
        }
        return first
    }

    /// The identifiers held about all peers.
    var heldCount: Int {
        var count = 0
        exchanges.lookAtEach { count += $1.heldCount }
        return count
    }

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
        exchanges.updateEach { peer, exchange in
            body(peer, &exchange)
            // Who waits for the journal to grow is looked at when it has grown.
            if !exchange.isIdle(end) { changed.append(peer) }
        }
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
