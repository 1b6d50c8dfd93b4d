internal import CSodium

/// X25519 (RFC 7748): the Diffie-Hellman function of the transport.
public enum X25519 {
    /// The 32-byte public key of a 32-byte private key.
    public static func publicKey(of privateKey: borrowing SecretBytes) -> Bytes32 {
        precondition(privateKey.count == 32, "a private key is 32 bytes")
        Sodium.start
        return unsafe Bytes32(writtenBy: { unsafe _ = crypto_scalarmult_base($0, privateKey.start) })
    }

    /// The 32-byte shared secret; `nil` when the peer's key has small order and the result would be zero.
    public static func sharedSecret(_ privateKey: borrowing SecretBytes, _ publicKey: Bytes32) -> SecretBytes? {
        precondition(privateKey.count == 32, "a private key is 32 bytes")
        let shared = SecretBytes(zeroed: 32)
        let status = unsafe publicKey.withPointer { unsafe crypto_scalarmult(shared.start, privateKey.start, $0) }
        guard status == 0 else { return nil }
        return shared
    }
}
