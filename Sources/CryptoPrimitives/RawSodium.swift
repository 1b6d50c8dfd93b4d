internal import CSodium

/// Bare calls into libsodium on fixed inputs of the protocol's sizes, so that benchmarks can show what this package adds to the library under it.
package struct RawSodium: Sendable {
    /// What can be called.
    package enum Call: String, CaseIterable, Sendable {
        case baseMultiplication = "ed25519 base multiplication"
        case multiplication = "ed25519 multiplication"
        case addition = "ed25519 addition"
        case pointCheck = "ed25519 point check"
        case verification = "ed25519 verification, 64 bytes"
        case scalarMultiplication = "scalar multiplication"
        case scalarInversion = "scalar inversion"
        case hash = "SHA-512, 128 bytes"
        case randomness = "32 random bytes"
    }

    private let scalar = Scalar(reducing: SHA512.hash([1])).bytes.array
    private let point: [UInt8]
    private let message = [UInt8](repeating: 7, count: 128)
    private let signature: [UInt8]

    package init() {
        let key = Ed25519SigningKey(seed: SecretBytes(copying: Array(message.prefix(32))))
        point = key.publicKey.bytes.array
        signature = key.sign(Array(message.prefix(64)))
    }

    /// Makes the call `count` times; the answer is whether libsodium accepted its inputs each time.
    package func make(_ call: Call, times count: Int) -> Bool {
        var output = [UInt8](repeating: 0, count: 64)
        var failures: Int32 = 0
        for _ in 0..<count {
            failures |= make(call, &output)
        }
        return failures == 0
    }

    private func make(_ call: Call, _ output: inout [UInt8]) -> Int32 {
        switch call {
        case .baseMultiplication: return unsafe crypto_scalarmult_ed25519_base_noclamp(&output, scalar)
        case .multiplication: return unsafe crypto_scalarmult_ed25519_noclamp(&output, scalar, point)
        case .addition: return unsafe crypto_core_ed25519_add(&output, point, point)
        case .pointCheck: return unsafe crypto_core_ed25519_is_valid_point(point) - 1
        case .verification: return unsafe crypto_sign_verify_detached(signature, message, 64, point)
        case .scalarMultiplication: unsafe crypto_core_ed25519_scalar_mul(&output, scalar, scalar)
        case .scalarInversion: return unsafe crypto_core_ed25519_scalar_invert(&output, scalar)
        case .hash: return unsafe crypto_hash_sha512(&output, message, 128)
        case .randomness: unsafe randombytes_buf(&output, 32)
        }
        return 0
    }
}
