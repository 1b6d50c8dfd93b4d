internal import CSodium

/// ChaCha20-Poly1305 (RFC 8439) with Noise's nonce: 4 zero bytes, then the counter as 8 little-endian bytes.
public enum ChaCha20Poly1305 {
    /// Bytes added to a plaintext: 16.
    public static let tagCount = 16

    /// The ciphertext, 16 bytes longer than the plaintext; `key` is 32 bytes.
    public static func seal(
        _ plaintext: [UInt8],
        key: borrowing SecretBytes,
        counter: UInt64,
        associatedData: [UInt8]
    ) -> [UInt8] {
        seal(plaintext, key: key, nonce: nonce(counter), associatedData: associatedData)
    }

    /// The plaintext; `nil` when the tag does not verify.
    public static func open(
        _ ciphertext: [UInt8],
        key: borrowing SecretBytes,
        counter: UInt64,
        associatedData: [UInt8]
    ) -> [UInt8]? {
        open(ciphertext, key: key, nonce: nonce(counter), associatedData: associatedData)
    }

    /// The same for any nonce of 12 bytes, as published vectors have them.
    package static func seal(
        _ plaintext: [UInt8],
        key: borrowing SecretBytes,
        nonce: [UInt8],
        associatedData: [UInt8]
    ) -> [UInt8] {
        precondition(key.count == 32 && nonce.count == 12, "a key is 32 bytes and a nonce 12")
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count + tagCount)
        unsafe _ = crypto_aead_chacha20poly1305_ietf_encrypt(
            &ciphertext,
            nil,
            plaintext,
            UInt64(plaintext.count),
            associatedData,
            UInt64(associatedData.count),
            nil,
            nonce,
            key.start
        )
        return ciphertext
    }

    /// The same for any nonce of 12 bytes; `nil` when the tag does not verify.
    package static func open(
        _ ciphertext: [UInt8],
        key: borrowing SecretBytes,
        nonce: [UInt8],
        associatedData: [UInt8]
    ) -> [UInt8]? {
        precondition(key.count == 32 && nonce.count == 12, "a key is 32 bytes and a nonce 12")
        guard ciphertext.count >= tagCount else { return nil }
        var plaintext = [UInt8](repeating: 0, count: ciphertext.count - tagCount)
        let status = unsafe crypto_aead_chacha20poly1305_ietf_decrypt(
            &plaintext,
            nil,
            nil,
            ciphertext,
            UInt64(ciphertext.count),
            associatedData,
            UInt64(associatedData.count),
            nonce,
            key.start
        )
        return status == 0 ? plaintext : nil
    }

    /// The key that follows a 32-byte key when it has been used enough.
    ///
    /// Noise's `REKEY` (revision 34, §4.2): the first 32 bytes of sealing 32 zero bytes under the counter 2^64 - 1. The old
    /// key cannot be found from the new one.
    public static func rekey(_ key: borrowing SecretBytes) -> SecretBytes {
        precondition(key.count == 32, "a cipher key is 32 bytes")
        let sealed = SecretBytes(zeroed: 32 + tagCount)
        unsafe _ = crypto_aead_chacha20poly1305_ietf_encrypt(
            sealed.start,
            nil,
            [UInt8](repeating: 0, count: 32),
            32,
            nil,
            0,
            nil,
            nonce(.max),
            key.start
        )
        return sealed.slice(0..<32)
    }

    private static func nonce(_ counter: UInt64) -> [UInt8] {
        [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: counter >> (8 * UInt64($0))) }
    }
}

/// XChaCha20-Poly1305 (IETF variant): 24-byte nonces, 16-byte tags, secrets in guarded memory.
public enum XChaCha20Poly1305 {
    /// Bytes of a nonce: 24.
    public static let nonceCount = 24
    /// Bytes added to a plaintext: 16.
    public static let tagCount = 16

    /// The ciphertext, 16 bytes longer than the plaintext; `key` is 32 bytes, `nonce` 24.
    public static func seal(
        _ plaintext: borrowing SecretBytes,
        key: borrowing SecretBytes,
        nonce: [UInt8],
        associatedData: [UInt8] = []
    ) -> [UInt8] {
        precondition(key.count == 32 && nonce.count == nonceCount, "a key is 32 bytes and a nonce 24")
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count + tagCount)
        unsafe _ = crypto_aead_xchacha20poly1305_ietf_encrypt(
            &ciphertext,
            nil,
            plaintext.start,
            UInt64(plaintext.count),
            associatedData,
            UInt64(associatedData.count),
            nil,
            nonce,
            key.start
        )
        return ciphertext
    }

    /// The plaintext in guarded memory; `nil` when the tag does not verify or nothing would be left.
    public static func open(
        _ ciphertext: [UInt8],
        key: borrowing SecretBytes,
        nonce: [UInt8],
        associatedData: [UInt8] = []
    ) -> SecretBytes? {
        precondition(key.count == 32 && nonce.count == nonceCount, "a key is 32 bytes and a nonce 24")
        guard ciphertext.count > tagCount else { return nil }
        let plaintext = SecretBytes(zeroed: ciphertext.count - tagCount)
        let status = unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
            plaintext.start,
            nil,
            nil,
            ciphertext,
            UInt64(ciphertext.count),
            associatedData,
            UInt64(associatedData.count),
            nonce,
            key.start
        )
        guard status == 0 else { return nil }
        return plaintext
    }
}
