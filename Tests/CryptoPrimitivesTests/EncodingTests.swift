import CryptoPrimitives
import TestSupport
import Testing

@Suite struct EncodingTests {
    @Test func `hexadecimal has one spelling`() {
        #expect(Hex.encode([0, 0x0a, 0xff]) == "000aff")
        #expect(Hex.decode("000aff") == [0, 0x0a, 0xff])
        #expect(Hex.decode("") == [])
        for text in ["0", "0A", "0g", " 00", "00 ", "0x00", "é0"] {
            #expect(Hex.decode(text) == nil, "\(text)")
        }
    }

    /// RFC 4648 §10, without padding.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func `base64url encodes as published`(text: String, encoding: String) {
        #expect(Base64URL.encode(Array(text.utf8)) == encoding)
        #expect(Base64URL.decode(encoding) == Array(text.utf8))
    }

    @Test(arguments: ["Zg==", "Zh", "Z", "Zm9", "Zm+v", "Zm/v", "Zm9v\n", "Zm 9v", "Zm9vé"])
    func `base64url has one spelling`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `what is encoded decodes to itself`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytes = random.bytes(count: Int(seed))
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }

    @Test func `32 bytes are exactly 32 and order as byte strings do`() throws {
        #expect(Bytes32([UInt8](repeating: 0, count: 31)) == nil)
        #expect(Bytes32([UInt8](repeating: 0, count: 33)) == nil)
        var random = SeededRandom(seed: 4)
        for _ in 0..<100 {
            var left = random.bytes(count: 32)
            let right = random.bytes(count: 32)
            if Bool.random(using: &random) {
                left.replaceSubrange(0..<20, with: right[0..<20])
            }
            let one = try #require(Bytes32(left))
            let other = try #require(Bytes32(right))
            #expect((one < other) == left.lexicographicallyPrecedes(right))
            #expect(one.array == left)
        }
    }

    @Test func `public random bytes differ`() {
        #expect(PublicRandom.bytes32() != PublicRandom.bytes32())
        #expect(PublicRandom.bytes(count: 16).count == 16)
    }
}
