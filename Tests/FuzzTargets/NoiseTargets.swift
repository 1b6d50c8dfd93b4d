internal import CryptoPrimitives
internal import NoiseSession

/// The handshake, with an input laid over what an honest other end sends: zeros change nothing.
///
/// Any other input is somebody in between who alters bytes, and both ends must notice.
extension FuzzTarget {
    static let noise = [responder, initiator]

    private static let responder = FuzzTarget(name: "noise-responder", maximumCount: 192) { bytes in
        let (altered, _) = try shake(alterFirst: Array(bytes.prefix(112)), alterSecond: [])
        try hold(altered == bytes.prefix(112).allSatisfy { $0 == 0 }, "an altered message was believed")
        try readRaw(bytes)
    }

    private static let initiator = FuzzTarget(name: "noise-initiator", maximumCount: 96) { bytes in
        let (_, altered) = try shake(alterFirst: [], alterSecond: Array(bytes.prefix(48)))
        try hold(altered == bytes.prefix(48).allSatisfy { $0 == 0 }, "an altered answer was believed")
    }

    /// Whether responder and initiator finish when these bytes are laid over messages 1 and 3, and over message 2.
    private static func shake(alterFirst: [UInt8], alterSecond: [UInt8]) throws -> (responder: Bool, initiator: Bool) {
        let peer = X25519.publicKey(of: FuzzNode.key(1))
        var dialling = NoiseHandshake(
            initiatorWith: FuzzNode.key(2),
            expecting: peer,
            prologue: [1],
            ephemeralKey: FuzzNode.key(3)
        )
        var answering = NoiseHandshake(
            responderWith: FuzzNode.key(1),
            prologue: [1],
            ephemeralKey: FuzzNode.key(4)
        )
        guard (try? answering.read(lay(alterFirst, over: try dialling.write()))) != nil else { return (false, true) }
        guard (try? dialling.read(lay(alterSecond, over: try answering.write()))) != nil else { return (true, false) }
        let third = lay(Array(alterFirst.dropFirst(48)), over: try dialling.write())
        guard (try? answering.read(third)) != nil else { return (false, true) }
        let transport = try answering.transport()
        try hold(transport.remoteStatic == X25519.publicKey(of: FuzzNode.key(2)), "another key was proven")
        return (true, true)
    }

    private static func lay(_ mask: [UInt8], over message: [UInt8]) -> [UInt8] {
        var message = message
        for (index, byte) in mask.prefix(message.count).enumerated() { message[index] ^= byte }
        return message
    }

    /// Any number of bytes as a first message.
    private static func readRaw(_ bytes: [UInt8]) throws {
        var answering = NoiseHandshake(responderWith: FuzzNode.key(1), prologue: [1], ephemeralKey: FuzzNode.key(4))
        try hold((try? answering.read(bytes)) == nil, "a message without a key behind it was believed")
        try hold(answering.nextStep == .failed, "a failed handshake goes on")
    }
}
