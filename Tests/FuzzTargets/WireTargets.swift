internal import CryptoPrimitives
internal import PeerProtocol

extension FuzzTarget {
    static let wire = [preamble, answer, frames, message]

    /// What a caller says in clear, to the node that was dialled.
    private static let preamble = FuzzTarget(name: "preamble", maximumCount: 256) { bytes in
        if let preamble = try? Preamble(decoding: bytes) {
            try hold(preamble.encoded == bytes, "a preamble has two spellings")
        }
        var session = PeerSession(
            accepting: FuzzNode.settings,
            staticKey: FuzzNode.key(1),
            hello: FuzzNode.hello,
            at: .start
        )
        try drive(&session, with: bytes)
        try hold(!session.isAuthenticated, "a caller without a key was let in")
    }

    /// What whoever answers a dial says in clear.
    private static let answer = FuzzTarget(name: "answer", maximumCount: 512) { bytes in
        var session = PeerSession(
            dialling: FuzzNode.peer(1),
            settings: FuzzNode.settings,
            staticKey: FuzzNode.key(2),
            hello: FuzzNode.hello,
            at: .start
        )
        _ = session.start()
        try drive(&session, with: bytes)
        try hold(!session.isAuthenticated, "whoever answered without the key was believed")
    }

    /// One piece per byte and all at once must come to the same end.
    private static func drive(_ session: inout PeerSession, with bytes: [UInt8]) throws {
        for byte in bytes {
            let output = session.receive([byte], at: .start)
            try hold(output.bytes.count <= 512, "\(output.bytes.count) bytes answer one byte")
            try hold(session.bufferedCount <= 202, "\(session.bufferedCount) bytes are held for a stranger")
        }
    }

    /// Plaintexts of an authenticated peer, as they come or as one message cut into frames.
    private static let frames = FuzzTarget(name: "frames", maximumCount: 4096) { bytes in
        var input = FuzzInput(bytes)
        var reassembly = Reassembly()
        if input.byte() & 1 == 0 {
            while !input.isEmpty {
                guard let step = try? reassembly.accept(input.chunk()) else { return }
                try hold(reassembly.pendingCount <= Limits.itemBytes + 1, "too much is held")
                if let message = step.message { try check(message) }
            }
            return
        }
        let times = 1 + input.wide() % 64
        let content = input.rest()
        guard !content.isEmpty else { return }
        // Repeated, so that a short input also makes messages of several frames.
        let whole = content.repeated(times * 2048 / (content.count + 1) + 1)
        let plaintexts = Framing.plaintexts(of: whole)
        for (index, plaintext) in plaintexts.enumerated() {
            guard let step = try? reassembly.accept(plaintext) else { return }
            guard let message = step.message else { continue }
            try hold(index == plaintexts.count - 1, "a message ended early")
            try hold(message.encoded == whole, "a message changed on its way through frames")
        }
    }

    /// A whole message's bytes.
    private static let message = FuzzTarget(name: "message", maximumCount: 4096) { bytes in
        guard let message = try? Message(decoding: bytes) else { return }
        try hold(message.encoded == bytes, "\(message.kind) has two spellings")
        try check(message)
    }

    static func check(_ message: Message) throws {
        switch message {
        case .have(_, let identifiers): try hold(identifiers.count <= 1024, "a HAVE of \(identifiers.count)")
        case .want(let identifiers): try hold((1...256).contains(identifiers.count), "a WANT of \(identifiers.count)")
        case .item(let bytes): try hold((1...(1 << 20)).contains(bytes.count), "an ITEM of \(bytes.count)")
        case .bye(let bye): try hold(isPrintable(bye.description), "a BYE with control characters")
        case .hello(let hello): try hold(isPrintable(hello.software.description), "a HELLO with control characters")
        case .head(_, let newest): try hold(newest.count <= 1 << 20, "a HEAD of \(newest.count)")
        case .subscribe, .ping, .pong, .twin: break
        }
    }

    private static func isPrintable(_ text: String) -> Bool {
        text.utf8.count <= 200 && text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
    }
}

/// Fixed keys and settings of the nodes that these targets make.
enum FuzzNode {
    static func key(_ number: UInt8) -> SecretBytes {
        SecretBytes(copying: [UInt8](repeating: number, count: 32))
    }

    static func peer(_ number: UInt8) -> PeerKey { PeerKey(X25519.publicKey(of: key(number))) }

    static let network = SHA256.hash(Array("fuzzed network".utf8))

    static let settings = SessionSettings(
        network: network,
        ownKey: peer(1),
        roster: PeerRoster((1...4).map { (peer($0), "node-\($0)") })
    )

    static let hello: Hello = {
        let hello = Hello(charter: .zero, charterVersion: 1, runEpoch: 1, clockSeconds: 1, software: "fuzzed")
        guard let hello else { preconditionFailure("a HELLO without features is well-formed") }
        return hello
    }()
}

extension MonotonicInstant {
    static let start = MonotonicInstant(milliseconds: 1_000_000)
}
