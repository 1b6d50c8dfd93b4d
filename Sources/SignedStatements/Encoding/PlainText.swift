/// Text for people that reads the same on every screen: UTF-8 without control characters, compared as bytes.
///
/// Refused besides control characters are line separators, marks that reorder text and the byte order mark, because a
/// reader could not tell what was signed.
public struct PlainText: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The text itself.
    public let text: String

    /// Takes a text; nil if it contains a character that is not allowed.
    public init?(_ text: String) {
        guard text.unicodeScalars.allSatisfy({ scalar in Self.refused.allSatisfy { !$0.contains(scalar.value) } })
        else { return nil }
        self.text = text
    }

    public var description: String { text }

    public static func == (left: PlainText, right: PlainText) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public static func < (left: PlainText, right: PlainText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    private static let refused: [ClosedRange<UInt32>] = [
        0x0000...0x001F, 0x007F...0x009F, 0x061C...0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
        0xFEFF...0xFEFF,
    ]
}
