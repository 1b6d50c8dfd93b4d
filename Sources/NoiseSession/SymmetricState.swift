internal import CryptoPrimitives

/// The chaining key, the transcript hash and the handshake's cipher (revision 34, §5.2).
struct SymmetricState: ~Copyable, Sendable {
    private var chainingKey: SecretBytes
    private(set) var hash: Bytes32
    private var cipher: CipherState?

    init(protocolName: String) {
        let name = Array(protocolName.utf8)
        hash = Bytes32(name + [UInt8](repeating: 0, count: max(0, 32 - name.count))) ?? SHA256.hash(name)
        chainingKey = SecretBytes(copying: hash.array)
        cipher = nil
    }

    mutating func mixHash(_ bytes: [UInt8]) {
        hash = SHA256.hash(hash.array + bytes)
    }

    mutating func mixKey(_ inputKeyMaterial: borrowing SecretBytes) {
        let derived = NoiseHKDF.derive2(chainingKey: chainingKey, inputKeyMaterial: inputKeyMaterial)
        chainingKey = derived.first.duplicate()
        cipher = CipherState(key: derived.second.duplicate())
    }

    /// Encrypts once there is a key, and adds what travels to the transcript.
    mutating func encryptAndHash(_ plaintext: [UInt8]) throws(NoiseError) -> [UInt8] {
        let ciphertext = try cipher?.seal(plaintext, associatedData: hash.array) ?? plaintext
        mixHash(ciphertext)
        return ciphertext
    }

    /// Decrypts once there is a key; `nil` when the bytes do not authenticate.
    mutating func decryptAndHash(_ ciphertext: [UInt8]) throws(NoiseError) -> [UInt8]? {
        var plaintext: [UInt8]? = ciphertext
        if hasKey { plaintext = try cipher?.open(ciphertext, associatedData: hash.array) }
        mixHash(ciphertext)
        return plaintext
    }

    /// The bytes a field of `count` bytes takes on the wire now.
    func wireCount(of count: Int) -> Int {
        hasKey ? count + NoiseLimits.tagCount : count
    }

    /// The transport ciphers; the first derived key is the initiator's for sending.
    consuming func split(role: NoiseHandshake.Role) -> CipherPair {
        let derived = NoiseHKDF.derive2(chainingKey: chainingKey)
        let first = CipherState(key: derived.first.duplicate())
        let second = CipherState(key: derived.second.duplicate())
        switch role {
        case .initiator: return CipherPair(sending: first, receiving: second)
        case .responder: return CipherPair(sending: second, receiving: first)
        }
    }

    private var hasKey: Bool {
        switch cipher {
        case .some: true
        case .none: false
        }
    }
}
