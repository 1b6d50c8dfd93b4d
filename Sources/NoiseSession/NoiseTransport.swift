public import CryptoPrimitives

/// The session after a handshake: one key and counter per direction, messages of at most 65,535 bytes.
///
/// Both ends replace a direction's key after 2^16 of its messages without being asked. Replacing it by time is the
/// caller's business: tell the peer inside an encrypted message, then call ``rekeySending()`` here and
/// ``rekeyReceiving()`` there. A message that does not authenticate kills the session and erases its keys.
public struct NoiseTransport: ~Copyable, Sendable {
    private enum Phase: ~Copyable, Sendable {
        case open(CipherPair)
        case failed
    }

    private var phase: Phase

    /// The transcript's hash, 32 bytes, the same at both ends and of this session only.
    public let handshakeHash: Bytes32

    /// The peer's static public key, proven by the handshake.
    public let remoteStatic: Bytes32

    init(_ ciphers: consuming CipherPair, handshakeHash: Bytes32, remoteStatic: Bytes32) {
        phase = .open(ciphers)
        self.handshakeHash = handshakeHash
        self.remoteStatic = remoteStatic
    }

    /// The ciphertext, 16 bytes longer than the plaintext of at most 65,519 bytes.
    public mutating func encrypt(
        _ plaintext: [UInt8],
        associatedData: [UInt8] = []
    ) throws(NoiseError) -> [UInt8] {
        guard plaintext.count <= NoiseLimits.plaintextCount else { throw .plaintextTooLong(count: plaintext.count) }
        var ciphers = try take()
        let ciphertext = try ciphers.sending.seal(plaintext, associatedData: associatedData)
        phase = .open(ciphers)
        return ciphertext
    }

    /// The plaintext of the peer's next message, which must come complete and in order.
    public mutating func decrypt(
        _ ciphertext: [UInt8],
        associatedData: [UInt8] = []
    ) throws(NoiseError) -> [UInt8] {
        var ciphers = try take()
        guard (NoiseLimits.tagCount...NoiseLimits.messageCount).contains(ciphertext.count) else {
            throw .transportMessageLength(count: ciphertext.count)
        }
        let number = ciphers.receiving.counter
        guard let plaintext = try ciphers.receiving.open(ciphertext, associatedData: associatedData) else {
            throw .transportAuthentication(message: number)
        }
        phase = .open(ciphers)
        return plaintext
    }

    /// Replaces the key for what is sent from now on (revision 34, §11.3).
    public mutating func rekeySending() throws(NoiseError) {
        var ciphers = try take()
        ciphers.sending.rekey()
        phase = .open(ciphers)
    }

    /// Replaces the key for what is received from now on.
    public mutating func rekeyReceiving() throws(NoiseError) {
        var ciphers = try take()
        ciphers.receiving.rekey()
        phase = .open(ciphers)
    }

    private mutating func take() throws(NoiseError) -> CipherPair {
        switch exchange(&phase, with: .failed) {
        case .open(let ciphers): return ciphers
        case .failed: throw .failedBefore
        }
    }
}
