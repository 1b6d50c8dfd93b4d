package import Logging
package import QuorumPolicy
package import SignedStatements

/// What the operator of a node decides, read from one YAML file.
///
/// Paths in the file are relative to the directory of the file; here they are ready to be opened.
package struct NodeConfiguration: Hashable, Sendable {
    /// Every key a file may have; there are no others.
    package enum Key: String, CaseIterable, Sendable {
        case party
        case charter
        case key
        case data
        case listen
        case announce
        case peers
        case socket
        case logLevel = "log-level"
        case logFormat = "log-format"
        case passphraseFile = "passphrase-file"
        case metrics
        case metricsHost = "metrics-host"

        static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
    }

    /// How log lines are written to standard error.
    package enum LogFormat: String, CaseIterable, Hashable, Sendable {
        case text
        case json
    }

    /// The party this node is; required.
    package var party: PartyName
    /// The charter file; required.
    package var charter: String
    /// The key file; by default `party.key` beside the configuration.
    package var key: String
    /// The directory of journal, high-water file and lock; by default the directory of the configuration.
    package var data: String
    /// The address to accept peers on; by default every address of the machine, port 7411.
    package var listen: PeerAddress
    /// The addresses peers are told to dial, at most 8; by default none, so that only this node dials.
    package var announce: [PeerAddress]
    /// Addresses to dial instead of the ones that peers announce, at most 1024.
    package var peers: OrderedMap<PartyName, PeerAddress>
    /// The socket for this machine's operator; by default `socket` in the data directory.
    package var socket: String
    package var logLevel: Logger.Level
    package var logFormat: LogFormat
    /// A file with the key's passphrase, if the node is to start without asking.
    package var passphraseFile: String?
    /// Where monitors on this machine may ask for metrics and health; nil, the default, for nowhere.
    package var metrics: PeerAddress?
    /// The host name under which other machines may ask; nil, the default, keeps ``metrics`` to this one.
    package var metricsHost: String?

    /// The port that nodes listen on by default.
    package static let defaultPort = 7411
    static let maximumBytes = 64 << 10
    static let maximumAnnounced = 8
    static let maximumPeers = 1024
    /// What fits into the kernel's address of a local socket, with its closing zero.
    static let maximumSocketPathBytes = 107
}
