import CryptoPrimitives
import SeededNumbers
import Testing

@testable import NoiseSession

@Suite struct HandshakeTests {
    @Test func `a handshake proves both static keys and gives both ends the same hash`() throws {
        let session = try Fixture.session()
        #expect(session.initiator.remoteStatic == Fixture.publicKey(Fixture.bob))
        #expect(session.responder.remoteStatic == Fixture.publicKey(Fixture.alice))
        #expect(session.initiator.handshakeHash == session.responder.handshakeHash)
    }

    @Test func `messages with empty payloads are 48, 48 and 64 bytes`() throws {
        var initiator = Fixture.initiator()
        var responder = Fixture.responder()
        let first = try initiator.write()
        _ = try responder.read(first)
        let second = try responder.write()
        _ = try initiator.read(second)
        let third = try initiator.write()
        #expect([first.count, second.count, third.count] == NoiseHandshake.messageCounts)
        for (index, count) in NoiseHandshake.messageCounts.enumerated() {
            #expect(HandshakePattern.xk.minimumCount(ofMessage: index) == count)
        }
    }

    @Test func `every altered byte of message 1 is refused`() throws {
        var initiator = Fixture.initiator()
        let message = try initiator.write(payload: [9])
        for index in message.indices {
            var responder = Fixture.responder()
            refuses(&responder, flip(message, at: index), message: 1)
        }
    }

    @Test func `every altered byte of message 2 is refused`() throws {
        for index in 0..<49 {
            var initiator = Fixture.initiator()
            var responder = Fixture.responder()
            _ = try responder.read(try initiator.write())
            refuses(&initiator, flip(try responder.write(payload: [9]), at: index), message: 2)
        }
    }

    @Test func `every altered byte of message 3 is refused`() throws {
        for index in 0..<65 {
            var initiator = Fixture.initiator()
            var responder = Fixture.responder()
            _ = try responder.read(try initiator.write())
            _ = try initiator.read(try responder.write())
            refuses(&responder, flip(try initiator.write(payload: [9]), at: index), message: 3)
        }
    }

    @Test func `every truncation of every message is refused`() throws {
        for count in 0..<48 {
            var initiator = Fixture.initiator()
            var responder = Fixture.responder()
            let message = Array(try initiator.write().prefix(count))
            expectError(.handshakeMessageLength(message: 1, count: count, minimum: 48)) { () throws(NoiseError) in
                _ = try responder.read(message)
            }
        }
        for count in 0..<64 {
            var initiator = Fixture.initiator()
            var responder = Fixture.responder()
            _ = try responder.read(try initiator.write())
            _ = try initiator.read(try responder.write())
            let message = Array(try initiator.write().prefix(count))
            let error = errorOf { () throws(NoiseError) in _ = try responder.read(message) }
            #expect(error != nil)
            #expect(responder.nextStep == .failed)
        }
    }

    @Test func `a message of 65,536 bytes is refused and one of 65,535 is judged by its tag`() throws {
        var responder = Fixture.responder()
        expectError(.handshakeMessageLength(message: 1, count: 65_536, minimum: 48)) { () throws(NoiseError) in
            _ = try responder.read([UInt8](repeating: 7, count: 65_536))
        }
        var other = Fixture.responder()
        expectError(.handshakeAuthentication(message: 1)) { () throws(NoiseError) in
            _ = try other.read([UInt8](repeating: 7, count: 65_535))
        }
    }

    @Test func `a payload that does not fit one message is refused`() {
        var initiator = Fixture.initiator()
        expectError(.plaintextTooLong(count: 65_488)) { () throws(NoiseError) in
            _ = try initiator.write(payload: [UInt8](repeating: 0, count: 65_488))
        }
    }

    @Test func `dialling someone else fails at message 1`() throws {
        var initiator = Fixture.initiator(expecting: Fixture.alice)
        var responder = Fixture.responder()
        let message = try initiator.write()
        expectError(.handshakeAuthentication(message: 1)) { () throws(NoiseError) in _ = try responder.read(message) }
    }

    @Test func `another prologue fails at message 1`() throws {
        var initiator = Fixture.initiator(prologue: [1])
        var responder = Fixture.responder(prologue: [2])
        let message = try initiator.write()
        expectError(.handshakeAuthentication(message: 1)) { () throws(NoiseError) in _ = try responder.read(message) }
    }

    @Test func `a recorded message 3 is refused by a responder with a fresh ephemeral key`() throws {
        var initiator = Fixture.initiator()
        var responder = Fixture.responder()
        let first = try initiator.write()
        _ = try responder.read(first)
        _ = try initiator.read(try responder.write())
        let third = try initiator.write()

        var later = NoiseHandshake(responderWith: SecretBytes(copying: Fixture.bob), prologue: Fixture.prologue)
        _ = try later.read(first)
        _ = try later.write()
        expectError(.handshakeAuthentication(message: 3)) { () throws(NoiseError) in _ = try later.read(third) }
    }

    @Test func `reflecting message 1 back is refused`() throws {
        var initiator = Fixture.initiator()
        let message = try initiator.write()
        expectError(.handshakeAuthentication(message: 2)) { () throws(NoiseError) in _ = try initiator.read(message) }
    }

    @Test(arguments: smallOrderKeys)
    func `an ephemeral key of small order is refused by either end`(key: String) throws {
        let key = try bytes(key)
        var responder = Fixture.responder()
        expectError(.smallOrderKey(message: 1)) { () throws(NoiseError) in
            _ = try responder.read(key + [UInt8](repeating: 0, count: 16))
        }
        var initiator = Fixture.initiator()
        _ = try initiator.write()
        expectError(.smallOrderKey(message: 2)) { () throws(NoiseError) in
            _ = try initiator.read(key + [UInt8](repeating: 0, count: 16))
        }
    }

    @Test func `expecting a static key of small order is refused before anything is sent`() {
        var initiator = NoiseHandshake(
            initiatorWith: SecretBytes(copying: Fixture.alice),
            expecting: .zero,
            prologue: []
        )
        expectError(.smallOrderKey(message: 1)) { () throws(NoiseError) in _ = try initiator.write() }
    }

    @Test func `calls out of turn name the next step and change nothing`() throws {
        var initiator = Fixture.initiator()
        expectError(.outOfTurn(expected: .write)) { () throws(NoiseError) in _ = try initiator.read([]) }
        #expect(initiator.nextStep == .write)
        _ = try initiator.write()
        expectError(.outOfTurn(expected: .read)) { () throws(NoiseError) in _ = try initiator.write() }
        #expect(initiator.nextStep == .read)
        let early = transportError(Fixture.initiator())
        #expect(early == .outOfTurn(expected: .write))
    }

    @Test func `a failed handshake stays dead`() {
        var responder = Fixture.responder()
        _ = errorOf { () throws(NoiseError) in _ = try responder.read([]) }
        #expect(responder.nextStep == .failed)
        expectError(.failedBefore) { () throws(NoiseError) in _ = try responder.read([]) }
        expectError(.failedBefore) { () throws(NoiseError) in _ = try responder.write() }
        let late = transportError(responder)
        #expect(late == .failedBefore)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `no bytes make a handshake trap`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let noise = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        var responder = Fixture.responder()
        #expect(errorOf { () throws(NoiseError) in _ = try responder.read(noise) } != nil)
        var initiator = Fixture.initiator()
        _ = try initiator.write()
        #expect(errorOf { () throws(NoiseError) in _ = try initiator.read(noise) } != nil)
    }

    private func refuses(_ end: inout NoiseHandshake, _ altered: [UInt8], message: Int) {
        let error = errorOf { () throws(NoiseError) in _ = try end.read(altered) }
        #expect(error == .handshakeAuthentication(message: message))
        #expect(end.nextStep == .failed)
    }

    private func transportError(_ handshake: consuming NoiseHandshake) -> NoiseError? {
        do throws(NoiseError) {
            _ = try handshake.transport()
            return nil
        } catch {
            return error
        }
    }

    private func flip(_ message: [UInt8], at index: Int) -> [UInt8] {
        var message = message
        message[index] ^= 1
        return message
    }

    /// The points of small order on Curve25519 and their non-canonical spellings (RFC 7748 §6.1).
    static let smallOrderKeys = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    ]
}

/// The error a call ends with, if any.
func errorOf(_ body: () throws(NoiseError) -> Void) -> NoiseError? {
    do throws(NoiseError) {
        try body()
        return nil
    } catch {
        return error
    }
}

func expectError(
    _ expected: NoiseError,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws(NoiseError) -> Void
) {
    #expect(errorOf(body) == expected, sourceLocation: sourceLocation)
}
