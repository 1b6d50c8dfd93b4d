/// Why a Noise session refused to go on.
///
/// It is dead after any of these except ``outOfTurn(expected:)`` and a transport's ``plaintextTooLong(count:)``.
/// Apart from ``outOfTurn(expected:)``, ``failedBefore`` and ``plaintextTooLong(count:)``, which are the caller's doing,
/// the other end (or whoever sits between) is to blame.
public enum NoiseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The caller wrote when it had to read, read when it had to write, or went on after the last message.
    case outOfTurn(expected: NoiseHandshake.Step)
    /// The session failed earlier and its keys are erased.
    case failedBefore
    /// Handshake message `message` (from 1) has `count` bytes, fewer than its keys and tags need or more than 65,535.
    case handshakeMessageLength(message: Int, count: Int, minimum: Int)
    /// A public key of handshake message `message` has small order, which would make the shared secret known to anyone.
    case smallOrderKey(message: Int)
    /// Handshake message `message` does not authenticate: another static key, another prologue, or altered bytes.
    case handshakeAuthentication(message: Int)
    /// A transport message has `count` bytes, outside 16...65,535.
    case transportMessageLength(count: Int)
    /// A transport message does not authenticate: altered, replayed, reordered or lost before it.
    case transportAuthentication(message: UInt64)
    /// A plaintext of `count` bytes leaves no room for its tag in 65,535 bytes.
    case plaintextTooLong(count: Int)
    /// 2^64 - 1 messages were sent in one direction; the specification allows no more.
    case nonceExhausted

    public var description: String {
        switch self {
        case .outOfTurn(let expected):
            "noise handshake called out of turn: the next step is \(expected)"
        case .failedBefore:
            "noise session failed earlier and can no longer be used"
        case .handshakeMessageLength(let message, let count, let minimum):
            "noise handshake message \(message) has \(count) bytes, outside \(minimum)...\(NoiseLimits.messageCount)"
        case .smallOrderKey(let message):
            "noise handshake message \(message) carries a public key of small order"
        case .handshakeAuthentication(let message):
            "noise handshake message \(message) does not authenticate (other key, other network or altered bytes)"
        case .transportMessageLength(let count):
            "noise transport message has \(count) bytes, outside \(NoiseLimits.tagCount)...\(NoiseLimits.messageCount)"
        case .transportAuthentication(let message):
            "noise transport message \(message) does not authenticate (altered, replayed or out of order)"
        case .plaintextTooLong(let count):
            "plaintext has \(count) bytes, more than \(NoiseLimits.plaintextCount) that fit a noise message"
        case .nonceExhausted:
            "noise session has used every nonce of its direction; open a new one"
        }
    }
}

/// The bounds of the Noise framework, in bytes and messages.
public enum NoiseLimits {
    /// The largest Noise message: 65,535 bytes (revision 34, §3).
    public static let messageCount = 65_535
    /// The bytes that authenticate a ciphertext: 16.
    public static let tagCount = 16
    /// The largest plaintext of a transport message: 65,519 bytes.
    public static let plaintextCount = messageCount - tagCount
    /// Transport messages sent under one key before both ends replace it: 2^16 (revision 34, §11.3).
    public static let messagesPerKey: UInt64 = 1 << 16
}
