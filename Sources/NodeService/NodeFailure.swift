package import NodeNetwork
package import NodeStore
package import QuorumPolicy
package import SignedStatements

/// Why a node does not start or goes no further; each text ends with what to do.
package enum NodeFailure: Error, Sendable, CustomStringConvertible {
    case setup(SetupError)
    case store(StoreError)
    case network(NetworkError)
    case charter(path: String, CharterError)
    case unreadable(path: String, String)
    case notInCharter(PartyName, known: [PartyName])
    case keysNotInCharter(PartyName, path: String)
    case keyOfAnother(PartyName, expected: PartyName, path: String)
    case library(String)

    package var description: String {
        switch self {
        case .setup(let error): error.description
        case .store(let error): error.description
        case .network(let error): error.description
        case .charter(let path, let error): "\(path): \(error)"
        case .unreadable(let path, let why): "\(path): \(why)\nhint: check the path and the file's permissions"
        case .notInCharter(let party, let known):
            """
            the charter names no party \(party)
            hint: \(suggestion(for: party.text, among: known.map(\.text)).map { "did you mean \($0)? " } ?? "")\
            the configuration's `party` must be spelled as in the charter
            """
        case .keysNotInCharter(let party, let path):
            """
            the charter lists other keys for \(party) than \(path) holds
            hint: use the key file whose public keys were put into the charter; `standstill party show` prints them
            """
        case .keyOfAnother(let party, let expected, let path):
            "\(path) is the key file of \(party), not of \(expected)\nhint: set `key` or `party` in the configuration"
        case .library(let why): why
        }
    }

    /// The exit status, after sysexits.h.
    package var exitStatus: Int32 {
        switch self {
        case .setup(let error): error.exitStatus
        case .store(let error): error.exitStatus
        case .network: 69
        case .charter, .unreadable, .notInCharter, .keysNotInCharter, .keyOfAnother: 78
        case .library: 70
        }
    }
}
