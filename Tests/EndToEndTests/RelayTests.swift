import Foundation
import NIOCore
import NIOPosix
import NodeService
import PauseAgreement
import Testing

extension EndToEnd {
    /// Real nodes behind a relay that does what the worst network can do to TCP.
    @Suite(.serialized) struct RelayTests {
        @Test(.timeLimit(.minutes(30)), arguments: Scenario.all)
        func `a bad network delays an order and changes nothing else`(scenario: Scenario) async throws {
            let (village, relay) = try await Self.village(scenario.size, seed: scenario.seed)
            defer { village.remove() }
            defer { relay.stop() }
            try await Passage(scenario, village, relay).run()
            #expect((relay.ledger.lost > 0) == scenario.changes.contains { $0.weather.lossPercent > 0 })
            #expect((relay.ledger.repeated > 0) == scenario.changes.contains { $0.weather.repeatPercent > 0 })
            print("\(scenario.name): \(relay.ledger.lost) connections lost, \(relay.ledger.repeated) pieces repeated")
        }

        @Test(.timeLimit(.minutes(30)))
        func `what was recorded on the line and is said again is refused and changes nothing`() async throws {
            let (village, relay) = try await Self.village(.four, seed: 9)
            defer { village.remove() }
            defer { relay.stop() }
            try village.startAll()
            try await Journey(village, proposer: "lab.a").finish()
            try await village.until("everybody knows what everybody has said") { try await Self.isQuiet(village) }
            let before = try await Self.states(of: village)
            let recordings = relay.ledger.recordings.filter { !$0.bytes.isEmpty }
            var answers = 0
            #expect(recordings.count >= 12)
            for recording in recordings {
                let port = try #require(village.ports[recording.way.receiver])
                if try await Self.say(recording.bytes, to: port) > 0 { answers += 1 }
            }
            #expect(answers > 0, "no node ever answered the first message, so nothing was tried")
            let after = try await Self.states(of: village)
            #expect(after == before)
            try await village.until("everybody is connected") { $0.peers.allSatisfy(\.isConnected) }
            try await village.stopAll()
        }

        /// A village whose parties reach each other through a relay only.
        static func village(_ size: Village.Size, seed: UInt64) async throws -> (Village, Relay) {
            let village = try Village(size)
            let ways = village.names.flatMap { sender in
                village.names.filter { $0 != sender }.map { Way(sender: sender, receiver: $0) }
            }
            let ports = Dictionary(
                uniqueKeysWithValues: zip(ways, FreePorts.choose(ways.count))
            )
            village.dialled = { "127.0.0.1:\(ports[Way(sender: $0, receiver: $1)] ?? 0)" }
            do {
                let routes = ports.map { Relay.Route(port: $1, way: $0, target: village.ports[$0.receiver] ?? 0) }
                return (village, try await Relay(seed: seed, routes))
            } catch {
                village.remove()
                throw error
            }
        }

        /// Whether every node knows the newest statement of every other.
        private static func isQuiet(_ village: Village) async throws -> Bool {
            var newest: Set<String> = []
            for name in village.names {
                guard let status = await village.status(of: name)?.agreement else { return false }
                newest.insert(status.parties.map { "\($0.name) \($0.statementNumber)" }.joined(separator: ", "))
            }
            return newest.count == 1
        }

        /// What may not change: everything a node knows and has written, but for its clock and its peers' connections.
        private static func states(of village: Village) async throws -> [String] {
            var states: [String] = []
            for name in village.names {
                guard let status = await village.status(of: name) else { throw village.failure("\(name) is silent") }
                let parties = status.agreement.parties.map { "\($0.name) \($0.statementNumber)" }
                states.append("\(name): \(parties), \(status.agreement.orders.map(\.digest))")
                states += status.warnings
            }
            return states
        }

        /// Says something on a new connection and waits until the other end hangs up; gives the bytes of the answer.
        private static func say(_ bytes: [UInt8], to port: Int) async throws -> Int {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            return try await channel.executeThenClose { inbound, outbound in
                // The other end may hang up before it has read everything.
                try? await outbound.write(ByteBuffer(bytes: bytes))
                var answer = 0
                do {
                    for try await part in inbound { answer += part.readableBytes }
                } catch {
                    // Hung up with a reset.
                }
                return answer
            }
        }
    }
}
