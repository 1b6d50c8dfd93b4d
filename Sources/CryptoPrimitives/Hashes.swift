internal import CSodium

/// SHA-256 (FIPS 180-4): 32-byte digests that name statements, charters and orders.
public enum SHA256 {
    public static func hash(_ message: [UInt8]) -> Bytes32 {
        Sodium.start
        return unsafe Bytes32(writtenBy: { unsafe _ = crypto_hash_sha256($0, message, UInt64(message.count)) })
    }
}

/// SHA-512 (FIPS 180-4): 64-byte digests, the hash of RFC 9591's ciphersuite.
public enum SHA512 {
    public static func hash(_ message: [UInt8]) -> [UInt8] {
        Sodium.start
        var digest = [UInt8](repeating: 0, count: 64)
        unsafe _ = crypto_hash_sha512(&digest, message, UInt64(message.count))
        return digest
    }
}

/// Keyed BLAKE2b (RFC 7693, libsodium's `crypto_generichash`): tags that only a holder of the key can make or check.
public enum KeyedHash {
    /// The 32-byte tag of a message under a key of 16 to 64 bytes.
    public static func tag(of message: [UInt8], key: borrowing SecretBytes) -> Bytes32 {
        precondition((16...64).contains(key.count), "a key has 16 to 64 bytes")
        return unsafe Bytes32(writtenBy: {
            unsafe _ = crypto_generichash($0, 32, message, UInt64(message.count), key.start, key.count)
        })
    }
}

/// SHA-512 over secret input: state and digest stay in guarded memory.
///
/// Holds 208 bytes of guarded memory; the digest is 64 bytes.
@safe
public struct SecretHasher: ~Copyable {
    private let state: SecretBytes

    public init() {
        state = SecretBytes(zeroed: MemoryLayout<crypto_hash_sha512_state>.size)
        unsafe withState { unsafe _ = crypto_hash_sha512_init($0) }
    }

    public mutating func update(_ bytes: [UInt8]) {
        unsafe withState { unsafe _ = crypto_hash_sha512_update($0, bytes, UInt64(bytes.count)) }
    }

    public mutating func update(_ bytes: Bytes32) {
        unsafe bytes.withPointer { pointer in
            unsafe withState { unsafe _ = crypto_hash_sha512_update($0, pointer, 32) }
        }
    }

    public mutating func update(_ secret: borrowing SecretBytes) {
        let start = unsafe secret.start
        let count = UInt64(secret.count)
        unsafe withState { unsafe _ = crypto_hash_sha512_update($0, start, count) }
    }

    public mutating func update(_ scalar: borrowing SecretScalar) {
        let start = unsafe scalar.start
        unsafe withState { unsafe _ = crypto_hash_sha512_update($0, start, 32) }
    }

    /// The 64-byte digest; the hasher is used up.
    public consuming func finish() -> SecretBytes {
        let digest = SecretBytes(zeroed: 64)
        let start = unsafe digest.start
        unsafe withState { unsafe _ = crypto_hash_sha512_final($0, start) }
        return digest
    }

    private borrowing func withState(_ body: (UnsafeMutablePointer<crypto_hash_sha512_state>) -> Void) {
        unsafe state.start.withMemoryRebound(to: crypto_hash_sha512_state.self, capacity: 1) { unsafe body($0) }
    }
}
