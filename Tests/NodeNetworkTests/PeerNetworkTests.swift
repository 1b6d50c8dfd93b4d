import CryptoPrimitives
import Logging
import PeerProtocol
import Testing

@testable import NodeNetwork

@Suite(.timeLimit(.minutes(2))) struct PeerNetworkTests {
    @Test func `two nodes connect and exchange messages in order`() async throws {
        let alice = try await TestNode.start(1)
        let bob = try await TestNode.start(2, dialling: [1: alice.port])
        try await eventually("connected") {
            let there = await alice.isConnected(to: bob.key)
            let back = await bob.isConnected(to: alice.key)
            return there && back
        }
        for number in 0..<100 as Range<UInt64> {
            #expect(await alice.network.send(.subscribe(after: number), to: bob.key) == .sent)
        }
        let item = Message.item([UInt8](repeating: 7, count: 500_000))
        await bob.network.send(item, to: alice.key)
        try await eventually("all arrived") { bob.received(from: alice.key).count == 100 }
        try await eventually("the large one as well") { alice.received(from: bob.key) == [item] }
        #expect(bob.received(from: alice.key) == (0..<100).map { .subscribe(after: $0) })
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `three nodes that all dial each other end with one connection per pair`() async throws {
        let nodes = [try await TestNode.start(1), try await TestNode.start(2), try await TestNode.start(3)]
        for node in nodes {
            for other in nodes where other.seed != node.seed { try await node.dial(other) }
        }
        try await eventually("every pair has one connection, dialled by the smaller key where both dialled") {
            for node in nodes {
                guard await node.network.connectionCount() == 2 else { return false }
                for other in nodes where other.seed != node.seed {
                    guard await node.isConnected(to: other.key) else { return false }
                }
            }
            return true
        }
        for node in nodes {
            for other in nodes where other.seed != node.seed {
                await node.network.send(.subscribe(after: UInt64(node.seed)), to: other.key)
            }
        }
        for node in nodes {
            for other in nodes where other.seed != node.seed {
                try await eventually("everyone hears everyone") {
                    node.received(from: other.key).contains(.subscribe(after: UInt64(other.seed)))
                }
            }
        }
        for node in nodes { await node.network.close() }
    }

    @Test(arguments: 0..<10) func `two nodes that dial at once agree which connection goes on`(_: Int) async throws {
        let alice = try await TestNode.start(1)
        let bob = try await TestNode.start(2)
        async let first: Void = alice.dial(bob)
        async let second: Void = bob.dial(alice)
        _ = try await (first, second)
        try await eventually("one connection, seen alike") {
            let left = await alice.network.status().first { $0.peer == bob.key }
            let right = await bob.network.status().first { $0.peer == alice.key }
            guard let left, let right, left.isConnected, right.isConnected else { return false }
            guard await alice.network.connectionCount() == 1, await bob.network.connectionCount() == 1 else {
                return false
            }
            return left.isDialledHere != right.isDialledHere
        }
        await alice.network.send(.subscribe(after: 5), to: bob.key)
        try await eventually("it works") { bob.received(from: alice.key).last == .subscribe(after: 5) }
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `a node that leaves says so, and is found again when it is back`() async throws {
        let alice = try await TestNode.start(1)
        let bob = try await TestNode.start(2, dialling: [1: alice.port])
        try await alice.dial(bob)
        try await eventually("connected") { await alice.isConnected(to: bob.key) }
        let port = bob.port
        await bob.network.close("maintenance")
        try await eventually("the reason arrives") {
            alice.events.contains(.disconnected(bob.key, reason: "peer said bye: maintenance"))
        }
        let again = try await TestNode.start(2, port: port, epoch: 2)
        try await eventually("connected again") { await alice.isConnected(to: again.key) }
        await alice.network.send(.subscribe(after: 9), to: again.key)
        try await eventually("it works") { again.received(from: alice.key) == [.subscribe(after: 9)] }
        await alice.network.close()
        await again.network.close()
    }

    @Test func `another network is named as the reason`() async throws {
        let alice = try await TestNode.start(1)
        let bob = try await TestNode.start(2, dialling: [1: alice.port]) { $0.network = SHA256.hash([1]) }
        try await eventually("the reason is kept") {
            await bob.failures(with: alice.key).contains { $0.contains("this node is in the network that begins 0000") }
        }
        #expect(await !alice.isConnected(to: bob.key))
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `a wrong address entry is explained by who is there`() async throws {
        let alice = try await TestNode.start(1)
        let bob = try await TestNode.start(2, dialling: [3: alice.port])
        try await eventually("the reason is kept") {
            await bob.failures(with: .of(3)).contains { $0.contains("you dialled someone else: I am \(alice.key)") }
        }
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `an unlisted node is told so by a node that proved its own key`() async throws {
        let alice = try await TestNode.start(1) { $0.roster = PeerRoster([(.of(3), "carol")]) }
        let bob = try await TestNode.start(2, dialling: [1: alice.port])
        try await eventually("the reason is kept") {
            await bob.failures(with: alice.key).contains { $0.contains("not in the charter's roster") }
        }
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `nobody at an address is a failure with a text`() async throws {
        let bob = try await TestNode.start(2, dialling: [1: 1])
        try await eventually("the reason is kept") { await bob.failures(with: .of(1)).isEmpty == false }
        try await eventually("at most ten are kept") { await bob.failures(with: .of(1)).count == 10 }
        try await Task.sleep(for: .milliseconds(500))
        #expect(await bob.failures(with: .of(1)).count == 10)
        await bob.network.close()
    }

    @Test func `a taken port is an error that says so`() async throws {
        let alice = try await TestNode.start(1)
        let expected = NetworkError.portTaken(host: "127.0.0.1", port: alice.port)
        await #expect(throws: expected) { _ = try await TestNode.start(2, port: alice.port) }
        #expect("\(expected)".contains("taken by another process"))
        await #expect(throws: NetworkError.self) {
            _ = try await TestNode.start(2) { $0.listenHost = "203.0.113.1" }
        }
        await alice.network.close()
    }

    @Test func `two living nodes with one key are reported`() async throws {
        let alice = try await TestNode.start(1)
        let bob = try await TestNode.start(2, dialling: [1: alice.port], epoch: 10)
        try await eventually("connected") { await alice.isConnected(to: bob.key) }
        let twin = try await TestNode.start(2, dialling: [1: alice.port], epoch: 11)
        try await eventually("reported") { alice.events.contains(.twin(bob.key, 10, 11)) }
        try await eventually("the newcomer is told") {
            await twin.failures(with: alice.key).contains { $0.contains("another node with your key") }
        }
        try await eventually("the newcomer's node hears of it") { twin.events.contains(.twinReported(alice.key)) }
        try await eventually("and so does the first") { bob.events.contains(.twinReported(alice.key)) }
        await alice.network.send(.subscribe(after: 3), to: bob.key)
        try await eventually("the first stays connected") { bob.received(from: alice.key) == [.subscribe(after: 3)] }
        await twin.network.close()
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `a node that does not know the notice of a second node is not sent it`() async throws {
        let alice = try await TestNode.start(1)
        let bob = try await TestNode.start(2, dialling: [1: alice.port], epoch: 10, features: [])
        try await eventually("connected") { await alice.isConnected(to: bob.key) }
        let twin = try await TestNode.start(2, dialling: [1: alice.port], epoch: 11)
        try await eventually("the newcomer hears of it") { twin.events.contains(.twinReported(alice.key)) }
        await alice.network.send(.subscribe(after: 3), to: bob.key)
        try await eventually("the first stays connected") { bob.received(from: alice.key) == [.subscribe(after: 3)] }
        #expect(!bob.events.contains(.twinReported(alice.key)))
        await twin.network.close()
        await alice.network.close()
        await bob.network.close()
    }

    @Test func `addresses are host and port, and anything else is refused`() throws {
        #expect(try PeerAddress("node.example:7000").description == "node.example:7000")
        #expect(try PeerAddress("[::1]:65535").description == "[::1]:65535")
        for text in ["", "host", "host:", ":1", "host:0", "host:65536", "::1:5", "[::1]", "ho st:1", "h\n:1", "a:-1"] {
            #expect(throws: NetworkError.self, "\(text)") { try PeerAddress(text) }
        }
    }
}
