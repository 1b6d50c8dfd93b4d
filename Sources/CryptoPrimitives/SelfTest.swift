internal import CSodium

/// What the start-up test found wrong with the installed libsodium; the process must not run on.
public enum SelfTestFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// A point with an order-2 or order-8 component passed as a member of the prime-order group (CVE-2025-69277).
    case acceptsTorsion(order: Int)
    /// Something that every version must refuse was accepted, or a known answer was not reproduced.
    case wrongAnswer(String)

    public var description: String {
        switch self {
        case .acceptsTorsion(let order):
            """
            libsodium \(Sodium.version) accepts a point with a component of order \(order) (CVE-2025-69277); \
            install a version with the fix, on Debian 12 libsodium23 1.0.18-1+deb12u1 or later
            """
        case .wrongAnswer(let what):
            "libsodium \(Sodium.version) fails its self-test (\(what)); reinstall the library"
        }
    }
}

/// Checks at start-up that the installed libsodium decides what Protocol §4 relies on.
public enum SelfTest {
    /// Runs every check with the library's own functions; about 0.3 ms.
    public static func run() throws(SelfTestFailure) {
        try run(isValidPoint: { Element(encoding: $0) != nil })
    }

    /// The same with the point check passed in, so that a test can present a library that is wrong.
    static func run(isValidPoint: (Bytes32) -> Bool) throws(SelfTestFailure) {
        let base = Element.base.bytes
        guard isValidPoint(base) else { throw .wrongAnswer("the base point is refused") }
        guard !isValidPoint(UncheckedElement.identity.bytes) else { throw .wrongAnswer("the identity is accepted") }
        for (order, encoding) in torsionPoints {
            guard
                let bytes = Hex.decode(encoding).flatMap({ Bytes32($0) }),
                let mixed = UncheckedElement(base) + UncheckedElement(bytes)
            else { throw .wrongAnswer("a point of order \(order) does not add") }
            guard !isValidPoint(mixed.bytes) else { throw .acceptsTorsion(order: order) }
            guard !isValidPoint(bytes) else { throw .wrongAnswer("a point of order \(order) is accepted") }
        }
        let order = Bytes32(Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010") ?? [])
        guard order.flatMap({ Scalar(encoding: $0) }) == nil else { throw .wrongAnswer("the scalar L is accepted") }
    }

    /// Canonical encodings of one point of each small order (RFC 7748 and RFC 8032 arithmetic; checked by a test).
    static let torsionPoints: [(order: Int, encoding: String)] = [
        (2, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        (4, "0000000000000000000000000000000000000000000000000000000000000000"),
        (8, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    ]
}
