internal import NodeNetwork
internal import PauseAgreement
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
        var clock: PeerClock?
        /// The peer's clock minus this node's, in milliseconds, at the last look.
        var clockOffset: Int64?
        var reason = "not connected yet"
        var misbehaviour: String?
        var isTwin = false
        /// Says that another node with this party's key is alive, and has not been connected since.
        var reportsTwin = false
        /// When it last said so.
        var twinReportedAt: Instant?
        /// Its connection is new, and it has not said yet what it holds of this party.
        var owesHead = false
        /// It has said so once since this node started.
        var hasToldHead = false

        func hasReportedTwin(lately now: Instant) -> Bool {
            twinReportedAt.map { now.seconds - $0.seconds < HealthLimits.twinSeconds } ?? false
        }
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

    /// The party that owns a peer's key.
    func party(of peer: PeerKey) -> PartyName? { entries[peer]?.name }

    /// A party's key.
    func key(of party: PartyName) -> PeerKey? { entries.first { $0.value.name == party }?.key }

    /// The connected peers, in the order of their keys.
    var connected: [PeerKey] { entries.filter { $0.value.isConnected }.map(\.key) }

    mutating func connected(_ peer: PeerKey, _ hello: Hello, _ arrival: HelloArrival, at now: Instant) {
        let wasConnected = entries[peer]?.isConnected ?? false
        entries[peer]?.hello = hello
        entries[peer]?.isConnected = true
        entries[peer]?.isTwin = false
        entries[peer]?.reportsTwin = false
        entries[peer]?.owesHead = true
        if !wasConnected { entries[peer]?.since = now }
        entries[peer]?.clock = PeerClock(
            seconds: hello.clockSeconds,
            asked: arrival.asked,
            received: arrival.received
        )
    }

    /// Compares every connected peer's clock with this node's.
    mutating func compareClocks(wallMilliseconds: Int64, monotonic: MonotonicInstant) {
        for (peer, entry) in entries where entry.isConnected {
            let offset = entry.clock?.offset(wallMilliseconds: wallMilliseconds, monotonic: monotonic)
            entries[peer]?.clockOffset = offset
        }
    }

    mutating func disconnected(_ peer: PeerKey, _ reason: String, at now: Instant) {
        entries[peer]?.isConnected = false
        entries[peer]?.since = now
        entries[peer]?.reason = reason
    }

    mutating func misbehaved(_ peer: PeerKey, _ what: String) {
        entries[peer]?.misbehaviour = what
    }

    /// Takes a HEAD; `false` when the connection has brought one before, or is older than what this node's memory may be.
    mutating func takeHead(from peer: PeerKey) -> Bool {
        guard entries[peer]?.owesHead == true else { return false }
        entries[peer]?.owesHead = false
        return true
    }

    /// The peer's HEAD was understood.
    mutating func hasToldHead(_ peer: PeerKey) { entries[peer]?.hasToldHead = true }

    /// Nothing that was said over the present connections answers the question at the start any more, or says what time it is.
    mutating func forgetHeads() {
        for peer in entries.keys {
            entries[peer]?.owesHead = false
            entries[peer]?.hasToldHead = false
            entries[peer]?.clock = nil
            entries[peer]?.clockOffset = nil
        }
    }

    /// Whom this node has not asked since it started, in the order of their keys.
    var unasked: [PartyName] { entries.values.filter { !$0.hasToldHead }.map(\.name) }

    mutating func twin(_ peer: PeerKey) {
        entries[peer]?.isTwin = true
    }

    /// A peer says that a second node has this node's key; `true` when it has not said so lately.
    mutating func twinReported(by peer: PeerKey, at now: Instant) -> Bool {
        let isNews = !(entries[peer]?.hasReportedTwin(lately: now) ?? false)
        entries[peer]?.reportsTwin = true
        entries[peer]?.twinReportedAt = now
        return isNews
    }

    /// Who says that another node with this party's key is alive: until its next connection, and over one that goes on,
    /// until it has not said so again for some minutes.
    func twinReporters(at now: Instant) -> [PartyName] {
        entries.values
            .filter { $0.reportsTwin && (!$0.isConnected || $0.hasReportedTwin(lately: now)) }
            .map(\.name)
    }

    /// Who has said so lately, whatever has become of its connection, by name.
    func twinWitnesses(at now: Instant) -> [String] {
        entries.values.filter { $0.hasReportedTwin(lately: now) }.map(\.name.text).sorted()
    }

    /// The median of the connected peers' clocks minus this node's, in milliseconds, as far as liars cannot have made it.
    var medianClockOffset: Int64? {
        let offsets = entries.values
            .filter { $0.isConnected && $0.hello?.charter == charter.id.bytes }
            .compactMap(\.clockOffset)
        return PeerClocks.offset(of: offsets, under: charter.limits)
    }

    /// What peers did that their parties should hear of, a sentence each.
    var faults: [String] {
        entries.values.flatMap { entry in
            var faults: [String] = []
            if entry.isTwin {
                faults.append("two nodes use the key of \(entry.name)")
            }
            if let misbehaviour = entry.misbehaviour {
                faults.append("\(entry.name) passed on an item that does not verify: \(misbehaviour)")
            }
            return faults
        }
    }

    var lines: [NodeStatus.PeerLine] {
        entries.values.map { entry in
            NodeStatus.PeerLine(
                name: entry.name.text,
                isConnected: entry.isConnected,
                charter: entry.hello.map { $0.charter == charter.id.bytes ? "same" : "other" } ?? "unknown",
                software: entry.hello?.software.description ?? "",
                clockOffsetSeconds: entry.clockOffset.map { Int(($0 + ($0 < 0 ? -500 : 500)) / 1000) },
                since: entry.since.description,
                reason: entry.isConnected ? "" : entry.reason
            )
        }
        .sorted { $0.name < $1.name }
    }
}
