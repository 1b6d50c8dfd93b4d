import Testing

@testable import CryptoPrimitives

@Suite struct SelfTestTests {
    @Test func `the installed library passes`() throws {
        try SelfTest.run()
        #expect(!Sodium.version.isEmpty)
    }

    /// What versions before the fix of CVE-2025-69277 did: they saw torsion of some orders and missed it in others.
    @Test(arguments: [2, 4, 8])
    func `a library that accepts torsion is refused`(order: Int) throws {
        let missed = try mixed(order)
        #expect(throws: SelfTestFailure.acceptsTorsion(order: order)) {
            try SelfTest.run(isValidPoint: { $0 == missed || Element(encoding: $0) != nil })
        }
    }

    @Test func `a library that accepts everything, or nothing, is refused`() {
        #expect(throws: SelfTestFailure.self) { try SelfTest.run(isValidPoint: { _ in true }) }
        #expect(throws: SelfTestFailure.wrongAnswer("the base point is refused")) {
            try SelfTest.run(isValidPoint: { _ in false })
        }
        let identity = UncheckedElement.identity.bytes
        #expect(throws: SelfTestFailure.wrongAnswer("the identity is accepted")) {
            try SelfTest.run(isValidPoint: { $0 == identity || Element(encoding: $0) != nil })
        }
    }

    @Test(arguments: [2, 4, 8])
    func `a library that accepts a point of small order is refused`(order: Int) throws {
        let point = try torsion(order).bytes
        #expect(throws: SelfTestFailure.wrongAnswer("a point of order \(order) is accepted")) {
            try SelfTest.run(isValidPoint: { $0 == point || Element(encoding: $0) != nil })
        }
    }

    @Test func `the refusal says what to install`() {
        let text = SelfTestFailure.acceptsTorsion(order: 2).description
        #expect(text.contains("CVE-2025-69277"))
        #expect(text.contains("1.0.18-1+deb12u1"))
    }

    @Test(arguments: [2, 4, 8])
    func `the points of small order have the orders claimed`(order: Int) throws {
        let point = try torsion(order)
        var multiple = point
        for factor in 2...order {
            #expect(multiple != .identity, "\(factor - 1) times the point")
            let sum = multiple + point
            multiple = try #require(sum)
        }
        #expect(multiple == .identity)
    }

    private func torsion(_ order: Int) throws -> UncheckedElement {
        let encoding = try #require(SelfTest.torsionPoints.first { $0.order == order }).encoding
        return UncheckedElement(try bytes32(encoding))
    }

    private func mixed(_ order: Int) throws -> Bytes32 {
        let sum = UncheckedElement(Element.base) + (try torsion(order))
        return try #require(sum).bytes
    }
}
