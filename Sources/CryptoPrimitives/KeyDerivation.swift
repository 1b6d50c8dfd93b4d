internal import CSodium

/// HMAC-SHA256 (RFC 2104) and the two- and three-output HKDF of the Noise framework (revision 34, §4.3).
public enum NoiseHKDF {
    /// Two 32-byte outputs from a chaining key (32 bytes) and input key material.
    public static func derive2(
        chainingKey: borrowing SecretBytes,
        inputKeyMaterial: borrowing SecretBytes
    ) -> SecretPair {
        let temporary = mac(key: chainingKey, [])
        hmac(key: chainingKey, first: inputKeyMaterial, suffix: nil, into: temporary)
        return expand(temporary)
    }

    /// As ``derive2(chainingKey:inputKeyMaterial:)`` with zero-length input key material.
    public static func derive2(chainingKey: borrowing SecretBytes) -> SecretPair {
        expand(mac(key: chainingKey, []))
    }

    private static func expand(_ temporary: borrowing SecretBytes) -> SecretPair {
        let first = mac(key: temporary, [1])
        let second = SecretBytes(zeroed: 32)
        hmac(key: temporary, first: first, suffix: 2, into: second)
        return SecretPair(first: first, second: second)
    }

    private static func mac(key: borrowing SecretBytes, _ message: [UInt8]) -> SecretBytes {
        let output = SecretBytes(zeroed: 32)
        var state = crypto_auth_hmacsha256_state()
        unsafe _ = crypto_auth_hmacsha256_init(&state, key.start, key.count)
        unsafe _ = crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        unsafe _ = crypto_auth_hmacsha256_final(&state, output.start)
        unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
        return output
    }

    private static func hmac(
        key: borrowing SecretBytes,
        first: borrowing SecretBytes,
        suffix: UInt8?,
        into output: borrowing SecretBytes
    ) {
        var state = crypto_auth_hmacsha256_state()
        unsafe _ = crypto_auth_hmacsha256_init(&state, key.start, key.count)
        unsafe _ = crypto_auth_hmacsha256_update(&state, first.start, UInt64(first.count))
        if let suffix {
            unsafe _ = crypto_auth_hmacsha256_update(&state, [suffix], 1)
        }
        unsafe _ = crypto_auth_hmacsha256_final(&state, output.start)
        unsafe sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
    }
}

/// Two secrets that belong together.
public struct SecretPair: ~Copyable, Sendable {
    public let first: SecretBytes
    public let second: SecretBytes

    init(first: consuming SecretBytes, second: consuming SecretBytes) {
        self.first = first
        self.second = second
    }

    /// Hands both secrets to new owners.
    public consuming func take<Result: ~Copyable>(
        _ body: (consuming SecretBytes, consuming SecretBytes) -> Result
    ) -> Result {
        body(first, second)
    }
}

/// Subkeys of one seed (libsodium's `crypto_kdf`, keyed BLAKE2b): 16 to 64 bytes each.
public enum SubkeyDerivation {
    /// One subkey of a 32-byte main key; `context` is exactly 8 ASCII bytes that name the purpose, `count` 16...64.
    public static func subkey(
        of seed: borrowing SecretBytes,
        context: StaticString,
        index: UInt64 = 1,
        count: Int = 32
    ) -> SecretBytes {
        precondition(seed.count == 32, "the main key is 32 bytes")
        precondition(context.utf8CodeUnitCount == 8, "a context is 8 bytes")
        let subkey = SecretBytes(zeroed: count)
        let name = "\(context)".utf8.map { CChar(bitPattern: $0) }
        let status = unsafe crypto_kdf_derive_from_key(subkey.start, count, index, name, seed.start)
        precondition(status == 0, "a subkey has 16 to 64 bytes")
        return subkey
    }
}

/// A key from a passphrase: Argon2id (RFC 9106) with libsodium's parameters.
public enum PassphraseKey {
    /// How much work a guess costs; stored in the key file, so that old files stay readable.
    public struct Cost: Hashable, Sendable {
        /// Passes over the memory.
        public let operations: UInt64
        /// Memory in bytes.
        public let memoryBytes: Int

        /// `nil` outside what libsodium accepts here: 1...16 passes, 8 KiB...1 GiB.
        public init?(operations: UInt64, memoryBytes: Int) {
            guard (1...16).contains(operations), (8192...1 << 30).contains(memoryBytes) else { return nil }
            self.operations = operations
            self.memoryBytes = memoryBytes
        }

        private init(trusted operations: UInt64, _ memoryBytes: Int) {
            self.operations = operations
            self.memoryBytes = memoryBytes
        }

        /// 2 passes over 64 MiB: about 60 ms.
        public static let interactive = Cost(trusted: 2, 64 << 20)
        /// 3 passes over 256 MiB: about 0.4 s.
        public static let moderate = Cost(trusted: 3, 256 << 20)
    }

    /// The number of salt bytes: 16.
    public static let saltCount = 16

    /// 32 key bytes; `nil` when the machine cannot give the memory.
    public static func derive(
        from passphrase: borrowing SecretBytes,
        salt: [UInt8],
        cost: Cost
    ) -> SecretBytes? {
        precondition(salt.count == saltCount, "a salt is 16 bytes")
        let key = SecretBytes(zeroed: 32)
        let count = UInt64(passphrase.count)
        let status = unsafe passphrase.start.withMemoryRebound(to: CChar.self, capacity: passphrase.count) { text in
            unsafe crypto_pwhash(
                key.start,
                32,
                text,
                count,
                salt,
                cost.operations,
                cost.memoryBytes,
                crypto_pwhash_ALG_ARGON2ID13
            )
        }
        guard status == 0 else { return nil }
        return key
    }
}
