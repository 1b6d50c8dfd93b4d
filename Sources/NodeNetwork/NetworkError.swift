/// What kept the node from opening or using a socket; each text ends with what to do.
package enum NetworkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process listens on the address.
    case portTaken(host: String, port: Int)
    /// The address cannot be listened on for the system's reason.
    case cannotListen(host: String, port: Int, reason: String)
    /// Text that is not `host:port`.
    case malformedAddress(String)
    /// A live process already serves the operator socket at this path.
    case socketServed(path: String)
    /// The path cannot be used for the system's reason.
    case cannotOpenSocket(path: String, reason: String)
    /// Nothing serves the operator socket at this path.
    case nobodyServes(path: String)
    /// The answer on the operator socket broke off.
    case answerCutShort(path: String)
    /// A request or an answer that is not one line of 1 byte to 1 MiB.
    case malformedLine

    package var description: String {
        switch self {
        case .portTaken(let host, let port):
            "port \(port) on \(host) is taken by another process; stop it, or choose another listen address"
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(host) port \(port) (\(reason)); check the listen address"
        case .malformedAddress(let text):
            "\"\(text)\" is not an address; write host:port, or [host]:port for IPv6"
        case .socketServed(let path):
            "a node already answers at \(path); stop it before starting another"
        case .cannotOpenSocket(let path, let reason):
            "cannot open the operator socket \(path) (\(reason)); check the path and its folder's permissions"
        case .nobodyServes(let path):
            "no node answers at \(path); start the node, or check the data directory"
        case .answerCutShort(let path):
            "the node at \(path) stopped in the middle of its answer; check its log and ask again"
        case .malformedLine:
            "a request is one line of 1 byte to 1 MiB; remove line breaks"
        }
    }
}
