import SeededNumbers
import Testing

@testable import QuorumPolicy

@Suite struct NaturalTests {
    @Test func `products and texts of long numbers are the known ones`() {
        #expect(
            Natural.factorial(60).description
                == "8320987112741390144276341183223364380754172606361245952449277696409600000000000000"
        )
        #expect(Natural.powerOfTwo(200).description == "1606938044258990275541962092341162602522202993782792835301376")
        #expect(Natural.powerOfTwo(128).description == "340282366920938463463374607431768211456")
        #expect(Natural.powerOfTwo(99).description == "633825300114114700748351602688")
        #expect(Natural.zero.description == "0")
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `sums, differences, products and quotients agree with each other`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func number() -> Natural {
            (0..<Int.random(in: 0...6, using: &random)).reduce(.zero) { sum, _ in
                // Full and empty digits are where carries happen.
                let digit: UInt64 = [.max, 0, 1, random.next()].randomElement(using: &random) ?? 0
                return sum * Natural.powerOfTwo(64) + Natural(UInt128(digit))
            }
        }
        let (left, right, third) = (number(), number(), number())
        #expect(left + right == right + left)
        #expect((left + right) - right == left)
        #expect(left * (right + third) == left * right + left * third)
        #expect(left * right == right * left)
        let divisor = UInt64.random(in: 1...UInt64.max, using: &random)
        let (quotient, remainder) = left.dividedBy(divisor)
        #expect(quotient * Natural(UInt128(divisor)) + Natural(UInt128(remainder)) == left && remainder < divisor)
        #expect((left < right) == (right > left) && (left == right) == !(left < right || right < left))
        #expect(left < left + .one)
    }

    @Test func `small numbers agree with the integers of the machine`() {
        let numbers: [UInt128] = [0, 1, 7, 1 << 63, 1 << 64, .max >> 1, .max]
        for left in numbers {
            #expect(Natural(left).description == left.description)
            for right in numbers where !left.addingReportingOverflow(right).overflow {
                #expect(Natural(left) + Natural(right) == Natural(left + right))
            }
            for right in numbers where !left.multipliedReportingOverflow(by: right).overflow {
                #expect(Natural(left) * Natural(right) == Natural(left * right))
            }
        }
    }

    @Test func `fractions are reduced and rounded half upwards`() {
        #expect(Fraction(6, of: 14).description == "3/7")
        #expect(Fraction(0, of: 5).description == "0")
        #expect(Fraction(5, of: 5).description == "1")
        #expect(Fraction(1, of: 3).rounded(places: 4) == "0.3333")
        #expect(Fraction(2, of: 3).rounded(places: 4) == "0.6667")
        #expect(Fraction(1, of: 8).rounded(places: 2) == "0.13")
        #expect(Fraction(1, of: 1).rounded(places: 3) == "1.000")
        #expect(Fraction(999, of: 1000).rounded(places: 2) == "1.00")
        #expect(Fraction(Natural.factorial(60), of: Natural.factorial(61)).description == "1/61")
        #expect(Fraction(1, of: 3) < Fraction(2, of: 5))
        #expect(abs(Fraction(1, of: 4).approximation - 0.25) < 0.000_01)
    }
}
