package import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The socket on which a node answers its own operator: a file of mode 0600, so only the node's user can connect.
///
/// A request is one line; the answer is any number of non-empty lines and then an empty one, after which the next request
/// may come. Lines are UTF-8, at most 1 MiB, and mean nothing here.
package final class LocalSocketServer: Sendable {
    /// Answers one request with lines, at once or as they come; the stream is cancelled when the operator goes away.
    package typealias Handler = @Sendable (String) async -> AsyncStream<String>

    /// Operators served at the same time; others are turned away.
    package static let maximumConnections = 16

    private typealias Connection = NIOAsyncChannel<String, ByteBuffer>

    private let listener: NIOAsyncChannel<Connection, Never>
    private let handler: Handler
    private let logger: Logger
    private let served = Mutex(0)

    private init(_ listener: NIOAsyncChannel<Connection, Never>, _ logger: Logger, _ handler: @escaping Handler) {
        self.listener = listener
        self.logger = logger
        self.handler = handler
    }

    /// Opens the socket file; a file that nobody answers on any more is replaced, a live one is not.
    ///
    /// The path holds at most 107 bytes. The file goes with an orderly end; a killed node's stays for the next start.
    package static func listen(
        at path: String,
        logger: Logger,
        handler: @escaping Handler
    ) async throws(NetworkError) -> LocalSocketServer {
        guard await !LocalSocketClient.isServed(path) else { throw .socketServed(path: path) }
        do {
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers(PrivateBind(), AcceptPause())
                    }
                }
                .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                    channel.eventLoop.makeCompletedFuture { try lines(on: channel) }
                }
            return LocalSocketServer(listener, logger, handler)
        } catch {
            throw .cannotOpenSocket(path: path, reason: "\(error)")
        }
    }

    /// Serves until the task is cancelled or ``close()`` is called.
    package func run() async {
        do {
            try await listener.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections {
                        group.addTask { await self.serve(connection) }
                    }
                    group.cancelAll()
                }
            }
        } catch is CancellationError {
        } catch {
            logger.error("operator socket failed", metadata: ["error": "\(error)"])
        }
    }

    /// Stops listening; answers under way are broken off.
    package func close() async {
        do {
            try await listener.channel.close()
        } catch {
            logger.debug("operator socket was closed already")
        }
    }

    /// An answer that is complete already.
    package static func answer(_ lines: [String]) -> AsyncStream<String> {
        AsyncStream { continuation in
            for line in lines { continuation.yield(line) }
            continuation.finish()
        }
    }

    private func serve(_ connection: NIOAsyncChannel<String, ByteBuffer>) async {
        let isServed = served.withLock { served in
            served += 1
            return served <= Self.maximumConnections
        }
        defer { served.withLock { $0 -= 1 } }
        do {
            try await connection.executeThenClose { inbound, outbound in
                if isServed { try await converse(inbound, outbound) }
            }
        } catch {
            // Operators may hang up at any moment; that is no event.
            logger.trace("operator connection ended", metadata: ["error": "\(error)"])
        }
    }

    private func converse(
        _ inbound: NIOAsyncChannelInboundStream<String>,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws {
        let (requests, feed) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(16))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Reading goes on while an answer is written, or a watching operator's leaving would go unnoticed.
                for try await request in inbound { feed.yield(request) }
            }
            group.addTask {
                for await request in requests { try await self.answer(request, outbound) }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func answer(_ request: String, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws {
        for await reply in await handler(request) {
            for line in reply.split(separator: "\n") { try await outbound.write(ByteBuffer(string: "\(line)\n")) }
        }
        try await outbound.write(ByteBuffer(string: "\n"))
    }

    static func lines(on channel: any Channel) throws -> NIOAsyncChannel<String, ByteBuffer> {
        let decoder = ByteToMessageHandler(LineDecoder(), maximumBufferSize: LineDecoder.maximumLineBytes + 1)
        try channel.pipeline.syncOperations.addHandler(decoder)
        return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
    }
}

/// Binds with a file mode of 0600 from the first moment on.
///
/// The mask is the process's; it is changed for the one system call and given back, one binding at a time.
private final class PrivateBind: ChannelOutboundHandler {
    typealias OutboundIn = Never

    private static let turn = Mutex(())

    func bind(context: ChannelHandlerContext, to address: SocketAddress, promise: EventLoopPromise<Void>?) {
        Self.turn.withLock { _ in
            let mask = umask(0o177)
            context.bind(to: address, promise: promise)
            _ = umask(mask)
        }
    }
}
