public import QuorumPolicy

/// A JSON value of the kind that statements consist of: strings, integers, booleans, arrays and objects.
///
/// There is one spelling per value, RFC 8785 for this subset: members ascend by the bytes of their ASCII names, no blanks,
/// shortest escapes, integers in 0...2^53-1, no fractions, no null. Protocol §6.
public enum CanonicalJSON: Hashable, Sendable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case array([CanonicalJSON])
    case object(OrderedMap<String, CanonicalJSON>)

    /// What a text may measure at most.
    public enum Limits {
        /// Bytes of a text, unless the caller sets a smaller bound: 1 MiB.
        public static let size = 1 << 20
        /// Arrays and objects inside each other.
        public static let depth = 16
        /// The largest integer that every JSON reader keeps exactly, 2^53 - 1.
        public static let integer: Int64 = (1 << 53) - 1
    }

    /// Reads a text and refuses every spelling but the canonical one; errors give the byte.
    public init(decoding text: [UInt8], atMost limit: Int = Limits.size) throws(StatementError) {
        guard text.count <= limit else { throw .tooLarge(count: text.count, limit: limit) }
        let value = try JSONParser.parse(text)
        let canonical = value.encoded
        guard canonical == text else {
            let agreed = zip(canonical, text).prefix { $0 == $1 }.count
            throw .json(.notCanonical, byte: agreed)
        }
        self = value
    }

    /// The canonical spelling, UTF-8.
    public var encoded: [UInt8] {
        var text: [UInt8] = []
        write(to: &text)
        return text
    }

    private func write(to text: inout [UInt8]) {
        switch self {
        case .string(let string): Self.write(string, to: &text)
        case .integer(let number): text += String(number).utf8
        case .boolean(let truth): text += (truth ? "true" : "false").utf8
        case .array(let elements): Self.write(elements, to: &text)
        case .object(let members): Self.write(members, to: &text)
        }
    }

    private static func write(_ elements: [CanonicalJSON], to text: inout [UInt8]) {
        text.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            element.write(to: &text)
        }
        text.append(UInt8(ascii: "]"))
    }

    private static func write(_ members: OrderedMap<String, CanonicalJSON>, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "{"))
        for (index, member) in members.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            write(member.key, to: &text)
            text.append(UInt8(ascii: ":"))
            member.value.write(to: &text)
        }
        text.append(UInt8(ascii: "}"))
    }

    private static func write(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        if string.utf8.contains(where: JSONEscape.isNeeded) {
            for byte in string.utf8 { text += JSONEscape.escape(of: byte) ?? [byte] }
        } else {
            text += string.utf8
        }
        text.append(UInt8(ascii: "\""))
    }
}

/// The escapes of RFC 8785 §3.2.2.2.
enum JSONEscape {
    static func isNeeded(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// How a byte is spelled inside a string, nil when it stands for itself.
    static func escape(of byte: UInt8) -> [UInt8]? {
        guard isNeeded(byte) else { return nil }
        if let short = short.first(where: { $0.byte == byte }) {
            return [UInt8(ascii: "\\"), short.letter]
        }
        let digits = Array("0123456789abcdef".utf8)
        return Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    /// The byte that a one-letter escape stands for.
    static func byte(forLetter letter: UInt8) -> UInt8? {
        short.first { $0.letter == letter }?.byte
    }

    private static let short: [(byte: UInt8, letter: UInt8)] = [
        (UInt8(ascii: "\""), UInt8(ascii: "\"")),
        (UInt8(ascii: "\\"), UInt8(ascii: "\\")),
        (0x08, UInt8(ascii: "b")),
        (0x09, UInt8(ascii: "t")),
        (0x0A, UInt8(ascii: "n")),
        (0x0C, UInt8(ascii: "f")),
        (0x0D, UInt8(ascii: "r")),
    ]
}
