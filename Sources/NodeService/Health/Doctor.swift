internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements
internal import SystemCalls

/// Looks at everything that a node needs, with and without a running node, and never at a passphrase.
package struct Doctor {
    private let directory: NodeDirectory
    private let now: Instant
    /// What this process found when it started, for want of a node's own findings.
    private let shortfalls: [ProcessHardening.Shortfall]

    package init(directory: String, shortfalls: [ProcessHardening.Shortfall]) {
        self.directory = NodeDirectory(path: directory)
        self.shortfalls = shortfalls
        now = .now
    }

    /// Looks once; takes at most as long as the node and its announced addresses take to answer.
    package func report() async -> DoctorReport {
        let configuration: NodeConfiguration
        do throws(SetupError) {
            configuration = try NodeConfiguration.read(at: directory.configuration)
        } catch {
            let finding = HealthFinding(.configuration, .failure, parting: error.description)
            return DoctorReport(party: "", charter: "", status: nil, findings: [finding] + own)
        }
        let (charter, charterFindings) = judgeCharter(configuration)
        let files = DirectoryHealth(configuration: configuration, charter: charter, now: now)
        var findings = [HealthFinding.ok(.configuration, "\(directory.configuration) reads well")]
        findings += files.findings + charterFindings + own
        let status = await status(of: configuration)
        if let status {
            findings += status.health
            if let charter, status.agreement.charter != charter.id.description {
                findings.append(
                    .failure(
                        .charter,
                        "the running node has charter \(status.agreement.charter), the file is charter \(charter.id)",
                        remedy: "put the agreed charter back, or restart the node if the file is the agreed one"
                    )
                )
            }
            findings.append(await Reachability(configuration: configuration, charter: charter).finding)
        } else {
            findings.append(absence(of: configuration))
            findings.append(
                .notice(
                    .keys,
                    "whether the key file's keys are the charter's was not tried: that takes the passphrase",
                    remedy: "start the node, which compares them, or run `standstill backup verify` on a backup"
                )
            )
        }
        return DoctorReport(
            party: configuration.party.text,
            charter: charter?.id.description ?? "",
            status: status,
            findings: Self.merged(findings)
        )
    }

    /// What this process can say of itself and the machine.
    private var own: [HealthFinding] {
        ProcessHealth.findings(shortfalls) + [timeSource]
    }

    private var timeSource: HealthFinding {
        switch SystemClock.isSynchronised {
        case true?: .ok(.timeSource, "the system says that its clock is synchronised")
        case false?:
            .notice(
                .timeSource,
                "the system says that its clock is not synchronised",
                remedy: "run a time service (timedatectl set-ntp true)"
            )
        case nil: .ok(.timeSource, "the system does not say whether its clock is synchronised")
        }
    }

    private func judgeCharter(_ configuration: NodeConfiguration) -> (Charter?, [HealthFinding]) {
        do throws(NodeFailure) {
            let charter = try NodeStart.readCharter(at: configuration.charter)
            guard charter.party(configuration.party) != nil else {
                throw .notInCharter(configuration.party, known: charter.parties.map(\.name))
            }
            let found = "\(charter.id), for \(charter.network), lists \(configuration.party)"
            return (charter, [.ok(.charter, found), CharterHealth.expiry(of: charter, at: now)])
        } catch {
            return (nil, [HealthFinding(.charter, .failure, parting: error.description)])
        }
    }

    private func status(of configuration: NodeConfiguration) async -> NodeStatus? {
        do {
            for try await reply in OperatorClient.ask(.status, at: configuration.socket) { return reply.status }
        } catch {
            // Whether nobody serves the socket or the answer broke off: there is no status, and the lock tells more.
        }
        return nil
    }

    private func absence(of configuration: NodeConfiguration) -> HealthFinding {
        guard let process = configuration.runningProcess else {
            return .failure(
                .node,
                "no node runs here",
                remedy: "start it with `standstill node run --directory \(directory.path)`, or its service"
            )
        }
        return .failure(
            .node,
            "\(process) runs in the directory, but does not answer at \(configuration.socket)",
            remedy: "see its log; a node that is starting answers soon, one whose socket is gone after a restart"
        )
    }

    /// One finding for each check, in the order of the list: of two, the worse, and the node's own if they are alike.
    static func merged(_ findings: [HealthFinding]) -> [HealthFinding] {
        HealthCheck.allCases.compactMap { check in
            findings.last { $0.code == check }.map { last in
                findings.first { $0.code == check && $0.severity > last.severity } ?? last
            }
        }
    }
}

/// What a doctor found, for people and scripts.
package struct DoctorReport: Codable, Hashable, Sendable {
    /// Empty when the configuration cannot be read.
    package let party: String
    /// Empty when the charter cannot be read.
    package let charter: String
    package let isRunning: Bool
    /// Whether the running node is ready for a motion.
    package let isReady: Bool
    package let worst: HealthFinding.Severity
    package let findings: [HealthFinding]

    init(party: String, charter: String, status: NodeStatus?, findings: [HealthFinding]) {
        self.party = party
        self.charter = charter
        isRunning = status != nil
        isReady = status.map { $0.health.unready.isEmpty } ?? false
        worst = findings.worst
        self.findings = findings
    }

    /// 0 when nothing is worse than a notice, 1 for warnings, 2 for failures, as monitoring plugins expect.
    package var exitStatus: Int32 {
        switch worst {
        case .ok, .notice: 0
        case .warning: 1
        case .failure: 2
        }
    }
}
