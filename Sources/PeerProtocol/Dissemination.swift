internal import QuorumPolicy

/// Who has what, and who still lacks it: one node's side of exchanging statements with all its peers, as a value.
///
/// Each node reads every peer's journal by position. SUBSCRIBE(p) asks for one page of identifiers after p; what is
/// unknown is wanted from one peer at a time; when the whole page is settled, the next page is asked for. Nothing is kept
/// for an absent peer but how far its journal has been read, so reconnecting, catching up and recovering are one path.
/// Own fresh statements are also pushed at once. Per peer it holds at most one page (1,024 identifiers, and as many names of
/// who has them), 256 answers owed, 64 pushes and 1,024 identifiers it knows the peer has, whatever the peer sends.
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
    private var peers = PeerTable()
    /// How far the journals of absent peers have been read.
    private var cursors = OrderedMap<PeerKey, JournalCursor>()
    /// What the peers' pages name and the journal lacks.
    private var missing: [StatementIdentifier: MissingItem] = [:]
    /// Whether anything is asked for and taken in.
    private var isReading = true
    /// Until when time alone changes nothing; nil when that is not known.
    private var quietUntil: MonotonicInstant?

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
        let quietUntil = quietUntil.take()
        switch event {
        case .connected(let peer, let runEpoch): connect(peer, runEpoch, at: now, &effects)
        case .disconnected(let peer): disconnect(peer)
        case .received(let message, let peer):
            if let fault = take(message, from: peer, at: now, journal, &effects) {
                disconnect(peer)
                effects.append(.disconnect(peer, fault))
            }
        case .receivedItem(let identifier, let bytes, let peer):
            if isReading, peers.contains(peer) { takeItem(identifier, bytes, from: peer, at: now, journal, &effects) }
        case .recorded(let identifier): settle(identifier)
        case .published(let identifier):
            settle(identifier)
            peers.updateEach { $1.push(identifier) }
        case .declined(let identifier, let peer): decline(identifier, from: peer)
        case .forgotten:
            cursors.updateEach { $1.forget() }
            peers.updateEach { $1.cursor.forget() }
        case .supplied(let peer, let supply): peers.update(peer) { $0.supplied(supply) }
        case .drained(let peer): peers.update(peer) { $0.isCongested = false }
        case .tick:
            if let quietUntil, now < quietUntil, peers.isServed(journal.lastPosition) {
                self.quietUntil = quietUntil
                return []
            }
            expire(at: now)
        }
        let reread = timing.rereadMilliseconds
        peers.serveBusy(journal.lastPosition, &missing) { peer, exchange, missing in
            if let position = exchange.turnPage(at: now, rereadingEvery: reread) {
                effects.append(.send(.subscribe(after: position), to: peer))
            }
            let wanted = exchange.ask(for: &missing, as: peer, at: now)
            if !wanted.isEmpty { effects.append(.send(.want(wanted), to: peer)) }
            if let identifier = exchange.nextSupply() { effects.append(.supply(identifier, to: peer)) }
            if let after = exchange.takeSubscription(before: journal.lastPosition) {
                let page = journal.identifiers(after: after, limit: Limits.identifiersPerHave)
                effects.append(.send(.have(upTo: page.upTo, identifiers: page.identifiers), to: peer))
            }
        }
        return effects
    }

    /// Only serves from now on: asks for nothing, and takes nothing in that peers send.
    package mutating func stopReading() {
        isReading = false
        missing = [:]
        peers.updateEach { $1.stopReading() }
    }

    /// The identifiers held about connected peers and missing items, which tests hold against the bounds.
    package var heldCount: Int {
        missing.count + peers.heldCount
    }

    /// How far the peer's journal has been read and settled.
    package func position(in peer: PeerKey) -> UInt64? { (peers[peer]?.cursor ?? cursors[peer])?.position }

    private mutating func connect(
        _ peer: PeerKey,
        _ runEpoch: UInt64,
        at now: MonotonicInstant,
        _ effects: inout [Effect]
    ) {
        disconnect(peer)
        // Another run may have another journal (a restored backup): read it from the start; known items cost 32 bytes.
        let known = cursors[peer].flatMap { $0.runEpoch == runEpoch ? $0 : nil }
        let cursor = known ?? JournalCursor(runEpoch: runEpoch)
        cursors[peer] = nil
        peers.connect(peer, PeerExchange(cursor, subscribedAt: now))
        if isReading { effects.append(.send(.subscribe(after: cursor.position), to: peer)) }
    }

    private mutating func disconnect(_ peer: PeerKey) {
        guard let exchange = peers.disconnect(peer) else { return }
        cursors[peer] = exchange.cursor
        lose(exchange.page?.missing ?? [], from: peer)
    }

    private mutating func take(
        _ message: Message,
        from peer: PeerKey,
        at now: MonotonicInstant,
        _ journal: some JournalIndex,
        _ effects: inout [Effect]
    ) -> DisseminationFault? {
        guard peers.contains(peer) else { return nil }
        switch message {
        case .subscribe(let after):
            guard after <= journal.lastPosition else {
                return .positionAhead(theirs: after, ours: journal.lastPosition)
            }
            peers.subscribe(peer, after: after)
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
        // An answer to a repeated SUBSCRIBE that another answer overtook.
        guard peers.update(peer, { $0.page == nil && upTo > $0.cursor.position }) == true else { return nil }
        guard UInt64(identifiers.count) <= upTo else { return .positionsMissing(identifiers: identifiers.count) }
        let isLast = identifiers.count < Limits.identifiersPerHave
        let page = JournalPage(upTo: upTo, isLast: isLast, missing: journal.missing(of: identifiers))
        for identifier in page.missing { missing[identifier, default: MissingItem()].holders.append(peer) }
        peers.update(peer) { $0.take(page) }
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
        let isKnown = journal.contains(identifier)
        peers.update(peer) { exchange in
            if !isKnown { exchange.know(identifier) }
            exchange.heard(at: now)
        }
        guard !isKnown else { return settle(identifier) }
        effects.append(.deliver(identifier, bytes, from: peer))
    }

    private mutating func settle(_ identifier: StatementIdentifier) {
        guard let item = missing.removeValue(forKey: identifier) else { return }
        if let request = item.request { peers.update(request.peer) { $0.answered() } }
        for peer in item.holders { peers.update(peer) { $0.settle(identifier) } }
    }

    private mutating func decline(_ identifier: StatementIdentifier, from peer: PeerKey) {
        if peers.update(peer, { $0.decline(identifier) }) == nil { cursors[peer]?.decline() }
        lose([identifier], from: peer)
    }

    private mutating func expire(at now: MonotonicInstant) {
        let (timing, isReading) = (timing, isReading)
        let silent = releaseLate(at: now)
        peers.updateEach { peer, exchange in
            let until = exchange.suspendedUntil
            if silent.contains(peer) {
                exchange.suspendedUntil = now.after(milliseconds: timing.suspensionMilliseconds)
            }
            if let until, now >= until {
                exchange.suspendedUntil = nil
                exchange.mayAsk = true
            }
            guard
                isReading, exchange.page == nil,
                now.milliseconds(since: exchange.subscribedAt) >= timing.resubscribeMilliseconds
            else { return }
            exchange.cursor.reread(at: now, every: timing.rereadMilliseconds)
            exchange.needsSubscribe = true
        }
        quietUntil = missing.isEmpty ? peers.firstDeadline(timing) : nil
    }

    /// Takes requests back that were not answered in time, and says who did not answer.
    private mutating func releaseLate(at now: MonotonicInstant) -> Set<PeerKey> {
        guard !missing.isEmpty else { return [] }
        let late = missing.filter { _, item in
            guard let request = item.request else { return false }
            let age = now.milliseconds(since: request.askedAt)
            let heardAt = peers[request.peer]?.heardAt ?? now
            let isStalled = now.milliseconds(since: heardAt) >= timing.stallMilliseconds
            return age >= timing.wantMilliseconds || isStalled && age >= timing.stallMilliseconds
        }
        release(late.keys)
        return Set(late.values.compactMap { $0.request?.peer })
    }

    /// A peer is not asked any more for what its page named.
    private mutating func lose(_ identifiers: [StatementIdentifier], from peer: PeerKey) {
        release(identifiers.filter { missing[$0]?.request?.peer == peer })
        for identifier in identifiers {
            missing[identifier]?.holders.removeAll { $0 == peer }
            if missing[identifier]?.holders.isEmpty == true { missing[identifier] = nil }
        }
    }

    /// Forgets who was asked, so that other peers can be.
    private mutating func release(_ identifiers: some Collection<StatementIdentifier>) {
        guard !identifiers.isEmpty else { return }
        for identifier in identifiers {
            guard let request = missing[identifier]?.request else { continue }
            missing[identifier]?.request = nil
            peers.update(request.peer) { $0.answered() }
        }
        peers.updateEach { $1.mayAsk = true }
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
