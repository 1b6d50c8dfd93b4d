import NIOCore
import NIOPosix
import Synchronization
import TestSupport

/// Stands between the nodes of a village: every party reaches every other through a port of its own here.
///
/// What chance decides follows from the seed and from how many connections a pair has had. TCP loses no bytes, so what
/// a bad network does here is to delay, hold back and repeat them, and to lose whole connections.
final class Relay: Wires, Sendable {
    /// Which party dials a port, whom it means, and where that one listens.
    struct Route: Sendable {
        let port: Int
        let way: Way
        let target: Int
    }

    let ledger: RelayLedger
    private let servers: [Task<Void, Never>]

    init(seed: UInt64, _ routes: [Route]) async throws {
        let ledger = RelayLedger(seed: seed)
        self.ledger = ledger
        var servers: [Task<Void, Never>] = []
        for route in routes {
            let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: "127.0.0.1", port: route.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            servers.append(Task { await Self.serve(server, route, ledger) })
        }
        self.servers = servers
    }

    deinit { stop() }

    /// Closes every port and connection.
    func stop() { servers.forEach { $0.cancel() } }

    func set(_ weather: Weather, on ways: [Way]) { ledger.set(weather, on: ways) }

    private static func serve(
        _ server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>,
        _ route: Route,
        _ ledger: RelayLedger
    ) async {
        try? await server.executeThenClose { callers in
            try await withThrowingDiscardingTaskGroup { group in
                for try await caller in callers {
                    group.addTask { await relay(caller, route, ledger) }
                }
            }
        }
    }

    private static func relay(
        _ caller: NIOAsyncChannel<ByteBuffer, ByteBuffer>,
        _ route: Route,
        _ ledger: RelayLedger
    ) async {
        let onward = route.way
        let back = Way(sender: onward.receiver, receiver: onward.sender)
        try? await caller.executeThenClose { fromCaller, toCaller in
            guard !ledger.weather(on: onward).isCut, !ledger.weather(on: back).isCut else { return }
            let called = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: "127.0.0.1", port: route.target) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            try await called.executeThenClose { fromCalled, toCalled in
                // Whichever direction ends first ends the connection.
                await withTaskGroup { group in
                    group.addTask { await RelayedStream(onward, ledger).run(fromCaller, toCalled) }
                    group.addTask { await RelayedStream(back, ledger).run(fromCalled, toCaller) }
                    group.addTask { await ledger.awaitCut(onward, back) }
                    _ = await group.next()
                    group.cancelAll()
                }
            }
        }
    }
}

/// What the connections of a relay share: the weather, and what was seen.
final class RelayLedger: Sendable {
    /// What one party sent to another on one connection, from its first byte.
    struct Recording: Sendable {
        let way: Way
        let number: Int
        var bytes: [UInt8] = []
    }

    private struct State {
        var weather: [Way: Weather] = [:]
        var connections: [Way: Int] = [:]
        var recordings: [Recording] = []
        var lost = 0
        var repeated = 0
    }

    let seed: UInt64
    private let state = Mutex(State())

    /// How much of one stream is kept, and how many streams.
    private static let recordedBytes = 64 << 10
    private static let recordedStreams = 512

    init(seed: UInt64) { self.seed = seed }

    var recordings: [Recording] { state.withLock { $0.recordings } }
    /// How many connections chance has lost, and how many pieces it has repeated.
    var lost: Int { state.withLock { $0.lost } }
    var repeated: Int { state.withLock { $0.repeated } }

    func set(_ weather: Weather, on ways: [Way]) {
        state.withLock { state in
            for way in ways { state.weather[way] = weather }
        }
    }

    func weather(on way: Way) -> Weather { state.withLock { $0.weather[way] ?? .clear } }

    /// Returns when one of two ways is cut, or the task is cancelled.
    func awaitCut(_ onward: Way, _ back: Way) async {
        while !weather(on: onward).isCut, !weather(on: back).isCut {
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
        }
    }

    /// The number of a new stream, and its own chance.
    func begin(_ way: Way) -> (recording: Int?, random: SeededRandom) {
        state.withLock { state in
            let number = state.connections[way, default: 0]
            state.connections[way] = number + 1
            var mixed = seed
            for byte in "\(way.sender)>\(way.receiver)#\(number)".utf8 {
                mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01b3
            }
            guard state.recordings.count < Self.recordedStreams else { return (nil, SeededRandom(seed: mixed)) }
            state.recordings.append(Recording(way: way, number: number))
            return (state.recordings.count - 1, SeededRandom(seed: mixed))
        }
    }

    func record(_ bytes: ByteBuffer, in recording: Int?) {
        guard let recording else { return }
        state.withLock { state in
            let room = Self.recordedBytes - state.recordings[recording].bytes.count
            state.recordings[recording].bytes += bytes.readableBytesView.prefix(room)
        }
    }

    func noteLoss() { state.withLock { $0.lost += 1 } }
    func noteRepetition() { state.withLock { $0.repeated += 1 } }
}
