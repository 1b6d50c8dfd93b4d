internal import CryptoPrimitives
internal import PeerProtocol

/// What a listed peer does to frames and to messages inside them.
extension Misbehaviour {
    static let frames: [Misbehaviour] = lengths + spoilt

    private static let lengths: [Misbehaviour] = [0, 1, 16, 271, 65_535].map { length in
        visiting("frame-of-\(length)-bytes", .bye(.violation, "frame of \(length) bytes")) { visit, _ in
            await visit.connection.send([UInt8(length >> 8), UInt8(length & 255)])
        }
    }

    private static let spoilt: [Misbehaviour] = [
        visiting("frame-altered", .cut("does not authenticate")) { visit, _ in
            var bytes = try visit.frame(plaintext(Message.ping(1).encoded))
            bytes[100] ^= 1
            await visit.connection.send(bytes)
        },
        visiting("frame-length-altered", .cut("does not authenticate")) { visit, _ in
            let bytes = try visit.frame(plaintext(Message.ping(1).encoded))
            // The same ciphertext with 256 bytes more behind it, under a length that says so.
            await visit.connection.send([2, 16] + bytes.dropFirst(2) + [UInt8](repeating: 0, count: 256))
        },
        visiting("frame-repeated", .cut("does not authenticate")) { visit, _ in
            let bytes = try visit.frame(plaintext(Message.ping(1).encoded))
            await visit.connection.send(bytes + bytes)
        },
        visiting("frames-swapped", .cut("does not authenticate")) { visit, _ in
            let first = try visit.frame(plaintext(Message.ping(1).encoded))
            let second = try visit.frame(plaintext(Message.ping(2).encoded))
            await visit.connection.send(second + first)
        },
        visiting("frame-left-out", .cut("does not authenticate")) { visit, _ in
            _ = try visit.frame(plaintext(Message.ping(1).encoded))
            await visit.connection.send(try visit.frame(plaintext(Message.ping(2).encoded)))
        },
        visiting("key-change-announced-and-not-made", .cut("does not authenticate")) { visit, _ in
            var change = plaintext(Message.ping(1).encoded)
            change[0] = Framing.newKeyFollows
            await visit.connection.send(
                try visit.frame(change) + visit.frame(plaintext(Message.ping(2).encoded))
            )
        },
        altered("unknown-flags", "unknown flags") { $0[0] = 0x84 },
        altered("padding-not-zero", "padded with something other") { $0[200] = 1 },
        altered("no-message-bytes", "with 0 message bytes") { $0.replaceSubrange(1..<3, with: [0, 0]) },
        altered("more-bytes-than-there-are", "with 65535 message bytes") {
            $0.replaceSubrange(1..<3, with: [255, 255])
        },
        altered("padded-too-much", "message bytes in 512 bytes") { $0 += [UInt8](repeating: 0, count: 256) },
        altered("fragment-not-full", "followed by another") { $0[0] = Framing.moreFollows },
    ]

    /// The one plaintext of a short message.
    static func plaintext(_ message: [UInt8]) -> [UInt8] { Framing.plaintexts(of: message)[0] }

    private static func altered(
        _ name: String,
        _ words: String,
        _ change: @escaping @Sendable (inout [UInt8]) -> Void
    ) -> Misbehaviour {
        visiting(name, .bye(.violation, words)) { visit, _ in
            var bytes = plaintext(Message.ping(1).encoded)
            change(&bytes)
            await visit.connection.send(try visit.frame(bytes))
        }
    }

    static let messages: [Misbehaviour] = beforeHello + malformed + outOfPlace

    private static let beforeHello: [Misbehaviour] = [
        Message.subscribe(after: 0), .have(upTo: 1, identifiers: []), .want([.zero]), .item([1]), .ping(1), .pong(1),
        .head(number: 1, newest: []), .twin,
    ].map { message in
        let name = "\(message.kind)-before-hello".lowercased()
        return visiting(name, .bye(.violation, "before HELLO"), saysHello: false) { visit, _ in
            try await visit.send(message)
        }
    }

    /// A message of a kind that exists, spelled as no message is.
    private static func spelled(_ name: String, _ words: String, _ bytes: [UInt8]) -> Misbehaviour {
        visiting(name, .bye(.violation, words)) { visit, _ in try await visit.send(raw: bytes) }
    }

    private static let malformed: [Misbehaviour] = [
        spelled("unknown-kind", "unknown type 200", [200, 1, 2, 3]),
        spelled("kind-zero", "unknown type 0", [0]),
        spelled("subscribe-too-short", "SUBSCRIBE with a bad number", [2, 0, 0]),
        spelled("subscribe-with-more-behind-it", "SUBSCRIBE with a bad number", [2] + [UInt8](repeating: 0, count: 9)),
        spelled("have-without-a-position", "HAVE with a bad number", [3, 0]),
        spelled("have-of-half-an-identifier", "HAVE with a bad list", [3] + [UInt8](repeating: 0, count: 24)),
        spelled("have-of-1025", "HAVE with a bad list", [3] + [UInt8](repeating: 1, count: 8 + 32 * 1025)),
        spelled("want-of-nothing", "WANT with a bad list", [4]),
        spelled("want-of-257", "WANT with a bad list", [4] + [UInt8](repeating: 1, count: 32 * 257)),
        spelled("item-of-nothing", "ITEM with a bad statement", [5]),
        spelled("head-without-a-number", "HEAD with a bad number", [9, 0, 0]),
        spelled("twin-with-something-behind-it", "TWIN with a bad end", [10, 0]),
        spelled("bye-without-its-text", "BYE with a bad text", [8, 1, 9, 65]),
        spelled("bye-with-an-escape-sequence", "BYE with a bad text", [8, 1, 4, 27, 91, 50, 74]),
        spelled("ping-of-300-bytes", "PING of at least", [6] + [UInt8](repeating: 0, count: 300)),
        spelled("hello-of-5000-bytes", "HELLO of at least", [1] + [UInt8](repeating: 0, count: 5_000)),
        spelled("want-of-70000-bytes", "WANT of at least", [4] + [UInt8](repeating: 1, count: 70_000)),
        spelled("item-of-2-mib", "ITEM of at least", [5] + [UInt8](repeating: 46, count: 2 << 20)),
    ]

    private static let outOfPlace: [Misbehaviour] = [
        visiting("second-hello", .bye(.violation, "a second HELLO")) { visit, attack in
            try await visit.send(attack.hello())
        },
        visiting("hello-of-another-run", .bye(.violation, "a second HELLO")) { visit, attack in
            try await visit.send(attack.hello(epoch: 99))
        },
        visiting("subscribe-past-the-end", .bye(.violation, "of a journal that ends at")) { visit, _ in
            try await visit.send(.subscribe(after: .max))
        },
        visiting("have-more-than-positions", .bye(.violation, "at fewer positions")) { visit, _ in
            try await visit.send(.have(upTo: 2, identifiers: [.zero, .zero, .zero]))
        },
        visiting("have-the-same-1000-times", .nothing) { visit, _ in
            try await visit.send(.have(upTo: 5_000, identifiers: Array(repeating: .zero, count: 1_000)))
        },
        visiting("have-at-the-last-position", .nothing) { visit, _ in
            try await visit.send(.have(upTo: .max, identifiers: []))
        },
        visiting("want-what-is-not-there", .nothing) { visit, _ in
            try await visit.send(.want(Array(repeating: .zero, count: 256)))
        },
        visiting("pongs-never-asked-for", .nothing) { visit, _ in
            for number in 0..<200 as Range<UInt64> { try await visit.send(.pong(number | 1 << 63)) }
        },
        visiting("heads-that-say-everything", .nothing) { visit, _ in
            for number in [0, 1, UInt64.max] { try await visit.send(.head(number: number, newest: [])) }
        },
        visiting("twins-all-the-time", .nothing) { visit, _ in
            for _ in 0..<200 { try await visit.send(.twin) }
        },
        visiting("head-with-rubbish", .itemRefused("parts")) { visit, _ in
            try await visit.send(.head(number: 5, newest: Array("rubbish".utf8)))
        },
        visiting("item-that-is-no-statement", .bye(.violation, "not a statement")) { visit, _ in
            try await visit.send(.item(Array("hello".utf8)))
        },
        Misbehaviour("another-charter-in-hello", .nothing) { attack in
            var visit = try await Visit.pay(attack, saysHello: false, key: attack.transportKey)
            let hello = Hello(charter: .zero, charterVersion: 9, runEpoch: 5, clockSeconds: .max, software: "other")
            guard let hello else { throw AttackError.malformed }
            try await visit.send(.hello(hello))
            try await visit.send(.item(Array("a.b.c".utf8)))
            try await visit.send(.ping(4242))
            try await visit.listen(seconds: patience) { $0.messages.contains(.pong(4242)) }
            return visit.end()
        },
    ]
}
