internal import CryptoPrimitives
internal import PeerProtocol

/// What a caller does before it has shown a key.
extension Misbehaviour {
    static let beforeKeys: [Misbehaviour] = preambles + points + handshakes

    private static func preamble(_ attack: Attack, change: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
        let own = PeerKey(X25519.publicKey(of: attack.transportKey))
        var bytes = Preamble(network: attack.network, expecting: attack.peer, own: own).encoded
        change(&bytes)
        return bytes
    }

    private static let preambles: [Misbehaviour] = [
        callingWith("wrong-magic", .silence) { attack in preamble(attack) { $0[0] ^= 1 } },
        callingWith("speaks-http", .silence) { _ in
            Array("GET /status HTTP/1.1\r\nHost: node\r\nAccept: */*\r\n\r\n".utf8)
        },
        callingWith("speaks-tls", .silence) { _ in
            [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3] + [UInt8](repeating: 7, count: 64)
        },
        callingWith("zeros-only", .silence) { _ in [UInt8](repeating: 0, count: 100_000) },
        callingWith("wrong-version", .refusal(.version)) { attack in preamble(attack) { $0[5] = 2 } },
        callingWith("version-zero", .refusal(.version)) { attack in preamble(attack) { $0[5] = 0 } },
        callingWith("reserved-bytes-set", .refusal(.version)) { attack in preamble(attack) { $0[7] = 1 } },
        callingWith("wrong-network", .refusal(.network)) { attack in preamble(attack) { $0[8] ^= 1 } },
        callingWith("wrong-key-expected", .refusal(.someoneElse)) { attack in preamble(attack) { $0[16] ^= 1 } },
        callingWith("claims-the-victims-key", .refusal(.oneself)) { attack in
            preamble(attack) { $0.replaceSubrange(32..<40, with: attack.peer.bytes.array.prefix(8)) }
        },
        Misbehaviour("preamble-cut-off", .nothing) { attack in
            let connection = try await HostileConnection.open(to: attack.port)
            await connection.send(Array(preamble(attack).prefix(39)))
            connection.close()
            return Outcome()
        },
    ]

    /// Bytes in place of the first handshake message.
    private static func first(_ name: String, _ message: @escaping @Sendable ([UInt8]) -> [UInt8]) -> Misbehaviour {
        callingWith(name, .silence) { attack in
            var handshake = RawHandshake(
                network: attack.network,
                peer: attack.peer,
                staticKey: attack.transportKey
            )
            return handshake.preamble + message(try handshake.first())
        }
    }

    /// Points of small order and spellings that are not canonical, in the order of RFC 7748's security considerations.
    private static let badPoints: [(name: String, hex: String)] = [
        ("zero", "0000000000000000000000000000000000000000000000000000000000000000"),
        ("one", "0100000000000000000000000000000000000000000000000000000000000000"),
        ("order-8", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
        ("order-8-twin", "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
        ("minus-one", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("zero-respelled", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("one-respelled", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ("high-bit", "0000000000000000000000000000000000000000000000000000000000000080"),
    ]

    private static let points: [Misbehaviour] = badPoints.map { point in
        first("ephemeral-\(point.name)") { message in (Hex.decode(point.hex) ?? []) + message.dropFirst(32) }
    }

    private static let handshakes: [Misbehaviour] = [
        first("first-message-altered") { message in
            var message = message
            message[40] ^= 1
            return message
        },
        first("first-message-of-zeros") { _ in [UInt8](repeating: 0, count: 48) },
        third("third-message-altered") { third, _ in
            var third = third
            third[3] ^= 1
            return third
        },
        third("third-message-is-the-answer-reflected") { _, answer in
            Array(answer.dropFirst()) + [UInt8](repeating: 0, count: 16)
        },
        third("third-message-is-random") { _, _ in PublicRandom.bytes(count: 64) },
        Misbehaviour("handshake-cut-off", .nothing) { attack in
            let connection = try await HostileConnection.open(to: attack.port)
            var handshake = RawHandshake(
                network: attack.network,
                peer: attack.peer,
                staticKey: attack.transportKey
            )
            await connection.send(handshake.preamble + (try handshake.first().prefix(47)))
            connection.close()
            return Outcome()
        },
        Misbehaviour("first-message-twice", .silence) { attack in
            let connection = try await HostileConnection.open(to: attack.port, from: "127.0.0.9")
            var handshake = RawHandshake(
                network: attack.network,
                peer: attack.peer,
                staticKey: attack.transportKey
            )
            let first = try handshake.first()
            await connection.send(handshake.preamble + first + first + first)
            _ = await connection.wait(seconds: patience) { $0.isClosed }
            var outcome = Outcome()
            outcome.isClosed = connection.isClosed
            connection.close()
            return outcome
        },
        Misbehaviour("replays-a-whole-connection", .silence) { attack in
            var said: [UInt8] = []
            let connection = try await HostileConnection.open(to: attack.port)
            var handshake = RawHandshake(
                network: attack.network,
                peer: attack.peer,
                staticKey: attack.transportKey
            )
            said += handshake.preamble + (try handshake.first())
            await connection.send(said)
            _ = await connection.wait(seconds: patience) { $0.receivedCount >= 49 }
            said += try handshake.third(after: Array(connection.take().prefix(49)))
            var link = try handshake.link()
            said += try link.frames(of: attack.hello())
            connection.close()
            let again = try await HostileConnection.open(to: attack.port, from: "127.0.0.9")
            await again.send(said)
            return await end(again, patience: patience)
        },
        Misbehaviour("unlisted-key", .bye(.unlisted, "not in the charter's roster")) { attack in
            var visit = try await Visit.pay(attack, saysHello: false, key: .random(count: 32))
            try await visit.listen(seconds: patience)
            return visit.end()
        },
    ]

    /// Bytes in place of the third handshake message, given the right one and the node's answer.
    private static func third(
        _ name: String,
        _ message: @escaping @Sendable ([UInt8], [UInt8]) -> [UInt8]
    ) -> Misbehaviour {
        Misbehaviour(name, .silence) { attack in
            let connection = try await HostileConnection.open(to: attack.port, from: "127.0.0.9")
            var handshake = RawHandshake(
                network: attack.network,
                peer: attack.peer,
                staticKey: attack.transportKey
            )
            await connection.send(handshake.preamble + (try handshake.first()))
            _ = await connection.wait(seconds: patience) { $0.receivedCount >= 49 }
            let answer = connection.take()
            await connection.send(message(try handshake.third(after: answer), answer))
            return await end(connection, patience: patience)
        }
    }
}
