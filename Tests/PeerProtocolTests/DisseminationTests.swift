import CryptoPrimitives
import Testing

@testable import PeerProtocol

/// A journal in memory; membership only is asked of the set.
struct MemoryJournal: JournalIndex {
    private(set) var order: [StatementIdentifier] = []
    private(set) var items: [StatementIdentifier: [UInt8]] = [:]

    var lastPosition: UInt64 { UInt64(order.count) }

    func contains(_ identifier: StatementIdentifier) -> Bool { items[identifier] != nil }

    func identifiers(after: UInt64, limit: Int) -> (upTo: UInt64, identifiers: [StatementIdentifier]) {
        let page = Array(order.dropFirst(Int(after)).prefix(limit))
        return (after + UInt64(page.count), page)
    }

    mutating func record(_ item: [UInt8]) -> StatementIdentifier? {
        guard let identifier = StatementName.identifier(of: item), items[identifier] == nil else { return nil }
        order.append(identifier)
        items[identifier] = item
        return identifier
    }
}

@Suite struct DisseminationTests {
    let bob = PeerKey.of(2)
    let carol = PeerKey.of(3)
    let later = MonotonicInstant.start.after(milliseconds: 10_000)

    @Test func `a new connection is read from the start and a reconnection from where it stopped`() {
        var journal = MemoryJournal()
        var node = Dissemination()
        #expect(node.receive(.connected(bob, runEpoch: 1), at: .start, journal: journal) == [subscribe(0, bob)])
        let item = item(1)
        _ = node.receive(.received(have(5, [item]), from: bob), at: .start, journal: journal)
        let identifier = journal.record(item) ?? .zero
        #expect(node.receive(.recorded(identifier), at: .start, journal: journal) == [subscribe(5, bob)])
        _ = node.receive(.disconnected(bob), at: .start, journal: journal)
        #expect(node.receive(.connected(bob, runEpoch: 1), at: .start, journal: journal) == [subscribe(5, bob)])
        // Another run may have lost its end, so it is read again.
        #expect(node.receive(.connected(bob, runEpoch: 2), at: .start, journal: journal) == [subscribe(0, bob)])
    }

    @Test func `a page does not count as read before all of it is recorded`() {
        var journal = MemoryJournal()
        var node = connected([bob], journal)
        let items = [item(1), item(2)]
        _ = node.receive(.received(have(2, items), from: bob), at: .start, journal: journal)
        let first = journal.record(items[0]) ?? .zero
        #expect(node.receive(.recorded(first), at: .start, journal: journal) == [])
        #expect(node.position(in: bob) == 0)
        let second = journal.record(items[1]) ?? .zero
        #expect(node.receive(.recorded(second), at: .start, journal: journal) == [subscribe(2, bob)])
        #expect(node.position(in: bob) == 2)
    }

    @Test func `what fell out is read again from where it was declined, at most once a minute however much falls out`()
    {
        var journal = MemoryJournal()
        var node = connected([bob], journal)
        let first = item(1)
        _ = node.receive(.received(have(1, [first]), from: bob), at: .start, journal: journal)
        let identifier = journal.record(first) ?? .zero
        #expect(node.receive(.recorded(identifier), at: .start, journal: journal) == [subscribe(1, bob)])
        var rereads: [UInt64] = []
        for second in 0..<600 as Range<UInt64> {
            let now = MonotonicInstant.start.after(milliseconds: second * 1000)
            let item = item(Int(second) + 2)
            let position = node.position(in: bob) ?? 0
            _ = node.receive(.received(have(position + 1, [item]), from: bob), at: now, journal: journal)
            _ = node.receive(.forgotten, at: now, journal: journal)
            _ = node.receive(.declined(name(item), from: bob), at: now, journal: journal)
            if let after = node.position(in: bob), after <= position { rereads.append(second) }
            _ = node.receive(.tick, at: now, journal: journal)
        }
        #expect(rereads.count == 10)
        #expect(zip(rereads, rereads.dropFirst()).allSatisfy { $1 - $0 >= 60 })
    }

    @Test func `a node that stopped reading asks for nothing, takes nothing and still serves`() {
        var journal = MemoryJournal()
        let own = journal.record(item(1)) ?? .zero
        var node = connected([bob], journal)
        _ = node.receive(.received(have(1, [item(2)]), from: bob), at: .start, journal: journal)
        node.stopReading()
        #expect(node.receive(.received(.item(item(2)), from: bob), at: .start, journal: journal) == [])
        #expect(node.receive(.received(have(2, [item(3)]), from: bob), at: .start, journal: journal) == [])
        #expect(node.receive(.tick, at: later, journal: journal) == [])
        let far = MonotonicInstant.start.after(milliseconds: 100_000)
        #expect(node.receive(.tick, at: far, journal: journal) == [])
        #expect(node.receive(.connected(carol, runEpoch: 1), at: far, journal: journal) == [])
        let page = node.receive(.received(.subscribe(after: 0), from: carol), at: far, journal: journal)
        #expect(page == [.send(.have(upTo: 1, identifiers: [own]), to: carol)])
        #expect(
            node.receive(.received(.want([own]), from: carol), at: far, journal: journal) == [.supply(own, to: carol)]
        )
    }

    @Test func `an item several peers have is wanted from one of them`() {
        let journal = MemoryJournal()
        var node = connected([bob, carol], journal)
        let item = item(1)
        let effects = node.receive(.received(have(1, [item]), from: bob), at: .start, journal: journal)
        #expect(effects == [.send(.want([name(item)]), to: bob)])
        #expect(node.receive(.received(have(1, [item]), from: carol), at: .start, journal: journal) == [])
    }

    @Test func `an item is wanted from another peer when the first disconnects`() {
        let journal = MemoryJournal()
        var node = bothHave(item(1), journal)
        let effects = node.receive(.disconnected(bob), at: .start, journal: journal)
        #expect(effects == [.send(.want([name(item(1))]), to: carol)])
    }

    @Test func `an item is wanted from another peer when the first does not send it`() {
        let journal = MemoryJournal()
        var node = connected([bob, carol], journal)
        // Nothing is due for thirty seconds, until something is asked for.
        #expect(node.receive(.tick, at: .start, journal: journal) == [])
        for peer in [bob, carol] {
            _ = node.receive(.received(have(1, [item(1)]), from: peer), at: .start, journal: journal)
        }
        let early = MonotonicInstant.start.after(milliseconds: 9_999)
        #expect(node.receive(.tick, at: early, journal: journal) == [])
        let effects = node.receive(.tick, at: later, journal: journal)
        #expect(effects == [.send(.want([name(item(1))]), to: carol)])
    }

    @Test func `an item is wanted from another peer when the first sends a bad one`() {
        let journal = MemoryJournal()
        var node = bothHave(item(1), journal)
        let delivered = node.receive(.received(.item(item(1)), from: bob), at: .start, journal: journal)
        #expect(delivered == [.deliver(name(item(1)), item(1), from: bob)])
        let effects = node.receive(.declined(name(item(1)), from: bob), at: .start, journal: journal)
        #expect(effects.contains(.send(.want([name(item(1))]), to: carol)))
    }

    @Test func `a peer that let a want time out is asked again after a while if nobody else has the item`() {
        let journal = MemoryJournal()
        var node = connected([bob], journal)
        _ = node.receive(.received(have(1, [item(1)]), from: bob), at: .start, journal: journal)
        #expect(node.receive(.tick, at: later, journal: journal) == [])
        let effects = node.receive(.tick, at: later.after(milliseconds: 30_000), journal: journal)
        #expect(effects == [.send(.want([name(item(1))]), to: bob)])
    }

    @Test func `what the journal has got without a word is announced when time passes`() {
        var journal = MemoryJournal()
        var node = connected([bob], journal)
        _ = node.receive(.received(.subscribe(after: 0), from: bob), at: .start, journal: journal)
        #expect(node.receive(.tick, at: .start, journal: journal) == [])
        _ = journal.record(item(1))
        #expect(node.receive(.tick, at: .start, journal: journal) == [.send(have(1, [item(1)]), to: bob)])
    }

    @Test func `every peer is asked again at its time when it does not answer, however often nothing is due`() {
        let journal = MemoryJournal()
        var node = Dissemination()
        var asked: [PeerKey: [UInt64]] = [:]
        for milliseconds in stride(from: 0, through: 70_000, by: 500) as StrideThrough<UInt64> {
            let now = MonotonicInstant.start.after(milliseconds: milliseconds)
            if milliseconds == 0 { _ = node.receive(.connected(bob, runEpoch: 1), at: now, journal: journal) }
            if milliseconds == 7_000 { _ = node.receive(.connected(carol, runEpoch: 1), at: now, journal: journal) }
            for case .send(.subscribe, let peer) in node.receive(.tick, at: now, journal: journal) {
                asked[peer, default: []].append(milliseconds)
            }
        }
        #expect(asked == [bob: [30_000, 60_000], carol: [37_000, 67_000]])
    }

    @Test func `a peer that let a want time out is asked for something else when its time is over, and not before`() {
        var journal = MemoryJournal()
        var node = bothHave(item(1), journal)
        var askedAt: [UInt64] = []
        for seconds in 10...41 as ClosedRange<UInt64> {
            let now = MonotonicInstant.start.after(milliseconds: seconds * 1_000)
            var effects = node.receive(.tick, at: now, journal: journal)
            if seconds == 12, let identifier = journal.record(item(1)) {
                effects += node.receive(.recorded(identifier), at: now, journal: journal)
            }
            if seconds == 39 {
                effects += node.receive(.received(have(2, [item(2)]), from: bob), at: now, journal: journal)
            }
            if effects.contains(.send(.want([name(item(2))]), to: bob)) { askedAt.append(seconds) }
        }
        #expect(askedAt == [40])
    }

    @Test func `a peer that let a want time out may be asked at once when its time is over`() {
        var journal = MemoryJournal()
        var node = bothHave(item(1), journal)
        for seconds in 10...40 as ClosedRange<UInt64> {
            let now = MonotonicInstant.start.after(milliseconds: seconds * 1_000)
            _ = node.receive(.tick, at: now, journal: journal)
            guard seconds == 12, let identifier = journal.record(item(1)) else { continue }
            _ = node.receive(.recorded(identifier), at: now, journal: journal)
        }
        let now = MonotonicInstant.start.after(milliseconds: 40_500)
        let effects = node.receive(.received(have(2, [item(2)]), from: bob), at: now, journal: journal)
        #expect(effects == [.send(.want([name(item(2))]), to: bob)])
    }

    @Test func `a trickling peer keeps an item no longer than a minute`() {
        let journal = MemoryJournal()
        var node = bothHave(item(1), journal)
        for seconds in 1...59 as ClosedRange<UInt64> {
            let now = MonotonicInstant.start.after(milliseconds: seconds * 1_000)
            let delivered = node.receive(
                .received(.item(item(Int(seconds) + 100)), from: bob),
                at: now,
                journal: journal
            )
            #expect(delivered.count == 1)
            #expect(node.receive(.tick, at: now, journal: journal) == [])
        }
        let effects = node.receive(.tick, at: .start.after(milliseconds: 60_000), journal: journal)
        #expect(effects == [.send(.want([name(item(1))]), to: carol)])
    }

    @Test func `at most 256 items are wanted from one peer at once`() {
        var journal = MemoryJournal()
        var node = connected([bob], journal)
        let items = (0..<1024).map(item)
        let effects = node.receive(.received(have(1024, items), from: bob), at: .start, journal: journal)
        #expect(wanted(effects).count == 256)
        var open = wanted(effects)
        while let next = open.popLast() {
            guard let bytes = items.first(where: { name($0) == next }) else { continue }
            _ = journal.record(bytes)
            open.insert(contentsOf: wanted(node.receive(.recorded(next), at: .start, journal: journal)), at: 0)
            #expect(open.count <= 256)
        }
        #expect(journal.lastPosition == 1024)
        #expect(node.position(in: bob) == 1024)
    }

    @Test func `wants are answered one at a time and not into a congested connection`() {
        var journal = MemoryJournal()
        let names = (1...3).compactMap { journal.record(item($0)) }
        var node = connected([bob], journal)
        let first = node.receive(.received(.want(names), from: bob), at: .start, journal: journal)
        #expect(first == [.supply(names[0], to: bob)])
        let second = node.receive(.supplied(to: bob, .sent), at: .start, journal: journal)
        #expect(second == [.supply(names[1], to: bob)])
        #expect(node.receive(.supplied(to: bob, .congested), at: .start, journal: journal) == [])
        #expect(node.receive(.tick, at: .start, journal: journal) == [])
        #expect(node.receive(.drained(bob), at: .start, journal: journal) == [.supply(names[2], to: bob)])
    }

    @Test func `after an item that was never announced nothing more of the want is looked up`() {
        var journal = MemoryJournal()
        let names = (1...3).compactMap { journal.record(item($0)) }
        var node = connected([bob], journal)
        let invented = (0..<254).map { name(item(1_000 + $0)) }
        let wanted = [names[0]] + invented + [names[1]]
        #expect(
            node.receive(.received(.want(wanted), from: bob), at: .start, journal: journal)
                == [.supply(names[0], to: bob)]
        )
        let next = node.receive(.supplied(to: bob, .sent), at: .start, journal: journal)
        #expect(next == [.supply(invented[0], to: bob)])
        #expect(node.receive(.supplied(to: bob, .missing), at: .start, journal: journal) == [])
        // It may ask again for what is there.
        let again = node.receive(.received(.want([names[1]]), from: bob), at: .start, journal: journal)
        #expect(again == [.supply(names[1], to: bob)])
    }

    @Test func `own statements are pushed to everyone but those who have them`() {
        var journal = MemoryJournal()
        var node = connected([bob, carol], journal)
        _ = node.receive(.received(have(1, [item(1)]), from: carol), at: .start, journal: journal)
        let identifier = journal.record(item(1)) ?? .zero
        let effects = node.receive(.published(identifier), at: .start, journal: journal)
        #expect(effects.contains(.supply(identifier, to: bob)))
        #expect(!effects.contains(.supply(identifier, to: carol)))
    }

    @Test
    func `a subscriber is told of statements beyond its position, at most 1,024 at a time, once per subscription`() {
        var journal = MemoryJournal()
        for number in 0..<1500 { _ = journal.record(item(number)) }
        var node = connected([bob], journal)
        let effects = node.receive(.received(.subscribe(after: 10), from: bob), at: .start, journal: journal)
        #expect(effects == [.send(.have(upTo: 1034, identifiers: Array(journal.order[10..<1034])), to: bob)])
        #expect(node.receive(.tick, at: .start, journal: journal) == [])
        let rest = node.receive(.received(.subscribe(after: 1034), from: bob), at: .start, journal: journal)
        #expect(rest == [.send(.have(upTo: 1500, identifiers: Array(journal.order[1034...])), to: bob)])
        #expect(node.receive(.received(.subscribe(after: 1500), from: bob), at: .start, journal: journal) == [])
        let next = journal.record(item(9_999)) ?? .zero
        let told = node.receive(.recorded(next), at: .start, journal: journal)
        #expect(told == [.send(.have(upTo: 1501, identifiers: [next]), to: bob)])
    }

    @Test func `a position nobody was told ends the connection`() {
        let journal = MemoryJournal()
        var node = connected([bob], journal)
        let effects = node.receive(.received(.subscribe(after: 1), from: bob), at: .start, journal: journal)
        #expect(effects == [.disconnect(bob, .positionAhead(theirs: 1, ours: 0))])
        #expect(node.receive(.received(.subscribe(after: 0), from: bob), at: .start, journal: journal) == [])
    }

    @Test func `more identifiers than positions and items without a name end the connection`() {
        let journal = MemoryJournal()
        var node = connected([bob, carol], journal)
        let crowded = node.receive(.received(have(1, [item(1), item(2)]), from: bob), at: .start, journal: journal)
        #expect(crowded == [.disconnect(bob, .positionsMissing(identifiers: 2))])
        let nameless = node.receive(.received(.item([1, 2]), from: carol), at: .start, journal: journal)
        #expect(nameless == [.disconnect(carol, .namelessItem)])
    }

    @Test func `what is held about a peer is bounded whatever it sends`() {
        let journal = MemoryJournal()
        var node = connected([bob], journal)
        for round in 0..<50 {
            let names = (0..<1024).map { name(item(round * 1024 + $0)) }
            let message = Message.have(upTo: UInt64(round + 1) * 1024, identifiers: names)
            _ = node.receive(.received(message, from: bob), at: .start, journal: journal)
            for part in stride(from: 0, to: 1024, by: 256) {
                let wants = Message.want(Array(names[part..<part + 256]))
                _ = node.receive(.received(wants, from: bob), at: .start, journal: journal)
            }
            _ = node.receive(.published(names[0]), at: .start, journal: journal)
            #expect(node.heldCount <= 2 * 1024 + 256 + 64 + 1024)
        }
    }

    private func item(_ number: Int) -> [UInt8] { Array("statement \(number).signature".utf8) }
    private func name(_ item: [UInt8]) -> StatementIdentifier { StatementName.identifier(of: item) ?? .zero }
    private func have(_ upTo: UInt64, _ items: [[UInt8]]) -> Message { .have(upTo: upTo, identifiers: items.map(name)) }
    private func subscribe(_ after: UInt64, _ peer: PeerKey) -> Dissemination.Effect {
        .send(.subscribe(after: after), to: peer)
    }

    private func connected(_ peers: [PeerKey], _ journal: MemoryJournal) -> Dissemination {
        var node = Dissemination()
        for peer in peers { _ = node.receive(.connected(peer, runEpoch: 1), at: .start, journal: journal) }
        return node
    }

    private func bothHave(_ item: [UInt8], _ journal: MemoryJournal) -> Dissemination {
        var node = connected([bob, carol], journal)
        _ = node.receive(.received(have(1, [item]), from: bob), at: .start, journal: journal)
        _ = node.receive(.received(have(1, [item]), from: carol), at: .start, journal: journal)
        return node
    }

    private func wanted(_ effects: [Dissemination.Effect]) -> [StatementIdentifier] {
        effects.flatMap { effect in
            if case .send(.want(let identifiers), _) = effect { identifiers } else { [StatementIdentifier]() }
        }
    }
}
