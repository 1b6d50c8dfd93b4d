import CryptoPrimitives
import Testing

@testable import PeerProtocol

/// A node's transport key and what it says of itself.
struct Node {
    let seed: UInt8
    var network = Bytes32.zero
    var roster: PeerRoster = .everyone
    var timing = SessionTiming()
    var runEpoch: UInt64 = 1

    var staticKey: SecretBytes { SecretBytes(copying: [UInt8](repeating: seed, count: 32)) }
    var key: PeerKey { PeerKey(X25519.publicKey(of: staticKey)) }

    var settings: SessionSettings {
        SessionSettings(network: network, ownKey: key, roster: roster, timing: timing)
    }

    var hello: Hello {
        get throws {
            let hello = Hello(
                charter: .zero,
                charterVersion: 1,
                runEpoch: runEpoch,
                clockSeconds: 1_800_000_000,
                software: "standstill test",
                features: ["b", "a"]
            )
            return try #require(hello)
        }
    }

    func dial(_ peer: PeerKey, at now: MonotonicInstant = .start) throws -> PeerSession {
        PeerSession(dialling: peer, settings: settings, staticKey: staticKey, hello: try hello, at: now)
    }

    func accept(at now: MonotonicInstant = .start) throws -> PeerSession {
        PeerSession(accepting: settings, staticKey: staticKey, hello: try hello, at: now)
    }

    static let alice = Node(seed: 1)
    static let bob = Node(seed: 2)
    static let carol = Node(seed: 3)
}

extension PeerRoster {
    static let everyone = PeerRoster((1...9).map { (PeerKey.of($0), "node-\($0)") })
}

extension PeerKey {
    static func of(_ seed: UInt8) -> PeerKey {
        PeerKey(X25519.publicKey(of: SecretBytes(copying: [UInt8](repeating: seed, count: 32))))
    }
}

extension MonotonicInstant {
    static let start = MonotonicInstant(milliseconds: 1_000_000)
}

/// Two sessions joined back to back, delivering `chunk` bytes at a time.
struct Connection: ~Copyable {
    var dialler: PeerSession
    var responder: PeerSession
    var diallerEvents: [PeerSession.Event] = []
    var responderEvents: [PeerSession.Event] = []
    private var toResponder: [UInt8] = []
    private var toDialler: [UInt8] = []

    init(_ dialler: consuming PeerSession, _ responder: consuming PeerSession) {
        self.dialler = dialler
        self.responder = responder
        toResponder = self.dialler.start().bytes
    }

    static func established(_ first: Node = .alice, _ second: Node = .bob) throws -> Connection {
        var connection = Connection(try first.dial(second.key), try second.accept())
        connection.run()
        guard connection.dialler.isConnected, connection.responder.isConnected else {
            Issue.record("not connected: \(connection.diallerEvents) \(connection.responderEvents)")
            return connection
        }
        connection.diallerEvents = []
        connection.responderEvents = []
        return connection
    }

    mutating func run(chunk: Int = .max, at now: MonotonicInstant = .start) {
        while !toResponder.isEmpty || !toDialler.isEmpty {
            let there = responder.receive(Self.cut(&toResponder, chunk), at: now)
            toDialler += there.bytes
            responderEvents += there.events
            let back = dialler.receive(Self.cut(&toDialler, chunk), at: now)
            toResponder += back.bytes
            diallerEvents += back.events
        }
    }

    mutating func fromDialler(_ bytes: [UInt8], at now: MonotonicInstant = .start) {
        toResponder += bytes
        run(at: now)
    }

    mutating func fromResponder(_ bytes: [UInt8], at now: MonotonicInstant = .start) {
        toDialler += bytes
        run(at: now)
    }

    private static func cut(_ bytes: inout [UInt8], _ count: Int) -> [UInt8] {
        let piece = Array(bytes.prefix(count))
        bytes.removeFirst(piece.count)
        return piece
    }
}

/// The error a call ends with, if any.
func errorOf(_ body: () throws(PeerProtocolError) -> Void) -> PeerProtocolError? {
    do throws(PeerProtocolError) {
        try body()
        return nil
    } catch {
        return error
    }
}
