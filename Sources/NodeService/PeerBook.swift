internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// What a node knows of its peers' connections: who is there, since when, with which charter and clock.
struct PeerBook {
    private struct Entry {
        let name: PartyName
        var hello: Hello?
        var isConnected = false
        var since: Instant
        var clockOffset: Int?
        var reason = "not connected yet"
        var misbehaviour: String?
        var isTwin = false
    }

    private let charter: Charter
    private var entries: OrderedMap<PeerKey, Entry>

    init(charter: Charter, own: PartyName, at now: Instant) {
        self.charter = charter
        entries = OrderedMap(
            charter.parties.filter { $0.name != own }.map {
                (PeerKey($0.transportKey), Entry(name: $0.name, since: now))
            }
        )
    }

    func name(of peer: PeerKey) -> String {
        entries[peer]?.name.text ?? peer.short
    }

    func isOfThisCharter(_ peer: PeerKey) -> Bool {
        entries[peer]?.hello?.charter == charter.id.bytes
    }

    mutating func connected(_ peer: PeerKey, _ hello: Hello, at now: Instant) {
        let wasConnected = entries[peer]?.isConnected ?? false
        entries[peer]?.hello = hello
        entries[peer]?.isConnected = true
        entries[peer]?.isTwin = false
        if !wasConnected { entries[peer]?.since = now }
        // A claimed clock may be any 64-bit number; only differences that fit are compared.
        let offset = Int64(clamping: hello.clockSeconds).subtractingReportingOverflow(now.seconds)
        entries[peer]?.clockOffset = offset.overflow ? nil : Int(offset.partialValue)
    }

    mutating func disconnected(_ peer: PeerKey, _ reason: String, at now: Instant) {
        entries[peer]?.isConnected = false
        entries[peer]?.since = now
        entries[peer]?.reason = reason
    }

    mutating func misbehaved(_ peer: PeerKey, _ what: String) {
        entries[peer]?.misbehaviour = what
    }

    mutating func twin(_ peer: PeerKey) {
        entries[peer]?.isTwin = true
    }

    /// The median of the connected peers' clocks minus this node's, in seconds; nil with fewer than three peers.
    var medianClockOffset: Int64? {
        let offsets = entries.values.filter(\.isConnected).compactMap(\.clockOffset).sorted()
        return offsets.count < 3 ? nil : Int64(offsets[offsets.count / 2])
    }

    var warnings: [String] {
        entries.values.flatMap { entry in
            var warnings: [String] = []
            if entry.isTwin {
                warnings.append("two nodes use the key of \(entry.name); hint: tell that party")
            }
            if let misbehaviour = entry.misbehaviour {
                warnings.append("\(entry.name) passed on an item that does not verify: \(misbehaviour)")
            }
            return warnings
        }
    }

    var lines: [NodeStatus.PeerLine] {
        entries.values.map { entry in
            NodeStatus.PeerLine(
                name: entry.name.text,
                isConnected: entry.isConnected,
                charter: entry.hello.map { $0.charter == charter.id.bytes ? "same" : "other" } ?? "unknown",
                software: entry.hello?.software.description ?? "",
                clockOffsetSeconds: entry.clockOffset,
                since: entry.since.description,
                reason: entry.isConnected ? "" : entry.reason
            )
        }
        .sorted { $0.name < $1.name }
    }
}
