import CryptoPrimitives
import SeededNumbers
import Testing

@testable import PeerProtocol

@Suite struct FramingTests {
    @Test(arguments: [1, 252, 253, 254, 65_276, 65_277, 65_278, 200_000, 1 << 20])
    func `a message of any size survives cutting and joining`(count: Int) throws {
        let message = Message.item([UInt8](repeating: 7, count: count))
        let plaintexts = Framing.plaintexts(of: message.encoded)
        var reassembly = Reassembly()
        for (index, plaintext) in plaintexts.enumerated() {
            #expect(plaintext.count.isMultiple(of: 256) && plaintext.count <= Limits.plaintextBytes)
            let step = try reassembly.accept(plaintext)
            #expect((step.message == message) == (index == plaintexts.count - 1))
        }
        #expect(reassembly.pendingCount == 0)
    }

    @Test func `messages of up to 252 bytes look alike`() {
        let sizes = [1, 100, 252].map { Framing.plaintexts(of: Message.item([UInt8](repeating: 1, count: $0)).encoded) }
        #expect(sizes.map(\.count) == [1, 1, 1])
        #expect(sizes.map(\.[0].count) == [256, 256, 256])
        #expect(Framing.plaintexts(of: Message.item([UInt8](repeating: 1, count: 253)).encoded)[0].count == 512)
    }

    @Test func `a frame fits 65,277 message bytes, and no frame is larger than 65,535`() {
        #expect(Limits.fragmentBytes == 65_277)
        #expect(Limits.plaintextBytes + 16 <= Limits.frameBytes)
        #expect(SessionChannel.isFrameLength(Limits.plaintextBytes + 16))
        #expect(!SessionChannel.isFrameLength(65_535))
        #expect(!SessionChannel.isFrameLength(0))
        #expect(!SessionChannel.isFrameLength(16))
        #expect(SessionChannel.isFrameLength(272))
        #expect(!SessionChannel.isFrameLength(271))
    }

    @Test func `malformed plaintexts are refused by name`() {
        let good = Framing.plaintexts(of: Message.ping(1).encoded)[0]
        var flags = good
        flags[0] = 4
        refuses(flags, .frameFlags(4))
        var empty = good
        empty.replaceSubrange(1...2, with: [0, 0])
        refuses(empty, .fragmentLength(count: 0, plaintext: 256))
        var long = good
        long.replaceSubrange(1...2, with: [0, 254])
        refuses(long, .fragmentLength(count: 254, plaintext: 256))
        var padding = good
        padding[255] = 1
        refuses(padding, .padding)
        refuses(good + [UInt8](repeating: 0, count: 256), .fragmentLength(count: 9, plaintext: 512))
        var more = good
        more[0] = Framing.moreFollows
        refuses(more, .fragmentNotFull(count: 9))
        var unknown = good
        unknown[3] = 99
        refuses(unknown, .unknownMessage(type: 99))
        refuses([], .frameLength(count: 0))
    }

    @Test(arguments: MessageKind.allCases)
    func `a message above its kind's limit is refused before more than the limit is held`(kind: MessageKind) {
        var reassembly = Reassembly()
        let plaintexts = Framing.plaintexts(of: [kind.rawValue] + [UInt8](repeating: 0, count: kind.limit + 1))
        var refusal: PeerProtocolError?
        for plaintext in plaintexts {
            refusal = errorOf { () throws(PeerProtocolError) in _ = try reassembly.accept(plaintext) }
            #expect(reassembly.pendingCount <= kind.limit + 1)
        }
        #expect(refusal == .messageLength(kind, count: kind.limit + 1, limit: kind.limit))
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `no plaintext traps`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var reassembly = Reassembly()
        for _ in 0..<4 {
            var plaintext = [UInt8](repeating: 0, count: 256 * Int.random(in: 0...3, using: &random))
            for _ in 0..<8 where !plaintext.isEmpty {
                plaintext[Int.random(in: 0..<min(20, plaintext.count), using: &random)] = UInt8.random(
                    in: 0...8,
                    using: &random
                )
            }
            _ = errorOf { () throws(PeerProtocolError) in _ = try reassembly.accept(plaintext) }
        }
    }

    private func refuses(
        _ plaintext: [UInt8],
        _ expected: PeerProtocolError,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var reassembly = Reassembly()
        let error = errorOf { () throws(PeerProtocolError) in _ = try reassembly.accept(plaintext) }
        #expect(error == expected, sourceLocation: sourceLocation)
    }
}
