internal import QuorumPolicy

/// Who has what, and who still lacks it: one node's side of exchanging statements with all its peers, as a value.
///
/// Each node reads every peer's journal by position. SUBSCRIBE(p) asks for one page of identifiers after p; what is
/// unknown is wanted from one peer at a time; when the whole page is settled, the next page is asked for. Nothing is kept
/// for an absent peer but how far its journal has been read, so reconnecting, catching up and recovering are one path.
/// Own fresh statements are also pushed at once. Per peer it holds at most one page (1,024 identifiers), 256 answers
/// owed, 64 pushes and 1,024 identifiers it knows the peer has, whatever the peer sends.
package struct Dissemination: Hashable, Sendable {
    /// What happened.
    package enum Event: Hashable, Sendable {
        /// The peer's HELLO arrived; the run epoch is in it.
        case connected(PeerKey, runEpoch: UInt64)
        case disconnected(PeerKey)
        /// A SUBSCRIBE, HAVE, WANT or ITEM.
        case received(Message, from: PeerKey)
        /// An ITEM whose identifier is known without hashing its bytes.
        case receivedItem(StatementIdentifier, [UInt8], from: PeerKey)
        /// A statement, from wherever, is durably in the journal.
        case recorded(StatementIdentifier)
        /// A statement of this node's own is durably in the journal and should reach everyone at once.
        case published(StatementIdentifier)
        /// A statement from this peer will not be recorded: invalid, or not now.
        case declined(StatementIdentifier, from: PeerKey)
        /// Something that was declined as early and kept aside is kept no longer.
        case forgotten
        /// What came of a ``Effect/supply(_:to:)``.
        case supplied(to: PeerKey, Supply)
        /// A congested peer takes more.
        case drained(PeerKey)
        /// Time passes; at least once a second.
        case tick
    }

    /// What came of sending one item.
    package enum Supply: Hashable, Sendable {
        /// The peer takes more at once.
        case sent
        /// The peer does not, until it is drained.
        case congested
        /// The journal does not have it.
        case missing
    }

    /// What the shell must do, in order.
    package enum Effect: Hashable, Sendable {
        case send(Message, to: PeerKey)
        /// Look the item up, send it as ITEM, and report ``Event/supplied(to:_:)``; one at a time per peer.
        case supply(StatementIdentifier, to: PeerKey)
        /// Check the statement, then report it as recorded or declined.
        case deliver(StatementIdentifier, [UInt8], from: PeerKey)
        /// Close the connection: the peer broke the rules.
        case disconnect(PeerKey, DisseminationFault)
    }

    private let timing: DisseminationTiming
    private var peers = OrderedMap<PeerKey, PeerExchange>()
    private var cursors = OrderedMap<PeerKey, JournalCursor>()
    private var requests = OrderedMap<StatementIdentifier, Request>()
    /// Whether anything is asked for and taken in.
    private var isReading = true

    package init(timing: DisseminationTiming = DisseminationTiming()) {
        self.timing = timing
    }

    /// Advances by one event; `journal` shows the journal as it is after the event.
    package mutating func receive(
        _ event: Event,
        at now: MonotonicInstant,
        journal: some JournalIndex
    ) -> [Effect] {
        var effects: [Effect] = []
        switch event {
        case .connected(let peer, let runEpoch): connect(peer, runEpoch, at: now, &effects)
        case .disconnected(let peer): disconnect(peer)
        case .received(let message, let peer):
            if let fault = take(message, from: peer, at: now, journal, &effects) {
                disconnect(peer)
                effects.append(.disconnect(peer, fault))
            }
        case .receivedItem(let identifier, let bytes, let peer):
            if isReading, peers[peer] != nil { takeItem(identifier, bytes, from: peer, at: now, journal, &effects) }
        case .recorded(let identifier): settle(identifier)
        case .published(let identifier):
            settle(identifier)
            peers.updateEach { $1.push(identifier) }
        case .declined(let identifier, let peer): decline(identifier, from: peer)
        case .forgotten: for peer in cursors.keys { cursors[peer]?.forget() }
        case .supplied(let peer, let supply): peers.update(peer) { $0.supplied(supply) }
        case .drained(let peer): peers[peer]?.isCongested = false
        case .tick: expire(at: now)
        }
        // Most peers have nothing to say at most times, and every event comes by all of them.
        var busy: [PeerKey] = []
        let end = journal.lastPosition
        peers.updateEach { peer, exchange in if !exchange.isIdle(end) { busy.append(peer) } }
        for peer in busy { serve(peer, at: now, journal, &effects) }
        return effects
    }

    /// Only serves from now on: asks for nothing, and takes nothing in that peers send.
    package mutating func stopReading() {
        isReading = false
        requests = [:]
        for peer in peers.keys { peers[peer]?.stopReading() }
    }

    /// The identifiers held about connected peers and open requests, which tests hold against the bounds.
    package var heldCount: Int {
        peers.values.reduce(requests.count) { $0 + $1.heldCount }
    }

    /// How far the peer's journal has been read and settled.
    package func position(in peer: PeerKey) -> UInt64? { cursors[peer]?.position }

    private mutating func connect(
        _ peer: PeerKey,
        _ runEpoch: UInt64,
        at now: MonotonicInstant,
        _ effects: inout [Effect]
    ) {
        disconnect(peer)
        // Another run may have another journal (a restored backup): read it from the start; known items cost 32 bytes.
        if cursors[peer]?.runEpoch != runEpoch { cursors[peer] = JournalCursor(runEpoch: runEpoch) }
        let position = cursors[peer]?.position ?? 0
        peers[peer] = PeerExchange(subscribedAt: now)
        if isReading { effects.append(.send(.subscribe(after: position), to: peer)) }
    }

    private mutating func disconnect(_ peer: PeerKey) {
        guard peers[peer] != nil else { return }
        peers[peer] = nil
        release { $0.peer == peer }
    }

    private mutating func take(
        _ message: Message,
        from peer: PeerKey,
        at now: MonotonicInstant,
        _ journal: some JournalIndex,
        _ effects: inout [Effect]
    ) -> DisseminationFault? {
        guard peers[peer] != nil else { return nil }
        switch message {
        case .subscribe(let after):
            guard after <= journal.lastPosition else {
                return .positionAhead(theirs: after, ours: journal.lastPosition)
            }
            peers[peer]?.wantsPageAfter = after
        case .have, .item:
            guard isReading else { return nil }
            return takeContent(message, from: peer, at: now, journal, &effects)
        case .want(let identifiers):
            peers.update(peer) { $0.owe(identifiers) }
        case .hello, .ping, .pong, .bye, .head, .twin:
            break
        }
        return nil
    }

    private mutating func takeContent(
        _ message: Message,
        from peer: PeerKey,
        at now: MonotonicInstant,
        _ journal: some JournalIndex,
        _ effects: inout [Effect]
    ) -> DisseminationFault? {
        switch message {
        case .have(let upTo, let identifiers):
            return takePage(upTo, identifiers, from: peer, journal)
        case .item(let bytes):
            guard let identifier = StatementName.identifier(of: bytes) else { return .namelessItem }
            takeItem(identifier, bytes, from: peer, at: now, journal, &effects)
        case .subscribe, .want, .hello, .ping, .pong, .bye, .head, .twin:
            break
        }
        return nil
    }

    private mutating func takePage(
        _ upTo: UInt64,
        _ identifiers: [StatementIdentifier],
        from peer: PeerKey,
        _ journal: some JournalIndex
    ) -> DisseminationFault? {
        let position = cursors[peer]?.position ?? 0
        // An answer to a repeated SUBSCRIBE that another answer overtook.
        guard peers[peer]?.page == nil, upTo > position else { return nil }
        guard UInt64(identifiers.count) <= upTo else { return .positionsMissing(identifiers: identifiers.count) }
        peers.update(peer) { exchange in for identifier in identifiers { exchange.know(identifier) } }
        let missing = identifiers.filter { !journal.contains($0) }
        let isLast = identifiers.count < Limits.identifiersPerHave
        peers[peer]?.page = JournalPage(upTo: upTo, isLast: isLast, missing: missing)
        peers[peer]?.mayAsk = true
        return nil
    }

    private mutating func takeItem(
        _ identifier: StatementIdentifier,
        _ bytes: [UInt8],
        from peer: PeerKey,
        at now: MonotonicInstant,
        _ journal: some JournalIndex,
        _ effects: inout [Effect]
    ) {
        peers.update(peer) { exchange in
            exchange.know(identifier)
            exchange.heard(at: now)
        }
        guard !journal.contains(identifier) else { return settle(identifier) }
        effects.append(.deliver(identifier, bytes, from: peer))
    }

    private mutating func settle(_ identifier: StatementIdentifier) {
        if let request = requests[identifier] {
            requests[identifier] = nil
            peers.update(request.peer) { $0.answered() }
        }
        peers.updateEach { $1.page?.settle(identifier) }
    }

    private mutating func decline(_ identifier: StatementIdentifier, from peer: PeerKey) {
        cursors[peer]?.decline()
        peers[peer]?.page?.settle(identifier)
        guard requests[identifier]?.peer == peer else { return }
        release { $0.peer == peer && $0.identifier == identifier }
    }

    private mutating func expire(at now: MonotonicInstant) {
        let (timing, isReading) = (timing, isReading)
        for peer in peers.keys {
            let heardAt = peers.update(peer) { $0.heardAt } ?? now
            let isStalled = now.milliseconds(since: heardAt) >= timing.stallMilliseconds
            let late = { (request: Request) in
                let age = now.milliseconds(since: request.askedAt)
                return request.peer == peer
                    && (age >= timing.wantMilliseconds || isStalled && age >= timing.stallMilliseconds)
            }
            let hasLate = !requests.isEmpty && release(where: late)
            let needsSubscribe = peers.update(peer) { exchange in
                let until = exchange.suspendedUntil
                if hasLate { exchange.suspendedUntil = now.after(milliseconds: timing.suspensionMilliseconds) }
                if let until, now >= until {
                    exchange.suspendedUntil = nil
                    exchange.mayAsk = true
                }
                return isReading && exchange.page == nil
                    && now.milliseconds(since: exchange.subscribedAt) >= timing.resubscribeMilliseconds
            }
            if needsSubscribe == true {
                cursors[peer]?.reread(at: now, every: timing.rereadMilliseconds)
                peers.update(peer) { $0.needsSubscribe = true }
            }
        }
    }

    /// Forgets who was asked, so that another peer can be; says whether there was anything to forget.
    @discardableResult
    private mutating func release(where isReleased: (Request) -> Bool) -> Bool {
        let released = requests.values.filter(isReleased)
        for request in released {
            requests[request.identifier] = nil
            peers.update(request.peer) { $0.answered() }
        }
        if !released.isEmpty {
            for peer in peers.keys { peers[peer]?.mayAsk = true }
        }
        return !released.isEmpty
    }

    /// Everything that the state now allows to send to one peer.
    private mutating func serve(
        _ peer: PeerKey,
        at now: MonotonicInstant,
        _ journal: some JournalIndex,
        _ effects: inout [Effect]
    ) {
        turnPage(of: peer, at: now, &effects)
        ask(peer, at: now, &effects)
        peers.update(peer) { exchange in
            if let identifier = exchange.nextSupply() { effects.append(.supply(identifier, to: peer)) }
            if let after = exchange.wantsPageAfter, exchange.mayAnnounce, journal.lastPosition > after {
                let page = journal.identifiers(after: after, limit: Limits.identifiersPerHave)
                exchange.wantsPageAfter = nil
                effects.append(.send(.have(upTo: page.upTo, identifiers: page.identifiers), to: peer))
            }
        }
    }

    private mutating func turnPage(of peer: PeerKey, at now: MonotonicInstant, _ effects: inout [Effect]) {
        let settled = peers.update(peer) { exchange in
            guard exchange.page?.isSettled == true else { return nil as JournalPage? }
            exchange.needsSubscribe = true
            return exchange.page.take()
        }
        if let page = settled ?? nil { cursors[peer]?.settle(page, at: now, every: timing.rereadMilliseconds) }
        let position = cursors[peer]?.position ?? 0
        peers.update(peer) { exchange in
            guard exchange.needsSubscribe else { return }
            exchange.needsSubscribe = false
            exchange.subscribedAt = now
            effects.append(.send(.subscribe(after: position), to: peer))
        }
    }

    private mutating func ask(_ peer: PeerKey, at now: MonotonicInstant, _ effects: inout [Effect]) {
        let wanted = wanted(of: peer)
        guard !wanted.isEmpty else { return }
        for identifier in wanted { requests[identifier] = Request(identifier: identifier, peer: peer, askedAt: now) }
        peers.update(peer) { if $0.asked == wanted.count { $0.heardAt = now } }
        effects.append(.send(.want(wanted), to: peer))
    }

    private mutating func wanted(of peer: PeerKey) -> [StatementIdentifier] {
        let requested = requests
        return peers.update(peer) { $0.wanted { requested[$0] == nil } } ?? []
    }
}

/// How a connected peer broke the rules of having and wanting.
package enum DisseminationFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// A position after the end of our journal, which we never told anyone in this run.
    case positionAhead(theirs: UInt64, ours: UInt64)
    /// More identifiers than positions they can stand for.
    case positionsMissing(identifiers: Int)
    /// An item without a `.`, which no statement is.
    case namelessItem

    package var description: String {
        switch self {
        case .positionAhead(let theirs, let ours):
            "subscribed after position \(theirs) of a journal that ends at \(ours)"
        case .positionsMissing(let identifiers): "named \(identifiers) statements at fewer positions"
        case .namelessItem: "sent an item that is not a statement"
        }
    }
}
