package import CryptoPrimitives
internal import NIOCore
package import PeerProtocol

/// What one node's network needs to know.
package struct NetworkSettings: Sendable {
    /// The network's id, 32 bytes, part of every handshake.
    package var network: Bytes32
    /// Which transport keys may connect, with their names.
    package var roster: PeerRoster
    /// Where to listen; port 0 lets the system choose.
    package var listenHost: String
    package var listenPort: Int
    /// Where each peer may be dialled; changed while running by ``PeerNetwork/setAddresses(_:of:)``.
    package var addresses: [PeerKey: [PeerAddress]]
    /// What to say first on a new connection, asked for anew each time because it holds the clock.
    package var hello: @Sendable () -> Hello
    package var timing: SessionTiming
    package var limits: NetworkLimits

    package init(
        network: Bytes32,
        roster: PeerRoster,
        listenHost: String,
        listenPort: Int,
        addresses: [PeerKey: [PeerAddress]] = [:],
        timing: SessionTiming = SessionTiming(),
        limits: NetworkLimits = NetworkLimits(),
        hello: @escaping @Sendable () -> Hello
    ) {
        self.network = network
        self.roster = roster
        self.listenHost = listenHost
        self.listenPort = listenPort
        self.addresses = addresses
        self.timing = timing
        self.limits = limits
        self.hello = hello
    }
}

/// The bounds of a node's sockets; the defaults are meant for production, tests use smaller ones.
package struct NetworkLimits: Hashable, Sendable {
    /// Callers from unknown addresses that have not finished the handshake.
    package var strangers = 8
    /// Of those, from one address.
    package var strangersPerAddress = 2
    /// Further callers per listed peer from the addresses that peer is dialled at.
    package var reservedPerPeer = 2
    /// Messages of one peer waiting for this node, after which its connection is not read.
    package var inboxMessages = 256
    /// Bytes of one peer's messages waiting for this node.
    package var inboxBytes = 4 << 20
    /// Connects and disconnects of one peer waiting for this node, after which it is turned away.
    package var inboxChanges = 16
    /// Unsent bytes above which a peer counts as congested, and below which it no longer does.
    package var writeHighWatermark = 256 << 10
    package var writeLowWatermark = 64 << 10
    /// Unsent bytes to one peer after which its connection is given up; what was lost is found again by position.
    package var outboundBytes = 4 << 20
    /// The first and the longest wait before dialling again; the actual wait is random between 0 and the current one.
    package var dialBaseMilliseconds: Int64 = 50
    package var dialMaximumMilliseconds: Int64 = 30_000
    /// How long a connection must have lasted for the wait to start over.
    package var stableMilliseconds: UInt64 = 5_000
    /// How old a connection's keys become before its dialler replaces it with a new handshake: a day.
    package var renewMilliseconds: Int64 = 86_400_000
    /// How much older before either end gives it up: an hour.
    package var renewGraceMilliseconds: Int64 = 3_600_000
    /// Without accepting callers, after the system could not hand over one.
    package var acceptPauseMilliseconds: Int64 = 1_000
    /// For the TCP connection itself.
    package var connectMilliseconds: Int64 = 5_000
    /// For the other end to read a last word and close.
    package var lingerMilliseconds: Int64 = 1_000

    package init() {}
}

/// What happens on the network, in order per peer.
package enum PeerNetworkEvent: Hashable, Sendable {
    /// A peer is connected.
    ///
    /// It may come again for a connected peer, when another connection took over or the peer restarted: start over with
    /// it (``Dissemination`` does), since the last words on the old connection may be lost.
    case connected(PeerKey, Hello, HelloArrival)
    /// A SUBSCRIBE, HAVE, WANT, ITEM or HEAD.
    case message(Message, from: PeerKey)
    /// A congested peer takes more again.
    case drained(PeerKey)
    /// No connection to the peer is left; the text is for people.
    case disconnected(PeerKey, reason: String)
    /// Two nodes that hold this peer's key answered at the same time, with these run epochs.
    case twin(PeerKey, UInt64, UInt64)
    /// This peer says that another node with this node's own key is alive.
    case twinReported(PeerKey)
}

extension MonotonicInstant {
    /// The system's monotonic clock; it may stand still while the machine sleeps.
    package static var now: MonotonicInstant {
        MonotonicInstant(milliseconds: NIODeadline.now().uptimeNanoseconds / 1_000_000)
    }
}

/// Between which two readings of this node's monotonic clock a HELLO was written.
package struct HelloArrival: Hashable, Sendable {
    /// This node's last word of the handshake, which the peer had read when it wrote its HELLO.
    package let asked: MonotonicInstant
    /// When it was read.
    package let received: MonotonicInstant

    package init(asked: MonotonicInstant, received: MonotonicInstant) {
        self.asked = asked
        self.received = received
    }
}

/// What became of a message.
package enum SendOutcome: Hashable, Sendable {
    /// On its way; the peer takes more.
    case sent
    /// On its way; the peer should be sent no more until ``PeerNetworkEvent/drained(_:)``.
    case congested
    /// There is no connection.
    case notConnected
}

/// One listed peer as the network sees it now.
package struct PeerStatus: Hashable, Sendable {
    package let peer: PeerKey
    package let name: String
    package let isConnected: Bool
    /// Whether the connection in use was dialled here.
    package let isDialledHere: Bool
    /// The other end's IP address and port.
    package let remoteAddress: String?
    /// The peer's HELLO on this connection.
    package let hello: Hello?
    package let addresses: [PeerAddress]
    /// Why the last attempt or connection ended, the newest last, at most 10.
    package let failures: [String]
}
