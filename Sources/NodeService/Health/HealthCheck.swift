/// Everything that is looked at to say whether a node is well; the one list behind `doctor`, `status` and the metrics.
///
/// The raw value is the code that people and monitors know a check by (docs/operations.md, "Doctor").
package enum HealthCheck: String, CaseIterable, Codable, Hashable, Sendable {
    case configuration = "DOC-01"
    case directory = "DOC-02"
    case disk = "DOC-03"
    case room = "DOC-04"
    case keyFile = "DOC-05"
    case charter = "DOC-06"
    case expiry = "DOC-07"
    case keys = "DOC-08"
    case journal = "DOC-09"
    case highWater = "DOC-10"
    case backup = "DOC-11"
    case memory = "DOC-12"
    case coreFiles = "DOC-13"
    case openFiles = "DOC-14"
    case timeSource = "DOC-15"
    case node = "DOC-16"
    case reachability = "DOC-17"
    case groupKeys = "DOC-18"
    case signing = "DOC-19"
    case recordQuorum = "DOC-20"
    case peers = "DOC-21"
    case peerCharters = "DOC-22"
    case software = "DOC-23"
    case clock = "DOC-24"
    case peerFaults = "DOC-25"
    case misconduct = "DOC-26"
    case secondNode = "DOC-27"

    /// Two or three words for a table.
    package var name: String {
        switch self {
        case .configuration: "configuration"
        case .directory: "directory"
        case .disk: "disk"
        case .room: "room"
        case .keyFile: "key file"
        case .charter: "charter"
        case .expiry: "charter's end"
        case .keys: "own keys"
        case .journal: "journal"
        case .highWater: "high water"
        case .backup: "backup"
        case .memory: "memory"
        case .coreFiles: "core files"
        case .openFiles: "open files"
        case .timeSource: "time source"
        case .node: "node"
        case .reachability: "reachability"
        case .groupKeys: "group keys"
        case .signing: "signing"
        case .recordQuorum: "record quorum"
        case .peers: "peers"
        case .peerCharters: "peers' charters"
        case .software: "software"
        case .clock: "clock"
        case .peerFaults: "peers' faults"
        case .misconduct: "misconduct"
        case .secondNode: "second node"
        }
    }

    /// Whether a node that fails here is not ready for a motion.
    package var decidesReadiness: Bool {
        switch self {
        case .groupKeys, .signing, .recordQuorum: true
        case .configuration, .directory, .disk, .room, .keyFile, .charter, .expiry, .keys, .journal, .highWater,
            .backup, .memory, .coreFiles, .openFiles, .timeSource, .node, .reachability, .peers, .peerCharters,
            .software, .clock, .peerFaults, .misconduct, .secondNode:
            false
        }
    }

    /// Whether the tables of `status` show it already, so that a warning would say it twice.
    var isInTables: Bool {
        switch self {
        case .groupKeys, .peers, .peerCharters, .software, .misconduct: true
        case .configuration, .directory, .disk, .room, .keyFile, .charter, .expiry, .keys, .journal, .highWater,
            .backup, .memory, .coreFiles, .openFiles, .timeSource, .node, .reachability, .signing, .recordQuorum,
            .clock, .peerFaults, .secondNode:
            false
        }
    }
}

/// The bounds that health is judged by.
package enum HealthLimits {
    /// Free bytes below which an operator should look; a journal of 100,000 statements has about a tenth of it.
    package static let wantedFreeBytes = 1 << 30
    /// Free bytes below which the next burst of statements may not fit.
    package static let neededFreeBytes = 64 << 20
    /// Files that must still be possible: the database makes two, every small file that is replaced one.
    package static let neededFreeFiles = 1000
    /// Before the charter's end, when there is still time to agree on another: 30 days.
    package static let expirySeconds: Int64 = 30 * 86_400
    /// After which a backup of a party that has signed since should be made again: 90 days.
    package static let backupSeconds: Int64 = 90 * 86_400
    /// For which a peer's word that a second node has this party's key is shown: that node dials at least every 30 s.
    package static let twinSeconds: Int64 = 300
    /// Names of parties in one finding; the others are counted.
    package static let namesShown = 8
    /// The youngest snapshot for monitors that is replaced when somebody asks.
    package static let snapshotInterval = Duration.seconds(1)
    /// After which a loop that has not turned counts as stuck.
    package static let stall = Duration.seconds(10)
    /// For which a monitor waits for a new snapshot before an old one is shown.
    package static let patience = Duration.seconds(2)
}
