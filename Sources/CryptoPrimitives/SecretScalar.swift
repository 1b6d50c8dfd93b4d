internal import CSodium

/// A secret integer modulo L, in guarded memory.
///
/// Arithmetic changes the one owner in place or makes a new secret; only ``reveal()`` turns one into a public
/// ``Scalar``, and it uses the secret up.
public struct SecretScalar: ~Copyable, Sendable {
    private let bytes: SecretBytes

    private init(bytes: consuming SecretBytes) {
        self.bytes = bytes
    }

    /// Takes 32 bytes known to be a canonical encoding.
    init(trusted bytes: consuming SecretBytes) {
        self.init(bytes: bytes)
    }

    var start: UnsafeMutablePointer<UInt8> { unsafe bytes.start }

    /// Adds one canonical encoding to another in place.
    static func add(_ addend: UnsafePointer<UInt8>, to sum: UnsafeMutablePointer<UInt8>) {
        unsafe crypto_core_ed25519_scalar_add(sum, sum, addend)
    }

    /// The secret value zero, the start of a sum.
    public static func zero() -> SecretScalar {
        SecretScalar(bytes: SecretBytes(zeroed: 32))
    }

    /// Uniform in 1..<L.
    public static func random() -> SecretScalar {
        let bytes = SecretBytes(zeroed: 32)
        unsafe crypto_core_ed25519_scalar_random(bytes.start)
        return SecretScalar(bytes: bytes)
    }

    /// Reduces a 64-byte digest modulo L.
    public init(reducing digest: borrowing SecretBytes) {
        precondition(digest.count == 64, "a wide scalar is 64 bytes")
        bytes = SecretBytes(zeroed: 32)
        unsafe crypto_core_ed25519_scalar_reduce(bytes.start, digest.start)
    }

    /// Parses a canonical 32-byte encoding, for instance one that was decrypted; `nil` for any other.
    public init?(encoding: consuming SecretBytes) {
        guard encoding.count == 32 else { return nil }
        let wide = SecretBytes(zeroed: 64)
        unsafe wide.start.update(from: encoding.start, count: 32)
        guard SecretScalar(reducing: wide).bytes.isEqual(to: encoding) else { return nil }
        bytes = encoding
    }

    /// Whether the value is zero; constant time in the value.
    public var isZero: Bool {
        unsafe sodium_is_zero(bytes.start, 32) == 1
    }

    /// The point `self * B`; `nil` for zero.
    public borrowing func basePointMultiple() -> Element? {
        Element(
            computed: unsafe Bytes32(computedBy: { unsafe crypto_scalarmult_ed25519_base_noclamp($0, bytes.start) })
        )
    }

    /// The 32-byte encoding of `self * point`, kept secret: a Diffie-Hellman value (RFC 8032 encoding).
    ///
    /// `nil` when the point is outside the prime-order subgroup or the result is the identity.
    public borrowing func diffieHellman(_ point: UncheckedElement) -> SecretBytes? {
        let shared = SecretBytes(zeroed: 32)
        let status = unsafe point.bytes.withPointer { point in
            unsafe crypto_scalarmult_ed25519_noclamp(shared.start, bytes.start, point)
        }
        guard status == 0 else { return nil }
        return shared
    }

    /// The point `self * point`, published; ``diffieHellman(_:)`` is the same as a secret.
    ///
    /// `nil` when the point is outside the prime-order subgroup or the result is the identity.
    public borrowing func multiple(of point: UncheckedElement) -> Element? {
        unsafe point.bytes.withPointer { point in
            Element(
                computed: unsafe Bytes32(computedBy: {
                    unsafe crypto_scalarmult_ed25519_noclamp($0, bytes.start, point)
                })
            )
        }
    }

    /// Replaces the value by `self * factor`.
    public mutating func multiply(by factor: Scalar) {
        unsafe factor.bytes.withPointer { unsafe crypto_core_ed25519_scalar_mul(bytes.start, bytes.start, $0) }
    }

    /// Replaces the value by `self + other`.
    public mutating func add(_ other: borrowing SecretScalar) {
        unsafe crypto_core_ed25519_scalar_add(bytes.start, bytes.start, other.bytes.start)
    }

    /// Replaces the value by `self * other`.
    public mutating func multiply(by other: borrowing SecretScalar) {
        unsafe crypto_core_ed25519_scalar_mul(bytes.start, bytes.start, other.bytes.start)
    }

    /// A second owner of the same value.
    public borrowing func duplicate() -> SecretScalar {
        SecretScalar(bytes: bytes.duplicate())
    }

    /// Publishes the value; for a signature share this is the point of the computation.
    public consuming func reveal() -> Scalar {
        Scalar(reducing: span.indices.map { span[$0] })
    }

    /// The canonical encoding, 32 bytes, for hashing the secret into a nonce or encrypting it.
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span }
    }

    /// The canonical encoding as a secret of its own.
    public borrowing func encoding() -> SecretBytes {
        bytes.duplicate()
    }
}
