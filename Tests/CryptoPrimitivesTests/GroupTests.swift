import CryptoPrimitives
import TestSupport
import Testing

@Suite struct GroupTests {
    /// L, L + 1 and the largest 32 bytes.
    @Test(arguments: [
        "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
        "eed3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ])
    func `a scalar that is not reduced is refused, public or secret`(encoding: String) throws {
        #expect(Scalar(encoding: try bytes32(encoding)) == nil)
        let isRefused = SecretScalar(encoding: try secret(encoding)) == nil
        #expect(isRefused)
        let areRefused = SecretScalars(encoding: try secret(String(repeating: "0", count: 64) + encoding)) == nil
        #expect(areRefused)
    }

    @Test func `L - 1 is the largest scalar`() throws {
        let largest = try bytes32("ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        #expect(Scalar(encoding: largest) == -Scalar.one)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `scalars obey the laws of a field`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (a, b, c) = (scalar(&random), scalar(&random), scalar(&random))
        #expect(a + b == b + a)
        #expect((a + b) + c == a + (b + c))
        #expect(a * (b + c) == a * b + a * c)
        #expect(a - a == .zero)
        #expect(a + -a == .zero)
        let inverse = try #require(a.inverse)
        #expect(a * inverse == .one)
        #expect(Scalar.zero.inverse == nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `secret arithmetic is public arithmetic`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (a, b) = (scalar(&random), scalar(&random))
        guard
            var sum = SecretScalar(encoding: SecretBytes(copying: a.bytes.array)),
            let other = SecretScalar(encoding: SecretBytes(copying: b.bytes.array))
        else {
            Issue.record("a reduced scalar is canonical")
            return
        }
        var product = sum.duplicate()
        var weighted = sum.duplicate()
        sum.add(other)
        product.multiply(by: other)
        weighted.multiply(by: b)
        #expect(sum.reveal() == a + b)
        #expect(product.reveal() == a * b)
        #expect(weighted.reveal() == a * b)
        let point = other.basePointMultiple()
        #expect(point == Element(multiplyingBaseBy: b))
        let base = UncheckedElement(try #require(Element(multiplyingBaseBy: a)))
        let published = other.multiple(of: base)
        let kept = other.diffieHellman(base)?.hex()
        #expect(published == b * base)
        #expect(kept == published.map { "\($0.bytes)" })
    }

    @Test func `a list of secrets sums and weighs like single ones`() throws {
        let values = [Scalar(3), Scalar(5), Scalar(7)]
        func scalars() -> SecretScalars? {
            SecretScalars(encoding: SecretBytes(copying: values.flatMap(\.bytes.array)))
        }
        guard var list = scalars(), let other = scalars() else {
            Issue.record("small numbers are canonical")
            return
        }
        #expect(list.count == 3)
        list.add(other)
        #expect(list.scalar(at: 1).reveal() == Scalar(10))
        let sum = list.weightedSum([(0, .one), (2, Scalar(100))])
        #expect(sum.reveal() == Scalar(1406))
        #expect(list.duplicate().encoding().isEqual(to: list.encoding()) == true)
        let isRefused = SecretScalars(encoding: SecretBytes(copying: [UInt8](repeating: 0, count: 33))) == nil
        #expect(isRefused)
        let zeros = SecretScalars(zeros: 9)
        #expect(zeros.scalar(at: 8).isZero == true)
    }

    @Test func `zero has no point`() throws {
        #expect(Element(multiplyingBaseBy: .zero) == nil)
        #expect(UncheckedElement(multiplyingBaseBy: .zero) == .identity)
        #expect(Scalar.zero * Element.base == nil)
        let zero = SecretScalar.zero()
        #expect(zero.isZero == true)
        #expect(zero.basePointMultiple() == nil)
        let hasSecret = zero.diffieHellman(UncheckedElement(.base)) != nil
        #expect(!hasSecret)
        let random = SecretScalar.random()
        #expect(random.isZero == false)
    }

    @Test func `points add as their scalars do`() throws {
        let two = try #require(Element(multiplyingBaseBy: Scalar(2)))
        let three = try #require(Element(multiplyingBaseBy: Scalar(3)))
        #expect(Element.base + two == three)
        #expect(three - two == Element.base)
        #expect(two - two == nil)
        #expect(Scalar(3) * Element.base == three)
        #expect(UncheckedElement(two) - UncheckedElement(two) == .identity)
        #expect(UncheckedElement.identity + UncheckedElement(two) == UncheckedElement(two))
    }

    @Test(arguments: [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ])
    func `identity and encodings out of range are seen without curve arithmetic`(encoding: String) throws {
        let point = UncheckedElement(try bytes32(encoding))
        #expect(!point.isCanonical)
        #expect(Element(encoding: point.bytes) == nil)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `every element is canonical`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let point = try #require(Element(multiplyingBaseBy: scalar(&random)))
        #expect(UncheckedElement(point).isCanonical)
        #expect(Element(encoding: point.bytes) == point)
    }

    private func scalar(_ random: inout SeededRandom) -> Scalar {
        Scalar(reducing: random.bytes(count: 64))
    }
}
