import CryptoPrimitives
import Testing

@testable import NoiseSession

@Suite struct TransportTests {
    @Test func `messages arrive in both directions`() throws {
        var session = try Fixture.session()
        for number in 0..<10 as Range<UInt8> {
            let there = try session.initiator.encrypt([number], associatedData: [1])
            #expect(try session.responder.decrypt(there, associatedData: [1]) == [number])
            let back = try session.responder.encrypt([number, number])
            #expect(try session.initiator.decrypt(back) == [number, number])
        }
    }

    @Test func `every altered byte is refused and kills the session`() throws {
        for index in 0..<21 {
            var session = try Fixture.session()
            var message = try session.initiator.encrypt([1, 2, 3, 4, 5])
            message[index] ^= 0x80
            expectError(.transportAuthentication(message: 0)) { () throws(NoiseError) in
                _ = try session.responder.decrypt(message)
            }
            expectError(.failedBefore) { () throws(NoiseError) in _ = try session.responder.decrypt(message) }
            expectError(.failedBefore) { () throws(NoiseError) in _ = try session.responder.encrypt([]) }
            expectError(.failedBefore) { () throws(NoiseError) in try session.responder.rekeySending() }
        }
    }

    @Test func `a replayed, a reordered, a reflected and a lost message are refused`() throws {
        var replayed = try Fixture.session()
        let message = try replayed.initiator.encrypt([1])
        _ = try replayed.responder.decrypt(message)
        expectError(.transportAuthentication(message: 1)) { () throws(NoiseError) in
            _ = try replayed.responder.decrypt(message)
        }
        var reordered = try Fixture.session()
        _ = try reordered.initiator.encrypt([1])
        let second = try reordered.initiator.encrypt([2])
        expectError(.transportAuthentication(message: 0)) { () throws(NoiseError) in
            _ = try reordered.responder.decrypt(second)
        }
        var reflected = try Fixture.session()
        let own = try reflected.initiator.encrypt([1])
        expectError(.transportAuthentication(message: 0)) { () throws(NoiseError) in
            _ = try reflected.initiator.decrypt(own)
        }
    }

    @Test func `other associated data is refused`() throws {
        var session = try Fixture.session()
        let message = try session.initiator.encrypt([1], associatedData: [0, 17])
        expectError(.transportAuthentication(message: 0)) { () throws(NoiseError) in
            _ = try session.responder.decrypt(message, associatedData: [0, 18])
        }
    }

    @Test func `a plaintext of 65,519 bytes fits and one more byte does not`() throws {
        var session = try Fixture.session()
        let largest = [UInt8](repeating: 1, count: 65_519)
        let message = try session.initiator.encrypt(largest)
        #expect(message.count == 65_535)
        #expect(try session.responder.decrypt(message) == largest)
        expectError(.plaintextTooLong(count: 65_520)) { () throws(NoiseError) in
            _ = try session.initiator.encrypt([UInt8](repeating: 1, count: 65_520))
        }
        // Refused before anything was spent, so the session goes on.
        #expect(try session.responder.decrypt(try session.initiator.encrypt([1])) == [1])
    }

    @Test(arguments: [0, 15, 65_536])
    func `a message shorter than its tag or longer than the limit is refused`(count: Int) throws {
        var session = try Fixture.session()
        expectError(.transportMessageLength(count: count)) { () throws(NoiseError) in
            _ = try session.responder.decrypt([UInt8](repeating: 0, count: count))
        }
    }

    @Test func `both ends replace a key after 65,536 messages`() throws {
        var session = try Fixture.session()
        for number in 0..<NoiseLimits.messagesPerKey + 3 {
            let message = try session.initiator.encrypt([UInt8(truncatingIfNeeded: number)])
            let plaintext = try session.responder.decrypt(message)
            if plaintext != [UInt8(truncatingIfNeeded: number)] { Issue.record("message \(number) was altered") }
        }
    }

    @Test func `the key changes exactly after message 65,536`() throws {
        let key = SecretBytes.random(count: 32)
        var cipher = CipherState(key: key.duplicate())
        for _ in 0..<NoiseLimits.messagesPerKey { _ = try cipher.seal([], associatedData: []) }
        let after = try cipher.seal([], associatedData: [])
        let counter = NoiseLimits.messagesPerKey
        let next = ChaCha20Poly1305.rekey(key)
        #expect(after == ChaCha20Poly1305.seal([], key: next, counter: counter, associatedData: []))
        #expect(after != ChaCha20Poly1305.seal([], key: key, counter: counter, associatedData: []))
    }

    @Test func `rekeying on request keeps a direction in step and rekeying alone breaks it`() throws {
        var session = try Fixture.session()
        try session.initiator.rekeySending()
        try session.responder.rekeyReceiving()
        #expect(try session.responder.decrypt(try session.initiator.encrypt([1])) == [1])
        #expect(try session.initiator.decrypt(try session.responder.encrypt([2])) == [2])
        try session.initiator.rekeySending()
        let message = try session.initiator.encrypt([3])
        expectError(.transportAuthentication(message: 1)) { () throws(NoiseError) in
            _ = try session.responder.decrypt(message)
        }
    }

    @Test func `the last counter value is never used for a message`() throws {
        var sealing = CipherState(key: .random(count: 32), counter: .max - 1)
        _ = try sealing.seal([1], associatedData: [])
        expectError(.nonceExhausted) { () throws(NoiseError) in _ = try sealing.seal([1], associatedData: []) }
        var opening = CipherState(key: .random(count: 32), counter: .max)
        expectError(.nonceExhausted) { () throws(NoiseError) in
            _ = try opening.open([UInt8](repeating: 0, count: 16), associatedData: [])
        }
    }
}
