/// Cuts a text into words, parentheses and commas; blanks separate words and mean nothing else.
struct InputScanner {
    enum Token: Hashable {
        case word(String)
        case open
        case close
        case comma
        case end
    }

    /// The token at the front.
    private(set) var next: Token = .end
    /// The token behind it.
    private(set) var following: Token = .end
    /// Where the front token starts, in bytes.
    private(set) var offset = 0

    private let bytes: [UInt8]
    private var followingOffset = 0
    private var position = 0

    init(_ text: String) throws(PolicyError) {
        guard text.utf8.count <= ThresholdTree.Limits.textLength else { throw .textTooLong(length: text.utf8.count) }
        self.bytes = Array(text.utf8)
        if let index = bytes.firstIndex(where: { !InputScanner.allows($0) }) {
            throw .unexpected(
                found: FoundText.describe(bytes, at: index),
                expected: "only names, counts, blanks, commas and parentheses",
                at: .byte(index)
            )
        }
        advance()
        advance()
    }

    var place: PolicyError.Place { .byte(offset) }

    mutating func advance() {
        (next, offset) = (following, followingOffset)
        while position < bytes.count, InputScanner.isBlank(bytes[position]) { position += 1 }
        followingOffset = position
        following = scan()
    }

    mutating func skip(word: String) -> Bool {
        guard next == .word(word) else { return false }
        advance()
        return true
    }

    private mutating func scan() -> Token {
        guard position < bytes.count else { return .end }
        let start = position
        while position < bytes.count, PartyName.allows(bytes[position]) { position += 1 }
        guard position == start else { return .word(String(decoding: bytes[start..<position], as: UTF8.self)) }
        position += 1
        switch bytes[start] {
        case UInt8(ascii: "("): return .open
        case UInt8(ascii: ")"): return .close
        default: return .comma
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func allows(_ byte: UInt8) -> Bool {
        PartyName.allows(byte) || isBlank(byte) || "(),".utf8.contains(byte)
    }
}

extension InputScanner.Token: CustomStringConvertible {
    var description: String {
        switch self {
        case .word(let word): "\"\(word)\""
        case .open: "\"(\""
        case .close: "\")\""
        case .comma: "\",\""
        case .end: "the end of the text"
        }
    }
}
