/// A fixed number of secret integers modulo L in one piece of guarded memory: a polynomial, or a party's leaf shares.
public struct SecretScalars: ~Copyable, Sendable {
    private let bytes: SecretBytes

    /// How many scalars there are, at least 1.
    public let count: Int

    /// `count` scalars, the one at each index made by `scalar`.
    public init(count: Int, each scalar: (Int) -> SecretScalar) {
        bytes = SecretBytes(zeroed: 32 * count)
        self.count = count
        for index in 0..<count {
            let next = scalar(index)
            unsafe (bytes.start + 32 * index).update(from: next.start, count: 32)
        }
    }

    /// `count` zeros, the start of a sum.
    public init(zeros count: Int) {
        bytes = SecretBytes(zeroed: 32 * count)
        self.count = count
    }

    /// Parses canonical 32-byte encodings one after the other; `nil` when one is not canonical or bytes are left over.
    public init?(encoding: consuming SecretBytes) {
        guard Self.isCanonical(encoding) else { return nil }
        count = encoding.count / 32
        bytes = encoding
    }

    /// A copy of the scalar at an index.
    public borrowing func scalar(at index: Int) -> SecretScalar {
        precondition((0..<count).contains(index), "the index lies within the secrets")
        return SecretScalar(trusted: bytes.slice(32 * index..<32 * index + 32))
    }

    /// Adds each scalar of `other`, which has as many, to the one at the same index.
    public mutating func add(_ other: borrowing SecretScalars) {
        precondition(count == other.count, "sums are of equally many secrets")
        for index in 0..<count {
            unsafe SecretScalar.add(other.bytes.start + 32 * index, to: bytes.start + 32 * index)
        }
    }

    /// The sum of chosen scalars, each multiplied by a public weight.
    public borrowing func weightedSum(_ terms: [(index: Int, weight: Scalar)]) -> SecretScalar {
        var sum = SecretScalar.zero()
        for (index, weight) in terms {
            var term = scalar(at: index)
            if weight != .one {
                term.multiply(by: weight)
            }
            sum.add(term)
        }
        return sum
    }

    /// The canonical encodings one after the other, 32 bytes each, for hashing or encrypting.
    public borrowing func encoding() -> SecretBytes {
        bytes.duplicate()
    }

    /// A second owner of the same values.
    public borrowing func duplicate() -> SecretScalars {
        SecretScalars(trusted: bytes.duplicate(), count: count)
    }

    private static func isCanonical(_ encoding: borrowing SecretBytes) -> Bool {
        guard encoding.count.isMultiple(of: 32) else { return false }
        for start in stride(from: 0, to: encoding.count, by: 32)
        where SecretScalar(encoding: encoding.slice(start..<start + 32)) == nil {
            return false
        }
        return true
    }

    private init(trusted bytes: consuming SecretBytes, count: Int) {
        self.bytes = bytes
        self.count = count
    }
}
