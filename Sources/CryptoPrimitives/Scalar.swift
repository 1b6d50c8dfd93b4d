internal import CSodium

/// A public integer modulo L, the order of the prime-order subgroup of edwards25519.
public struct Scalar: Hashable, Sendable {
    /// The canonical little-endian encoding, 32 bytes, below L.
    public let bytes: Bytes32

    public static let zero = Scalar(0)
    public static let one = Scalar(1)

    /// Accepts canonical encodings only (RFC 9591 §6.1, DeserializeScalar).
    ///
    /// libsodium 1.0.18 has no test for this, so the value is compared with its own reduction.
    public init?(encoding: Bytes32) {
        guard Scalar(reducing: encoding.array) == Scalar(trusted: encoding) else { return nil }
        bytes = encoding
    }

    /// Reduces at most 64 little-endian bytes modulo L.
    public init(reducing encoding: [UInt8]) {
        precondition(encoding.count <= 64, "at most 64 bytes reduce to one scalar")
        let wide = encoding + [UInt8](repeating: 0, count: 64 - encoding.count)
        Sodium.start
        bytes = unsafe Bytes32(writtenBy: { unsafe crypto_core_ed25519_scalar_reduce($0, wide) })
    }

    public init(_ value: UInt64) {
        var encoding = [UInt8](repeating: 0, count: 32)
        for index in 0..<8 {
            encoding[index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
        }
        self.init(reducing: encoding)
    }

    private init(trusted encoding: Bytes32) {
        bytes = encoding
    }

    @inline(__always)
    private init(_ compute: (UnsafeMutablePointer<UInt8>) -> Void) {
        bytes = unsafe Bytes32(writtenBy: { unsafe compute($0) })
    }

    /// The multiplicative inverse, or `nil` for zero.
    ///
    /// Costs as much as two base-point multiplications.
    public var inverse: Scalar? {
        guard self != .zero else { return nil }
        return unsafe bytes.withPointer { value in
            unsafe Scalar { unsafe _ = crypto_core_ed25519_scalar_invert($0, value) }
        }
    }

    public static prefix func - (value: Scalar) -> Scalar {
        .zero - value
    }

    public static func + (left: Scalar, right: Scalar) -> Scalar {
        unsafe combine(left, right) { unsafe crypto_core_ed25519_scalar_add($0, $1, $2) }
    }

    public static func - (left: Scalar, right: Scalar) -> Scalar {
        unsafe combine(left, right) { unsafe crypto_core_ed25519_scalar_sub($0, $1, $2) }
    }

    public static func * (left: Scalar, right: Scalar) -> Scalar {
        unsafe combine(left, right) { unsafe crypto_core_ed25519_scalar_mul($0, $1, $2) }
    }

    @inline(__always)
    private static func combine(
        _ left: Scalar,
        _ right: Scalar,
        _ operation: (UnsafeMutablePointer<UInt8>, UnsafePointer<UInt8>, UnsafePointer<UInt8>) -> Void
    ) -> Scalar {
        unsafe left.bytes.withPointer { left in
            unsafe right.bytes.withPointer { right in
                unsafe Scalar { unsafe operation($0, left, right) }
            }
        }
    }
}
