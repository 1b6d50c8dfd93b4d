import PeerProtocol
import Synchronization
import Testing

@testable import NodeNetwork

@Suite(.timeLimit(.minutes(2))) struct BackpressureTests {
    @Test func `a node that does not consume is not sent more than bounded buffers, and loses nothing`() async throws {
        let alice = try await TestNode.start(1)
        let bob = try await TestNode.start(2, dialling: [1: alice.port], consumes: false)
        try await eventually("connected") { await alice.isConnected(to: bob.key) }
        let item = [UInt8](repeating: 9, count: 20_000)
        var sent = 0
        var isCongested = false
        while sent < 5_000, !isCongested {
            isCongested = await alice.network.send(.item(item), to: bob.key) == .congested
            sent += 1
        }
        #expect(isCongested)
        bob.consume()
        try await eventually("everything arrives") { bob.received(from: alice.key).count == sent }
        try await eventually("the sender is told") { alice.events.contains(.drained(bob.key)) }
        #expect(await alice.network.send(.item(item), to: bob.key) == .sent)
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `a peer that never reads is given up before it costs more than its share`() async throws {
        let alice = try await TestNode.start(1) { $0.limits.outboundBytes = 1 << 20 }
        let bob = try await TestNode.start(2, dialling: [1: alice.port], consumes: false)
        try await eventually("connected") { await alice.isConnected(to: bob.key) }
        let item = [UInt8](repeating: 9, count: 100_000)
        var outcome = SendOutcome.sent
        for _ in 0..<1_000 where outcome != .notConnected {
            outcome = await alice.network.send(.item(item), to: bob.key)
        }
        #expect(outcome == .notConnected)
        try await eventually("reported") {
            alice.events.contains { event in
                if case .disconnected(bob.key, let text) = event { text.contains("you do not read") } else { false }
            }
        }
        bob.consume()
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `an inbox is full at its bound and not one message before, and is readable again at half`() async {
        var limits = NetworkLimits()
        limits.inboxMessages = 4
        let relieved = Relieved()
        let inbox = EventInbox(limits: limits) { relieved.add($0) }
        for _ in 0..<3 { #expect(inbox.add(.subscribe(after: 1), from: .of(1))) }
        #expect(!inbox.add(.subscribe(after: 1), from: .of(1)))
        #expect(inbox.isFull(of: .of(1)))
        #expect(inbox.add(.subscribe(after: 1), from: .of(2)))
        _ = await inbox.next()
        #expect(relieved.peers.isEmpty)
        _ = await inbox.next()
        #expect(relieved.peers == [.of(1)])
        #expect(!inbox.isFull(of: .of(1)))
        inbox.finish()
        for _ in 0..<3 { #expect(await inbox.next() != nil) }
        #expect(await inbox.next() == nil)
    }

    @Test func `an inbox counts bytes as well as messages`() {
        let inbox = EventInbox(limits: NetworkLimits()) { _ in }
        let item = Message.item([UInt8](repeating: 0, count: (1 << 20) - 64))
        for _ in 0..<3 { #expect(inbox.add(item, from: .of(1))) }
        #expect(!inbox.add(item, from: .of(1)))
    }

    @Test func `a peer that comes and goes too often is crowded at its bound`() {
        let inbox = EventInbox(limits: NetworkLimits()) { _ in }
        for _ in 0..<15 { inbox.add(.drained(.of(1)), about: .of(1)) }
        #expect(!inbox.isCrowded(by: .of(1)))
        inbox.add(.drained(.of(1)), about: .of(1))
        #expect(inbox.isCrowded(by: .of(1)))
        #expect(!inbox.isCrowded(by: .of(2)))
    }

    @Test func `a cancelled consumer is released`() async {
        let inbox = EventInbox(limits: NetworkLimits()) { _ in }
        let task = Task { await inbox.next() }
        task.cancel()
        #expect(await task.value == nil)
    }

    @Test func `waits between dials grow from 50 ms to 30 s and start over`() {
        var schedule = DialSchedule(limits: NetworkLimits())
        var random = SystemRandomNumberGenerator()
        var ceilings: [Int64] = []
        for _ in 0..<64 {
            ceilings.append(schedule.ceilingMilliseconds)
            let ceiling = schedule.ceilingMilliseconds
            let wait = schedule.nextWait(using: &random)
            #expect((0...ceiling).contains(wait))
        }
        #expect(ceilings.prefix(4) == [50, 100, 200, 400])
        #expect(ceilings.last == 30_000)
        schedule.reset()
        #expect(schedule.ceilingMilliseconds == 50)
    }

    @Test func `addresses are tried in turn`() {
        var schedule = DialSchedule(limits: NetworkLimits())
        var random = SystemRandomNumberGenerator()
        var indices: [Int] = []
        for _ in 0..<5 {
            _ = schedule.nextWait(using: &random)
            indices.append(schedule.addressIndex(of: 3))
        }
        #expect(indices == [0, 1, 2, 0, 1])
    }

    @Test func `slots are bounded for strangers in all and per address, and apart from those kept for peers`() {
        var slots = CallerSlots(limits: NetworkLimits())
        slots.peersAtAddress = ["10.0.0.1": 1]
        #expect(slots.take(from: "10.0.0.9") == .stranger("10.0.0.9"))
        #expect(slots.take(from: "10.0.0.9") == .stranger("10.0.0.9"))
        #expect(slots.take(from: "10.0.0.9") == nil)
        for host in 2...7 { #expect(slots.take(from: "10.0.0.\(host)") != nil) }
        #expect(slots.take(from: "10.0.0.8") == nil)
        #expect(slots.take(from: "10.0.0.1") == .reserved("10.0.0.1"))
        #expect(slots.take(from: "10.0.0.1") == .reserved("10.0.0.1"))
        #expect(slots.take(from: "10.0.0.1") == nil)
        slots.giveBack(.stranger("10.0.0.9"))
        #expect(slots.take(from: "10.0.0.8") == .stranger("10.0.0.8"))
        slots.giveBack(.reserved("10.0.0.1"))
        #expect(slots.take(from: "10.0.0.1") == .reserved("10.0.0.1"))
    }
}

private final class Relieved: Sendable {
    private let seen = Mutex<[PeerKey]>([])
    var peers: [PeerKey] { seen.withLock { $0 } }
    func add(_ peer: PeerKey) { seen.withLock { $0.append(peer) } }
}
