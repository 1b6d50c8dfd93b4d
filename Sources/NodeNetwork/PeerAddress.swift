/// Where a peer may be dialled: a host name or IP address, and a TCP port.
package struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    package let port: Int

    /// `host` as a name or a bare IPv4 or IPv6 address, `port` 1...65535.
    package init(host: String, port: Int) throws(NetworkError) {
        let isPlain = host.utf8.allSatisfy {
            (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]")
        }
        guard (1...65_535).contains(port), !host.isEmpty, host.utf8.count <= 253, isPlain else {
            throw .malformedAddress("\(host):\(port)")
        }
        self.host = host
        self.port = port
    }

    /// Reads `host:port` or `[host]:port`.
    package init(_ text: String) throws(NetworkError) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
            throw .malformedAddress(text)
        }
        let host = text[..<colon]
        if host.first == "[", host.last == "]" {
            try self.init(host: String(host.dropFirst().dropLast()), port: port)
        } else {
            guard !host.contains(":") else { throw .malformedAddress(text) }
            try self.init(host: String(host), port: port)
        }
    }

    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
