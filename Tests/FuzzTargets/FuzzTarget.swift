/// One way in which bytes that somebody else chose reach this program, and what must hold for all of them.
///
/// A target is driven by libFuzzer (`make fuzz`) and by an ordinary test, which replays the seeds and every past finding.
package struct FuzzTarget: Sendable {
    package let name: String
    /// The longest input worth trying, in bytes.
    package let maximumCount: Int
    /// Throws ``Finding`` when something does not hold; whatever the decoders themselves throw is their business.
    package let run: @Sendable ([UInt8]) throws -> Void

    package static let all: [FuzzTarget] =
        wire + noise + [session, dissemination] + statements + rules + sealedBallots + [evidence] + nodeFiles
        + [core, ceremony]

    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// Something that must hold and does not.
package struct Finding: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Throws a finding unless the condition holds.
func hold(_ condition: Bool, _ words: @autoclosure () -> String) throws(Finding) {
    guard condition else { throw Finding(words()) }
}

/// An input taken apart from the front; beyond its end everything is zero, so that every input means something.
struct FuzzInput {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    var isEmpty: Bool { bytes.isEmpty }

    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    /// 0 up to a bound of at most 256.
    mutating func number(below bound: Int) -> Int {
        bound > 0 ? Int(byte()) % bound : 0
    }

    mutating func wide() -> Int { Int(byte()) << 8 | Int(byte()) }

    mutating func take(_ count: Int) -> [UInt8] {
        defer { bytes = bytes.dropFirst(count) }
        return Array(bytes.prefix(count))
    }

    /// Two bytes of length and as many bytes, fewer at the end.
    mutating func chunk() -> [UInt8] { take(wide()) }

    mutating func rest() -> [UInt8] { take(bytes.count) }
}

extension [UInt8] {
    /// The bytes so many times over; `joined()` would take seconds for a message under a sanitizer.
    func repeated(_ count: Int) -> [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(self.count * count)
        for _ in 0..<count { all += self }
        return all
    }
}
