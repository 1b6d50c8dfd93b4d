import CryptoPrimitives

/// JSON with its members in the order given, one blank of indentation per level.
enum OrderedJSON: ExpressibleByStringLiteral {
    case number(Int)
    case string(String)
    case array([OrderedJSON])
    case object([(String, OrderedJSON)])

    init(stringLiteral value: String) {
        self = .string(value)
    }

    static func hex(_ bytes: [UInt8]) -> OrderedJSON {
        .string(Hex.encode(bytes))
    }

    /// The strings here are hexadecimal, names and rules, which need no escapes.
    func text(depth: Int = 0) -> String {
        switch self {
        case .number(let value): "\(value)"
        case .string(let value): "\"\(value)\""
        case .array(let items): Self.block("[", items.map { $0.text(depth: depth + 1) }, "]", depth)
        case .object(let members):
            Self.block("{", members.map { "\"\($0)\": \($1.text(depth: depth + 1))" }, "}", depth)
        }
    }

    private static func block(_ open: String, _ items: [String], _ close: String, _ depth: Int) -> String {
        let separator = "\n" + String(repeating: " ", count: depth + 1)
        return open + separator + items.joined(separator: "," + separator) + "\n"
            + String(repeating: " ", count: depth) + close
    }
}
