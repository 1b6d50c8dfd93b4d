internal import CryptoPrimitives

/// The point G2 of TDH2, of which nobody knows how it follows from the base point (Protocol §11.3).
enum SecondGenerator {
    static let tag: [UInt8] = .ascii("STANDSTILL-SECOND-GENERATOR-v1")

    /// G2, a point of the prime-order subgroup.
    static let element: Element = {
        var counter = 0
        while true {
            if let element = candidate(counter) { return element }
            counter += 1
        }
    }()

    /// Eight times the point that the first half of a digest encodes; `nil` when it encodes none, as every second does.
    static func candidate(_ counter: Int) -> Element? {
        let digest = SHA512.hash(tag + .littleEndian64(counter))
        guard let encoding = Bytes32(digest.prefix(32)).map({ UncheckedElement($0) }), encoding.isCanonical else {
            return nil
        }
        var multiple: UncheckedElement? = encoding
        for _ in 0..<3 {
            multiple = multiple.flatMap { $0 + $0 }
        }
        return multiple.flatMap { Element(encoding: $0.bytes) }
    }
}
