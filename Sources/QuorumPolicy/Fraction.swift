/// An exact share of a whole, from 0 to 1, such as a power index.
package struct Fraction: Hashable, Sendable {
    /// Without a common divisor with the denominator.
    package let numerator: Natural
    /// At least 1.
    package let denominator: Natural

    /// Reduces the fraction; the denominator must not be 0, nor smaller than the numerator.
    init(_ numerator: Natural, of denominator: Natural) {
        precondition(!denominator.isZero && numerator <= denominator, "a share is a part of something")
        let divisor = Fraction.commonDivisor(numerator, denominator)
        self.numerator = Fraction.exactQuotient(numerator, by: divisor)
        self.denominator = Fraction.exactQuotient(denominator, by: divisor)
    }

    /// In decimal, rounded to so many places (half upwards).
    package func rounded(places: Int) -> String {
        let unit = (0..<places).reduce(1 as UInt64) { power, _ in power * 10 }
        let doubled = numerator * Natural(UInt128(unit) * 2) + denominator
        let units = Fraction.quotient(doubled, by: denominator + denominator).quotient
        let (whole, part) = units.dividedBy(unit)
        let decimals = part.description
        return "\(whole)." + String(repeating: "0", count: places - decimals.utf8.count) + decimals
    }

    /// Near enough for a drawing.
    package var approximation: Double {
        let millionths = Fraction.quotient(numerator * Natural(1_000_000 as UInt128), by: denominator).quotient
        return (Double(millionths.description) ?? 0) / 1_000_000
    }

    /// Greatest common divisor by Euclid.
    private static func commonDivisor(_ left: Natural, _ right: Natural) -> Natural {
        var (left, right) = (left, right)
        while !right.isZero { (left, right) = (right, quotient(left, by: right).remainder) }
        return left
    }

    private static func exactQuotient(_ number: Natural, by divisor: Natural) -> Natural {
        quotient(number, by: divisor).quotient
    }

    /// Long division, bit by bit.
    private static func quotient(_ number: Natural, by divisor: Natural) -> (quotient: Natural, remainder: Natural) {
        var multiples = [(multiple: divisor, factor: Natural.one)]
        while let last = multiples.last, last.multiple + last.multiple <= number {
            multiples.append((last.multiple + last.multiple, last.factor + last.factor))
        }
        var (quotient, remainder) = (Natural.zero, number)
        for (multiple, factor) in multiples.reversed() where multiple <= remainder {
            remainder = remainder - multiple
            quotient += factor
        }
        return (quotient, remainder)
    }
}

extension Fraction: Comparable {
    package static func < (left: Fraction, right: Fraction) -> Bool {
        left.numerator * right.denominator < right.numerator * left.denominator
    }
}

extension Fraction: CustomStringConvertible {
    /// `1/7`, reduced; whole numbers without a denominator.
    package var description: String { denominator == .one ? "\(numerator)" : "\(numerator)/\(denominator)" }
}
