internal import CryptoPrimitives
internal import HostilePeer
internal import PeerProtocol
internal import QuorumPolicy

extension FuzzTarget {
    /// A listed peer after a real handshake: frames, bytes and time as the input has them.
    static let session = FuzzTarget(name: "session", maximumCount: 4096) { bytes in
        var input = FuzzInput(bytes)
        var meeting = try Meeting.arrange()
        while !input.isEmpty, !meeting.session.isClosed { try meeting.step(&input) }
        try meeting.judgeTheEnd()
    }

    /// Having and wanting, with the messages of up to three peers in any order.
    static let dissemination = FuzzTarget(name: "dissemination", maximumCount: 4096) { bytes in
        var input = FuzzInput(bytes)
        var state = Dissemination()
        var journal = ShortJournal()
        var now: UInt64 = 1_000
        // A HAVE of 1,024 is looked up id by id, so there are not too many of them in one input.
        for _ in 0..<128 where !input.isEmpty {
            let peer = FuzzNode.peer(UInt8(2 + input.number(below: 3)))
            now += UInt64(input.byte()) * 250
            guard let event = event(&input, from: peer, journal: &journal) else { continue }
            let effects = state.receive(event, at: MonotonicInstant(milliseconds: now), journal: journal)
            // A page, what is asked for, owed, pushed and known, of three peers.
            try hold(state.heldCount <= 3 * (1024 + 256 + 256 + 64 + 1024), "\(state.heldCount) identifiers are held")
            try check(effects)
        }
    }

    private static func event(
        _ input: inout FuzzInput,
        from peer: PeerKey,
        journal: inout ShortJournal
    ) -> Dissemination.Event? {
        switch input.number(below: 9) {
        case 0: return .connected(peer, runEpoch: UInt64(input.byte() & 3))
        case 1: return .disconnected(peer)
        case 2: return .supplied(to: peer, [.sent, .congested, .missing][input.number(below: 3)])
        case 3: return .drained(peer)
        case 4: return .tick
        case 5:
            let identifier = identifier(input.byte())
            journal.add(identifier)
            return input.byte() & 1 == 0 ? .recorded(identifier) : .published(identifier)
        case 6: return .declined(identifier(input.byte()), from: peer)
        case 7:
            // Long lists from few bytes.
            let identifiers = (0..<input.wide() % 1025).map { identifier(UInt8(truncatingIfNeeded: $0)) }
            return .received(.have(upTo: UInt64(input.wide()), identifiers: identifiers), from: peer)
        default:
            guard let message = try? Message(decoding: input.chunk()) else { return nil }
            return .received(message, from: peer)
        }
    }

    private static let identifiers = (0...255 as ClosedRange<UInt8>).map { SHA256.hash([$0]) }
    private static func identifier(_ number: UInt8) -> StatementIdentifier { identifiers[Int(number)] }

    private static func check(_ effects: [Dissemination.Effect]) throws {
        for case .send(let message, _) in effects {
            let decoded = try? Message(decoding: message.encoded)
            try hold(decoded == message, "a message was sent that no peer would take")
        }
    }
}

/// A node's session and a peer that may put anything into a frame.
private struct Meeting: ~Copyable {
    var session: PeerSession
    private var link: RawLink
    private var now: UInt64 = 1_000_000
    private var hasConnected = false
    private var closings = 0

    static func arrange() throws -> Meeting {
        var session = PeerSession(
            accepting: FuzzNode.settings,
            staticKey: FuzzNode.key(1),
            hello: FuzzNode.hello,
            at: .start
        )
        var handshake = RawHandshake(network: FuzzNode.network, peer: FuzzNode.peer(1), staticKey: FuzzNode.key(2))
        let first = handshake.preamble + (try handshake.first())
        let third = try handshake.third(after: session.receive(first, at: .start).bytes)
        var link = try handshake.link()
        let output = session.receive(third, at: .start)
        try hold(session.isAuthenticated && !session.isConnected, "a handshake does not end as it must")
        _ = try link.receive(output.bytes)
        return Meeting(session, link)
    }

    private init(_ session: consuming PeerSession, _ link: consuming RawLink) {
        self.session = session
        self.link = link
    }

    mutating func step(_ input: inout FuzzInput) throws {
        let bytes: [UInt8]
        switch input.number(below: 7) {
        case 0: bytes = input.chunk()
        case 1: bytes = try link.frame(Array(input.chunk().prefix(65_519)))
        case 2: bytes = try frames(of: input.chunk())
        case 3: bytes = try frames(of: Message.hello(FuzzNode.hello).encoded)
        case 4:
            let content = input.take(8)
            // Up to 512 KiB, so that messages of several frames are met.
            bytes = try frames(of: [5] + content.repeated(input.wide()))
        case 5:
            now += UInt64(input.byte()) * 500
            return try take(session.tick(at: instant))
        default:
            if input.byte() & 1 == 0 { session.pauseReading() } else { session.resumeReading(at: instant) }
            return
        }
        try take(session.receive(bytes, at: instant))
    }

    private var instant: MonotonicInstant { MonotonicInstant(milliseconds: now) }

    private mutating func frames(of message: [UInt8]) throws -> [UInt8] {
        message.isEmpty ? [] : try link.frames(ofMessage: message)
    }

    private mutating func take(_ output: PeerSession.Output) throws {
        for event in output.events {
            try hold(closings == 0, "something happened after the end")
            switch event {
            case .connected(let peer, _):
                try hold(!hasConnected && peer == FuzzNode.peer(2), "connected twice, or with somebody else")
                hasConnected = true
            case .message(let message):
                try hold(hasConnected, "a message before HELLO")
                try FuzzTarget.check(message)
            case .answered: try hold(hasConnected, "an answer before HELLO")
            case .closed: closings += 1
            }
        }
        // A frame of the largest size, and a message of the largest kind.
        try hold(session.bufferedCount <= 2 + 65_535 + 1 + Limits.itemBytes, "\(session.bufferedCount) bytes held")
        _ = try link.receive(output.bytes)
    }

    mutating func judgeTheEnd() throws {
        guard session.isClosed else { return }
        let output = session.receive([0, 0, 1], at: instant)
        try hold(output.bytes.isEmpty && output.events.isEmpty, "a closed session says something")
        try hold(closings == 1, "a session ended \(closings) times")
    }
}

/// A journal of at most 256 items.
private struct ShortJournal: JournalIndex {
    private var identifiers: [StatementIdentifier] = []
    private var known: Set<StatementIdentifier> = []

    mutating func add(_ identifier: StatementIdentifier) {
        if known.insert(identifier).inserted { identifiers.append(identifier) }
    }

    var lastPosition: UInt64 { UInt64(identifiers.count) }

    func contains(_ identifier: StatementIdentifier) -> Bool { known.contains(identifier) }

    func identifiers(after: UInt64, limit: Int) -> (upTo: UInt64, identifiers: [StatementIdentifier]) {
        let start = min(Int(clamping: after), identifiers.count)
        let page = identifiers[start...].prefix(limit)
        return (UInt64(start + page.count), Array(page))
    }
}
