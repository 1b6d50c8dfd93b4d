import PeerProtocol
import Testing

@testable import NodeNetwork

@Suite(.timeLimit(.minutes(2))) struct RenewalTests {
    @Test func `a connection with old keys is replaced by its dialler, and nothing breaks off meanwhile`() async throws
    {
        let alice = try await TestNode.start(1) { settings in
            settings.limits.renewMilliseconds = 1_000
            // The dialler closes the loser, however late it sees the winner.
            settings.limits.lingerMilliseconds = 60_000
        }
        let bob = try await TestNode.start(2, dialling: [1: alice.port]) { $0.limits.renewMilliseconds = 1_000 }
        try await eventually("connected") { await bob.isConnected(to: alice.key) }
        var sent: UInt64 = 0
        var ports: Set<String> = []
        try await eventually("three more handshakes") {
            sent += 1
            await bob.network.send(.subscribe(after: sent), to: alice.key)
            await alice.network.send(.subscribe(after: sent), to: bob.key)
            if let address = await alice.network.status().first(where: { $0.peer == bob.key })?.remoteAddress {
                ports.insert(address)
            }
            return ports.count >= 4
        }
        for (node, peer) in [(alice, bob), (bob, alice)] {
            let breaks = node.events.filter { if case .disconnected(peer.key, _) = $0 { true } else { false } }
            #expect(breaks.isEmpty)
            // The one end learns of a handshake's last message later than the other.
            try await eventually("every connection is told") {
                node.events.count { if case .connected(peer.key, _, _) = $0 { true } else { false } } >= 4
            }
            #expect(await node.isConnected(to: peer.key))
        }
        await bob.network.send(.subscribe(after: 77_777), to: alice.key)
        try await eventually("the newest works") { alice.received(from: bob.key).last == .subscribe(after: 77_777) }
        try await eventually("only one is left") { await alice.network.connectionCount() <= 2 }
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `a dialler that never renews is cut when the grace is over, and told why`() async throws {
        let alice = try await TestNode.start(1) { settings in
            // Long enough for a busy machine to shake hands meanwhile.
            settings.limits.renewMilliseconds = 2_500
            settings.limits.renewGraceMilliseconds = 2_500
        }
        var peer = try await ScriptedPeer.connect(5, to: alice)
        #expect(peer.session.isConnected == true)
        try await eventually("closed") { peer.client.isClosed }
        let output = peer.session.receive(peer.client.takeReceived(), at: MonotonicInstant(milliseconds: 0))
        guard case .closed(.byeReceived(let bye, _)) = output.events.last else {
            Issue.record("no word: \(output.events)")
            return
        }
        #expect(bye.reason == .declined)
        #expect(bye.description.contains("dial anew"))
        await alice.network.close()
    }

    @Test func `a node that cannot be dialled anew keeps the connection until the grace is over`() async throws {
        let alice = try await TestNode.start(1)
        let bob = try await TestNode.start(2, dialling: [1: alice.port]) { settings in
            settings.limits.renewMilliseconds = 200
            settings.limits.connectMilliseconds = 200
        }
        try await eventually("connected") { await bob.isConnected(to: alice.key) }
        await bob.network.setAddresses([try PeerAddress(host: "127.0.0.1", port: 1)], of: alice.key)
        try await eventually("an attempt to renew has failed") { !(await bob.failures(with: alice.key)).isEmpty }
        #expect(await bob.isConnected(to: alice.key))
        // On a busy machine the connection may have been renewed before the address changed, and what is sent meanwhile may go
        // down with the old one.
        try await eventually("it works still") {
            await bob.network.send(.subscribe(after: 5), to: alice.key)
            return alice.received(from: bob.key).last == .subscribe(after: 5)
        }
        await alice.network.close()
        await bob.network.close()
    }
}
