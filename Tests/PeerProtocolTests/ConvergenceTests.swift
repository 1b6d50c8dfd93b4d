import CryptoPrimitives
import SeededNumbers
import Testing

@testable import PeerProtocol

@Suite struct ConvergenceTests {
    @Test(arguments: 0..<25 as Range<UInt64>)
    func `two nodes end with the same statements whatever the network loses`(seed: UInt64) {
        var network = SimulatedNetwork(nodes: 2, seed: seed, lossPercent: 10)
        network.run()
        #expect(network.haveConverged)
    }

    @Test(arguments: 0..<25 as Range<UInt64>)
    func `three nodes end with the same statements whatever the network loses`(seed: UInt64) {
        var network = SimulatedNetwork(nodes: 3, seed: seed, lossPercent: 10)
        network.run()
        #expect(network.haveConverged)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `nodes that only one node connects converge through it`(seed: UInt64) {
        var network = SimulatedNetwork(nodes: 5, seed: seed, lossPercent: 5, isStar: true)
        network.run()
        #expect(network.haveConverged)
    }

    @Test func `without loss every statement crosses a link once`() {
        var network = SimulatedNetwork(nodes: 3, seed: 1, lossPercent: 0, reconnects: false)
        network.run()
        #expect(network.haveConverged)
        #expect(network.itemsSent <= network.statements * 2 + network.statements / 4)
    }

    @Test func `one seed gives one history`() {
        var first = SimulatedNetwork(nodes: 3, seed: 7, lossPercent: 10)
        var second = SimulatedNetwork(nodes: 3, seed: 7, lossPercent: 10)
        first.run()
        second.run()
        #expect(first.itemsSent == second.itemsSent)
        #expect(first.orders == second.orders)
    }

    @Test func `a late node catches up with three thousand statements`() {
        var network = SimulatedNetwork(nodes: 2, seed: 3, lossPercent: 0, reconnects: false, backlog: 3_000)
        network.run()
        #expect(network.haveConverged)
        #expect(network.itemsSent <= network.statements + 300)
    }
}

/// Nodes over links that delay, lose messages and break, until a settling time; then over sound links.
private struct SimulatedNetwork {
    private struct Delivery {
        let at: UInt64
        let from: Int
        let to: Int
        let connection: Int
        let message: Message
    }

    private static let settling: UInt64 = 30_000
    private static let end: UInt64 = 250_000

    private var random: SeededGenerator
    private let lossPercent: Int
    private let reconnects: Bool
    private let pairs: [(Int, Int)]
    private var now: UInt64 = 0
    private var nodes: [Dissemination]
    private var journals: [MemoryJournal]
    private var queue: [Delivery] = []
    private var delivered = 0
    /// The number of each pair's current connection, 0 while it is broken.
    private var connections: [Int]
    private var opened = 0
    private(set) var itemsSent = 0
    private(set) var statements = 0

    init(
        nodes count: Int,
        seed: UInt64,
        lossPercent: Int,
        isStar: Bool = false,
        reconnects: Bool = true,
        backlog: Int = 0
    ) {
        random = SeededGenerator(seed: seed)
        self.lossPercent = lossPercent
        self.reconnects = reconnects
        pairs = (0..<count).flatMap { left in (left + 1..<max(count, left + 1)).map { (left, $0) } }
            .filter { !isStar || $0.0 == 0 }
        nodes = (0..<count).map { _ in Dissemination() }
        journals = (0..<count).map { _ in MemoryJournal() }
        connections = pairs.map { _ in 0 }
        for _ in 0..<backlog { write(at: 0) }
    }

    var haveConverged: Bool {
        journals.allSatisfy { $0.order.count == statements && $0.order.allSatisfy(journals[0].contains) }
    }

    var orders: [[StatementIdentifier]] { journals.map(\.order) }

    mutating func run() {
        var nextTick: UInt64 = 0
        while now < Self.end {
            while let delivery = next(before: nextTick) { deliver(delivery) }
            now = nextTick
            nextTick += 1_000
            disturb()
            for node in nodes.indices { perform(.tick, at: node) }
        }
    }

    /// Every link has the same delay, so messages arrive in the order they were sent.
    private mutating func next(before time: UInt64) -> Delivery? {
        guard delivered < queue.count, queue[delivered].at < time else { return nil }
        delivered += 1
        return queue[delivered - 1]
    }

    private mutating func disturb() {
        if now < Self.settling {
            for node in nodes.indices where Int.random(in: 0..<4, using: &random) > 0 { publish(at: node) }
        }
        for pair in pairs.indices {
            let breaks = reconnects && now < Self.settling && Int.random(in: 0..<8, using: &random) == 0
            if connections[pair] == 0 { open(pair) } else if breaks { close(pair) }
        }
    }

    private mutating func open(_ pair: Int) {
        opened += 1
        connections[pair] = opened
        let (left, right) = pairs[pair]
        perform(.connected(PeerKey.cached[right], runEpoch: 1), at: left)
        perform(.connected(PeerKey.cached[left], runEpoch: 1), at: right)
    }

    private mutating func close(_ pair: Int) {
        connections[pair] = 0
        let (left, right) = pairs[pair]
        perform(.disconnected(PeerKey.cached[right]), at: left)
        perform(.disconnected(PeerKey.cached[left]), at: right)
    }

    @discardableResult
    private mutating func write(at node: Int) -> StatementIdentifier? {
        statements += 1
        return journals[node].record(Array("statement \(statements) of \(node).signature".utf8))
    }

    private mutating func publish(at node: Int) {
        guard let identifier = write(at: node) else { return }
        perform(.published(identifier), at: node)
    }

    private mutating func deliver(_ delivery: Delivery) {
        now = max(now, delivery.at)
        guard connections.contains(delivery.connection) else { return }
        perform(.received(delivery.message, from: PeerKey.cached[delivery.from]), at: delivery.to)
    }

    private mutating func perform(_ event: Dissemination.Event, at node: Int) {
        var events = [event]
        while !events.isEmpty {
            let instant = MonotonicInstant(milliseconds: now)
            for effect in nodes[node].receive(events.removeFirst(), at: instant, journal: journals[node]) {
                switch effect {
                case .send(let message, let peer):
                    send(message, from: node, to: peer)
                case .supply(let identifier, let peer):
                    let item = journals[node].items[identifier]
                    if let item {
                        itemsSent += 1
                        send(.item(item), from: node, to: peer)
                    }
                    events.append(.supplied(to: peer, item == nil ? .missing : .sent))
                case .deliver(let identifier, let bytes, let peer):
                    let isNew = journals[node].record(bytes) != nil
                    events.append(isNew ? .recorded(identifier) : .declined(identifier, from: peer))
                case .disconnect(let peer, let fault):
                    Issue.record("honest \(peer) was accused: \(fault)")
                }
            }
        }
        let bound = (nodes.count - 1) * (2 * 1024 + 256 + 64 + 1024)
        if nodes[node].heldCount > bound { Issue.record("held \(nodes[node].heldCount) of \(bound)") }
    }

    private mutating func send(_ message: Message, from node: Int, to peer: PeerKey) {
        guard let target = nodes.indices.first(where: { PeerKey.cached[$0] == peer }) else { return }
        let pair = pairs.firstIndex { $0 == (min(node, target), max(node, target)) }
        guard let pair, connections[pair] != 0 else { return }
        if now < Self.settling, Int.random(in: 0..<100, using: &random) < lossPercent { return }
        queue.append(
            Delivery(
                at: now + 20,
                from: node,
                to: target,
                connection: connections[pair],
                message: message
            )
        )
    }
}

extension PeerKey {
    fileprivate static let cached: [PeerKey] = (1...9).map { PeerKey.of($0) }
}
