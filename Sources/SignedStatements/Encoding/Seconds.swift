/// A length of time in whole seconds, 0...2^53-1.
public struct Seconds: Hashable, Comparable, Sendable {
    /// Seconds, 0...2^53-1.
    public let count: Int64

    /// No time at all.
    public static let zero = Seconds(unchecked: 0)

    /// Takes a number of seconds; nil outside the range.
    public init?(_ count: Int64) {
        guard (0...CanonicalJSON.Limits.integer).contains(count) else { return nil }
        self.count = count
    }

    /// Reads a whole number of the largest unit that fits: `90d`, `2h`, `10m`, `30s`; nil for any other spelling.
    public init?(_ text: String) {
        guard let seconds = Seconds(anySpelling: text), seconds.description == text else { return nil }
        self = seconds
    }

    /// Reads also what has a shorter spelling, such as `24h`, so that an error can propose that one.
    init?(anySpelling text: String) {
        guard let unit = Self.units.first(where: { text.utf8.last == $0.letter }) else { return nil }
        let digits = text.utf8.dropLast()
        guard (1...16).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int64(String(text.dropLast()))
        else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: unit.seconds)
        guard !overflows else { return nil }
        self.init(product)
    }

    private init(unchecked count: Int64) { self.count = count }

    /// So many times this length, at most 2^53-1 seconds.
    public static func * (factor: Int64, duration: Seconds) -> Seconds {
        precondition(factor >= 0, "a length of time is not negative")
        let (product, overflows) = duration.count.multipliedReportingOverflow(by: factor)
        return overflows
            ? Seconds(unchecked: CanonicalJSON.Limits.integer)
            : Seconds(unchecked: min(product, CanonicalJSON.Limits.integer))
    }

    public static func < (left: Seconds, right: Seconds) -> Bool { left.count < right.count }

    private static let units: [(letter: UInt8, seconds: Int64)] = [
        (UInt8(ascii: "d"), 86_400), (UInt8(ascii: "h"), 3_600), (UInt8(ascii: "m"), 60), (UInt8(ascii: "s"), 1),
    ]
}

extension Seconds: CustomStringConvertible {
    /// The largest unit of which this is a whole number, such as `90d`; zero is `0s`.
    public var description: String {
        guard count > 0, let unit = Self.units.first(where: { count.isMultiple(of: $0.seconds) }) else { return "0s" }
        return "\(count / unit.seconds)\(Character(Unicode.Scalar(unit.letter)))"
    }
}
