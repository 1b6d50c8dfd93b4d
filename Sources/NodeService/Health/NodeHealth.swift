internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// What a running node knows of its own health: a function of its state, without files or sockets.
struct NodeHealth {
    let charter: Charter
    let agreement: AgreementStatus
    let peers: [NodeStatus.PeerLine]
    /// The median of the peers' clocks minus this one's; nil while too few are connected.
    let medianClockOffsetMilliseconds: Int64?
    /// `false` while the core gives no receipts because of it.
    let hasTrustedClock: Bool
    /// Two nodes with one key, and items that did not verify, as sentences.
    let peerFaults: [String]
    /// The peers that have said lately that a second node has this party's key.
    let twinReporters: [String]
    /// Why the node abstains; nil while it does not.
    let abstention: Abstention?
    /// Why the journal takes nothing any more; nil while it does.
    let impairment: String?
    let journalEntries: Int
    let started: String
    /// Where it accepts peers, `host:port`.
    let listen: String
    let now: Instant
    let shortfalls: [ProcessHardening.Shortfall]

    /// One finding for each check that a node can make by itself.
    var findings: [HealthFinding] {
        [expiry, ownKeys, journal] + ProcessHealth.findings(shortfalls) + [
            node, groupKeys, signing, recordQuorum, missing, peerCharters, software, clock, faults, misconduct,
            secondNode,
        ]
    }

    private var expiry: HealthFinding { CharterHealth.expiry(of: charter, at: now) }

    private var ownKeys: HealthFinding {
        .ok(.keys, "the key file's keys are those that the charter lists, compared when the node started")
    }

    private var node: HealthFinding { .ok(.node, "runs since \(started), listens on \(listen)") }

    private var journal: HealthFinding {
        if let impairment { return HealthFinding(.journal, .failure, parting: impairment) }
        return .ok(.journal, "takes entries, has \(journalEntries); its pages and chain were checked at \(started)")
    }

    private var groupKeys: HealthFinding {
        let ceremony = agreement.ceremony
        switch ceremony.stage {
        case KeyCeremony.Stage.finished.rawValue: return .ok(.groupKeys, "made and proven")
        case KeyCeremony.Stage.aborted.rawValue:
            let failure = ceremony.failures.first { !$0.isWaiting }
            let why = failure.map { "\($0.code), \($0.party.isEmpty ? "the parties together" : $0.party) \($0.what)" }
            return .failure(
                .groupKeys,
                "attempt \(ceremony.attempt) of the key ceremony was aborted: \(why ?? "no reason is known")",
                remedy: failure?.remedy ?? "read `standstill ceremony show`"
            )
        default:
            let waits = ceremony.missing.isEmpty ? "" : ", waits for \(Self.names(ceremony.missing))"
            return .failure(
                .groupKeys,
                "not made: the ceremony is \(ceremony.stage) since \(ceremony.since.isEmpty ? started : ceremony.since)\(waits)",
                remedy: ceremonyRemedy
            )
        }
    }

    /// What to do while the ceremony waits: what this party itself owes comes first.
    private var ceremonyRemedy: String {
        switch agreement.ceremony.failures.first(where: { $0.party == agreement.party })?.code {
        case CeremonyFailure.notRatified.code: "read the charter and run `standstill charter ratify`"
        case CeremonyFailure.ratifiedHere.code:
            "this party has ratified here; it is signed once peers are connected, so see that they are"
        default: "ask the parties that are waited for"
        }
    }

    private var signing: HealthFinding {
        if let impairment { return HealthFinding(.signing, .failure, parting: "signs nothing: \(impairment)") }
        if let abstention { return .failure(.signing, abstention.found, remedy: abstention.remedy) }
        if !agreement.asking.isEmpty {
            return .failure(
                .signing,
                "this node has just started and signs nothing before its peers have said what they hold of it",
                remedy: "see that these are connected: \(Self.names(agreement.asking))"
            )
        }
        return .ok(.signing, "signs, statement \(agreement.statementNumber) is the last")
    }

    private var recordQuorum: HealthFinding {
        let tree = charter.recordRule.tree
        let reached = PartySet(
            charter.parties.map(\.name).filter { name in
                name.text == agreement.party || peers.contains { $0.name == name.text && $0.isHeard }
            }
        )
        guard let shortfall = tree.missing(from: reached) else {
            return .ok(.recordQuorum, "connected to a record quorum")
        }
        return .failure(
            .recordQuorum,
            "not connected to a record quorum: \(shortfall.sentence())",
            remedy:
                "see the missing peers below; no receipt, closing or publication comes about without a record quorum"
        )
    }

    private var missing: HealthFinding {
        let absent = peers.filter { !$0.isConnected }
        guard !absent.isEmpty else { return .ok(.peers, "all \(peers.count) are connected") }
        let lines = absent.prefix(HealthLimits.namesShown).map { peer in
            let seen = peer.charter == "unknown" ? "never seen" : "missing since \(peer.since)"
            return "\(peer.name) \(seen)\(peer.reason.isEmpty ? "" : " (\(peer.reason))")"
        }
        let rest = absent.count - lines.count
        return .warning(
            .peers,
            "\(peers.count - absent.count) of \(peers.count) are connected: "
                + lines.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : ""),
            remedy: "ask those parties whether their nodes run and which address they announce"
        )
    }

    private var peerCharters: HealthFinding {
        let others = peers.filter { $0.charter == "other" }.map(\.name)
        guard !others.isEmpty else { return .ok(.peerCharters, "every peer that was seen has this charter") }
        return .failure(
            .peerCharters,
            "another charter is used by \(Self.names(others)): nothing is exchanged with them",
            remedy: "compare the charters' ids with them over another channel"
        )
    }

    private var software: HealthFinding {
        let others = peers.filter { !$0.software.isEmpty && $0.software != NodeVersion.text }
        guard !others.isEmpty else { return .ok(.software, "\(NodeVersion.text), and so is every peer that was seen") }
        return .notice(
            .software,
            "this node is \(NodeVersion.text); " + Self.names(others.map { "\($0.name) is \($0.software)" }),
            remedy: "run the version that the parties have agreed on"
        )
    }

    private var clock: HealthFinding {
        let tolerance = charter.limits.clockTolerance
        guard let offset = medianClockOffsetMilliseconds else {
            guard hasTrustedClock else {
                return .warning(
                    .clock,
                    "this node's clock has jumped and has not been compared with its peers' since, so it gives no receipts",
                    remedy: "connect to more peers"
                )
            }
            return .notice(
                .clock,
                "fewer than three peers are connected, so this clock is compared with nobody's",
                remedy: "look again when more are connected"
            )
        }
        guard !hasTrustedClock else {
            return .ok(
                .clock,
                "\(offset / 1000) s from the median of the peers, and the charter tolerates \(tolerance)"
            )
        }
        return .failure(
            .clock,
            "this node's clock differs by \(offset / 1000) s from the median of its peers, and the charter tolerates "
                + "\(tolerance), so it gives no receipts",
            remedy: "synchronise the clock (timedatectl set-ntp true)"
        )
    }

    private var faults: HealthFinding {
        guard !peerFaults.isEmpty else { return .ok(.peerFaults, "no peer broke a rule that this node saw") }
        return .warning(
            .peerFaults,
            Self.names(peerFaults),
            remedy: "tell those parties"
        )
    }

    private var misconduct: HealthFinding {
        let offenders = OrderedMap(agreement.misconduct.map { ($0.party, ()) }).keys
        guard !offenders.isEmpty else { return .ok(.misconduct, "no misconduct of anybody can be proven") }
        return .warning(
            .misconduct,
            "misconduct can be proven of \(Self.names(offenders))",
            remedy: "run `standstill evidence list`, and export the proofs"
        )
    }

    private var secondNode: HealthFinding {
        guard !twinReporters.isEmpty else {
            return .ok(.secondNode, "no peer has lately met a second node with this party's key")
        }
        return .failure(
            .secondNode,
            "two nodes use this party's key, say \(Self.names(twinReporters))",
            remedy: "find the other node and stop it for good; a party that signs twice proves its own misconduct"
        )
    }

    /// A list of names for a sentence, cut where it would be too long.
    static func names(_ names: [String]) -> String {
        let rest = names.count - HealthLimits.namesShown
        let shown = names.prefix(HealthLimits.namesShown).joined(separator: ", ")
        return rest > 0 ? "\(shown) and \(rest) more" : shown
    }
}

extension NodeStatus.PeerLine {
    /// Whether statements are exchanged with the peer now.
    fileprivate var isHeard: Bool { isConnected && charter == "same" }
}
