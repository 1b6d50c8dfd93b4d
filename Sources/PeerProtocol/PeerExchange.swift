/// How far one run of a peer's journal has been read, and from where it must be read again.
struct JournalCursor: Hashable, Sendable {
    let runEpoch: UInt64
    private(set) var position: UInt64 = 0
    /// Where the cursor stood when the first item since the last reading was declined; it may have been only early.
    private var declinedAfter: UInt64?
    /// Something declined was kept aside and has fallen out.
    private var mustReread = false
    private var rereadAt: MonotonicInstant?

    init(runEpoch: UInt64) {
        self.runEpoch = runEpoch
    }

    mutating func decline() {
        declinedAfter = declinedAfter ?? position
    }

    mutating func forget() {
        mustReread = true
    }

    /// A page is read; at the journal's end, what fell out is read again.
    mutating func settle(_ page: JournalPage, at now: MonotonicInstant, every milliseconds: UInt64) {
        position = page.upTo
        if page.isLast { reread(at: now, every: milliseconds) }
    }

    /// Goes back to where something was declined, if something fell out, at most once in so many milliseconds.
    mutating func reread(at now: MonotonicInstant, every milliseconds: UInt64) {
        guard mustReread, rereadAt.map({ now.milliseconds(since: $0) >= milliseconds }) ?? true else { return }
        mustReread = false
        guard let declinedAfter else { return }
        rereadAt = now
        position = min(position, declinedAfter)
        self.declinedAfter = nil
    }
}

/// Identifiers of one HAVE that are not in the journal yet.
struct JournalPage: Hashable, Sendable {
    let upTo: UInt64
    /// The journal ended there when the page was made.
    let isLast: Bool
    /// Ascending, without repetition.
    private(set) var missing: [StatementIdentifier]

    init(upTo: UInt64, isLast: Bool, missing: [StatementIdentifier]) {
        self.upTo = upTo
        self.isLast = isLast
        var unique: [StatementIdentifier] = []
        for identifier in missing.sorted() where unique.last != identifier { unique.append(identifier) }
        self.missing = unique
    }

    var isSettled: Bool { missing.isEmpty }

    mutating func settle(_ identifier: StatementIdentifier) {
        guard !missing.isEmpty else { return }
        var low = 0
        var high = missing.count
        while low < high {
            let middle = low + (high - low) / 2
            if missing[middle] < identifier { low = middle + 1 } else { high = middle }
        }
        if low < missing.count, missing[low] == identifier { missing.remove(at: low) }
    }
}

/// One item that the journal lacks.
struct MissingItem: Hashable, Sendable {
    /// Who was asked for it.
    struct Request: Hashable, Sendable {
        let peer: PeerKey
        let askedAt: MonotonicInstant
    }

    /// Those whose pages name it.
    var holders: [PeerKey] = []
    var request: Request?
}

/// What is going on with one connected peer, every part of it bounded.
struct PeerExchange: Hashable, Sendable {
    // What we read from the peer.
    var cursor: JournalCursor
    private(set) var page: JournalPage?
    var subscribedAt: MonotonicInstant
    var needsSubscribe = false
    /// Items asked of this peer and not answered.
    var asked = 0
    /// Whether a page may hold something to ask for; spares walking pages in vain.
    var mayAsk = false
    var heardAt: MonotonicInstant
    var suspendedUntil: MonotonicInstant?

    // What the peer reads from us.
    var wantsPageAfter: UInt64?
    var isCongested = false
    private var isSupplying = false
    private var pushes: [StatementIdentifier] = []
    private var owed: [StatementIdentifier] = []

    // What the peer had before us, and what we sent it; the oldest first.
    private var known: [StatementIdentifier] = []

    init(_ cursor: JournalCursor, subscribedAt now: MonotonicInstant) {
        self.cursor = cursor
        subscribedAt = now
        heardAt = now
    }

    var heldCount: Int { (page?.missing.count ?? 0) + pushes.count + owed.count + known.count }

    /// Whether there is nothing to send, ask or announce as long as our journal ends at a position.
    func isIdle(_ end: UInt64) -> Bool {
        let hasPage = (page?.isSettled).map { $0 || mayAsk } ?? false
        let hasItems = !isSupplying && !isCongested && (!pushes.isEmpty || !owed.isEmpty)
        let hasNews = mayAnnounce && wantsPageAfter.map { end > $0 } ?? false
        return !needsSubscribe && !hasPage && !hasItems && !hasNews
    }

    /// Takes a page of the peer's journal.
    mutating func take(_ page: JournalPage) {
        for identifier in page.missing { know(identifier) }
        self.page = page
        mayAsk = true
    }

    mutating func settle(_ identifier: StatementIdentifier) { page?.settle(identifier) }

    mutating func decline(_ identifier: StatementIdentifier) {
        cursor.decline()
        settle(identifier)
    }

    /// After which position of its journal the peer is to be asked for a page, when a page is settled or it is time to ask again.
    mutating func turnPage(at now: MonotonicInstant, rereadingEvery milliseconds: UInt64) -> UInt64? {
        if let settled = page, settled.isSettled {
            page = nil
            cursor.settle(settled, at: now, every: milliseconds)
            needsSubscribe = true
        }
        guard needsSubscribe else { return nil }
        needsSubscribe = false
        subscribedAt = now
        return cursor.position
    }

    /// One of our requests is settled or withdrawn; half an empty window is filled at once, not item by item.
    mutating func answered() {
        asked -= 1
        if asked <= Limits.identifiersPerWant / 2 { mayAsk = true }
    }

    mutating func stopReading() {
        page = nil
        needsSubscribe = false
        asked = 0
        mayAsk = false
        suspendedUntil = nil
    }

    mutating func know(_ identifier: StatementIdentifier) {
        if known.count == Limits.knownPerPeer { known.removeFirst(Limits.knownPerPeer / 2) }
        known.append(identifier)
    }

    mutating func push(_ identifier: StatementIdentifier) {
        guard pushes.count < Limits.pushesPerPeer, !known.contains(identifier) else { return }
        pushes.append(identifier)
    }

    /// Takes a WANT; what exceeds the window every requester keeps to is left for it to ask again.
    mutating func owe(_ identifiers: [StatementIdentifier]) {
        for identifier in identifiers where owed.count < Limits.identifiersPerWant && !owed.contains(identifier) {
            owed.append(identifier)
        }
    }

    /// What is to be asked of the peer, as far as its window allows and nobody else was asked; nothing when it is not its turn.
    mutating func ask(
        for missing: inout [StatementIdentifier: MissingItem],
        as peer: PeerKey,
        at now: MonotonicInstant
    ) -> [StatementIdentifier] {
        guard mayAsk, suspendedUntil == nil, let page else { return [] }
        mayAsk = false
        if asked == 0 { heardAt = now }
        var wanted: [StatementIdentifier] = []
        for identifier in page.missing where missing[identifier]?.request == nil {
            guard asked < Limits.identifiersPerWant else { break }
            asked += 1
            missing[identifier]?.request = MissingItem.Request(peer: peer, askedAt: now)
            wanted.append(identifier)
        }
        return wanted
    }

    /// After which position the peer is to be told what our journal holds, and is told only once; nil when there is nothing new or
    /// it is not the time.
    mutating func takeSubscription(before end: UInt64) -> UInt64? {
        guard mayAnnounce, let after = wantsPageAfter, end > after else { return nil }
        wantsPageAfter = nil
        return after
    }

    /// Whether a HAVE may go out: not past statements that are about to be pushed, or they would be wanted as well.
    var mayAnnounce: Bool { !isCongested && pushes.isEmpty }

    mutating func heard(at now: MonotonicInstant) {
        heardAt = now
        guard suspendedUntil != nil else { return }
        suspendedUntil = nil
        mayAsk = true
    }

    /// One item was looked up: what a peer wants was announced to it, so after an item that is not there nothing more is.
    ///
    /// A WANT of 256 invented ids costs one look at the journal then, as every other message does.
    mutating func supplied(_ supply: Dissemination.Supply) {
        isSupplying = false
        isCongested = supply == .congested
        if supply == .missing { owed = [] }
    }

    /// The next item to look up and send, pushes first; one at a time and none to a congested peer.
    mutating func nextSupply() -> StatementIdentifier? {
        guard !isSupplying, !isCongested else { return nil }
        let next = pushes.isEmpty ? (owed.isEmpty ? nil : owed.removeFirst()) : pushes.removeFirst()
        guard let next else { return nil }
        isSupplying = true
        know(next)
        return next
    }
}
