public import CryptoPrimitives

/// One end of `Noise_XK_25519_ChaChaPoly_SHA256` (revision 34, §7.5): the dialler knows whom it expects, and shows its own
/// key only to that peer.
///
/// Bytes in, bytes out: messages of 48, 48 and 64 bytes plus payload, the initiator's first. Any bytes are a possible
/// input; whatever is wrong with them is a typed error, after which the handshake is dead and its keys are erased.
public struct NoiseHandshake: ~Copyable, Sendable {
    /// Which end this is.
    public enum Role: Hashable, Sendable {
        /// Dialled, and sends the first message.
        case initiator
        /// Was dialled.
        case responder
    }

    /// What the handshake needs next.
    public enum Step: Hashable, Sendable {
        /// ``NoiseHandshake/write(payload:)``.
        case write
        /// ``NoiseHandshake/read(_:)``.
        case read
        /// Nothing: ``NoiseHandshake/transport()`` is ready.
        case finished
        /// Nothing: it failed.
        case failed
    }

    /// The bytes of the three messages with empty payloads.
    public static let messageCounts = [48, 48, 64]

    private enum Phase: ~Copyable, Sendable {
        case open(HandshakeState)
        case failed
    }

    private var phase: Phase

    /// Starts as the dialler of the peer that owns `remoteStatic`; `staticKey` is 32 bytes, the prologue any bytes that both
    /// ends must agree on.
    public init(
        initiatorWith staticKey: borrowing SecretBytes,
        expecting remoteStatic: Bytes32,
        prologue: [UInt8]
    ) {
        self.init(
            initiatorWith: staticKey,
            expecting: remoteStatic,
            prologue: prologue,
            ephemeralKey: .random(count: 32)
        )
    }

    /// Starts as the end that was dialled; `staticKey` is 32 bytes.
    public init(responderWith staticKey: borrowing SecretBytes, prologue: [UInt8]) {
        self.init(responderWith: staticKey, prologue: prologue, ephemeralKey: .random(count: 32))
    }

    /// The same with a fixed ephemeral key, for published vectors only: a repeated ephemeral key undoes forward secrecy.
    package init(
        initiatorWith staticKey: borrowing SecretBytes,
        expecting remoteStatic: Bytes32,
        prologue: [UInt8],
        ephemeralKey: consuming SecretBytes
    ) {
        let state = HandshakeState(
            pattern: .xk,
            role: .initiator,
            prologue: prologue,
            staticKey: staticKey.duplicate(),
            ephemeralKey: ephemeralKey,
            remoteStatic: remoteStatic
        )
        phase = .open(state)
    }

    /// The same with a fixed ephemeral key, for published vectors only.
    package init(
        responderWith staticKey: borrowing SecretBytes,
        prologue: [UInt8],
        ephemeralKey: consuming SecretBytes
    ) {
        let state = HandshakeState(
            pattern: .xk,
            role: .responder,
            prologue: prologue,
            staticKey: staticKey.duplicate(),
            ephemeralKey: ephemeralKey,
            remoteStatic: nil
        )
        phase = .open(state)
    }

    /// What has to happen next.
    public var nextStep: Step {
        switch phase {
        case .open(let state): state.nextStep
        case .failed: .failed
        }
    }

    /// The next message to send; the payload may be empty.
    public mutating func write(payload: [UInt8] = []) throws(NoiseError) -> [UInt8] {
        try expect(.write)
        var state = try take()
        let message = try state.write(payload)
        phase = .open(state)
        return message
    }

    /// Takes the peer's next message, exactly as long as it was written, and returns its payload.
    public mutating func read(_ message: [UInt8]) throws(NoiseError) -> [UInt8] {
        try expect(.read)
        var state = try take()
        let payload = try state.read(message)
        phase = .open(state)
        return payload
    }

    /// The session that follows a finished handshake; the peer's static key is proven from here on.
    public consuming func transport() throws(NoiseError) -> NoiseTransport {
        switch consume phase {
        case .failed:
            throw .failedBefore
        case .open(let state):
            guard state.nextStep == .finished, let remoteStatic = state.remoteStatic else {
                throw .outOfTurn(expected: state.nextStep)
            }
            return state.transport(remoteStatic: remoteStatic)
        }
    }

    private func expect(_ step: Step) throws(NoiseError) {
        guard nextStep != .failed else { throw .failedBefore }
        guard nextStep == step else { throw .outOfTurn(expected: nextStep) }
    }

    /// Moves the state out, leaving the handshake dead unless the caller puts it back.
    private mutating func take() throws(NoiseError) -> HandshakeState {
        switch exchange(&phase, with: .failed) {
        case .open(let state): return state
        case .failed: throw .failedBefore
        }
    }
}
