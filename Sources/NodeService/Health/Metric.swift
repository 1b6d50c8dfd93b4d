/// Every metric a node shows, with its type and one sentence; the one list, also in docs/operations.md.
///
/// Labels are names of the charter's parties or words of this program, never a text that a peer can choose.
enum Metric: String, CaseIterable, Sendable {
    case ready = "standstill_ready"
    case checkSeverity = "standstill_check_severity"
    case startTime = "standstill_start_time_seconds"
    case journalEntries = "standstill_journal_entries"
    case statementNumber = "standstill_statement_number"
    case abstaining = "standstill_abstaining"
    case peers = "standstill_peers"
    case peersConnected = "standstill_peers_connected"
    case peerConnected = "standstill_peer_connected"
    case peerClockOffset = "standstill_peer_clock_offset_seconds"
    case clockOffset = "standstill_clock_offset_seconds"
    case clockTolerance = "standstill_clock_tolerance_seconds"
    case motions = "standstill_motions"
    case orders = "standstill_orders"
    case equivocators = "standstill_equivocators"
    case events = "standstill_events_total"
    case memory = "process_resident_memory_bytes"
    case openFiles = "process_open_fds"

    enum Kind: String, Sendable {
        case gauge, counter
    }

    var kind: Kind { self == .events ? .counter : .gauge }

    /// The name of the label; nil for a metric of one value.
    var label: String? {
        switch self {
        case .checkSeverity: "check"
        case .peerConnected, .peerClockOffset: "party"
        case .motions: "phase"
        case .events: "event"
        case .ready, .startTime, .journalEntries, .statementNumber, .abstaining, .peers, .peersConnected, .clockOffset,
            .clockTolerance, .orders, .equivocators, .memory, .openFiles:
            nil
        }
    }

    var help: String {
        switch self {
        case .ready: "1 when the node can do its part in a motion, as /readyz says."
        case .checkSeverity: "What the node finds at each of its checks: 0 ok, 1 notice, 2 warning, 3 failure."
        case .startTime: "When the node started, in seconds since 1970."
        case .journalEntries: "Entries in the journal."
        case .statementNumber: "The number of the party's last statement."
        case .abstaining: "1 while the node signs nothing because somebody else may speak for its party."
        case .peers: "Other parties in the charter."
        case .peersConnected: "Of these, how many are connected."
        case .peerConnected: "1 while the party's node is connected."
        case .peerClockOffset: "The party's clock minus this node's, when it last said hello."
        case .clockOffset: "The median of the connected peers' clocks minus this node's; missing below three peers."
        case .clockTolerance: "How far two honest clocks may be apart, as the charter says."
        case .motions: "Motions that the node knows, by phase."
        case .orders: "Orders that count."
        case .equivocators: "Parties that signed two different statements with one number."
        case .events: "What the node observed since it started, by kind."
        case .memory: "Memory of the process that is in use."
        case .openFiles: "Files and connections that the process has open."
        }
    }
}
