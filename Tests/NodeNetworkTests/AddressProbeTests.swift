import CryptoPrimitives
import PeerProtocol
import Testing

@testable import NodeNetwork

@Suite(.timeLimit(.minutes(1))) struct AddressProbeTests {
    private func probe(_ port: Int, as seed: UInt8, network: Bytes32 = .zero) async throws -> AddressProbe.Outcome {
        let address = try PeerAddress(host: "127.0.0.1", port: port)
        return await AddressProbe.dial(address, network: network, own: .of(seed), timeoutMilliseconds: 1_000)
    }

    @Test func `a node that is dialled in its own name is recognised, and others are told apart`() async throws {
        let node = try await TestNode.start(1)
        #expect(try await probe(node.port, as: 1) == .thisNode)
        #expect(try await probe(node.port, as: 2) == .anotherNode)
        let other = SHA256.hash([1])
        #expect(try await probe(node.port, as: 1, network: other) == .anotherNetwork)
        #expect(node.events.isEmpty)
        await node.network.close()
    }

    @Test func `a node without a place for strangers is busy`() async throws {
        let node = try await TestNode.start(1) { $0.limits.strangers = 0 }
        #expect(try await probe(node.port, as: 1) == .busy)
        await node.network.close()
    }

    @Test func `what is no node is foreign, and silence is silence`() async throws {
        let web = try await MetricsServer.listen(host: "127.0.0.1", port: 0, hosts: MetricsHost(other: nil)) { _ in nil
        }
        #expect(try await probe(web.port, as: 1) == .foreign)
        await web.close()
        guard case .unreachable = try await probe(web.port, as: 1) else {
            Issue.record("a closed port answers")
            return
        }
        let nowhere = try PeerAddress(host: "no-such-host.invalid", port: 1)
        #expect(await AddressProbe.dial(nowhere, network: .zero, own: .of(1)) == .unresolved)
    }

    @Test func `every reason to refuse has its outcome, and an acceptance is none of this node`() {
        let outcomes = (0...6).map { AddressProbe.outcome(of: $0) }
        #expect(outcomes == [.foreign, .anotherVersion, .anotherNetwork, .anotherNode, .thisNode, .busy, .foreign])
    }
}
