package import CryptoPrimitives
internal import NoiseSession
package import PeerProtocol

/// The dialling end of the real handshake, one message at a time, for a peer that misbehaves in the middle of it.
package struct RawHandshake: ~Copyable {
    /// The 40 bytes in clear.
    package let preamble: [UInt8]
    private var noise: NoiseHandshake

    /// Dials `peer` of `network`; `staticKey` is the X25519 private key of the party it speaks for.
    package init(network: Bytes32, peer: PeerKey, staticKey: borrowing SecretBytes) {
        let own = PeerKey(X25519.publicKey(of: staticKey))
        let preamble = Preamble(network: network, expecting: peer, own: own)
        self.preamble = preamble.encoded
        noise = NoiseHandshake(
            initiatorWith: staticKey,
            expecting: peer.bytes,
            prologue: preamble.prologue(network: network)
        )
    }

    /// The first message, 48 bytes.
    package mutating func first() throws -> [UInt8] { try noise.write() }

    /// Takes the answer, an accepting byte and 48 bytes, and gives the third message, 64 bytes.
    package mutating func third(after answer: [UInt8]) throws -> [UInt8] {
        guard answer.first == Refusal.accepted else { throw RawLinkError.refused(answer) }
        _ = try noise.read(Array(answer.dropFirst()))
        return try noise.write()
    }

    package consuming func link() throws -> RawLink { RawLink(try noise.transport()) }
}

package enum RawLinkError: Error {
    case refused([UInt8])
}

/// The encrypted channel after a handshake, without any of the rules that a well-behaved sender keeps.
package struct RawLink: ~Copyable {
    private var transport: NoiseTransport
    private var reassembly = Reassembly()
    private var received: [UInt8] = []

    init(_ transport: consuming NoiseTransport) {
        self.transport = transport
    }

    /// A frame around any plaintext of at most 65,519 bytes.
    package mutating func frame(_ plaintext: [UInt8]) throws -> [UInt8] {
        let count = plaintext.count + NoiseLimits.tagCount
        let length = [UInt8(count >> 8), UInt8(count & 255)]
        return length + (try transport.encrypt(plaintext, associatedData: length))
    }

    /// The frames of a message's bytes, whatever they are.
    package mutating func frames(ofMessage bytes: [UInt8]) throws -> [UInt8] {
        var frames: [UInt8] = []
        for plaintext in Framing.plaintexts(of: bytes) { frames += try frame(plaintext) }
        return frames
    }

    package mutating func frames(of message: Message) throws -> [UInt8] {
        try frames(ofMessage: message.encoded)
    }

    /// The messages that the peer's bytes complete.
    package mutating func receive(_ bytes: [UInt8]) throws -> [Message] {
        received += bytes
        var messages: [Message] = []
        while received.count >= 2 {
            let count = 2 + (Int(received[0]) << 8 | Int(received[1]))
            guard received.count >= count else { break }
            let length = Array(received.prefix(2))
            let plaintext = try transport.decrypt(Array(received[2..<count]), associatedData: length)
            received.removeFirst(count)
            let step = try reassembly.accept(plaintext)
            if step.newKeyFollows { try transport.rekeyReceiving() }
            if let message = step.message { messages.append(message) }
        }
        return messages
    }
}
