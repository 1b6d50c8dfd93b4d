package import NoiseSession

/// What a peer, or somebody in between, did wrong; one of these ends a connection.
package enum PeerProtocolError: Error, Hashable, Sendable {
    // Before the handshake.
    /// The caller's preamble.
    case preamble(PreambleError)
    /// The node that answered will not shake hands; nobody vouches for what it says.
    case refused(Refusal)
    /// The answer is not this protocol's.
    case malformedAnswer

    // The handshake.
    case handshake(NoiseError)
    /// The peer's HELLO did not arrive in time, in milliseconds.
    case handshakeTimeout(milliseconds: UInt64)
    /// The peer proved a key that the roster does not list.
    case unlisted(PeerKey)

    // Frames.
    /// A frame length of `count` bytes, which no padded plaintext has.
    case frameLength(count: Int)
    case transport(NoiseError)
    /// Flags other than "more follows" and "new key".
    case frameFlags(UInt8)
    /// A true length of `count` in a plaintext of `plaintext` bytes that is empty, too long or not padded to the least multiple.
    case fragmentLength(count: Int, plaintext: Int)
    /// Padding other than zeros.
    case padding
    /// A fragment that others follow but that does not fill its frame.
    case fragmentNotFull(count: Int)

    // Messages.
    case unknownMessage(type: UInt8)
    /// A message of more than its kind may have; `count` is what had arrived when it was refused.
    case messageLength(MessageKind, count: Int, limit: Int)
    /// A message whose `field` is missing, out of bounds or followed by further bytes.
    case malformed(MessageKind, field: String)
    /// Something else came before HELLO.
    case helloExpected(MessageKind)
    case helloRepeated
    /// Nothing that authenticates arrived for this long.
    case silent(milliseconds: UInt64)
    /// A frame, or a message of several, was begun and did not go on for this long.
    case unfinished(milliseconds: UInt64)
}

extension PeerProtocolError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .preamble(let error): "\(error)"
        case .refused(let refusal): "refused before the handshake (unauthenticated): \(refusal.text)"
        case .malformedAnswer: "what answered does not speak the standstill protocol; check address and port"
        case .handshake(let error): "\(error)"
        case .handshakeTimeout(let milliseconds): "handshake not finished within \(milliseconds) ms"
        case .unlisted(let peer): "key \(peer) is not in the charter's roster; check the charter version and the key"
        case .silent(let milliseconds): "nothing that authenticates arrived for \(milliseconds) ms"
        case .unfinished(let milliseconds): "a frame or message was begun and not finished within \(milliseconds) ms"
        case .frameLength(let count): "frame of \(count) bytes, which no padded message has"
        case .transport(let error): "\(error)"
        case .frameFlags(let flags): "frame with unknown flags \(flags)"
        case .fragmentLength(let count, let plaintext): "frame with \(count) message bytes in \(plaintext) bytes"
        case .padding: "frame padded with something other than zeros"
        case .fragmentNotFull(let count):
            "fragment of \(count) bytes followed by another, where \(Limits.fragmentBytes) fit"
        case .unknownMessage(let type): "message of unknown type \(type)"
        case .messageLength(let kind, let count, let limit): "\(kind) of at least \(count) bytes, more than \(limit)"
        case .malformed(let kind, let field): "\(kind) with a bad \(field)"
        case .helloExpected(let kind): "\(kind) before HELLO"
        case .helloRepeated: "a second HELLO"
        }
    }
}
