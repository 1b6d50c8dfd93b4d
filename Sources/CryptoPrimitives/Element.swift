internal import CSodium

/// A point of the prime-order subgroup of edwards25519, never the identity.
public struct Element: Hashable, Sendable {
    /// The canonical 32-byte encoding of RFC 8032 §5.1.2.
    public let bytes: Bytes32

    /// Accepts canonical encodings of subgroup points other than the identity (RFC 9591 §6.1, DeserializeElement).
    public init?(encoding: Bytes32) {
        Sodium.start
        guard unsafe encoding.withPointer({ unsafe crypto_core_ed25519_is_valid_point($0) }) == 1 else { return nil }
        bytes = encoding
    }

    /// Takes the result of an operation that stays inside the subgroup; `nil` for the identity.
    init?(computed encoding: Bytes32?) {
        guard let encoding, encoding != UncheckedElement.identity.bytes else { return nil }
        bytes = encoding
    }

    /// The base point B.
    public static let base: Element = {
        guard let base = Element(multiplyingBaseBy: .one) else { preconditionFailure("1 * B is not the identity") }
        return base
    }()

    /// The point `factor * B`; `nil` when `factor` is zero.
    public init?(multiplyingBaseBy factor: Scalar) {
        Sodium.start
        self.init(
            computed: unsafe factor.bytes.withPointer { factor in
                unsafe Bytes32(computedBy: { unsafe crypto_scalarmult_ed25519_base_noclamp($0, factor) })
            }
        )
    }

    /// The sum; `nil` when it is the identity.
    public static func + (left: Element, right: Element) -> Element? {
        (UncheckedElement(left) + UncheckedElement(right)).flatMap { Element(computed: $0.bytes) }
    }

    /// The difference; `nil` when it is the identity.
    public static func - (left: Element, right: Element) -> Element? {
        (UncheckedElement(left) - UncheckedElement(right)).flatMap { Element(computed: $0.bytes) }
    }

    /// The multiple; `nil` when `factor` is zero.
    public static func * (factor: Scalar, point: Element) -> Element? {
        factor * UncheckedElement(point)
    }
}

/// 32 bytes that claim to be a point; nothing is known of its subgroup until a sum of them becomes an ``Element``.
///
/// libsodium's addition checks only that both operands lie on the curve: it accepts torsion and non-canonical encodings.
/// Sums of many claimed points are therefore made here and checked once, at the end (Protocol §5, cost-aware checks).
public struct UncheckedElement: Hashable, Sendable {
    /// The encoding as received, 32 bytes.
    public let bytes: Bytes32

    /// The neutral element; a legal intermediate sum, never a legal ``Element``.
    public static let identity: UncheckedElement = {
        var encoding = [UInt8](repeating: 0, count: 32)
        encoding[0] = 1
        guard let bytes = Bytes32(encoding) else { preconditionFailure("32 bytes were made") }
        return UncheckedElement(bytes)
    }()

    public init(_ bytes: Bytes32) {
        self.bytes = bytes
    }

    public init(_ element: Element) {
        bytes = element.bytes
    }

    /// Whether this can be an element's encoding as far as 32 bytes alone tell: y below the field's prime, no sign bit on
    /// x = 0, not the identity.
    ///
    /// Costs no curve arithmetic. Addition accepts what this refuses, so a sum alone does not show it.
    public var isCanonical: Bool {
        let encoding = bytes.array
        let isNegative = encoding[31] & 0x80 != 0
        var magnitude = encoding
        magnitude[31] &= 0x7f
        if magnitude[31] == 0x7f, magnitude[1..<31].allSatisfy({ $0 == 0xff }), magnitude[0] >= 0xec {
            // 2^255 - 20 = p - 1 is the y of the order-2 point; everything above it is not reduced.
            return magnitude[0] == 0xec && !isNegative
        }
        return magnitude[0] != 1 || !magnitude[1..<32].allSatisfy { $0 == 0 }
    }

    /// The point `factor * B`; the identity for zero.
    public init(multiplyingBaseBy factor: Scalar) {
        self = Element(multiplyingBaseBy: factor).map(UncheckedElement.init) ?? .identity
    }

    /// The sum; `nil` when an operand is not on the curve.
    public static func + (left: UncheckedElement, right: UncheckedElement) -> UncheckedElement? {
        unsafe combine(left, right) { unsafe crypto_core_ed25519_add($0, $1, $2) }
    }

    /// The difference; `nil` when an operand is not on the curve.
    public static func - (left: UncheckedElement, right: UncheckedElement) -> UncheckedElement? {
        unsafe combine(left, right) { unsafe crypto_core_ed25519_sub($0, $1, $2) }
    }

    /// The multiple of a point; `nil` when the point is outside the prime-order subgroup, or the result is the identity.
    ///
    /// libsodium checks the subgroup here, so the result is a full ``Element``.
    public static func * (factor: Scalar, point: UncheckedElement) -> Element? {
        Sodium.start
        return unsafe factor.bytes.withPointer { factor in
            unsafe point.bytes.withPointer { point in
                Element(
                    computed: unsafe Bytes32(computedBy: {
                        unsafe crypto_scalarmult_ed25519_noclamp($0, factor, point)
                    })
                )
            }
        }
    }

    @inline(__always)
    private static func combine(
        _ left: UncheckedElement,
        _ right: UncheckedElement,
        _ operation: (UnsafeMutablePointer<UInt8>, UnsafePointer<UInt8>, UnsafePointer<UInt8>) -> Int32
    ) -> UncheckedElement? {
        Sodium.start
        return unsafe left.bytes.withPointer { left in
            unsafe right.bytes.withPointer { right in
                (unsafe Bytes32(computedBy: { unsafe operation($0, left, right) })).map(UncheckedElement.init)
            }
        }
    }
}
