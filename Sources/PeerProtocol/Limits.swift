internal import NoiseSession

/// Every bound of the peer protocol; bytes, counts or milliseconds as the name says.
package enum Limits {
    /// The clear preamble a dialler sends first.
    package static let preambleBytes = 40
    /// A frame's ciphertext, whose length travels in two bytes.
    package static let frameBytes = NoiseLimits.messageCount
    /// Plaintexts are padded to a multiple of this.
    package static let paddingBytes = 256
    /// Flags and true length at the start of a plaintext.
    package static let frameHeaderBytes = 3
    /// The largest plaintext: the largest multiple of 256 that fits a frame with its tag, 65,280 bytes.
    package static let plaintextBytes = NoiseLimits.plaintextCount / paddingBytes * paddingBytes
    /// The message bytes one frame carries at most: 65,277.
    package static let fragmentBytes = plaintextBytes - frameHeaderBytes

    /// The body of a HELLO.
    package static let helloBytes = 4 << 10
    /// The body of a HAVE or a WANT.
    package static let listBytes = 64 << 10
    /// The body of an ITEM, the largest statement that travels.
    package static let itemBytes = 1 << 20
    /// The body of a HEAD: a number of 8 bytes and one statement.
    package static let headBytes = 8 + itemBytes
    /// The body of a SUBSCRIBE, PING, PONG or BYE.
    package static let smallMessageBytes = 256

    /// Identifiers in one HAVE.
    package static let identifiersPerHave = 1024
    /// Identifiers in one WANT, and wanted from one peer at a time.
    package static let identifiersPerWant = 256
    /// Statements of our own waiting to be pushed to one peer; what does not fit is found by HAVE.
    package static let pushesPerPeer = 64
    /// Identifiers remembered as known to one peer.
    package static let knownPerPeer = 1024

    /// Features named in a HELLO.
    package static let features = 32
    /// The bytes of one feature's name.
    package static let featureBytes = 32
    /// The bytes of the software version in a HELLO.
    package static let softwareVersionBytes = 64
    /// The bytes of a reason a person reads, in a refusal or a BYE.
    package static let reasonBytes = 200
}

/// The waits of one connection, in milliseconds; the defaults are the protocol's, tests use shorter ones.
package struct SessionTiming: Hashable, Sendable {
    /// From the first byte to the peer's HELLO, whatever trickles in between.
    package var handshakeMilliseconds: UInt64 = 5_000
    /// Between two PINGs.
    package var pingMilliseconds: UInt64 = 20_000
    /// Without a byte that authenticates, after which the connection is dead.
    package var deadMilliseconds: UInt64 = 60_000
    /// For the rest of a frame that has begun, and for each further frame of a message that has begun.
    package var unfinishedMilliseconds: UInt64 = 20_000
    /// After which the sending key is replaced with the next frame.
    package var rekeyMilliseconds: UInt64 = 3_600_000

    package init() {}
}

/// The waits of having and wanting, in milliseconds.
package struct DisseminationTiming: Hashable, Sendable {
    /// Without any item from a peer we want items from, after which they are wanted from another.
    package var stallMilliseconds: UInt64 = 10_000
    /// For one item, however busy the peer is otherwise.
    package var wantMilliseconds: UInt64 = 60_000
    /// For which a peer that let a want time out is not asked again.
    package var suspensionMilliseconds: UInt64 = 30_000
    /// Between two readings of a journal from where something in it was early and has been forgotten since.
    package var rereadMilliseconds: UInt64 = 60_000
    /// After which an unanswered SUBSCRIBE is repeated.
    package var resubscribeMilliseconds: UInt64 = 30_000

    package init() {}
}
