/// Reads the canonical text of a rule: one spelling per tree, everything else refused.
///
/// Protocol §4.
struct CanonicalTextParser {
    private let bytes: [UInt8]
    private var position = 0
    private var leafCount = 0

    static func parse(_ text: String) throws(PolicyError) -> ThresholdTree.Node {
        guard text.utf8.count <= ThresholdTree.Limits.textLength else { throw .textTooLong(length: text.utf8.count) }
        var parser = CanonicalTextParser(bytes: Array(text.utf8))
        let node = try parser.parseNode(depth: 0)
        guard parser.position == parser.bytes.count else { throw parser.unexpected("the end of the text") }
        return node
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func parseNode(depth: Int) throws(PolicyError) -> ThresholdTree.Node {
        let start = position
        while position < bytes.count, PartyName.allows(bytes[position]) { position += 1 }
        let word = bytes[start..<position]
        guard !word.isEmpty else { throw unexpected("a name or a gate such as 2of(") }
        guard position < bytes.count, bytes[position] == UInt8(ascii: "(") else {
            let party = try PartyName(bytes: word, at: start)
            leafCount += 1
            guard leafCount <= ThresholdTree.Limits.leaves else { throw .tooManyLeaves(at: .byte(start)) }
            return .leaf(party)
        }
        let threshold = try GateWord.threshold(of: word, at: start)
        guard depth < ThresholdTree.Limits.depth else { throw .tooDeep(at: .byte(start)) }
        position += 1
        let children = try parseChildren(depth: depth + 1)
        guard children.count >= 2 else { throw .tooFewMembers(children.count, at: .byte(start)) }
        guard threshold <= children.count else {
            throw .invalidThreshold("\(threshold)", members: children.count, at: .byte(start))
        }
        return .gate(threshold: threshold, children: children)
    }

    private mutating func parseChildren(depth: Int) throws(PolicyError) -> [ThresholdTree.Node] {
        var children: [ThresholdTree.Node] = []
        while true {
            children.append(try parseNode(depth: depth))
            guard position < bytes.count else { throw unexpected("a comma or a closing parenthesis") }
            switch bytes[position] {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: ")"):
                position += 1
                return children
            default: throw unexpected("a comma or a closing parenthesis")
            }
        }
    }

    private func unexpected(_ expected: String) -> PolicyError {
        .unexpected(found: FoundText.describe(bytes, at: position), expected: expected, at: .byte(position))
    }
}

/// The word in front of a gate's parenthesis, such as `3of`.
enum GateWord {
    /// The threshold that the word spells, at least 1 and without leading zeros.
    static func threshold(of word: ArraySlice<UInt8>, at offset: Int) throws(PolicyError) -> Int {
        let digits = word.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard word.dropFirst(digits.count).elementsEqual("of".utf8) else {
            let found = "\"" + String(decoding: word, as: UTF8.self) + "(\""
            throw .unexpected(found: found, expected: "a gate such as 2of(", at: .byte(offset))
        }
        return try count(of: digits, at: offset)
    }

    /// The number that the digits spell, 1 to `ThresholdTree.Limits.leaves`, without leading zeros.
    static func count(of digits: ArraySlice<UInt8>, at offset: Int) throws(PolicyError) -> Int {
        let text = String(decoding: digits.prefix(16), as: UTF8.self)
        guard digits.first != UInt8(ascii: "0"), let number = Int(text), number <= ThresholdTree.Limits.leaves else {
            throw .invalidThreshold(text, members: nil, at: .byte(offset))
        }
        return number
    }
}

/// How an error shows what stood in a text.
enum FoundText {
    static func describe(_ bytes: [UInt8], at position: Int) -> String {
        guard position < bytes.count else { return "the end of the text" }
        let byte = bytes[position]
        return (0x21...0x7E).contains(byte) ? "\"\(Character(Unicode.Scalar(byte)))\"" : "byte \(byte)"
    }
}
