internal import CryptoPrimitives
internal import PeerProtocol

/// What a peer does too much of, or too slowly.
extension Misbehaviour {
    static let floods: [Misbehaviour] = [
        visiting("ping-flood", .nothing) { visit, _ in
            for number in 0..<2_000 as Range<UInt64> { try await visit.send(.ping(number)) }
        },
        visiting("want-flood", .nothing) { visit, _ in
            for number in 0..<100 as Range<UInt8> {
                let identifiers = (0..<256).map { SHA256.hash([number, UInt8($0)]) }
                try await visit.send(.want(identifiers))
            }
        },
        visiting("have-flood", .nothing) { visit, _ in
            for number in 1..<100 as Range<UInt8> {
                let identifiers = (0..<1024).map { SHA256.hash([number, UInt8($0 & 255), UInt8($0 >> 8)]) }
                try await visit.send(.have(upTo: UInt64(number) * 1024, identifiers: identifiers))
            }
        },
        visiting("subscribe-flood", .nothing) { visit, _ in
            for _ in 0..<2_000 { try await visit.send(.subscribe(after: 0)) }
        },
        visiting("item-flood", .bye(.violation, "items in a minute that do not verify")) { visit, _ in
            for number in 0..<400 as Range<UInt16> {
                try await visit.send(
                    .item(Array("\(number)".utf8) + [UInt8](repeating: UInt8(ascii: "."), count: 10_000))
                )
            }
        },
        Misbehaviour("byes-one-after-the-other", .nothing) { attack in
            var visit = try await Visit.pay(attack, key: attack.transportKey)
            for _ in 0..<200 { try await visit.send(.bye(Bye(.leaving, "good night"))) }
            try await visit.listen(seconds: patience)
            return visit.end()
        },
        Misbehaviour("pings-and-never-reads", .cut("you do not read")) { attack in
            var visit = try await Visit.pay(attack, receiveBuffer: 4096, key: attack.transportKey)
            await visit.connection.setReading(false)
            // 274 bytes each, until there are more answers than sockets and the node's bound hold together. Who does not read
            // notices that the other end is gone when it writes.
            let deadline = ContinuousClock.now + .seconds(120)
            while !visit.connection.isClosed, ContinuousClock.now < deadline {
                var bytes: [UInt8] = []
                for number in 0..<500 as Range<UInt64> {
                    bytes += try visit.frame(plaintext(Message.ping(number).encoded))
                }
                await visit.connection.send(bytes)
            }
            try await visit.listen(seconds: 1)
            return visit.end()
        },
        Misbehaviour("reads-a-byte-now-and-then", .nothing) { attack in
            var visit = try await Visit.pay(attack, key: attack.transportKey)
            for _ in 0..<20 {
                await visit.connection.setReading(false)
                for number in 0..<50 as Range<UInt64> { try await visit.send(.ping(number)) }
                await visit.connection.setReading(true)
                try await visit.listen(seconds: 0.02)
            }
            return visit.end()
        },
        Misbehaviour("connects-1000-times", .nothing) { attack in
            for number in 0..<1_000 {
                let source = "127.0.0.\(2 + number % 200)"
                guard let connection = try? await HostileConnection.open(to: attack.port, from: source) else {
                    continue
                }
                connection.close()
            }
            return Outcome()
        },
        Misbehaviour("holds-200-connections", .nothing) { attack in
            var held: [HostileConnection] = []
            for number in 0..<200 {
                let source = "127.0.0.\(2 + number % 100)"
                if let connection = try? await HostileConnection.open(to: attack.port, from: source) {
                    connection.push([UInt8(ascii: "S")])
                    held.append(connection)
                }
            }
            try await Task.sleep(for: .milliseconds(500))
            for connection in held { connection.close() }
            return Outcome()
        },
        Misbehaviour("shakes-hands-100-times", .nothing) { attack in
            for _ in 0..<100 {
                do {
                    let visit = try await Visit.pay(attack, key: attack.transportKey)
                    _ = visit.end()
                } catch {
                    // Turned away, which is one of the things that may happen.
                    continue
                }
            }
            return Outcome()
        },
        Misbehaviour("two-runs-at-once", .twin, patience: 30) { attack in
            var first = try await Visit.pay(attack, epoch: 11, key: attack.transportKey)
            var second = try await Visit.pay(attack, epoch: 12, key: attack.transportKey)
            let deadline = ContinuousClock.now + .seconds(30)
            while !first.connection.isClosed, !second.connection.isClosed, ContinuousClock.now < deadline {
                try await first.listen(seconds: 0.1)
                try await second.listen(seconds: 0.1)
                // A live node answers whatever it is asked.
                try await first.answerPings()
            }
            _ = first.end()
            return second.end()
        },
        Misbehaviour("garbage-before-keys", .silence) { attack in
            let connection = try await HostileConnection.open(to: attack.port, from: "127.0.0.9")
            for _ in 0..<160 { connection.push([UInt8](repeating: 7, count: 65_536)) }
            return await end(connection, patience: patience)
        },
    ]

    /// Holds so many connections open, half of them from where peers are dialled, until the task is cancelled.
    package static func holding(_ count: Int, _ attack: Attack) async {
        var held: [HostileConnection] = []
        for number in 0..<count {
            let source = number.isMultiple(of: 2) ? "127.0.0.1" : "127.0.0.\(10 + number)"
            if let connection = try? await HostileConnection.open(to: attack.port, from: source) {
                held.append(connection)
            }
        }
        while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(20)) }
        for connection in held { connection.close() }
    }

    /// Waits for deadlines; each takes as long as the node gives.
    package static let deadlines: [Misbehaviour] = [
        Misbehaviour("connects-and-says-nothing", .silence, patience: 60) { attack in
            await end(try await HostileConnection.open(to: attack.port, from: "127.0.0.7"), patience: 60)
        },
        Misbehaviour("one-byte-a-second", .silence, patience: 60) { attack in
            let connection = try await HostileConnection.open(to: attack.port, from: "127.0.0.8")
            for byte in Array("STSL".utf8) + [0, 1, 0, 0] where !connection.isClosed {
                await connection.send([byte])
                _ = await connection.wait(seconds: 1) { $0.isClosed }
            }
            return await end(connection, patience: 60)
        },
        Misbehaviour("keys-and-no-hello", .cut("handshake not finished"), patience: 60) { attack in
            var visit = try await Visit.pay(attack, saysHello: false, key: attack.transportKey)
            try await visit.listen(seconds: 60)
            return visit.end()
        },
        Misbehaviour("third-message-cut-off", .silence, patience: 60) { attack in
            let connection = try await HostileConnection.open(to: attack.port)
            var handshake = RawHandshake(
                network: attack.network,
                peer: attack.peer,
                staticKey: attack.transportKey
            )
            await connection.send(handshake.preamble + (try handshake.first()))
            _ = await connection.wait(seconds: patience) { $0.receivedCount >= 49 }
            await connection.send(Array(try handshake.third(after: connection.take()).prefix(63)))
            return await end(connection, patience: 60)
        },
        visiting("frame-that-trickles", .bye(.violation, "not finished within 20000 ms"), patience: 60) { visit, _ in
            let bytes = try visit.frame(plaintext(Message.ping(1).encoded))
            for byte in bytes.prefix(22) where !visit.connection.isClosed {
                await visit.connection.send([byte])
                _ = await visit.connection.wait(seconds: 1) { $0.isClosed }
            }
        },
        visiting("message-that-never-ends", .bye(.violation, "not finished within 20000 ms"), patience: 60) {
            visit,
            _ in
            let item = Message.item([UInt8](repeating: UInt8(ascii: "."), count: 200_000)).encoded
            await visit.connection.send(try visit.frame(Framing.plaintexts(of: item)[0]))
        },
    ]
}

extension Visit {
    /// Answers every PING that has come, as an honest node does.
    mutating func answerPings() async throws {
        for number in takePings() { try await send(.pong(number)) }
    }
}
