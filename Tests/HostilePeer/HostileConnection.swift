internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A bare TCP connection that sends what it is told and keeps what it receives.
final class HostileConnection: Sendable {
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let connection: HostileConnection

        init(_ connection: HostileConnection) { self.connection = connection }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            let bytes = buffer.readBytes(length: buffer.readableBytes) ?? []
            connection.state.withLock { $0.received += bytes }
        }

        func channelInactive(context: ChannelHandlerContext) {
            connection.state.withLock { $0.isClosed = true }
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

    /// Connects from one of this machine's loopback addresses; a small receive buffer makes what is not read felt sooner.
    static func open(
        to port: Int,
        from source: String = "127.0.0.1",
        receiveBuffer: Int? = nil
    ) async throws -> HostileConnection {
        let connection = HostileConnection()
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: numericCast(receiveBuffer))
        }
        let channel =
            try await bootstrap
            .bind(to: SocketAddress(ipAddress: source, port: 0))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(connection))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        connection.state.withLock { $0.channel = channel }
        return connection
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var receivedCount: Int { state.withLock { $0.received.count } }

    /// What has arrived since the last call.
    func take() -> [UInt8] {
        state.withLock { exchange(&$0.received, with: []) }
    }

    /// Sends; an end that has closed is not an error, but what is being tested.
    func send(_ bytes: [UInt8]) async {
        guard let channel = state.withLock({ $0.channel }), channel.isActive else { return }
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Sends without waiting for the bytes to leave.
    func push(_ bytes: [UInt8]) {
        state.withLock { $0.channel }?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Stops or starts reading.
    func setReading(_ reads: Bool) async {
        try? await state.withLock { $0.channel }?.setOption(.autoRead, value: reads).get()
    }

    func close() {
        state.withLock { $0.channel }?.close(promise: nil)
    }

    /// Waits for a condition in steps of 5 ms; whether it came true in time.
    func wait(seconds: Double, until condition: (HostileConnection) -> Bool) async -> Bool {
        for _ in 0..<Int(seconds * 200) {
            if condition(self) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return condition(self)
    }
}
