internal import CryptoPrimitives
internal import NIOCore
internal import PeerProtocol

/// One TCP connection: carries bytes between its channel and its ``PeerSession``, and tells the network what they meant.
///
/// Lives on the network's event loop. Reads only when asked to, so that a peer cannot send faster than it is consumed.
final class PeerConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let number: UInt64
    let isDialledHere: Bool
    /// The other end's address, or the one that was dialled.
    let remoteAddress: String
    private(set) var hello: Hello?
    private(set) var helloArrival: HelloArrival?
    private(set) var connectedAt: NIODeadline?

    private let network: NetworkCore
    private let limits: NetworkLimits
    private var session: PeerSession
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var timerDeadline: MonotonicInstant?
    private var unsentBytes = 0
    private var isPaused = false
    private var isReading = false
    private var isEnding = false
    private var lastError: String?
    /// When this end last wrote something that the peer must have read before it wrote its HELLO.
    private var wroteAt = MonotonicInstant.now

    init(
        number: UInt64,
        isDialledHere: Bool,
        remoteAddress: String,
        network: NetworkCore,
        limits: NetworkLimits,
        session: consuming PeerSession
    ) {
        self.number = number
        self.isDialledHere = isDialledHere
        self.remoteAddress = remoteAddress
        self.network = network
        self.limits = limits
        self.session = session
    }

    /// The peer, once its key is proven.
    var provenPeer: PeerKey? { session.isAuthenticated ? session.peer : nil }

    /// The peer this connection is meant for or comes from, proven or not.
    var expectedPeer: PeerKey? { session.peer }

    var closeFuture: EventLoopFuture<Void>? { context?.channel.closeFuture }

    // MARK: What the network asks

    func send(_ message: Message) -> SendOutcome {
        guard let context, session.isConnected else { return .notConnected }
        write(session.send(message, at: .now))
        guard unsentBytes <= limits.outboundBytes else {
            giveUp()
            return .notConnected
        }
        return context.channel.isWritable ? .sent : .congested
    }

    func probe(_ number: UInt64) {
        write(session.probe(number, at: .now))
    }

    func close(_ reason: Bye.Reason, _ text: String) {
        perform(session.close(reason, text, at: .now))
    }

    func pause() {
        guard !isPaused else { return }
        isPaused = true
        session.pauseReading()
    }

    func resume() {
        guard isPaused else { return }
        isPaused = false
        session.resumeReading(at: .now)
        readMore()
    }

    private func giveUp() {
        close(.overloaded, "you do not read: \(unsentBytes) bytes are waiting")
    }

    // MARK: What the channel tells

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        // A channel that dies before it becomes active never tells its handlers so.
        context.channel.closeFuture.whenComplete { _ in bound.value.lost() }
        if context.channel.isActive { begin() }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        var buffer = unwrapInboundIn(data)
        guard let bytes = buffer.readBytes(length: buffer.readableBytes) else { return }
        let asked = wroteAt
        perform(session.receive(bytes, at: .now), asked: asked)
        // Answers to PINGs are not sent by anyone who would look whether the peer reads them.
        if !isEnding, unsentBytes > limits.outboundBytes { giveUp() }
        // A frame that has begun may be due earlier than what the timer waits for.
        if let deadline = session.nextDeadline, let timerDeadline, deadline < timerDeadline { schedule() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        readMore()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { network.drained(self) }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lastError = "\(error)"
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        lost()
        context.fireChannelInactive()
    }

    // MARK: Between them

    private func lost() {
        guard context != nil else { return }
        timer?.cancel()
        isEnding = true
        perform(session.connectionLost())
        context = nil
        network.gone(self)
    }

    private func begin() {
        guard timer == nil else { return }
        perform(session.start())
        schedule()
        readMore()
    }

    private func perform(_ output: PeerSession.Output, asked: MonotonicInstant? = nil) {
        write(output.bytes)
        for event in output.events {
            switch event {
            case .connected(let peer, let hello):
                self.hello = hello
                helloArrival = HelloArrival(asked: asked ?? wroteAt, received: .now)
                connectedAt = .now()
                network.connected(self, peer, hello)
            case .message(let message):
                network.received(message, on: self)
            case .answered(let ping):
                network.answered(ping, on: self)
            case .closed(let end):
                network.ended(self, describe(end), end)
                finish()
            }
        }
    }

    private func describe(_ end: SessionEnd) -> String {
        if case .lost = end, let lastError { return "\(end) (\(PrintableText(escaping: lastError)))" }
        return "\(end)"
    }

    private func write(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, let context else { return }
        unsentBytes += bytes.count
        // A caller writes its HELLO when it has read the answer; the end that was called, when it has read the last word.
        if isDialledHere ? hello == nil : !session.isAuthenticated { wroteAt = .now }
        let written = context.eventLoop.makePromise(of: Void.self)
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in connection.value.wrote(bytes.count) }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: written)
    }

    private func readMore() {
        guard !isReading, !isPaused || isEnding, let context else { return }
        isReading = true
        context.read()
    }

    private func wrote(_ count: Int) {
        unsentBytes -= count
        if isEnding, unsentBytes == 0 { context?.close(mode: .output, promise: nil) }
    }

    /// Lets the last word arrive: sends what is unsent, closes this direction, and waits a moment for the other end.
    private func finish() {
        guard !isEnding, let context else { return }
        isEnding = true
        timer?.cancel()
        if unsentBytes == 0 { context.close(mode: .output, promise: nil) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(limits.lingerMilliseconds)) {
            bound.value.close(promise: nil)
        }
        readMore()
    }

    private func schedule() {
        timer?.cancel()
        guard let context, !isEnding, let deadline = session.nextDeadline else { return }
        timerDeadline = deadline
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: deadline.nioDeadline) {
            connection.value.perform(connection.value.session.tick(at: .now))
            connection.value.schedule()
        }
    }
}

extension MonotonicInstant {
    /// Rounded up, so that a timer never fires before its instant.
    var nioDeadline: NIODeadline {
        .uptimeNanoseconds(milliseconds > UInt64(Int64.max) / 1_000_000 ? UInt64(Int64.max) : milliseconds * 1_000_000)
    }
}
