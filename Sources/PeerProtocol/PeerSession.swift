package import CryptoPrimitives
internal import NoiseSession

/// What every connection of one node has in common.
package struct SessionSettings: Hashable, Sendable {
    package var network: Bytes32
    package var ownKey: PeerKey
    package var roster: PeerRoster
    package var timing: SessionTiming

    package init(network: Bytes32, ownKey: PeerKey, roster: PeerRoster, timing: SessionTiming = SessionTiming()) {
        self.network = network
        self.ownKey = ownKey
        self.roster = roster
        self.timing = timing
    }
}

/// One connection to one peer, from the first byte to BYE, as a value: bytes in, bytes and events out.
///
/// It reads no clock and owns no socket. The shell passes on every byte it reads, writes every byte it is given, in order,
/// calls ``tick(at:)`` at ``nextDeadline``, and closes the socket once ``Event/closed(_:)`` has come and the bytes that
/// came with it are written. After that event the session produces nothing any more.
package struct PeerSession: ~Copyable, Sendable {
    /// What the shell should know.
    package enum Event: Hashable, Sendable {
        /// The peer's key is proven and listed, and its HELLO has arrived.
        case connected(PeerKey, Hello)
        /// A SUBSCRIBE, HAVE, WANT, ITEM, HEAD or TWIN from the connected peer.
        case message(Message)
        /// The peer answered the PING with this number.
        case answered(ping: UInt64)
        /// The connection is over.
        case closed(SessionEnd)
    }

    /// What to write, then what to know.
    package struct Output: Hashable, Sendable {
        package var bytes: [UInt8] = []
        package var events: [Event] = []
    }

    private enum Phase: ~Copyable, Sendable {
        case handshake(SessionHandshake)
        case open(SessionChannel)
        case closed
    }

    private let settings: SessionSettings
    private let hello: Hello
    private let startedAt: MonotonicInstant
    private var phase: Phase
    private var buffer: [UInt8] = []

    /// The peer, once its key is proven; a dialler knows from the start whom it expects.
    package private(set) var peer: PeerKey?

    /// Whether ``Event/connected(_:_:)`` has come and ``Event/closed(_:)`` has not.
    package private(set) var isConnected = false

    /// Whether the peer has proven its key, listed or not.
    package private(set) var isAuthenticated = false

    /// Dials `peer`; the returned session's first bytes come from ``start()``.
    package init(
        dialling peer: PeerKey,
        settings: SessionSettings,
        staticKey: borrowing SecretBytes,
        hello: Hello,
        at now: MonotonicInstant
    ) {
        self.settings = settings
        self.hello = hello
        startedAt = now
        self.peer = peer
        phase = .handshake(SessionHandshake(dialling: peer, settings: settings, staticKey: staticKey))
    }

    /// Was dialled by somebody.
    package init(
        accepting settings: SessionSettings,
        staticKey: borrowing SecretBytes,
        hello: Hello,
        at now: MonotonicInstant
    ) {
        self.settings = settings
        self.hello = hello
        startedAt = now
        phase = .handshake(SessionHandshake(accepting: settings, staticKey: staticKey))
    }

    /// The dialler's first bytes: preamble and first handshake message; nothing for the other end.
    package mutating func start() -> Output {
        var output = Output()
        switch exchange(&phase, with: .closed) {
        case .handshake(var handshake):
            do throws(PeerProtocolError) {
                output.bytes = try handshake.start()
                phase = .handshake(handshake)
            } catch {
                end(.fault(error, peer), &output)
            }
        case .open(let channel): phase = .open(channel)
        case .closed: break
        }
        return output
    }

    /// Takes bytes as they arrive, in pieces of any size.
    package mutating func receive(_ bytes: [UInt8], at now: MonotonicInstant) -> Output {
        var output = Output()
        var position = 0
        while let wanted = wantedCount {
            let taken = min(wanted - buffer.count, bytes.count - position)
            buffer += bytes[position..<position + taken]
            position += taken
            guard buffer.count == wanted else { break }
            advance(at: now, &output)
        }
        if !buffer.isEmpty { updateChannel { $0.noteBeginning(at: now) } }
        return output
    }

    /// The bytes that carry a message; empty before the peer is connected and after the end.
    package mutating func send(_ message: Message, at now: MonotonicInstant) -> [UInt8] {
        guard isConnected else { return [] }
        return seal(message, at: now)
    }

    /// The bytes of a PING with a number that ``Event/answered(ping:)`` will repeat.
    package mutating func probe(_ number: UInt64, at now: MonotonicInstant) -> [UInt8] {
        send(.ping(number), at: now)
    }

    /// Says BYE, as far as there is a channel to say it in, and ends the session.
    package mutating func close(_ reason: Bye.Reason, _ text: String, at now: MonotonicInstant) -> Output {
        var output = Output()
        guard !isClosed else { return output }
        let bye = Bye(reason, text)
        output.bytes = seal(.bye(bye), at: now)
        end(.closedHere(bye), &output)
        return output
    }

    /// Ends the session because the socket did.
    package mutating func connectionLost() -> Output {
        var output = Output()
        guard !isClosed else { return output }
        end(.lost(peer), &output)
        return output
    }

    /// Does what is due: cuts a slow handshake, a silent peer or one that never finishes a frame; sends a PING.
    package mutating func tick(at now: MonotonicInstant) -> Output {
        var output = Output()
        guard let deadline = nextDeadline, now >= deadline else { return output }
        guard isConnected else {
            end(.fault(.handshakeTimeout(milliseconds: settings.timing.handshakeMilliseconds), peer), &output)
            return output
        }
        switch exchange(&phase, with: .closed) {
        case .open(var channel):
            let isDead = channel.isDead(at: now, settings.timing)
            let isUnfinished = channel.isUnfinished(at: now, settings.timing)
            let ping = isDead || isUnfinished ? nil : channel.duePing(at: now, settings.timing)
            phase = .open(channel)
            if isDead {
                end(.fault(.silent(milliseconds: settings.timing.deadMilliseconds), peer), &output)
            } else if isUnfinished {
                fail(.unfinished(milliseconds: settings.timing.unfinishedMilliseconds), at: now, &output)
            } else if let ping {
                output.bytes = seal(.ping(ping), at: now)
            }
        case .handshake(let handshake): phase = .handshake(handshake)
        case .closed: break
        }
        return output
    }

    /// When ``tick(at:)`` has something to do; `nil` once the session is closed.
    package var nextDeadline: MonotonicInstant? {
        switch phase {
        case .closed: nil
        case .handshake: startedAt.after(milliseconds: settings.timing.handshakeMilliseconds)
        case .open(let channel):
            isConnected
                ? channel.nextDeadline(settings.timing)
                : startedAt.after(milliseconds: settings.timing.handshakeMilliseconds)
        }
    }

    /// Tells the session that the shell has stopped reading: the peer's silence is not its fault meanwhile.
    package mutating func pauseReading() {
        updateChannel { $0.pause() }
    }

    /// Tells the session that the shell reads again.
    package mutating func resumeReading(at now: MonotonicInstant) {
        updateChannel { $0.resume(at: now) }
    }

    /// The bytes of the peer's that are held because something is incomplete: at most one frame and one message.
    package var bufferedCount: Int {
        switch phase {
        case .open(let channel): buffer.count + channel.pendingCount
        case .handshake: buffer.count
        case .closed: 0
        }
    }

    /// Whether ``Event/closed(_:)`` has come.
    package var isClosed: Bool {
        switch phase {
        case .closed: true
        case .handshake: false
        case .open: false
        }
    }

    /// How many bytes the next step needs in all.
    private var wantedCount: Int? {
        switch phase {
        case .handshake(let handshake): handshake.wantedCount(having: buffer)
        case .open: buffer.count < 2 ? 2 : 2 + (Int(buffer[0]) << 8 | Int(buffer[1]))
        case .closed: nil
        }
    }

    private mutating func advance(at now: MonotonicInstant, _ output: inout Output) {
        let input = buffer
        do throws(PeerProtocolError) {
            switch exchange(&phase, with: .closed) {
            case .handshake(let handshake):
                try advance(handshake, input, at: now, &output)
            case .open(let channel):
                try advance(channel, input, at: now, &output)
            case .closed:
                break
            }
        } catch {
            fail(error, at: now, &output)
        }
    }

    private mutating func advance(
        _ handshake: consuming SessionHandshake,
        _ input: [UInt8],
        at now: MonotonicInstant,
        _ output: inout Output
    ) throws(PeerProtocolError) {
        guard handshake.wantedCount(having: input) == input.count else {
            phase = .handshake(handshake)
            return
        }
        buffer = []
        var handshake = handshake
        switch try handshake.receive(input, &output.bytes) {
        case .goesOn:
            phase = .handshake(handshake)
        case .finished:
            let transport = try handshake.transport()
            let proven = PeerKey(transport.remoteStatic)
            phase = .open(SessionChannel(transport, at: now))
            peer = proven
            isAuthenticated = true
            guard settings.roster.name(of: proven) != nil else { throw .unlisted(proven) }
            // It was made when the connection began; the clock in it has gone on since.
            output.bytes += seal(.hello(hello.after(milliseconds: now.milliseconds(since: startedAt))), at: now)
        }
    }

    private mutating func advance(
        _ channel: consuming SessionChannel,
        _ input: [UInt8],
        at now: MonotonicInstant,
        _ output: inout Output
    ) throws(PeerProtocolError) {
        var channel = channel
        guard input.count > 2 else {
            phase = .open(channel)
            let length = Int(input[0]) << 8 | Int(input[1])
            guard SessionChannel.isFrameLength(length) else { throw .frameLength(count: length) }
            return
        }
        buffer = []
        let message: Message?
        do throws(PeerProtocolError) {
            message = try channel.open(input, at: now)
        } catch {
            phase = .open(channel)
            throw error
        }
        phase = .open(channel)
        if let message { try handle(message, at: now, &output) }
    }

    private mutating func handle(
        _ message: Message,
        at now: MonotonicInstant,
        _ output: inout Output
    ) throws(PeerProtocolError) {
        guard isConnected else {
            return try handleFirst(message, &output)
        }
        switch message {
        case .hello: throw .helloRepeated
        case .ping(let number): output.bytes += seal(.pong(number), at: now)
        case .pong(let number): output.events.append(.answered(ping: number))
        case .bye(let bye): end(.byeReceived(bye, peer), &output)
        case .subscribe, .have, .want, .item, .head, .twin: output.events.append(.message(message))
        }
    }

    private mutating func handleFirst(_ message: Message, _ output: inout Output) throws(PeerProtocolError) {
        switch message {
        case .hello(let hello):
            guard let peer else { return }
            isConnected = true
            output.events.append(.connected(peer, hello))
        case .bye(let bye):
            end(.byeReceived(bye, peer), &output)
        case .subscribe, .have, .want, .item, .ping, .pong, .head, .twin:
            throw .helloExpected(message.kind)
        }
    }

    /// Tells the peer as much as the state of the connection allows, and ends.
    private mutating func fail(_ error: PeerProtocolError, at now: MonotonicInstant, _ output: inout Output) {
        if case .preamble(let mistake) = error {
            output.bytes += Refusal(for: mistake)?.encoded ?? []
        } else if case .unlisted = error {
            output.bytes += seal(.bye(Bye(.unlisted, "\(error)")), at: now)
        } else {
            output.bytes += seal(.bye(Bye(.violation, "\(error)")), at: now)
        }
        end(.fault(error, isAuthenticated ? peer : nil), &output)
    }

    private mutating func end(_ reason: SessionEnd, _ output: inout Output) {
        phase = .closed
        buffer = []
        isConnected = false
        output.events.append(.closed(reason))
    }

    /// Empty when there is no channel, or none any more.
    private mutating func seal(_ message: Message, at now: MonotonicInstant) -> [UInt8] {
        var bytes: [UInt8] = []
        let timing = settings.timing
        updateChannel { bytes = $0.seal(message, at: now, timing) }
        return bytes
    }

    private mutating func updateChannel(_ body: (inout SessionChannel) -> Void) {
        switch exchange(&phase, with: .closed) {
        case .open(var channel):
            body(&channel)
            phase = .open(channel)
        case .handshake(let handshake): phase = .handshake(handshake)
        case .closed: break
        }
    }
}

/// How a session ended; names the peer once its key is proven.
package enum SessionEnd: Hashable, Sendable, CustomStringConvertible {
    /// The other end broke the protocol, was too slow, or refused.
    case fault(PeerProtocolError, PeerKey?)
    /// The peer said BYE.
    case byeReceived(Bye, PeerKey?)
    /// This node said BYE.
    case closedHere(Bye)
    /// The connection broke without a word.
    case lost(PeerKey?)

    package var description: String {
        switch self {
        case .fault(let error, _): "\(error)"
        case .byeReceived(let bye, _): "peer said bye: \(bye)"
        case .closedHere(let bye): "closed here: \(bye)"
        case .lost: "connection lost"
        }
    }
}
