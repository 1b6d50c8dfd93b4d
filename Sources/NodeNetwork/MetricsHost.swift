/// Which `Host` headers the metrics are shown to.
///
/// A page in a browser on this machine can make the browser ask any address for anything, but not hide the name it asked
/// for: a name that somebody has pointed at this machine is refused.
package struct MetricsHost: Hashable, Sendable {
    /// A further name or address, for machines other than this one; nil for none.
    package let other: String?

    package init(other: String?) {
        self.other = other?.lowercased()
    }

    /// Whether an address is one that only this machine can reach: 127.0.0.0/8 or ::1.
    package static func isLoopback(_ address: String) -> Bool {
        if address == "::1" { return true }
        let parts = address.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0).map { "\($0)" } == String($0) }
    }

    /// Whether a header names this machine, or the other name; a port behind it does not matter.
    package func allows(_ header: String) -> Bool {
        guard let host = Self.host(in: header.lowercased()) else { return false }
        return host == "localhost" || Self.isLoopback(host) || host == other
    }

    private static func host(in header: String) -> String? {
        var rest = Substring(header)
        let host: Substring
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return nil }
            host = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
        } else {
            host = rest.prefix { $0 != ":" }
            rest = rest.dropFirst(host.count)
        }
        guard !host.isEmpty, rest.isEmpty || (rest.first == ":" && UInt16(rest.dropFirst()) != nil) else { return nil }
        return String(host)
    }
}
