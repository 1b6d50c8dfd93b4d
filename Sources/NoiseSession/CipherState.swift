internal import CryptoPrimitives

/// One direction's key and counter (revision 34, §5.1).
struct CipherState: ~Copyable, Sendable {
    private var key: SecretBytes
    private(set) var counter: UInt64
    private var messagesUnderKey: UInt64 = 0

    init(key: consuming SecretBytes, counter: UInt64 = 0) {
        self.key = key
        self.counter = counter
    }

    mutating func seal(_ plaintext: [UInt8], associatedData: [UInt8]) throws(NoiseError) -> [UInt8] {
        // The last counter value is reserved for rekeying.
        guard counter < .max else { throw .nonceExhausted }
        let ciphertext = ChaCha20Poly1305.seal(plaintext, key: key, counter: counter, associatedData: associatedData)
        advance()
        return ciphertext
    }

    /// The plaintext, or `nil` when it does not authenticate, in which case nothing changes.
    mutating func open(_ ciphertext: [UInt8], associatedData: [UInt8]) throws(NoiseError) -> [UInt8]? {
        guard counter < .max else { throw .nonceExhausted }
        let plaintext = ChaCha20Poly1305.open(ciphertext, key: key, counter: counter, associatedData: associatedData)
        if plaintext != nil { advance() }
        return plaintext
    }

    /// Replaces the key; the counter goes on.
    mutating func rekey() {
        key = ChaCha20Poly1305.rekey(key)
        messagesUnderKey = 0
    }

    private mutating func advance() {
        counter += 1
        messagesUnderKey += 1
        if messagesUnderKey == NoiseLimits.messagesPerKey { rekey() }
    }
}

/// The two directions of one end.
struct CipherPair: ~Copyable, Sendable {
    var sending: CipherState
    var receiving: CipherState
}
