internal import QuorumPolicy

/// Reads the subset of JSON that has a canonical spelling; the caller compares the spelling itself.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    static func parse(_ bytes: [UInt8]) throws(StatementError) -> CanonicalJSON {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.value()
        guard parser.position == bytes.count else { throw parser.fault(.trailingBytes) }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func value() throws(StatementError) -> CanonicalJSON {
        switch next {
        case UInt8(ascii: "\""): return .string(try string())
        case let digit? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit): return .integer(try integer())
        case UInt8(ascii: "t"): return .boolean(try literal("true", meaning: true))
        case UInt8(ascii: "f"): return .boolean(try literal("false", meaning: false))
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "-"): throw fault(.negativeNumber)
        case UInt8(ascii: "n"): throw fault(.null)
        case nil: throw fault(.unexpectedEnd)
        default: throw fault(.unexpectedByte)
        }
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(StatementError) {
        guard skip(byte) else { throw fault(next == nil ? .unexpectedEnd : .unexpectedByte) }
    }

    private mutating func literal(_ word: String, meaning: Bool) throws(StatementError) -> Bool {
        for byte in word.utf8 { try expect(byte) }
        return meaning
    }

    private mutating func integer() throws(StatementError) -> Int64 {
        let start = position
        var number: Int64 = 0
        while let digit = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
            guard number <= CanonicalJSON.Limits.integer else { throw .json(.numberTooLarge, byte: start) }
            position += 1
        }
        switch next {
        case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): throw fault(.fraction)
        default: return number
        }
    }

    private mutating func array() throws(StatementError) -> [CanonicalJSON] {
        try enter()
        var elements: [CanonicalJSON] = []
        if skip(UInt8(ascii: "]")) { return leave(elements) }
        repeat {
            elements.append(try value())
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return leave(elements)
    }

    private mutating func object() throws(StatementError) -> OrderedMap<String, CanonicalJSON> {
        try enter()
        var members: [(String, CanonicalJSON)] = []
        if skip(UInt8(ascii: "}")) { return leave([:]) }
        repeat {
            let start = position
            let name = try string()
            guard name.utf8.allSatisfy({ $0 < 0x80 }) else { throw .json(.nameNotASCII, byte: start) }
            if let last = members.last?.0, last >= name {
                throw .json(
                    members.contains { $0.0 == name } ? .repeatedMember(name) : .unsortedMember(name),
                    byte: start
                )
            }
            try expect(UInt8(ascii: ":"))
            members.append((name, try value()))
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return leave(OrderedMap(members))
    }

    private mutating func enter() throws(StatementError) {
        guard depth < CanonicalJSON.Limits.depth else { throw fault(.tooDeep) }
        depth += 1
        position += 1
    }

    private mutating func leave<Result>(_ result: Result) -> Result {
        depth -= 1
        return result
    }

    private mutating func string() throws(StatementError) -> String {
        let start = position
        try expect(UInt8(ascii: "\""))
        let plain = bytes[position...].prefix { !JSONEscape.isNeeded($0) }
        position += plain.count
        // Almost every string has no escape, so that it can be taken as a whole.
        if skip(UInt8(ascii: "\"")) { return try text(plain, at: start) }
        var content = Array(plain)
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw fault(.controlCharacter) }
            position += 1
            content.append(byte == UInt8(ascii: "\\") ? try escaped() : byte)
        }
        try expect(UInt8(ascii: "\""))
        return try text(content[...], at: start)
    }

    private func text(_ content: ArraySlice<UInt8>, at start: Int) throws(StatementError) -> String {
        guard let string = String(validating: content, as: UTF8.self) else { throw .json(.notUTF8, byte: start) }
        return string
    }

    /// The byte behind a backslash; only the escapes that the canonical spelling needs are known.
    private mutating func escaped() throws(StatementError) -> UInt8 {
        guard let letter = next else { throw fault(.unexpectedEnd) }
        if let byte = JSONEscape.byte(forLetter: letter) {
            position += 1
            return byte
        }
        let start = position - 1
        for byte: UInt8 in 0..<0x20 {
            guard let spelling = JSONEscape.escape(of: byte), bytes[start...].starts(with: spelling) else { continue }
            position = start + spelling.count
            return byte
        }
        throw .json(.needlessEscape, byte: start)
    }

    private func fault(_ fault: StatementError.JSONFault) -> StatementError { .json(fault, byte: position) }
}
