/// A whole number from 0 upwards without a largest one, for counts of sets of parties.
///
/// Numbers below 2^128 take no memory of their own, which are those of rules with up to 127 parties.
package struct Natural: Hashable, Sendable {
    /// The value if it is below 2^128; 0 otherwise.
    private var small: UInt128
    /// The digits to the base 2^64, lowest first and without leading zeros, of a value from 2^128; else empty.
    private var digits: [UInt64]

    /// A number that fits into 128 bits.
    package init(_ value: UInt128) {
        small = value
        digits = []
    }

    /// A number that is known not to be negative.
    package init(_ value: Int) { self.init(UInt128(value)) }

    private init(digits all: [UInt64]) {
        var all = all
        while all.last == 0 { all.removeLast() }
        let isSmall = all.count <= 2
        small = isSmall ? all.reversed().reduce(0) { $0 << 64 | UInt128($1) } : 0
        digits = isSmall ? [] : all
    }

    static let zero = Natural(0 as UInt128)
    static let one = Natural(1 as UInt128)

    /// Whether this is 0.
    package var isZero: Bool { small == 0 && digits.isEmpty }

    /// 2 to the power of `exponent`.
    package static func powerOfTwo(_ exponent: Int) -> Natural {
        if exponent < 128 { return Natural(UInt128(1) << UInt128(exponent)) }
        var digits = [UInt64](repeating: 0, count: exponent / 64 + 1)
        digits[exponent / 64] = 1 << UInt64(exponent % 64)
        return Natural(digits: digits)
    }

    /// The product of 1 to `number`.
    static func factorial(_ number: Int) -> Natural {
        number < 2 ? .one : (2...number).reduce(.one) { $0 * Natural($1) }
    }

    private var allDigits: [UInt64] {
        digits.isEmpty ? [UInt64(truncatingIfNeeded: small), UInt64(truncatingIfNeeded: small >> 64)] : digits
    }

    /// The quotient by a divisor above 0, and the remainder.
    func dividedBy(_ divisor: UInt64) -> (quotient: Natural, remainder: UInt64) {
        var remainder: UInt64 = 0
        var quotient = allDigits
        for index in quotient.indices.reversed() {
            (quotient[index], remainder) = divisor.dividingFullWidth((remainder, quotient[index]))
        }
        return (Natural(digits: quotient), remainder)
    }
}

extension Natural {
    package static func + (left: Natural, right: Natural) -> Natural {
        if left.digits.isEmpty, right.digits.isEmpty {
            let (sum, overflow) = left.small.addingReportingOverflow(right.small)
            if !overflow { return Natural(sum) }
        }
        let (long, short) =
            left.allDigits.count < right.allDigits.count
            ? (right.allDigits, left.allDigits) : (left.allDigits, right.allDigits)
        var sum = long
        var carry: UInt64 = 0
        for index in sum.indices where index < short.count || carry > 0 {
            let (partial, first) = sum[index].addingReportingOverflow(index < short.count ? short[index] : 0)
            let (total, second) = partial.addingReportingOverflow(carry)
            sum[index] = total
            carry = first || second ? 1 : 0
        }
        return Natural(digits: carry > 0 ? sum + [carry] : sum)
    }

    /// The difference; the right number must not be the larger one.
    static func - (left: Natural, right: Natural) -> Natural {
        if left.digits.isEmpty { return Natural(left.small - right.small) }
        let subtrahend = right.allDigits
        var difference = left.allDigits
        var borrow: UInt64 = 0
        for index in difference.indices where index < subtrahend.count || borrow > 0 {
            let (partial, first) = difference[index]
                .subtractingReportingOverflow(index < subtrahend.count ? subtrahend[index] : 0)
            let (total, second) = partial.subtractingReportingOverflow(borrow)
            difference[index] = total
            borrow = first || second ? 1 : 0
        }
        precondition(borrow == 0, "whoever subtracts knows which number is larger")
        return Natural(digits: difference)
    }

    package static func * (left: Natural, right: Natural) -> Natural {
        if left.digits.isEmpty, right.digits.isEmpty {
            let (product, overflow) = left.small.multipliedReportingOverflow(by: right.small)
            if !overflow { return Natural(product) }
        }
        let (rows, columns) = (left.allDigits, right.allDigits)
        var product = [UInt64](repeating: 0, count: rows.count + columns.count)
        for (row, digit) in rows.enumerated() where digit > 0 {
            var carry: UInt128 = 0
            for (column, other) in columns.enumerated() {
                carry += UInt128(digit) * UInt128(other) + UInt128(product[row + column])
                product[row + column] = UInt64(truncatingIfNeeded: carry)
                carry >>= 64
            }
            product[row + columns.count] = UInt64(carry)
        }
        return Natural(digits: product)
    }

    static func += (left: inout Natural, right: Natural) { left = left + right }
}

extension Natural: Comparable {
    package static func < (left: Natural, right: Natural) -> Bool {
        if left.digits.count != right.digits.count { return left.digits.count < right.digits.count }
        if left.digits.isEmpty { return left.small < right.small }
        return left.digits.reversed().lexicographicallyPrecedes(right.digits.reversed())
    }
}

extension Natural: CustomStringConvertible {
    /// In decimal, without separators.
    package var description: String {
        if digits.isEmpty { return small.description }
        let (quotient, remainder) = dividedBy(1_000_000_000_000_000_000)
        let tail = remainder.description
        return quotient.description + String(repeating: "0", count: 18 - tail.utf8.count) + tail
    }
}
