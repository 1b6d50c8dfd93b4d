import CryptoPrimitives
import NoiseSession
import SeededNumbers
import Testing

@testable import PeerProtocol

@Suite struct PeerSessionTests {
    let alice = Node.alice
    let bob = Node.bob

    @Test(arguments: [1, 2, 3, 7, 64, 1000, .max])
    func `two nodes connect whatever the pieces their bytes arrive in`(chunk: Int) throws {
        var connection = Connection(try alice.dial(bob.key), try bob.accept())
        connection.run(chunk: chunk)
        #expect(connection.diallerEvents == [.connected(bob.key, try bob.hello)])
        #expect(connection.responderEvents == [.connected(alice.key, try alice.hello)])
        let item = Message.item([UInt8](repeating: 3, count: 100_000))
        connection.fromDialler(connection.dialler.send(item, at: .start))
        #expect(connection.responderEvents.last == .message(item))
        connection.fromResponder(connection.responder.send(.subscribe(after: 4), at: .start))
        #expect(connection.diallerEvents.last == .message(.subscribe(after: 4)))
    }

    @Test func `the dialler's first bytes are preamble and message 1`() throws {
        var session = try alice.dial(bob.key)
        let bytes = session.start().bytes
        #expect(bytes.count == 88)
        #expect(Array(bytes.prefix(4)) == Array("STSL".utf8))
    }

    @Test func `another network is named to the dialler, who reports it`() throws {
        var other = alice
        other.network = SHA256.hash([1])
        var connection = Connection(try other.dial(bob.key), try bob.accept())
        connection.run()
        let ours = String(repeating: "0", count: 16)
        let theirs = String(SHA256.hash([1]).description.prefix(16))
        let error = PeerProtocolError.preamble(.networkMismatch(theirs: theirs, ours: ours))
        #expect(connection.responderEvents == [.closed(.fault(error, nil))])
        #expect(refusal(connection.diallerEvents)?.reason == .network)
        #expect(connection.diallerEvents.first?.text.contains(ours) == true)
    }

    @Test func `dialling someone else's address says who is there`() throws {
        var connection = Connection(try alice.dial(Node.carol.key), try bob.accept())
        connection.run()
        #expect(refusal(connection.diallerEvents)?.reason == .someoneElse)
        #expect(connection.diallerEvents.first?.text.contains("I am \(bob.key)") == true)
        #expect(connection.responder.isClosed == true)
    }

    @Test func `dialling oneself is named`() throws {
        var connection = Connection(try alice.dial(alice.key), try alice.accept())
        connection.run()
        #expect(refusal(connection.diallerEvents)?.reason == .oneself)
    }

    @Test func `another version is named`() throws {
        var dialler = try alice.dial(bob.key)
        var bytes = dialler.start().bytes
        bytes[5] = 2
        var responder = try bob.accept()
        let output = responder.receive(bytes, at: .start)
        #expect(output.events == [.closed(.fault(.preamble(.versionMismatch(theirs: 2)), nil))])
        let answer = dialler.receive(output.bytes, at: .start)
        #expect(refusal(answer.events)?.reason == .version)
    }

    @Test func `a stranger's protocol gets no answer`() throws {
        var responder = try bob.accept()
        let output = responder.receive(Array("GET / HTTP/1.1\r\nHost: example\r\n\r\nxxxxxxxxxxxxxxx".utf8), at: .start)
        #expect(output.bytes.isEmpty)
        #expect(output.events == [.closed(.fault(.preamble(.foreignProtocol), nil))])
    }

    @Test func `an altered preamble fails the handshake even where nobody compares it`() throws {
        var dialler = try alice.dial(bob.key)
        var bytes = dialler.start().bytes
        bytes[39] ^= 1
        var responder = try bob.accept()
        let output = responder.receive(bytes, at: .start)
        #expect(output.events == [.closed(.fault(.handshake(.handshakeAuthentication(message: 1)), nil))])
    }

    @Test func `an unlisted key is told so over the authenticated channel`() throws {
        var closedRoster = bob
        closedRoster.roster = PeerRoster([(Node.carol.key, "carol")])
        var connection = Connection(try alice.dial(bob.key), try closedRoster.accept())
        connection.run()
        #expect(connection.responderEvents == [.closed(.fault(.unlisted(alice.key), alice.key))])
        guard case .closed(.byeReceived(let bye, bob.key)) = connection.diallerEvents.last else {
            Issue.record("no bye: \(connection.diallerEvents)")
            return
        }
        #expect(bye.reason == .unlisted)
        #expect(bye.description.contains("not in the charter's roster"))
    }

    @Test func `a refusal's text is printable and bounded`() throws {
        for answer in [[1, 3, 65, 10, 65], [1, 201] + [UInt8](repeating: 65, count: 201)] as [[UInt8]] {
            var session = try alice.dial(bob.key)
            _ = session.start()
            let output = session.receive(answer, at: .start)
            #expect(output.events == [.closed(.fault(.malformedAnswer, nil))])
        }
        var session = try alice.dial(bob.key)
        _ = session.start()
        let output = session.receive([1, 200] + [UInt8](repeating: 65, count: 200), at: .start)
        #expect(refusal(output.events)?.text.description.count == 200)
    }

    @Test func `the handshake has one deadline however the bytes trickle`() throws {
        var dialler = try alice.dial(bob.key)
        let bytes = dialler.start().bytes
        var responder = try bob.accept()
        let limit = SessionTiming().handshakeMilliseconds
        for (index, byte) in bytes.prefix(80).enumerated() {
            let now = MonotonicInstant.start.after(milliseconds: UInt64(index) * (limit - 1) / 80)
            #expect(responder.receive([byte], at: now).events.isEmpty)
            #expect(responder.tick(at: now).events.isEmpty)
        }
        #expect(responder.tick(at: .start.after(milliseconds: limit - 1)).events.isEmpty)
        let output = responder.tick(at: .start.after(milliseconds: limit))
        #expect(output.events == [.closed(.fault(.handshakeTimeout(milliseconds: limit), nil))])
    }

    @Test func `a peer that proves its key and then says nothing is cut by the same deadline`() throws {
        var dialler = try alice.dial(bob.key)
        var responder = try bob.accept()
        let first = responder.receive(dialler.start().bytes, at: .start)
        let third = dialler.receive(first.bytes, at: .start).bytes.prefix(64)
        _ = responder.receive(Array(third), at: .start)
        let isAuthenticated = responder.isAuthenticated
        #expect(isAuthenticated)
        let output = responder.tick(at: .start.after(milliseconds: 5_000))
        #expect(output.events == [.closed(.fault(.handshakeTimeout(milliseconds: 5_000), alice.key))])
    }

    @Test func `before keys at most 88 bytes are held and after them one frame and one message`() throws {
        var responder = try bob.accept()
        for _ in 0..<39 { _ = responder.receive([83], at: .start) }
        #expect(responder.bufferedCount == 39)
        var connection = try Connection.established()
        let item = connection.dialler.send(.item([UInt8](repeating: 1, count: 1 << 20)), at: .start)
        for position in stride(from: 0, to: item.count, by: 10_000) {
            _ = connection.responder.receive(Array(item[position..<min(position + 10_000, item.count)]), at: .start)
            #expect(connection.responder.bufferedCount <= Limits.itemBytes + Limits.frameBytes + 3)
        }
        #expect(connection.responder.bufferedCount == 0)
    }

    @Test func `pings go out every 20 s and silence ends the connection after 60 s`() throws {
        var connection = try Connection.established()
        let deadline = connection.dialler.nextDeadline
        #expect(deadline == .start.after(milliseconds: 20_000))
        for seconds in [20, 40] as [UInt64] {
            let output = connection.dialler.tick(at: .start.after(milliseconds: seconds * 1_000))
            #expect(output.bytes.isEmpty == false)
            #expect(output.events.isEmpty)
        }
        #expect(connection.dialler.tick(at: .start.after(milliseconds: 59_999)).events.isEmpty)
        let end = connection.dialler.tick(at: .start.after(milliseconds: 60_000))
        #expect(end.events == [.closed(.fault(.silent(milliseconds: 60_000), bob.key))])
    }

    @Test func `a peer that answers pings stays connected`() throws {
        var connection = try Connection.established()
        for seconds in stride(from: 20, through: 400, by: 20) as StrideThrough<UInt64> {
            let now = MonotonicInstant.start.after(milliseconds: seconds * 1_000)
            let ping = connection.dialler.tick(at: now)
            connection.fromDialler(ping.bytes, at: now)
            let other = connection.responder.tick(at: now)
            connection.fromResponder(other.bytes, at: now)
        }
        #expect(connection.dialler.isConnected == true)
        #expect(connection.responder.isConnected == true)
        #expect(connection.diallerEvents.count == 20)
    }

    @Test func `silence does not count while the shell is not reading`() throws {
        var connection = try Connection.established()
        connection.dialler.pauseReading()
        let later = MonotonicInstant.start.after(milliseconds: 600_000)
        #expect(connection.dialler.tick(at: later).events.isEmpty)
        connection.dialler.resumeReading(at: later)
        #expect(connection.dialler.tick(at: later.after(milliseconds: 59_999)).events.isEmpty)
        #expect(connection.dialler.tick(at: later.after(milliseconds: 60_000)).events.isEmpty == false)
    }

    @Test func `the sending key is replaced after its time and both ends stay in step`() throws {
        var connection = try Connection.established()
        for hour in 0...3 as ClosedRange<UInt64> {
            let now = MonotonicInstant.start.after(milliseconds: hour * 3_600_000)
            for number in 0..<3 as Range<UInt64> {
                connection.fromDialler(connection.dialler.send(.subscribe(after: number), at: now), at: now)
                connection.fromResponder(connection.responder.send(.subscribe(after: number), at: now), at: now)
            }
        }
        #expect(connection.responderEvents.count == 12)
        #expect(connection.diallerEvents.count == 12)
    }

    @Test func `an altered, a repeated and a skipped frame end the connection`() throws {
        var altered = try Connection.established()
        var bytes = altered.dialler.send(.ping(1), at: .start)
        bytes[100] ^= 1
        altered.fromDialler(bytes)
        let expected = SessionEnd.fault(.transport(.transportAuthentication(message: 1)), alice.key)
        #expect(altered.responderEvents == [.closed(expected)])

        var repeated = try Connection.established()
        let once = repeated.dialler.send(.subscribe(after: 1), at: .start)
        repeated.fromDialler(once + once)
        #expect(repeated.responderEvents.count == 2)
        #expect(repeated.responder.isClosed == true)

        var skipped = try Connection.established()
        _ = skipped.dialler.send(.subscribe(after: 1), at: .start)
        skipped.fromDialler(skipped.dialler.send(.subscribe(after: 2), at: .start))
        #expect(skipped.responderEvents == [.closed(expected)])
    }

    @Test(arguments: [0, 1, 16, 17, 271, 273, 65_535])
    func `a frame length no message has is refused before its bytes come`(length: Int) throws {
        var connection = try Connection.established()
        connection.fromDialler([UInt8(length >> 8), UInt8(length & 255)])
        #expect(connection.responderEvents == [.closed(.fault(.frameLength(count: length), alice.key))])
        guard case .closed(.byeReceived(let bye, _)) = connection.diallerEvents.last else {
            Issue.record("the peer is told why")
            return
        }
        #expect(bye.reason == .violation)
    }

    @Test func `HELLO comes first and once`() throws {
        var connection = try Connection.established()
        // A session that never said HELLO, made by cutting the dialler's HELLO off.
        var dialler = try alice.dial(bob.key)
        var responder = try bob.accept()
        let first = responder.receive(dialler.start().bytes, at: .start)
        let third = dialler.receive(first.bytes, at: .start).bytes.prefix(64)
        let second = responder.receive(Array(third), at: .start)
        _ = dialler.receive(second.bytes, at: .start)
        #expect(responder.isConnected == false)
        #expect(responder.send(.ping(1), at: .start).isEmpty)

        let hello = Message.hello(try alice.hello)
        connection.fromDialler(connection.dialler.send(hello, at: .start))
        #expect(connection.responderEvents == [.closed(.fault(.helloRepeated, alice.key))])
    }

    @Test func `anything but HELLO or BYE first is refused by name`() throws {
        var noise = NoiseHandshake(
            initiatorWith: alice.staticKey,
            expecting: bob.key.bytes,
            prologue: Preamble(network: .zero, expecting: bob.key, own: alice.key).prologue(network: .zero)
        )
        let preamble = Preamble(network: .zero, expecting: bob.key, own: alice.key)
        var responder = try bob.accept()
        let answer = responder.receive(preamble.encoded + (try noise.write()), at: .start).bytes
        _ = try noise.read(Array(answer.dropFirst()))
        let third = try noise.write()
        var channel = SessionChannel(try noise.transport(), at: .start)
        let output = responder.receive(third + channel.seal(.want([.zero]), at: .start, SessionTiming()), at: .start)
        #expect(output.events == [.closed(.fault(.helloExpected(.want), alice.key))])
    }

    @Test func `a closed session produces nothing more`() throws {
        var connection = try Connection.established()
        let farewell = connection.dialler.close(.leaving, "restart", at: .start)
        #expect(farewell.events == [.closed(.closedHere(Bye(.leaving, "restart")))])
        connection.fromDialler(farewell.bytes)
        #expect(connection.responderEvents == [.closed(.byeReceived(Bye(.leaving, "restart"), alice.key))])
        #expect(connection.dialler.send(.ping(1), at: .start).isEmpty)
        #expect(connection.dialler.receive([1, 2, 3], at: .start) == PeerSession.Output())
        #expect(connection.dialler.tick(at: .start.after(milliseconds: 1 << 40)) == PeerSession.Output())
        #expect(connection.dialler.close(.leaving, "", at: .start) == PeerSession.Output())
        #expect(connection.dialler.connectionLost() == PeerSession.Output())
        #expect(connection.dialler.nextDeadline == nil)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `no bytes make a session trap`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func noise() -> [UInt8] {
            (0..<Int.random(in: 1...500, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        var responder = try bob.accept()
        let preamble = Preamble(network: .zero, expecting: bob.key, own: alice.key).encoded
        _ = responder.receive(Bool.random(using: &random) ? preamble + noise() : noise(), at: .start)
        var dialler = try alice.dial(bob.key)
        _ = dialler.start()
        _ = dialler.receive(noise(), at: .start)
        var connection = try Connection.established()
        connection.fromDialler(noise())
        connection.fromResponder(noise())
    }

    private func refusal(_ events: [PeerSession.Event]) -> Refusal? {
        guard case .closed(.fault(.refused(let refusal), _)) = events.last else { return nil }
        return refusal
    }
}

extension PeerSession.Event {
    var text: String {
        guard case .closed(let end) = self else { return "" }
        return "\(end)"
    }
}
