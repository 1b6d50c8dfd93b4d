internal import CryptoPrimitives
internal import PauseAgreement
package import PeerProtocol
package import QuorumPolicy
package import SignedStatements

/// Whom a hostile party attacks, and as whom.
package struct Attack: Sendable {
    /// The node's TCP port on this machine.
    package let port: Int
    package let charter: Charter
    /// The party whose node is attacked.
    package let victim: PartyName
    /// The hostile party, which the charter lists.
    package let party: PartyName
    /// Its seed, 32 bytes.
    private let seed: [UInt8]
    /// A motion that the victim knows, and the hostile party's newest statement, for statements about and after them.
    package var motion: StatementID
    package var last: StatementHead?
    package var lastID: StatementID?

    package init(port: Int, charter: Charter, victim: PartyName, party: PartyName, seed: [UInt8]) {
        self.port = port
        self.charter = charter
        self.victim = victim
        self.party = party
        self.seed = seed
        motion = StatementID(.zero)
    }

    var secrets: PartySecrets { PartySecrets(seed: SecretBytes(copying: seed)) }

    var transportKey: SecretBytes { secrets.transport.duplicate() }

    var network: Bytes32 { SHA256.hash(Array(charter.network.utf8)) }

    var peer: PeerKey { PeerKey(charter.party(victim)?.transportKey ?? .zero) }

    func hello(epoch: UInt64 = 1) throws -> Message {
        let hello = Hello(
            charter: charter.id.bytes,
            charterVersion: UInt32(clamping: charter.version),
            runEpoch: epoch,
            clockSeconds: 0,
            software: "hostile-peer"
        )
        guard let hello else { throw AttackError.malformed }
        return .hello(hello)
    }
}

extension Attack {
    /// Behaves: shakes hands and exchanges HELLOs as the party; whether that worked.
    package func isConnected() async -> Bool {
        do {
            let visit = try await Visit.pay(self, epoch: .random(in: 0 ... .max), key: transportKey)
            return !visit.end().messages.isEmpty
        } catch {
            return false
        }
    }

    /// Behaves: shakes hands as the party and reads what the node has; whether that worked, within half a minute.
    package func isServed() async -> Bool {
        do {
            var visit = try await Visit.pay(self, epoch: .random(in: 0 ... .max), key: transportKey)
            try await visit.send(.subscribe(after: 0))
            try await visit.listen(seconds: 30) { $0.hasAnnouncement }
            return visit.end().hasAnnouncement
        } catch {
            return false
        }
    }
}

package enum AttackError: Error {
    case malformed
    case noAnswer
    /// The victim turned away a handshake that was in order.
    case turnedAway
}

/// What became of a misbehaviour, as its author saw it.
package struct Outcome: Sendable {
    /// Whether the node hung up.
    package var isClosed = false
    /// The bytes of a refusal in clear, if one came instead of a handshake.
    package var refusal: UInt8?
    /// The BYE, if one came.
    package var bye: Bye?
    /// Every message, in order.
    package var messages: [Message] = []

    package init() {}

    /// Whether the node has said what it has.
    var hasAnnouncement: Bool {
        messages.contains { if case .have(_, let identifiers) = $0 { !identifiers.isEmpty } else { false } }
    }
}

/// A connection after an honest handshake, from which anything may follow.
struct Visit: ~Copyable {
    let connection: HostileConnection
    private var link: RawLink
    private var outcome = Outcome()

    /// Shakes hands; says HELLO unless asked not to, and waits for the node's own.
    static func pay(
        _ attack: Attack,
        from source: String = "127.0.0.1",
        saysHello: Bool = true,
        epoch: UInt64 = 1,
        receiveBuffer: Int? = nil,
        key: borrowing SecretBytes
    ) async throws -> Visit {
        let connection = try await HostileConnection.open(to: attack.port, from: source, receiveBuffer: receiveBuffer)
        var handshake = RawHandshake(network: attack.network, peer: attack.peer, staticKey: key)
        await connection.send(handshake.preamble + (try handshake.first()))
        guard await connection.wait(seconds: 30, until: { $0.receivedCount >= 49 || $0.isClosed }) else {
            throw AttackError.noAnswer
        }
        let answer = connection.take()
        guard answer.count == 49 else { throw AttackError.turnedAway }
        await connection.send(try handshake.third(after: answer))
        var visit = Visit(connection, try handshake.link())
        guard saysHello else { return visit }
        try await visit.send(attack.hello(epoch: epoch))
        try await visit.listen(seconds: 30) { outcome in
            outcome.messages.contains { if case .hello = $0 { true } else { false } } || outcome.bye != nil
        }
        return visit
    }

    private init(_ connection: HostileConnection, _ link: consuming RawLink) {
        self.connection = connection
        self.link = link
    }

    mutating func send(_ message: Message) async throws {
        await connection.send(try link.frames(of: message))
    }

    /// Sends any bytes as a message's.
    mutating func send(raw message: [UInt8]) async throws {
        await connection.send(try link.frames(ofMessage: message))
    }

    /// A frame around any plaintext.
    mutating func frame(_ plaintext: [UInt8]) throws -> [UInt8] { try link.frame(plaintext) }

    /// Reads until the condition holds, the node has hung up, or the time is over.
    mutating func listen(seconds: Double, until isEnough: (Outcome) -> Bool = { _ in false }) async throws {
        for _ in 0..<Int(seconds * 200) {
            let isClosed = connection.isClosed
            note(connection.take())
            outcome.isClosed = isClosed
            if isClosed || isEnough(outcome) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private mutating func note(_ bytes: [UInt8]) {
        // A node that cannot decrypt any more says nothing that could be read.
        for message in (try? link.receive(bytes)) ?? [] {
            outcome.messages.append(message)
            if case .bye(let bye) = message { outcome.bye = bye }
        }
    }

    /// The numbers of the PINGs that have come since the last call.
    mutating func takePings() -> [UInt64] {
        let numbers = outcome.messages.compactMap { if case .ping(let number) = $0 { number } else { nil } }
        outcome.messages.removeAll { if case .ping = $0 { true } else { false } }
        return numbers
    }

    /// Hangs up, and says what has been seen.
    consuming func end() -> Outcome {
        connection.close()
        return outcome
    }
}
