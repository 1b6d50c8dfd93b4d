internal import CryptoPrimitives
internal import NoiseSession

/// The part of a connection before keys: preamble, answer and the three Noise messages, all of exact length.
///
/// Never needs more than 202 bytes at once, so an unauthenticated caller cannot make the node hold anything of size.
struct SessionHandshake: ~Copyable, Sendable {
    enum Progress {
        case goesOn
        case finished
    }

    private enum Phase: ~Copyable, Sendable {
        case awaitingPreamble(SecretBytes)
        case awaitingAnswer(NoiseHandshake)
        case awaitingMessage(NoiseHandshake, count: Int)
        case finished(NoiseHandshake)
        case failed
    }

    private let settings: SessionSettings
    private let preamble: [UInt8]
    private var phase: Phase

    init(dialling peer: PeerKey, settings: SessionSettings, staticKey: borrowing SecretBytes) {
        self.settings = settings
        let preamble = Preamble(network: settings.network, expecting: peer, own: settings.ownKey)
        self.preamble = preamble.encoded
        let prologue = preamble.prologue(network: settings.network)
        phase = .awaitingAnswer(NoiseHandshake(initiatorWith: staticKey, expecting: peer.bytes, prologue: prologue))
    }

    init(accepting settings: SessionSettings, staticKey: borrowing SecretBytes) {
        self.settings = settings
        preamble = []
        phase = .awaitingPreamble(staticKey.duplicate())
    }

    /// The dialler's preamble and first message.
    mutating func start() throws(PeerProtocolError) -> [UInt8] {
        switch exchange(&phase, with: .failed) {
        case .awaitingAnswer(var noise):
            let message = try Self.noise { () throws(NoiseError) in try noise.write() }
            phase = .awaitingAnswer(noise)
            return preamble + message
        case .awaitingPreamble(let key):
            phase = .awaitingPreamble(key)
            return []
        case .awaitingMessage(let noise, let count):
            phase = .awaitingMessage(noise, count: count)
            return []
        case .finished(let noise):
            phase = .finished(noise)
            return []
        case .failed:
            return []
        }
    }

    /// How many bytes the next step takes, given those that have arrived.
    func wantedCount(having buffer: [UInt8]) -> Int {
        switch phase {
        case .awaitingPreamble: Limits.preambleBytes
        case .awaitingAnswer: Self.answerCount(buffer)
        case .awaitingMessage(_, let count): count
        case .finished: 0
        case .failed: 0
        }
    }

    /// Takes exactly the bytes wanted and appends what has to be sent.
    mutating func receive(_ input: [UInt8], _ output: inout [UInt8]) throws(PeerProtocolError) -> Progress {
        switch exchange(&phase, with: .failed) {
        case .awaitingPreamble(let key):
            phase = .awaitingMessage(try accept(input, key), count: NoiseHandshake.messageCounts[0])
        case .awaitingAnswer(let noise):
            try Self.checkAnswer(input)
            phase = .awaitingMessage(noise, count: NoiseHandshake.messageCounts[1])
        case .awaitingMessage(let noise, _):
            return try receive(input, with: noise, &output)
        case .finished(let noise):
            phase = .finished(noise)
        case .failed:
            break
        }
        return .goesOn
    }

    consuming func transport() throws(PeerProtocolError) -> NoiseTransport {
        guard case .finished(let noise) = consume phase else { throw .handshake(.failedBefore) }
        do throws(NoiseError) {
            return try noise.transport()
        } catch {
            throw .handshake(error)
        }
    }

    private mutating func receive(
        _ input: [UInt8],
        with handshake: consuming NoiseHandshake,
        _ output: inout [UInt8]
    ) throws(PeerProtocolError) -> Progress {
        var noise = handshake
        do throws(NoiseError) {
            _ = try noise.read(input)
            if noise.nextStep == .write {
                // Only the responder's first message follows the byte that accepts.
                let isResponder = input.count == NoiseHandshake.messageCounts[0] && preamble.isEmpty
                output += (isResponder ? [Refusal.accepted] : []) + (try noise.write())
            }
        } catch {
            throw .handshake(error)
        }
        guard noise.nextStep == .finished else {
            phase = .awaitingMessage(noise, count: NoiseHandshake.messageCounts[2])
            return .goesOn
        }
        phase = .finished(noise)
        return .finished
    }

    private func accept(_ input: [UInt8], _ key: borrowing SecretBytes) throws(PeerProtocolError) -> NoiseHandshake {
        do throws(PreambleError) {
            let preamble = try Preamble(decoding: input)
            try preamble.check(network: settings.network, own: settings.ownKey)
            return NoiseHandshake(responderWith: key, prologue: preamble.prologue(network: settings.network))
        } catch {
            throw .preamble(error)
        }
    }

    private static func answerCount(_ buffer: [UInt8]) -> Int {
        guard let code = buffer.first, code != Refusal.accepted else { return 1 }
        return buffer.count < 2 ? 2 : 2 + min(Int(buffer[1]), Limits.reasonBytes)
    }

    private static func checkAnswer(_ input: [UInt8]) throws(PeerProtocolError) {
        var reader = ByteReader(input)
        guard let code = reader.integer(UInt8.self) else { throw .malformedAnswer }
        guard code != Refusal.accepted else { return }
        guard let text = reader.text(limit: Limits.reasonBytes) else { throw .malformedAnswer }
        throw .refused(Refusal(code: code, text: text))
    }

    private static func noise(_ body: () throws(NoiseError) -> [UInt8]) throws(PeerProtocolError) -> [UInt8] {
        do throws(NoiseError) {
            return try body()
        } catch {
            throw .handshake(error)
        }
    }
}
