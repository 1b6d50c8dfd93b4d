import CryptoPrimitives
import Logging
import NIOCore
import NIOPosix
import PeerProtocol
import Synchronization
import Testing

@testable import NodeNetwork

/// A node on loopback whose events are kept for inspection.
final class TestNode: Sendable {
    let network: PeerNetwork
    let seed: UInt8
    private let seen = Mutex<[PeerNetworkEvent]>([])
    private let consumer = Mutex<Task<Void, Never>?>(nil)

    private init(_ network: PeerNetwork, _ seed: UInt8) {
        self.network = network
        self.seed = seed
    }

    static func start(
        _ seed: UInt8,
        dialling peers: [UInt8: Int] = [:],
        port: Int = 0,
        epoch: UInt64 = 1,
        consumes: Bool = true,
        features: [String] = [Hello.twinNotice],
        adjust: (inout NetworkSettings) -> Void = { _ in }
    ) async throws -> TestNode {
        let hello = try #require(TestNode.hello(epoch: epoch, features: features))
        var settings = NetworkSettings(
            network: .zero,
            roster: PeerRoster((1...9).map { (.of($0), "node-\($0)") }),
            listenHost: "127.0.0.1",
            listenPort: port,
            hello: { hello }
        )
        for (peer, port) in peers {
            settings.addresses[.of(peer)] = [try PeerAddress(host: "127.0.0.1", port: port)]
        }
        settings.limits.dialMaximumMilliseconds = 200
        adjust(&settings)
        let key = SecretBytes(copying: [UInt8](repeating: seed, count: 32))
        let network = try await PeerNetwork.start(settings, staticKey: key, logger: .silent)
        let node = TestNode(network, seed)
        if consumes { node.consume() }
        return node
    }

    static func hello(epoch: UInt64, features: [String] = []) -> Hello? {
        Hello(
            charter: .zero,
            charterVersion: 1,
            runEpoch: epoch,
            clockSeconds: 1,
            software: "test",
            features: features
        )
    }

    var key: PeerKey { .of(seed) }
    var port: Int { network.port }
    var events: [PeerNetworkEvent] { seen.withLock { $0 } }

    func consume() {
        let task = Task {
            for await event in network.events { seen.withLock { $0.append(event) } }
        }
        consumer.withLock { $0 = task }
    }

    func dial(_ other: TestNode) async throws {
        await network.setAddresses([try PeerAddress(host: "127.0.0.1", port: other.port)], of: other.key)
    }

    func isConnected(to other: PeerKey) async -> Bool {
        await network.status().first { $0.peer == other }?.isConnected ?? false
    }

    func failures(with other: PeerKey) async -> [String] {
        await network.status().first { $0.peer == other }?.failures ?? []
    }

    func received(from peer: PeerKey) -> [Message] {
        events.compactMap { event in
            if case .message(let message, peer) = event { message } else { nil }
        }
    }
}

extension PeerKey {
    static func of(_ seed: UInt8) -> PeerKey {
        PeerKey(X25519.publicKey(of: SecretBytes(copying: [UInt8](repeating: seed, count: 32))))
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// Waits for something that must come true, however slow the machine; fails after half a minute.
func eventually(
    _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<3_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("never happened: \(what)", sourceLocation: sourceLocation)
}

/// A bare TCP connection that keeps what it receives.
final class RawClient: Sendable {
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let client: RawClient

        init(_ client: RawClient) { self.client = client }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            let bytes = buffer.readBytes(length: buffer.readableBytes) ?? []
            client.state.withLock { $0.received += bytes }
        }

        func channelInactive(context: ChannelHandlerContext) {
            client.state.withLock { $0.isClosed = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    private struct State {
        var received: [UInt8] = []
        var isClosed = false
        var channel: (any Channel)?
    }

    private let state = Mutex(State())

    static func connect(to port: Int, from host: String = "127.0.0.1", reads: Bool = true) async throws -> RawClient {
        let client = RawClient()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(to: SocketAddress(ipAddress: host, port: 0))
            .channelOption(.autoRead, value: reads)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(client))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        client.state.withLock { $0.channel = channel }
        return client
    }

    var received: [UInt8] { state.withLock { $0.received } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// What has arrived since the last call.
    func takeReceived() -> [UInt8] {
        state.withLock { state in
            defer { state.received = [] }
            return state.received
        }
    }

    /// Sends; an end that has hung up meanwhile is no error, but what is being tested.
    func send(_ bytes: [UInt8]) async throws {
        guard let channel = state.withLock({ $0.channel }) else { return }
        do {
            try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        } catch is IOError {
            return
        } catch ChannelError.ioOnClosedChannel {
            return
        }
    }

    func close() {
        state.withLock { $0.channel }?.close(promise: nil)
    }
}

/// A peer that speaks the protocol over a bare connection, so that a test can misbehave in the middle of it.
struct ScriptedPeer: ~Copyable {
    let client: RawClient
    var session: PeerSession

    static func connect(
        _ seed: UInt8,
        to node: TestNode,
        epoch: UInt64 = 1,
        chunk: Int = .max
    ) async throws -> ScriptedPeer {
        let client = try await RawClient.connect(to: node.port)
        let roster = PeerRoster((1...9).map { (.of($0), "node-\($0)") })
        let session = PeerSession(
            dialling: node.key,
            settings: SessionSettings(network: .zero, ownKey: .of(seed), roster: roster),
            staticKey: SecretBytes(copying: [UInt8](repeating: seed, count: 32)),
            hello: try #require(TestNode.hello(epoch: epoch)),
            at: MonotonicInstant(milliseconds: 0)
        )
        var peer = ScriptedPeer(client: client, session: session)
        try await peer.run(chunk)
        return peer
    }

    /// Shakes hands, `chunk` bytes per segment.
    private mutating func run(_ chunk: Int) async throws {
        try await write(session.start().bytes, chunk)
        for _ in 0..<3_000 {
            let output = session.receive(client.takeReceived(), at: MonotonicInstant(milliseconds: 0))
            try await write(output.bytes, chunk)
            if session.isConnected || session.isClosed { return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    mutating func send(_ message: Message) async throws {
        try await client.send(session.send(message, at: MonotonicInstant(milliseconds: 0)))
    }

    private func write(_ bytes: [UInt8], _ chunk: Int) async throws {
        for start in stride(from: 0, to: bytes.count, by: min(chunk, max(bytes.count, 1))) {
            try await client.send(Array(bytes[start..<min(bytes.count, start + min(chunk, bytes.count))]))
        }
    }
}
