import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@Suite struct CanonicalJSONTests {
    @Test(arguments: [
        "{}", "[]", "\"\"", "0", "9007199254740991", "true", "false", "[true,false,0]",
        #"{"a":{"b":[1,"x"]},"b":"","c":[]}"#, #""\b\t\n\f\r\"\\\u0000\u001f/é€😀""#, #"{"":1,"A":2,"a":3}"#,
    ])
    func `a canonical text is read and written as it is`(text: String) throws {
        let value = try CanonicalJSON(decoding: Array(text.utf8))
        #expect(value.encoded == Array(text.utf8))
    }

    @Test func `values are written as RFC 8785 writes them`() {
        // The parts of the example of RFC 8785 §3.2 that this subset has: strings, literals and sorted members.
        let value = CanonicalJSON.object([
            "string": .string("\u{20ac}$\u{0F}\nA'B\"\\\\\"/"),
            "literals": .array([.boolean(true), .boolean(false)]),
        ])
        let expected = #"{"literals":[true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(value.encoded == Array(expected.utf8))
    }

    @Test(arguments: [
        (#"{"a":1,"a":2}"#, StatementError.json(.repeatedMember("a"), byte: 7)),
        (#"{"b":1,"a":2}"#, .json(.unsortedMember("a"), byte: 7)),
        (#"{"b":1,"a":2,"b":3}"#, .json(.unsortedMember("a"), byte: 7)),
        (#"{"a": 1}"#, .json(.unexpectedByte, byte: 5)),
        (#" {"a":1}"#, .json(.unexpectedByte, byte: 0)),
        ("{\"a\":1}\n", .json(.trailingBytes, byte: 7)),
        (#"{"a":1"#, .json(.unexpectedEnd, byte: 6)),
        ("", .json(.unexpectedEnd, byte: 0)),
        ("[1.0]", .json(.fraction, byte: 2)),
        ("[1e2]", .json(.fraction, byte: 2)),
        ("[-1]", .json(.negativeNumber, byte: 1)),
        ("[-0]", .json(.negativeNumber, byte: 1)),
        ("[01]", .json(.notCanonical, byte: 1)),
        ("[9007199254740992]", .json(.numberTooLarge, byte: 1)),
        ("[99999999999999999999999]", .json(.numberTooLarge, byte: 1)),
        ("[null]", .json(.null, byte: 1)),
        ("[1,]", .json(.unexpectedByte, byte: 3)),
        ("[tru]", .json(.unexpectedByte, byte: 4)),
        ("[NaN]", .json(.unexpectedByte, byte: 1)),
        ("\u{FEFF}[]", .json(.unexpectedByte, byte: 0)),
        (#"["\u0041"]"#, .json(.needlessEscape, byte: 2)),
        (#"["\u001F"]"#, .json(.needlessEscape, byte: 2)),
        (#"["\u000a"]"#, .json(.needlessEscape, byte: 2)),
        (#"["\/"]"#, .json(.needlessEscape, byte: 2)),
        (#"["\ud83d\ude00"]"#, .json(.needlessEscape, byte: 2)),
        ("[\"\n\"]", .json(.controlCharacter, byte: 2)),
        (#"{"é":1}"#, .json(.nameNotASCII, byte: 1)),
    ])
    func `every other spelling is refused with its byte`(text: String, expected: StatementError) {
        #expect(throws: expected) { try CanonicalJSON(decoding: Array(text.utf8)) }
    }

    @Test(arguments: [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF], [0xC3]] as [[UInt8]])
    func `a string that is not UTF-8 is refused`(bytes: [UInt8]) {
        let text = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
        #expect(throws: StatementError.json(.notUTF8, byte: 0)) { try CanonicalJSON(decoding: text) }
    }

    @Test func `depth and size are bounded`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try CanonicalJSON(decoding: nested(16))
        #expect(throws: StatementError.json(.tooDeep, byte: 16)) { try CanonicalJSON(decoding: nested(17)) }
        #expect(throws: StatementError.json(.tooDeep, byte: 16)) { try CanonicalJSON(decoding: nested(100_000)) }
        _ = try CanonicalJSON(decoding: Array("[1]".utf8), atMost: 3)
        #expect(throws: StatementError.tooLarge(count: 3, limit: 2)) {
            try CanonicalJSON(decoding: Array("[1]".utf8), atMost: 2)
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `whatever is accepted is its own canonical spelling`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let original = Array(#"{"a":[1,20,"x\n\"é"],"b":{"c":true,"d":""},"e":9007199254740991}"#.utf8)
        let alphabet = Array("{}[]\",:\\u0019abeE.-+ tfn\n".utf8) + [0x00, 0x7F, 0x80, 0xC3, 0xEF]
        var accepted = 0
        for _ in 0..<4_000 {
            var text = original
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let position = Int.random(in: 0..<text.count, using: &random)
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text[position] = byte
                case 1: text.insert(byte, at: position)
                default: text.remove(at: position)
                }
            }
            guard let value = try? CanonicalJSON(decoding: text) else { continue }
            accepted += 1
            #expect(value.encoded == text)
        }
        #expect(accepted > 0)
    }
}
