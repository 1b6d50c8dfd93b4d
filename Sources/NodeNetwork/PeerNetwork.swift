package import CryptoPrimitives
package import Logging
internal import NIOCore
internal import NIOPosix
package import PeerProtocol
internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// A node's connections to its peers: listens, dials, keeps one connection per peer, and reconnects for as long as it runs.
package final class PeerNetwork: Sendable {
    /// What happens, for one consumer.
    ///
    /// It holds back: a peer whose messages are not consumed is not read.
    package let events: AsyncStream<PeerNetworkEvent>
    /// This node's transport public key.
    package let ownKey: PeerKey
    /// The TCP port it listens on.
    package let port: Int

    private let loop: any EventLoop
    private let core: NIOLoopBound<NetworkCore>
    private let listener: any Channel
    private let inbox: EventInbox
    private let relief: Relief

    private init(
        _ core: NIOLoopBound<NetworkCore>,
        _ loop: any EventLoop,
        _ listener: any Channel,
        _ inbox: EventInbox,
        _ relief: Relief,
        ownKey: PeerKey
    ) {
        self.core = core
        self.loop = loop
        self.listener = listener
        self.inbox = inbox
        self.relief = relief
        self.ownKey = ownKey
        port = listener.localAddress?.port ?? 0
        events = AsyncStream { await inbox.next() }
    }

    /// Listens and starts dialling; `staticKey` is the node's X25519 private key, 32 bytes.
    package static func start(
        _ settings: NetworkSettings,
        staticKey: consuming SecretBytes,
        logger: Logger
    ) async throws(NetworkError) -> PeerNetwork {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let ownKey = PeerKey(X25519.publicKey(of: staticKey))
        let relief = Relief(loop)
        let inbox = EventInbox(limits: settings.limits) { relief.relieve($0) }
        let core = await make(loop, settings, staticKey, inbox, logger)
        relief.attach(core)
        let listener = try await listen(core, loop, settings)
        loop.execute { core.value.start() }
        return PeerNetwork(core, loop, listener, inbox, relief, ownKey: ownKey)
    }

    /// Sends to a connected peer; messages to one peer leave in the order of the calls.
    @discardableResult
    package func send(_ message: Message, to peer: PeerKey) async -> SendOutcome {
        await onLoop { $0.send(message, to: peer) }
    }

    /// Replaces where a peer may be dialled, and dials it if it is not connected.
    package func setAddresses(_ addresses: [PeerAddress], of peer: PeerKey) async {
        await onLoop { $0.setAddresses(addresses, of: peer) }
    }

    /// Says BYE to a peer and closes; both ends will dial again.
    package func disconnect(_ peer: PeerKey, _ reason: Bye.Reason, _ text: String) async {
        await onLoop { $0.disconnect(peer, reason, text) }
    }

    /// Every listed peer but this node, in the order of their keys.
    package func status() async -> [PeerStatus] {
        await onLoop { $0.status() }
    }

    /// Stops listening and dialling, says BYE to everyone, and ends ``events`` once all connections are gone.
    package func close(_ text: String = "this node stops") async {
        listener.close(promise: nil)
        let gone = await onLoop { $0.close(text) }
        await withCheckedContinuation { continuation in
            gone.whenComplete { _ in continuation.resume() }
        }
        inbox.finish()
        relief.detach()
    }

    /// Open TCP connections, those in the middle of a handshake or of their last word included.
    func connectionCount() async -> Int {
        await onLoop { $0.connectionCount }
    }

    private func onLoop<Result: Sendable>(_ body: @escaping @Sendable (NetworkCore) -> Result) async -> Result {
        let core = core
        return await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: body(core.value)) }
        }
    }

    private static func make(
        _ loop: any EventLoop,
        _ settings: NetworkSettings,
        _ staticKey: consuming SecretBytes,
        _ inbox: EventInbox,
        _ logger: Logger
    ) async -> NIOLoopBound<NetworkCore> {
        let key = KeyBox(staticKey)
        return await withCheckedContinuation { continuation in
            loop.execute {
                let core = NetworkCore(
                    loop: loop,
                    settings: settings,
                    staticKey: key.secret.duplicate(),
                    inbox: inbox,
                    logger: logger
                )
                continuation.resume(returning: NIOLoopBound(core, eventLoop: loop))
            }
        }
    }

    private static func listen(
        _ core: NIOLoopBound<NetworkCore>,
        _ loop: any EventLoop,
        _ settings: NetworkSettings
    ) async throws(NetworkError) -> any Channel {
        do {
            return try await ServerBootstrap(group: loop)
                .serverChannelOption(.backlog, value: 128)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        // Out of descriptors: wait and accept again, rather than stop listening.
                        let pause = AcceptPause(milliseconds: settings.limits.acceptPauseMilliseconds)
                        try channel.pipeline.syncOperations.addHandler(pause)
                    }
                }
                .childChannelOption(.autoRead, value: false)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelOption(.writeBufferWaterMark, value: settings.limits.waterMark)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = core.value.accept(from: channel.remoteAddress)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .bind(host: settings.listenHost, port: settings.listenPort)
                .get()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw .portTaken(host: settings.listenHost, port: settings.listenPort)
        } catch {
            let reason = PrintableText(escaping: "\(error)").description
            throw .cannotListen(host: settings.listenHost, port: settings.listenPort, reason: reason)
        }
    }
}

/// Carries the key to the event loop, where a noncopyable value cannot be captured by itself.
private final class KeyBox: Sendable {
    let secret: SecretBytes

    init(_ secret: consuming SecretBytes) {
        self.secret = secret
    }
}

/// Leads from the inbox back to the event loop: the inbox is made before the state that reads again.
private final class Relief: Sendable {
    private let loop: any EventLoop
    private let core = Mutex<NIOLoopBound<NetworkCore>?>(nil)

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func attach(_ core: NIOLoopBound<NetworkCore>) {
        self.core.withLock { $0 = core }
    }

    /// Undoes the cycle between inbox and core, so that the private key is erased with the last use of the network.
    func detach() {
        core.withLock { $0 = nil }
    }

    func relieve(_ peer: PeerKey) {
        guard let core = core.withLock({ $0 }) else { return }
        loop.execute { core.value.resume(peer) }
    }
}
