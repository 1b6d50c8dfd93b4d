/// How many callers may be in the middle of a handshake: few strangers, and room kept for listed peers' addresses.
///
/// A caller takes a slot when it is accepted and gives it back when its HELLO has arrived or its connection is gone, so
/// strangers who hold all of theirs keep no listed peer out.
struct CallerSlots: Hashable, Sendable {
    /// The pool a caller's slot came from, and its address.
    enum Slot: Hashable, Sendable {
        case reserved(String)
        case stranger(String)
    }

    private let limits: NetworkLimits
    private var reserved: [String: Int] = [:]
    private var strangers: [String: Int] = [:]

    /// How many listed peers are dialled at an address.
    var peersAtAddress: [String: Int] = [:]

    init(limits: NetworkLimits) {
        self.limits = limits
    }

    /// A slot for a caller from an IP address; `nil` when it has to try again later.
    mutating func take(from address: String) -> Slot? {
        let room = (peersAtAddress[address] ?? 0) * limits.reservedPerPeer
        if reserved[address, default: 0] < room {
            reserved[address, default: 0] += 1
            return .reserved(address)
        }
        let all = strangers.values.reduce(0, +)
        guard all < limits.strangers, strangers[address, default: 0] < limits.strangersPerAddress else { return nil }
        strangers[address, default: 0] += 1
        return .stranger(address)
    }

    mutating func giveBack(_ slot: Slot) {
        switch slot {
        case .reserved(let address): Self.decrease(&reserved, address)
        case .stranger(let address): Self.decrease(&strangers, address)
        }
    }

    private static func decrease(_ counts: inout [String: Int], _ address: String) {
        let count = (counts[address] ?? 0) - 1
        counts[address] = count > 0 ? count : nil
    }
}
