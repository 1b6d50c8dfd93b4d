import CryptoPrimitives
import PeerProtocol
import Testing

@testable import NodeNetwork

@Suite(.timeLimit(.minutes(2))) struct HostileCallerTests {
    @Test func `garbage is cut off and disturbs nobody`() async throws {
        let (alice, bob) = try await connectedPair()
        for garbage in [Array("GET / HTTP/1.1\r\n\r\n".utf8), [UInt8](repeating: 0, count: 100_000), [22, 3, 1]] {
            let client = try await RawClient.connect(to: alice.port)
            try await client.send(garbage + [UInt8](repeating: 65, count: 40))
            try await eventually("cut off") { client.isClosed }
        }
        try await worksStill(alice, bob)
    }

    @Test func `a caller that says little or nothing is cut off at the deadline`() async throws {
        let (alice, bob) = try await connectedPair { $0.timing.handshakeMilliseconds = 1_000 }
        let silent = try await RawClient.connect(to: alice.port, from: "127.0.0.2")
        let slow = try await RawClient.connect(to: alice.port, from: "127.0.0.3")
        let preamble = Preamble(network: .zero, expecting: alice.key, own: .of(5)).encoded
        for byte in preamble where !slow.isClosed {
            try? await slow.send([byte])
            try await Task.sleep(for: .milliseconds(50))
        }
        try await eventually("both are cut off") { silent.isClosed && slow.isClosed }
        try await worksStill(alice, bob)
    }

    @Test func `a peer that stops after the handshake's last message is cut off as well`() async throws {
        let (alice, bob) = try await connectedPair { $0.timing.handshakeMilliseconds = 5_000 }
        let client = try await RawClient.connect(to: alice.port)
        var session = PeerSession(
            dialling: alice.key,
            settings: SessionSettings(network: .zero, ownKey: .of(5), roster: PeerRoster([])),
            staticKey: SecretBytes(copying: [UInt8](repeating: 5, count: 32)),
            hello: try #require(TestNode.hello(epoch: 1)),
            at: MonotonicInstant(milliseconds: 0)
        )
        try await client.send(session.start().bytes)
        try await eventually("message 2 arrives") { client.received.count == 49 }
        let third = session.receive(client.takeReceived(), at: MonotonicInstant(milliseconds: 0)).bytes.prefix(64)
        try await client.send(Array(third))
        try await eventually("cut off") { client.isClosed }
        #expect(await alice.failures(with: .of(5)).contains { $0.contains("handshake not finished") })
        try await worksStill(alice, bob)
    }

    @Test func `one byte at a time is as good as any`() async throws {
        let alice = try await TestNode.start(1) { $0.timing.handshakeMilliseconds = 60_000 }
        var peer = try await ScriptedPeer.connect(5, to: alice, chunk: 1)
        let isConnected = peer.session.isConnected
        #expect(isConnected)
        let bytes = peer.session.send(.subscribe(after: 1), at: MonotonicInstant(milliseconds: 0))
        for byte in bytes { try await peer.client.send([byte]) }
        try await eventually("it arrives") { alice.received(from: .of(5)) == [.subscribe(after: 1)] }
        await alice.network.close()
    }

    @Test(arguments: [(0, "frame of 0 bytes"), (271, "frame of 271 bytes"), (65_535, "frame of 65535 bytes")])
    func `a frame of impossible length is refused by name`(length: Int, reason: String) async throws {
        let (alice, bob) = try await connectedPair()
        let peer = try await ScriptedPeer.connect(5, to: alice)
        try await peer.client.send([UInt8(length >> 8), UInt8(length & 255)])
        try await eventually("the reason is named") {
            alice.events.contains { event in
                if case .disconnected(.of(5), let text) = event { text.contains(reason) } else { false }
            }
        }
        try await eventually("closed") { peer.client.isClosed }
        try await worksStill(alice, bob)
    }

    @Test func `an altered frame is refused by name`() async throws {
        let (alice, bob) = try await connectedPair()
        var peer = try await ScriptedPeer.connect(5, to: alice)
        var bytes = peer.session.send(.subscribe(after: 1), at: MonotonicInstant(milliseconds: 0))
        bytes[50] ^= 1
        try await peer.client.send(bytes)
        try await eventually("the reason is named") {
            alice.events.contains { event in
                if case .disconnected(.of(5), let text) = event {
                    text.contains("does not authenticate")
                } else {
                    false
                }
            }
        }
        try await worksStill(alice, bob)
    }

    @Test func `a connection that breaks in the middle of a frame is reported`() async throws {
        let (alice, bob) = try await connectedPair()
        var peer = try await ScriptedPeer.connect(5, to: alice)
        let bytes = peer.session.send(
            .item([UInt8](repeating: 1, count: 100_000)),
            at: MonotonicInstant(milliseconds: 0)
        )
        try await peer.client.send(Array(bytes.prefix(70_000)))
        peer.client.close()
        try await eventually("reported") {
            alice.events.contains { event in
                if case .disconnected(.of(5), let text) = event { text.hasPrefix("connection lost") } else { false }
            }
        }
        try await worksStill(alice, bob)
    }

    @Test func `strangers fill only their own slots`() async throws {
        let alice = try await TestNode.start(1, dialling: [2: 1]) { settings in
            settings.timing.handshakeMilliseconds = 60_000
        }
        var held: [RawClient] = []
        for host in 2...20 {
            for _ in 0..<3 { held.append(try await RawClient.connect(to: alice.port, from: "127.0.0.\(host)")) }
        }
        try await eventually("all but eight are turned away") { held.filter { !$0.isClosed }.count == 8 }
        let refusals = held.filter { $0.isClosed && $0.received.first == Refusal.Reason.busy.rawValue }
        #expect(!refusals.isEmpty)
        let perHost = stride(from: 0, to: held.count, by: 3).map { start in
            held[start..<start + 3].filter { !$0.isClosed }.count
        }
        #expect(perHost.allSatisfy { $0 <= 2 })

        let bob = try await TestNode.start(2, dialling: [1: alice.port])
        try await eventually("a listed peer still gets in") { await bob.isConnected(to: alice.key) }
        for client in held { client.close() }
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `a slot is free again when its caller is gone`() async throws {
        let alice = try await TestNode.start(1)
        for _ in 0..<20 {
            let client = try await RawClient.connect(to: alice.port)
            try await client.send([1])
            client.close()
            try await eventually("gone") { await alice.network.connectionCount() == 0 }
        }
        let bob = try await TestNode.start(2, dialling: [1: alice.port])
        try await eventually("connected") { await bob.isConnected(to: alice.key) }
        await alice.network.close()
        await bob.network.close()
    }

    private func connectedPair(
        adjust: (inout NetworkSettings) -> Void = { _ in }
    ) async throws -> (TestNode, TestNode) {
        let alice = try await TestNode.start(1, adjust: adjust)
        let bob = try await TestNode.start(2, dialling: [1: alice.port])
        // The dialler learns of the connection last, when the other end's HELLO arrives.
        try await eventually("connected") { await bob.isConnected(to: alice.key) }
        return (alice, bob)
    }

    private func worksStill(_ alice: TestNode, _ bob: TestNode) async throws {
        await bob.network.send(.subscribe(after: 77), to: alice.key)
        try await eventually("the old connection works") { alice.received(from: bob.key).last == .subscribe(after: 77) }
        let interruptions = alice.events.filter { event in
            if case .disconnected(bob.key, _) = event { true } else { false }
        }
        #expect(interruptions.isEmpty)
        await alice.network.close()
        await bob.network.close()
    }
}
