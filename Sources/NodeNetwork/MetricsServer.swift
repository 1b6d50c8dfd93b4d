internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import PeerProtocol
internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The bounds of what a node serves to monitors.
package enum MetricsLimits {
    /// Callers served at the same time; others are hung up on.
    package static let callers = 8
    /// Bytes of a request, all lines and headers together.
    package static let requestBytes = 8 << 10
    /// From the connection to the end of the answer.
    package static let exchangeMilliseconds: Int64 = 5_000
}

/// A few pages over HTTP for a monitor on this machine: GET and HEAD, one short request for each connection.
///
/// It has a thread of its own, so that whatever callers do costs the peers' connections nothing, and it knows nothing but
/// what its handler says. Pages are public to whoever can connect.
package final class MetricsServer: Sendable {
    /// One answer.
    package struct Page: Hashable, Sendable {
        /// The HTTP status, such as 200 or 503.
        package let status: Int
        package let contentType: String
        package let text: String

        package init(status: Int, contentType: String = "text/plain; charset=utf-8", text: String) {
            self.status = status
            self.contentType = contentType
            self.text = text
        }
    }

    /// The page at a path; nil when there is none.
    package typealias Handler = @Sendable (String) async -> Page?

    /// The TCP port it listens on.
    package let port: Int

    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel

    private init(_ group: MultiThreadedEventLoopGroup, _ listener: any Channel) {
        self.group = group
        self.listener = listener
        port = listener.localAddress?.port ?? 0
    }

    /// Listens; port 0 lets the system choose.
    package static func listen(
        host: String,
        port: Int,
        hosts: MetricsHost,
        exchangeMilliseconds: Int64 = MetricsLimits.exchangeMilliseconds,
        handler: @escaping Handler
    ) async throws(NetworkError) -> MetricsServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let served = Served()
        do {
            let listener = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(AcceptPause())
                    }
                }
                .childChannelInitializer { channel in
                    guard served.take() else { return channel.close() }
                    channel.closeFuture.whenComplete { _ in served.giveBack() }
                    return channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(RequestBudget(bytes: MetricsLimits.requestBytes))
                        try pipeline.configureHTTPServerPipeline(
                            withPipeliningAssistance: false,
                            withErrorHandling: false
                        )
                        try pipeline.addHandler(MetricsExchange(hosts, .milliseconds(exchangeMilliseconds), handler))
                    }
                }
                .bind(host: host, port: port)
                .get()
            return MetricsServer(group, listener)
        } catch {
            try? await group.shutdownGracefully()
            if let error = error as? IOError, error.errnoCode == EADDRINUSE { throw .portTaken(host: host, port: port) }
            let reason = PrintableText(escaping: "\(error)").description
            throw .cannotListen(host: host, port: port, reason: reason)
        }
    }

    /// Stops listening and hangs up on everybody.
    package func close() async {
        try? await listener.close()
        try? await group.shutdownGracefully()
    }
}

/// How many callers are served now.
private final class Served: Sendable {
    private let count = Mutex(0)

    func take() -> Bool {
        count.withLock { count in
            guard count < MetricsLimits.callers else { return false }
            count += 1
            return true
        }
    }

    func giveBack() {
        count.withLock { $0 -= 1 }
    }
}
