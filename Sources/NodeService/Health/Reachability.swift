internal import CryptoPrimitives
internal import NodeNetwork
internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// Whether a running node answers at the addresses it announces, tried by dialling it with its own name.
///
/// A node refuses a caller that says it is the node itself, with a reason of its own (Protocol §9.1): who hears that
/// reason has reached the right node of the right network, without a handshake and without any secret. The refusal is not
/// authenticated, and this machine's view is not the peers': a router that does not lead back what goes out is a failure here.
struct Reachability {
    let configuration: NodeConfiguration
    let charter: Charter?

    var finding: HealthFinding {
        get async {
            guard let charter, let member = charter.party(configuration.party) else {
                return .notice(
                    .reachability,
                    "without its charter it is not known which node to expect",
                    remedy: "see the check of the charter"
                )
            }
            let addresses = configuration.announce.compactMap { try? NodeNetwork.PeerAddress($0.description) }
            let own = PeerKey(member.transportKey)
            let network = SHA256.hash(Array(charter.network.utf8))
            let outcomes = await withTaskGroup(of: (Int, AddressProbe.Outcome).self) { group in
                for (index, address) in addresses.enumerated() {
                    group.addTask { (index, await AddressProbe.dial(address, network: network, own: own)) }
                }
                return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }
            }
            return Self.finding(outcomes.map { (addresses[$0.0].description, $0.1) })
        }
    }

    static func finding(_ outcomes: [(address: String, outcome: AddressProbe.Outcome)]) -> HealthFinding {
        guard !outcomes.isEmpty else {
            return .ok(.reachability, "no address is announced: this node dials its peers, and none dials it")
        }
        let wrong = outcomes.filter { $0.outcome != .thisNode }
        guard !wrong.isEmpty else {
            return .ok(.reachability, "answers at " + outcomes.map(\.address).joined(separator: ", "))
        }
        let found = wrong.map { "\($0.address): \($0.outcome.words)" }.joined(separator: ", ")
        let remedy = "correct `announce`, the port forwarding or the firewall, and try from a peer's machine as well"
        return .warning(.reachability, found, remedy: remedy)
    }
}

extension AddressProbe.Outcome {
    fileprivate var words: String {
        switch self {
        case .thisNode: "this node answers"
        case .anotherNode: "another party's node answers there"
        case .anotherNetwork: "a node of another network answers there"
        case .anotherVersion: "a node of another version answers there"
        case .busy: "a node answers, but has no place for strangers now"
        case .foreign: "something answers that is no node"
        case .silent: "nothing is answered"
        case .unresolved: "the host name cannot be resolved"
        case .unreachable(let why): "cannot be reached (\(why))"
        }
    }
}
