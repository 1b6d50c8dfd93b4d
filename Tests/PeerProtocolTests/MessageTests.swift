import CryptoPrimitives
import SeededNumbers
import Testing

@testable import PeerProtocol

@Suite struct MessageTests {
    static let messages: [Message] = {
        let hello = Hello(
            charter: SHA256.hash([1]),
            charterVersion: 7,
            runEpoch: .max,
            clockSeconds: 1_800_000_000,
            software: "standstill 1.0",
            features: ["live.v2", "a-b"]
        )
        return (hello.map { [.hello($0)] } ?? []) + [
            .subscribe(after: 0), .subscribe(after: .max),
            .have(upTo: 9, identifiers: []), .have(upTo: 9, identifiers: [SHA256.hash([1]), SHA256.hash([2])]),
            .want([SHA256.hash([3])]), .item([46]), .ping(1), .pong(2), .bye(Bye(.leaving, "")),
            .bye(Bye(.twin, "text")), .head(number: 0, newest: []), .head(number: 9, newest: [46]),
            .twin,
        ]
    }()

    @Test(arguments: messages)
    func `a message is read as it was written`(message: Message) throws {
        #expect(try Message(decoding: message.encoded) == message)
    }

    @Test(arguments: messages)
    func `a further byte is refused`(message: Message) {
        // An item is whatever it says, to the last byte.
        guard ![.item, .head].contains(message.kind) else { return }
        #expect(throws: PeerProtocolError.self) { try Message(decoding: message.encoded + [0]) }
    }

    @Test(arguments: messages)
    func `every truncation is refused or is another message's only spelling`(message: Message) {
        let bytes = message.encoded
        for count in bytes.indices {
            let shorter = Array(bytes.prefix(count))
            guard let other = try? Message(decoding: shorter) else { continue }
            #expect(other.encoded == shorter && other != message)
        }
    }

    @Test(arguments: 0..<500 as Range<UInt64>)
    func `no bytes trap, and what is accepted has one spelling`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes = Self.messages[Int(seed) % Self.messages.count].encoded
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        guard let message = try? Message(decoding: bytes) else { return }
        #expect(message.encoded == bytes)
    }

    @Test func `unknown kinds and no kind are refused`() {
        #expect(throws: PeerProtocolError.unknownMessage(type: 0)) { try Message(decoding: []) }
        #expect(throws: PeerProtocolError.unknownMessage(type: 11)) { try Message(decoding: [11]) }
    }

    @Test func `a HEAD holds a number and one statement of 1 MiB, and not a byte more`() throws {
        let most = Message.head(number: 7, newest: [UInt8](repeating: 1, count: 1 << 20))
        #expect(try Message(decoding: most.encoded) == most)
        #expect(throws: PeerProtocolError.messageLength(.head, count: (1 << 20) + 9, limit: (1 << 20) + 8)) {
            try Message(decoding: most.encoded + [1])
        }
        #expect(try Message(decoding: Message.head(number: 0, newest: []).encoded) == .head(number: 0, newest: []))
        #expect(throws: PeerProtocolError.malformed(.head, field: "number")) { try Message(decoding: [9, 0, 0]) }
    }

    @Test func `1,024 identifiers fit a HAVE and 256 a WANT, and one more does not`() throws {
        let identifiers = [StatementIdentifier](repeating: .zero, count: 1024)
        #expect(try Message(decoding: Message.have(upTo: 1, identifiers: identifiers).encoded).kind == .have)
        #expect(throws: PeerProtocolError.malformed(.have, field: "list of identifiers")) {
            try Message(decoding: Message.have(upTo: 1, identifiers: identifiers + [.zero]).encoded)
        }
        #expect(try Message(decoding: Message.want(Array(identifiers.prefix(256))).encoded).kind == .want)
        #expect(throws: PeerProtocolError.malformed(.want, field: "list of identifiers")) {
            try Message(decoding: Message.want(Array(identifiers.prefix(257))).encoded)
        }
        #expect(throws: PeerProtocolError.malformed(.want, field: "list of identifiers")) {
            try Message(decoding: Message.want([]).encoded)
        }
    }

    @Test(arguments: MessageKind.allCases)
    func `a body at its kind's limit is judged by its content and one byte more by its size`(kind: MessageKind) {
        let atLimit = errorOf { () throws(PeerProtocolError) in
            _ = try Message(decoding: [kind.rawValue] + [UInt8](repeating: 0, count: kind.limit))
        }
        if case .messageLength = atLimit { Issue.record("\(kind) of \(kind.limit) bytes is within the limit") }
        let over = errorOf { () throws(PeerProtocolError) in
            _ = try Message(decoding: [kind.rawValue] + [UInt8](repeating: 0, count: kind.limit + 1))
        }
        #expect(over == .messageLength(kind, count: kind.limit + 1, limit: kind.limit))
    }

    @Test func `a HELLO holds 32 features of 32 bytes and no more, and only well-formed names`() {
        func hello(_ features: [String]) -> Hello? {
            Hello(
                charter: .zero,
                charterVersion: 1,
                runEpoch: 1,
                clockSeconds: 1,
                software: "x",
                features: features
            )
        }
        let letters = "abcdefghijklmnopqrstuvwxyz012345".map { String(repeating: $0, count: 32) }
        #expect(hello(letters)?.encoded.count ?? .max <= Limits.helloBytes)
        #expect(hello(letters) != nil)
        #expect(hello(letters + ["z9"]) == nil)
        #expect(hello([String(repeating: "a", count: 33)]) == nil)
        for name in ["", "A", "a b", "é", "a\n"] { #expect(hello([name]) == nil) }
        #expect(hello(["a", "a"]) == nil)
    }

    @Test func `features out of order are refused on the wire`() throws {
        var bytes = try Node.alice.hello.encoded
        #expect(bytes.suffix(5) == [2, 1, 97, 1, 98])
        bytes.replaceSubrange(bytes.count - 5..<bytes.count, with: [2, 1, 98, 1, 97])
        #expect(throws: PeerProtocolError.malformed(.hello, field: "list of features")) { try Hello(decoding: bytes) }
    }

    @Test func `text a peer sends is printable, and ours is made so`() throws {
        var bytes = Bye(.leaving, "abc").encoded
        for byte in [0, 10, 27, 127, 128, 255] as [UInt8] {
            bytes[2] = byte
            #expect(throws: PeerProtocolError.malformed(.bye, field: "text")) { try Bye(decoding: bytes) }
        }
        #expect(Bye(.leaving, "a\u{1b}[31m\u{202e}\n").description == "a\\u{1b}[31m\\u{202e}\\u{a}")
        #expect(Bye(.leaving, String(repeating: "x", count: 201)).text.description.utf8.count == 200)
        #expect(try Bye(decoding: Bye(.leaving, String(repeating: "x", count: 200)).encoded).code == 1)
    }
}
