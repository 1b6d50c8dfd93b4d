internal import CryptoPrimitives

/// Lagrange interpolation at 0 for many sets of small coordinates, with one inversion for all of them.
///
/// An inversion costs as much as two multiplications of the base point, so it is made once per signature.
struct Interpolation {
    private var numerators: [Scalar] = []
    private var denominators: [Scalar] = []

    /// Adds a set of distinct positive coordinates; the weights of its members come in the same order.
    mutating func add(_ coordinates: [Int]) {
        for (index, own) in coordinates.enumerated() {
            var others = coordinates
            others.remove(at: index)
            numerators.append(Self.product(of: others))
            denominators.append(Self.product(of: others.map { $0 - own }))
        }
    }

    /// For every coordinate added, the product over the others x of its set of x / (x - own).
    consuming func weights() -> [Scalar] {
        zip(numerators, Self.inverses(of: denominators)).map { $0 * $1 }
    }

    /// Multiplies machine words first, so that about seven small factors cost one scalar multiplication.
    private static func product(of factors: [Int]) -> Scalar {
        var product = Scalar.one
        var word: UInt64 = 1
        var isNegative = false
        for factor in factors {
            isNegative = isNegative != (factor < 0)
            let (next, overflows) = word.multipliedReportingOverflow(by: UInt64(factor.magnitude))
            if overflows {
                product = product * Scalar(word)
                word = UInt64(factor.magnitude)
            } else {
                word = next
            }
        }
        product = product * Scalar(word)
        return isNegative ? -product : product
    }

    /// Montgomery's trick: invert the product of all, then take the factors off one by one.
    private static func inverses(of values: [Scalar]) -> [Scalar] {
        var prefixes: [Scalar] = []
        var product = Scalar.one
        for value in values {
            prefixes.append(product)
            product = product * value
        }
        guard var inverse = product.inverse else {
            preconditionFailure("coordinates of one set are distinct, so no difference is zero")
        }
        var inverses = prefixes
        for index in values.indices.reversed() {
            inverses[index] = inverse * prefixes[index]
            inverse = inverse * values[index]
        }
        return inverses
    }
}
