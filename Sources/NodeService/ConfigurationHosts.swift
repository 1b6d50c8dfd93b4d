internal import NodeNetwork

extension NodeConfiguration {
    /// Whether only this machine can reach an address.
    static func isThisMachine(_ address: String) -> Bool {
        MetricsHost.isLoopback(address)
    }

    /// Whether a text is a host as a caller names it, without a port.
    static func isHost(_ text: String) -> Bool {
        MetricsHost(other: text).allows(text)
    }
}
