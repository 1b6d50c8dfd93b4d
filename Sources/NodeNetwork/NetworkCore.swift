internal import CryptoPrimitives
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import PeerProtocol

/// The state of a node's network; everything here happens on one event loop.
final class NetworkCore {
    /// What is known of one listed peer.
    private final class Peer {
        let key: PeerKey
        let name: String
        var choice: LinkChoice
        var addresses: [PeerAddress]
        var dials: DialSchedule
        var dial: Scheduled<Void>?
        /// From the start of a dial until the connection it led to is gone.
        var isDialling = false
        /// The IP address the peer was last reached at.
        var reachedHost: String?
        var choiceTimer: Scheduled<Void>?
        var renewal: Scheduled<Void>?
        var failures: [String] = []

        init(key: PeerKey, name: String, own: PeerKey, addresses: [PeerAddress], limits: NetworkLimits) {
            self.key = key
            self.name = name
            choice = LinkChoice(own: own, peer: key)
            self.addresses = addresses
            dials = DialSchedule(limits: limits)
        }
    }

    private static let keptFailures = 10
    private static let loggedRefusalsPerMinute = 10
    /// Set in the numbers of probes, which tells them from the session's own PINGs.
    private static let probeBit: UInt64 = 1 << 63

    let loop: any EventLoop
    private let settings: NetworkSettings
    private let session: SessionSettings
    private let staticKey: SecretBytes
    private let inbox: EventInbox
    private let logger: Logger
    private var peers: [PeerKey: Peer] = [:]
    private var connections: [UInt64: PeerConnection] = [:]
    private var slots: CallerSlots
    private var slotOf: [UInt64: CallerSlots.Slot] = [:]
    private var lastNumber: UInt64 = 0
    private var isClosing = false
    /// In this minute, by peer; strangers count together.
    private var refusals: [String: Int] = [:]
    private var refusalsSince = NIODeadline.now()

    init(
        loop: any EventLoop,
        settings: NetworkSettings,
        staticKey: consuming SecretBytes,
        inbox: EventInbox,
        logger: Logger
    ) {
        self.loop = loop
        self.settings = settings
        let own = PeerKey(X25519.publicKey(of: staticKey))
        session = SessionSettings(
            network: settings.network,
            ownKey: own,
            roster: settings.roster,
            timing: settings.timing
        )
        self.staticKey = staticKey
        self.inbox = inbox
        self.logger = logger
        slots = CallerSlots(limits: settings.limits)
        for key in settings.roster.peers where key != own {
            let name = settings.roster.name(of: key) ?? key.short
            let addresses = settings.addresses[key] ?? []
            peers[key] = Peer(key: key, name: name, own: own, addresses: addresses, limits: settings.limits)
        }
        countAddresses()
    }

    // MARK: Calls from the node

    func start() {
        for peer in peers.values { scheduleDial(peer) }
    }

    func send(_ message: Message, to key: PeerKey) -> SendOutcome {
        guard let connection = currentConnection(of: key) else { return .notConnected }
        return connection.send(message)
    }

    func setAddresses(_ addresses: [PeerAddress], of key: PeerKey) {
        guard let peer = peers[key], peer.addresses != addresses else { return }
        peer.addresses = addresses
        peer.dials.reset()
        countAddresses()
        scheduleDial(peer)
    }

    func disconnect(_ key: PeerKey, _ reason: Bye.Reason, _ text: String) {
        currentConnection(of: key)?.close(reason, text)
    }

    func resume(_ key: PeerKey) {
        currentConnection(of: key)?.resume()
    }

    func status() -> [PeerStatus] {
        settings.roster.peers.compactMap { key in
            guard let peer = peers[key] else { return nil }
            let connection = currentConnection(of: key)
            return PeerStatus(
                peer: key,
                name: peer.name,
                isConnected: connection != nil,
                isDialledHere: connection?.isDialledHere ?? false,
                remoteAddress: connection?.remoteAddress,
                hello: connection?.hello,
                addresses: peer.addresses,
                failures: peer.failures
            )
        }
    }

    /// Says BYE to everyone; the future completes when every connection is gone.
    func close(_ text: String) -> EventLoopFuture<Void> {
        isClosing = true
        for peer in peers.values {
            peer.dial?.cancel()
            peer.choiceTimer?.cancel()
            peer.renewal?.cancel()
        }
        let futures = connections.values.compactMap(\.closeFuture)
        for connection in connections.values { connection.close(.leaving, text) }
        return EventLoopFuture.andAllComplete(futures, on: loop)
    }

    var connectionCount: Int { connections.count }

    // MARK: New connections

    /// A handler for a caller from `address`, or one that turns it away.
    func accept(from address: SocketAddress?) -> any ChannelHandler {
        let host = address?.ipAddress ?? "local"
        guard !isClosing, let slot = slots.take(from: host) else {
            logger.debug("caller turned away", metadata: ["address": "\(host)"])
            return BusyHandler()
        }
        let session = PeerSession(
            accepting: session,
            staticKey: staticKey,
            hello: settings.hello(),
            at: .now
        )
        let connection = register(session, isDialledHere: false, address: "\(host):\(address?.port ?? 0)")
        slotOf[connection.number] = slot
        return connection
    }

    private func register(
        _ session: consuming PeerSession,
        isDialledHere: Bool,
        address: String
    ) -> PeerConnection {
        lastNumber += 1
        let connection = PeerConnection(
            number: lastNumber,
            isDialledHere: isDialledHere,
            remoteAddress: address,
            network: self,
            limits: settings.limits,
            session: session
        )
        connections[lastNumber] = connection
        return connection
    }

    private func scheduleDial(_ peer: Peer) {
        guard !isClosing, !peer.isDialling, !peer.addresses.isEmpty, peer.choice.current == nil else { return }
        peer.dial?.cancel()
        var random = SystemRandomNumberGenerator()
        let wait = peer.dials.nextWait(using: &random)
        let bound = NIOLoopBound((self, peer), eventLoop: loop)
        peer.dial = loop.scheduleTask(in: .milliseconds(wait)) {
            let (core, peer) = bound.value
            core.dial(peer)
        }
    }

    private func dial(_ peer: Peer) {
        guard !isClosing, !peer.isDialling, !peer.addresses.isEmpty, peer.choice.current == nil else { return }
        connect(peer)
    }

    private func connect(_ peer: Peer) {
        peer.isDialling = true
        let address = peer.addresses[peer.dials.addressIndex(of: peer.addresses.count)]
        let bound = NIOLoopBound((self, peer), eventLoop: loop)
        // The handler joins after the connection is up: one name may be tried at several addresses at once.
        ClientBootstrap(group: loop)
            .connectTimeout(.milliseconds(settings.limits.connectMilliseconds))
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: settings.limits.waterMark)
            .connect(host: address.host, port: address.port)
            .whenComplete { result in
                let (core, peer) = bound.value
                switch result {
                case .success(let channel): core.dialled(peer, address, channel)
                case .failure(let error): core.dialEnded(peer, "\(address): \(Self.text(for: error))")
                }
            }
    }

    private func dialled(_ peer: Peer, _ address: PeerAddress, _ channel: any Channel) {
        guard !isClosing else { return channel.close(promise: nil) }
        if let host = channel.remoteAddress?.ipAddress, peer.reachedHost != host {
            peer.reachedHost = host
            countAddresses()
        }
        let session = PeerSession(
            dialling: peer.key,
            settings: session,
            staticKey: staticKey,
            hello: settings.hello(),
            at: .now
        )
        let connection = register(session, isDialledHere: true, address: "\(address)")
        do {
            try channel.pipeline.syncOperations.addHandler(connection)
        } catch {
            connections[connection.number] = nil
            channel.close(promise: nil)
            dialEnded(peer, "\(address): \(error)")
        }
    }

    private func dialEnded(_ peer: Peer, _ reason: String) {
        peer.isDialling = hasDialled(peer)
        note(reason, on: peer)
        scheduleDial(peer)
    }

    // MARK: What connections tell

    func connected(_ connection: PeerConnection, _ key: PeerKey, _ hello: Hello) {
        giveBackSlot(of: connection)
        guard let peer = peers[key] else { return connection.close(.declined, "your key is my own") }
        guard !inbox.isCrowded(by: key) else {
            return connection.close(.overloaded, "too many connections in too short a time")
        }
        let link = LinkChoice.Link(
            number: connection.number,
            isDialledHere: connection.isDialledHere,
            runEpoch: hello.runEpoch
        )
        let effects = peer.choice.opened(link, at: .now)
        if peer.choice.current?.number != connection.number { connection.pause() }
        perform(effects, peer)
        scheduleChoice(peer)
    }

    func received(_ message: Message, on connection: PeerConnection) {
        guard let key = connection.provenPeer, peers[key]?.choice.current?.number == connection.number else { return }
        if message == .twin { return reportTwin(by: key) }
        if !inbox.add(message, from: key) { connection.pause() }
    }

    func answered(_ ping: UInt64, on connection: PeerConnection) {
        guard ping & Self.probeBit != 0, let key = connection.provenPeer, let peer = peers[key] else { return }
        perform(peer.choice.answered(connection.number), peer)
        scheduleChoice(peer)
    }

    func drained(_ connection: PeerConnection) {
        guard let key = connection.provenPeer, peers[key]?.choice.current?.number == connection.number else { return }
        guard !inbox.isCrowded(by: key) else { return connection.close(.overloaded, "congested too often") }
        inbox.add(.drained(key), about: key)
    }

    /// The session is over; the channel may still be flushing its last word.
    func ended(_ connection: PeerConnection, _ reason: String, _ end: SessionEnd) {
        guard let key = connection.expectedPeer, let peer = peers[key] else {
            return logRefusal(of: connection, reason)
        }
        let wasCurrent = peer.choice.current?.number == connection.number
        if end.isTwinReport { reportTwin(by: key) }
        if !end.isClosedHere { note("\(connection.remoteAddress): \(reason)", on: peer) }
        // Whoever has proven its key and then breaks the rules is named, also if it never came as far as HELLO.
        if case .fault = end, connection.provenPeer != nil, connection.hello == nil {
            logRefusal(of: connection, reason, name: peer.name)
        }
        if wasCurrent, let since = connection.connectedAt, since + settings.limits.stable < .now() {
            peer.dials.reset()
        }
        perform(peer.choice.closed(connection.number), peer)
        if wasCurrent, peer.choice.current == nil {
            logger.info("peer disconnected", metadata: ["peer": "\(peer.name)", "reason": "\(reason)"])
            inbox.add(.disconnected(key, reason: reason), about: key)
        }
    }

    /// The channel is closed.
    func gone(_ connection: PeerConnection) {
        giveBackSlot(of: connection)
        connections[connection.number] = nil
        guard let key = connection.expectedPeer, let peer = peers[key] else { return }
        if connection.isDialledHere { peer.isDialling = hasDialled(peer) }
        scheduleDial(peer)
    }

    /// Whether a connection to the peer that was dialled here is left.
    private func hasDialled(_ peer: Peer) -> Bool {
        connections.values.contains { $0.isDialledHere && $0.expectedPeer == peer.key }
    }

    // MARK: Choosing between connections

    private func perform(_ effects: [LinkChoice.Effect], _ peer: Peer) {
        for effect in effects {
            switch effect {
            case .adopt(let number): adopt(number, peer)
            case .close(let number, let reason): close(number, reason, peer)
            case .probe(let number): connections[number]?.probe(Self.probeBit | number)
            case .twin(let first, let second):
                logger.critical("two nodes hold one peer's key", metadata: ["peer": "\(peer.name)"])
                inbox.add(.twin(peer.key, first, second), about: peer.key)
                noticeTwin(peer)
            }
        }
    }

    /// Tells the node that stays connected as well: it may be the one whose key was copied.
    private func noticeTwin(_ peer: Peer) {
        guard let connection = currentConnection(of: peer.key), let hello = connection.hello,
            hello.features.contains(Hello.twinNotice)
        else { return }
        _ = connection.send(.twin)
    }

    /// A peer says that a second node has this node's key; one that says it all the time is not heard each time.
    private func reportTwin(by key: PeerKey) {
        if !inbox.isCrowded(by: key) { inbox.add(.twinReported(key), about: key) }
    }

    /// Closes a connection that lost; one that the peer dialled waits a moment for the peer to do so.
    ///
    /// The peer closes it when it has seen the winner. A BYE from here could be read before that, and would leave a gap.
    private func close(_ number: UInt64, _ reason: Bye.Reason, _ peer: Peer) {
        guard let connection = connections[number] else { return }
        let siblings = connections.values.count { $0.expectedPeer == peer.key }
        guard reason == .superseded, !connection.isDialledHere, siblings == 2 else {
            return connection.close(reason, Self.text(for: reason))
        }
        let bound = NIOLoopBound(self, eventLoop: loop)
        loop.scheduleTask(in: .milliseconds(settings.limits.lingerMilliseconds)) {
            bound.value.connections[number]?.close(reason, Self.text(for: reason))
        }
    }

    private func adopt(_ number: UInt64, _ peer: Peer) {
        guard let connection = connections[number], let hello = connection.hello, let arrival = connection.helloArrival
        else { return }
        peer.dial?.cancel()
        logger.info("peer connected", metadata: ["peer": "\(peer.name)", "address": "\(connection.remoteAddress)"])
        inbox.add(.connected(peer.key, hello, arrival), about: peer.key)
        let limits = settings.limits
        let grace = connection.isDialledHere ? 0 : limits.renewGraceMilliseconds
        scheduleRenewal(peer, of: number, in: limits.renewMilliseconds + grace)
        if inbox.isFull(of: peer.key) { connection.pause() } else { connection.resume() }
    }

    private func scheduleChoice(_ peer: Peer) {
        peer.choiceTimer?.cancel()
        guard let deadline = peer.choice.nextDeadline else { return }
        let bound = NIOLoopBound((self, peer), eventLoop: loop)
        peer.choiceTimer = loop.scheduleTask(deadline: deadline.nioDeadline) {
            let (core, peer) = bound.value
            core.perform(peer.choice.tick(at: .now), peer)
        }
    }

    // MARK: Young keys

    private func scheduleRenewal(_ peer: Peer, of number: UInt64, in milliseconds: Int64) {
        peer.renewal?.cancel()
        let bound = NIOLoopBound((self, peer), eventLoop: loop)
        peer.renewal = loop.scheduleTask(in: .milliseconds(milliseconds)) {
            let (core, peer) = bound.value
            core.renew(peer, number)
        }
    }

    /// Replaces a connection whose keys are old: the end that dialled it dials anew, and the newer connection takes over.
    ///
    /// One that its dialler does not replace in time is given up, by either end; the dialler then dials as always.
    private func renew(_ peer: Peer, _ number: UInt64) {
        guard !isClosing, peer.choice.current?.number == number, let connection = connections[number] else { return }
        let limits = settings.limits
        let age = connection.connectedAt.map { NIODeadline.now() - $0 } ?? .zero
        let isOverdue = age >= .milliseconds(limits.renewMilliseconds + limits.renewGraceMilliseconds)
        guard connection.isDialledHere, !peer.addresses.isEmpty, !isOverdue else {
            return connection.close(.declined, "the keys of this connection are old; dial anew")
        }
        connect(peer)
        scheduleRenewal(peer, of: number, in: max(limits.connectMilliseconds, limits.dialMaximumMilliseconds))
    }

    /// The system's words for why a connection did not come up, without the library's.
    private static func text(for error: any Error) -> String {
        guard let failure = error as? NIOConnectionError else { return "\(error)" }
        if let attempt = failure.connectionErrors.first { return "\(attempt.error)" }
        let lookup = failure.dnsAError ?? failure.dnsAAAAError
        return lookup == nil ? "cannot be reached" : "the host name cannot be resolved"
    }

    private static func text(for reason: Bye.Reason) -> String {
        switch reason {
        case .superseded: "another connection between us goes on"
        case .twin: "another node with your key is connected and alive; stop one of the two"
        case .leaving, .unlisted, .violation, .overloaded, .declined: "\(reason)"
        }
    }

    // MARK: Bookkeeping

    private func currentConnection(of key: PeerKey) -> PeerConnection? {
        peers[key]?.choice.current.flatMap { connections[$0.number] }
    }

    private func giveBackSlot(of connection: PeerConnection) {
        if let slot = slotOf.removeValue(forKey: connection.number) { slots.giveBack(slot) }
    }

    /// Names the first refusals of each minute in the log; strangers must not be able to fill it.
    private func logRefusal(of connection: PeerConnection, _ reason: String, name: String = "unknown") {
        if refusalsSince + .minutes(1) < .now() { (refusalsSince, refusals) = (.now(), [:]) }
        refusals[name, default: 0] += 1
        guard refusals[name, default: 0] <= Self.loggedRefusalsPerMinute else { return }
        logger.notice(
            "caller refused",
            metadata: ["address": "\(connection.remoteAddress)", "peer": "\(name)", "reason": "\(reason)"]
        )
    }

    private func note(_ failure: String, on peer: Peer) {
        let text = PrintableText(escaping: failure, limit: 400).description
        if peer.failures.last != text {
            logger.debug("connection attempt ended", metadata: ["peer": "\(peer.name)", "reason": "\(text)"])
        }
        peer.failures.append(text)
        if peer.failures.count > Self.keptFailures { peer.failures.removeFirst() }
    }

    private func countAddresses() {
        slots.peersAtAddress = [:]
        for peer in peers.values {
            let hosts = peer.addresses.map(\.host) + (peer.reachedHost.map { [$0] } ?? [])
            for host in Set(hosts) { slots.peersAtAddress[host, default: 0] += 1 }
        }
    }
}

/// Tells a caller that there is no room for it now, and hangs up without reading.
private final class BusyHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        let refusal = Refusal(.busy, "this node has no room for unknown callers now; try again later").encoded
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: refusal)))
            .whenComplete { _ in bound.value.close(promise: nil) }
    }
}

extension SessionEnd {
    /// A listed peer told this node that a second one holds its key.
    fileprivate var isTwinReport: Bool {
        if case .byeReceived(let bye, .some) = self { bye.reason == .twin } else { false }
    }

    fileprivate var isClosedHere: Bool {
        switch self {
        case .closedHere: true
        case .fault, .byeReceived, .lost: false
        }
    }
}

extension NetworkLimits {
    var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
        .init(low: writeLowWatermark, high: writeHighWatermark)
    }

    var stable: TimeAmount { .milliseconds(Int64(clamping: stableMilliseconds)) }
}
