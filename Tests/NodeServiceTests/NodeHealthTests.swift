import CryptoPrimitives
import Foundation
import NodeNetwork
import QuorumPolicy
import SignedStatements
import Testing

@testable import NodeService
@testable import PauseAgreement

/// What a running node says of itself: findings, warnings, pages and metrics from one list.
@Suite struct NodeHealthTests {
    /// A node's state, well unless a test says otherwise.
    private struct State {
        var stage = "finished"
        var waitsFor: [String] = []
        var failures: [CeremonyFailureStatus] = []
        var abstention: Abstention?
        var twinReporters: [String] = []
        var offenders: [String] = []
        var connected = ["gov.a", "gov.b", "lab.b"]
        var charters: [String: String] = [:]
        var software: [String: String] = [:]
        var offset: Int64? = 0
        var hasTrustedClock = true
        var asking: [String] = []
        var faults: [String] = []
        var impairment: String?

        func health() throws -> NodeHealth {
            let charter = try Founder.charter(of: SecretBytes.random(count: 32))
            return NodeHealth(
                charter: charter,
                agreement: agreement(charter),
                peers: ["gov.a", "gov.b", "lab.b"].map(line),
                medianClockOffsetMilliseconds: offset,
                hasTrustedClock: hasTrustedClock,
                peerFaults: faults,
                twinReporters: twinReporters,
                abstention: abstention,
                impairment: impairment,
                journalEntries: 7,
                started: "2027-01-01T00:00:00Z",
                listen: "127.0.0.1:1",
                now: Instant("2027-01-01T01:00:00Z") ?? .earliest,
                shortfalls: []
            )
        }

        func findings() throws -> [HealthFinding] { try health().findings }

        func finding(_ check: HealthCheck) throws -> HealthFinding {
            try #require(try findings().first { $0.code == check })
        }

        func snapshot() throws -> HealthBoard.Snapshot {
            let health = try health()
            let status = NodeStatus(
                software: NodeVersion.text,
                now: "2027-01-01T01:00:00Z",
                listen: "127.0.0.1:1",
                agreement: health.agreement,
                peers: health.peers,
                warnings: health.findings.warnings,
                journalEntries: health.journalEntries,
                started: health.started,
                clockOffsetSeconds: offset.map { Int($0 / 1000) },
                clockToleranceSeconds: 1,
                health: health.findings
            )
            return HealthBoard.Snapshot(status: status, events: ["committed": 2, "agreed": 1])
        }

        private func agreement(_ charter: Charter) -> AgreementStatus {
            AgreementStatus(
                network: "founders",
                charter: charter.id.description,
                party: "lab.a",
                isAbstaining: abstention != nil,
                asking: asking,
                ceremony: CeremonyStatus(
                    stage: stage,
                    attempt: 2,
                    missing: waitsFor,
                    since: "",
                    problems: [],
                    failures: failures,
                    earlier: [],
                    keys: [:]
                ),
                parties: [],
                motions: [],
                orders: [],
                standing: [],
                equivocators: [],
                misconduct: offenders.map { party in
                    OffenceStatus(
                        party: party,
                        offence: "two-statements",
                        sentence: "signed two statements with one number",
                        motion: "",
                        statements: [],
                        isConditional: false
                    )
                },
                accusations: [],
                statementNumber: 5
            )
        }

        static let failure = CeremonyFailureStatus(
            code: "CER-14",
            party: "gov.b",
            step: "dealt",
            what: "dealt wrongly",
            remedy: "ask gov.b why",
            accuser: "",
            isWaiting: false
        )

        static func waiting(_ code: String, _ party: String) -> CeremonyFailureStatus {
            CeremonyFailureStatus(
                code: code,
                party: party,
                step: "ratified",
                what: "waits",
                remedy: "wait",
                accuser: "",
                isWaiting: true
            )
        }

        private func line(_ name: String) -> NodeStatus.PeerLine {
            NodeStatus.PeerLine(
                name: name,
                isConnected: connected.contains(name),
                charter: charters[name] ?? "same",
                software: software[name] ?? NodeVersion.text,
                clockOffsetSeconds: 0,
                since: "2027-01-01T00:30:00Z",
                reason: connected.contains(name) ? "" : "refused"
            )
        }
    }

    @Test func `a node that is well has one ok finding for each of its checks, and no warning`() throws {
        let findings = try State().findings()
        #expect(findings.allSatisfy { $0.severity == .ok })
        #expect(Set(findings.map(\.code)).count == findings.count && findings.count == 17)
        #expect(findings.warnings.isEmpty && findings.unready.isEmpty)
    }

    @Test func `keys that are not made name who is waited for, and make the node unready`() throws {
        let ratifying = State(
            stage: "ratifying",
            waitsFor: ["gov.a", "lab.a"],
            failures: [State.waiting("CER-01", "gov.a"), State.waiting("CER-01", "lab.a")]
        )
        let finding = try ratifying.finding(.groupKeys)
        #expect(finding.severity == .failure && finding.found.hasSuffix("waits for gov.a, lab.a"))
        #expect(finding.remedy == "read the charter and run `standstill charter ratify`")
        #expect(try ratifying.findings().unready.map(\.code) == [.groupKeys])
        // What the officers have done here is not asked of them again.
        let ratified = State(
            stage: "ratifying",
            waitsFor: ["lab.a"],
            failures: [State.waiting("CER-08", "lab.a")]
        )
        #expect(try ratified.finding(.groupKeys).remedy.hasPrefix("this party has ratified here; it is signed once"))
        let others = try State(stage: "dealing", waitsFor: ["gov.a"]).finding(.groupKeys)
        #expect(others.remedy == "ask the parties that are waited for")
        let aborted = try State(stage: "aborted", failures: [State.failure]).finding(.groupKeys)
        #expect(aborted.found == "attempt 2 of the key ceremony was aborted: CER-14, gov.b dealt wrongly")
        #expect(aborted.remedy == "ask gov.b why")
    }

    @Test func `an abstaining or impaired node is unready and warned of`() throws {
        let abstaining = try State(abstention: Abstention(cause: .restored, missing: 0, unheard: [])).findings()
        #expect(abstaining.unready.map(\.code) == [.signing])
        #expect(abstaining.warnings.first?.hasSuffix("then run `standstill node acknowledge`") == true)
        let impaired = try State(impairment: "the journal takes nothing more: disk full; hint: make room").findings()
        #expect(impaired.filter { $0.severity == .failure }.map(\.code) == [.journal, .signing])
        #expect(impaired.filter { $0.severity == .failure }.allSatisfy { $0.remedy == "make room" })
        #expect(impaired.unready.map(\.code) == [.signing])
        // What the journal says, signing does not say again.
        #expect(impaired.warnings == ["the journal takes nothing more: disk full; hint: make room"])
    }

    @Test func `a record quorum counts this node and the peers that are heard under the same charter`() throws {
        #expect(try State().finding(.recordQuorum).severity == .ok)
        let lost = State(connected: ["gov.a", "gov.b"])
        let found = try lost.finding(.recordQuorum).found
        #expect(found == "not connected to a record quorum: 1 of 2 parties still missing: lab.b")
        #expect(try lost.findings().unready.map(\.code) == [.recordQuorum])
        let foreign = State(charters: ["lab.b": "other"])
        #expect(try foreign.findings().unready.map(\.code) == [.recordQuorum])
        #expect(try foreign.finding(.peerCharters).found.contains("lab.b"))
    }

    @Test func `who is missing is named with since when, and who was never seen`() throws {
        let finding = try State(connected: ["gov.b"], charters: ["lab.b": "unknown"]).finding(.peers)
        #expect(finding.severity == .warning)
        #expect(
            finding.found
                == "1 of 3 are connected: gov.a missing since 2027-01-01T00:30:00Z (refused), lab.b never seen (refused)"
        )
    }

    @Test func `a clock that the core does not trust is told with how far it is off`() throws {
        #expect(try State(offset: 1_500).finding(.clock).severity == .ok)
        let wrong = try State(offset: -90_000, hasTrustedClock: false).finding(.clock)
        #expect(
            wrong.severity == .failure && wrong.found.contains("differs by -90 s")
                && wrong.found.contains("tolerates 1s")
        )
    }

    @Test func `a node that still asks its peers is unready and names them`() throws {
        let asking = try State(asking: ["gov.a", "lab.b"]).findings()
        #expect(asking.unready.map(\.code) == [.signing])
        #expect(asking.unready.first?.remedy == "see that these are connected: gov.a, lab.b")
    }

    @Test func `a clock that nobody is there to judge is a notice, and so is another version`() throws {
        #expect(try State(offset: nil).finding(.clock).severity == .notice)
        let other = try State(software: ["gov.a": "standstill/9"]).finding(.software)
        #expect(other.severity == .notice && other.found.hasSuffix("gov.a is standstill/9"))
    }

    @Test func `faults of peers are warned of, and what the tables show is not said twice`() throws {
        let state = State(offenders: ["gov.a", "gov.a"], faults: ["two nodes use the key of gov.b"])
        let misconduct = try state.finding(.misconduct)
        #expect(misconduct.severity == .warning && misconduct.found == "misconduct can be proven of gov.a")
        #expect(try state.findings().warnings == ["two nodes use the key of gov.b; hint: tell those parties"])
    }

    @Test func `a peer that met a second node with this party's key is named, and stops nothing by itself`() throws {
        let state = State(twinReporters: ["gov.a"])
        let finding = try state.finding(.secondNode)
        #expect(finding.severity == .failure && finding.found == "two nodes use this party's key, say gov.a")
        #expect(try state.findings().warnings.first?.hasPrefix(finding.found) == true)
        #expect(try state.findings().unready.isEmpty)
        let metrics = MetricsText.text(of: try state.snapshot())
        #expect(metrics.contains("\nstandstill_check_severity{check=\"DOC-27\"} 3\n"))
    }

    @Test func `a list of names is cut at its bound`() {
        let names = (1...9).map { "p\($0)" }
        #expect(NodeHealth.names(Array(names.prefix(8))).hasSuffix("p7, p8"))
        #expect(NodeHealth.names(names).hasSuffix("p7, p8 and 1 more"))
    }

    // MARK: Pages

    @Test func `readiness says why not, by code`() async throws {
        let board = HealthBoard()
        board.leave(try State(abstention: Abstention(cause: .restored, missing: 0, unheard: [])).snapshot())
        let page = try #require(await HealthPages(board: board).page(at: "/readyz"))
        let reason = "not ready: DOC-19 signing: signs nothing: this directory was restored"
        #expect(page.status == 503 && page.text.hasPrefix(reason))
        board.leave(try State().snapshot())
        #expect(await HealthPages(board: board).page(at: "/readyz")?.text == "ready\n")
        #expect(await HealthPages(board: board).page(at: "/") == nil)
    }

    @Test func `a loop that stands still is neither alive nor ready, and metrics show the last snapshot`() async throws
    {
        let board = HealthBoard()
        board.leave(try State().snapshot())
        let pages = HealthPages(board: board)
        #expect(await pages.page(at: "/healthz")?.status == 200)
        _ = board.turn(at: .now - HealthLimits.stall - .seconds(1))
        #expect(await pages.page(at: "/healthz")?.status == 503)
        #expect(await pages.page(at: "/readyz")?.status == 503)
        #expect(await pages.page(at: "/metrics")?.status == 200)
    }

    @Test func `the loop leaves a snapshot only when somebody asked, and at most one a second`() async throws {
        let board = HealthBoard()
        let start = ContinuousClock.now
        #expect(board.turn(at: start))
        board.leave(try State().snapshot(), at: start)
        #expect(!board.turn(at: start + .seconds(100)))
        _ = await board.latest()
        #expect(!board.turn(at: start + .milliseconds(999)))
        #expect(board.turn(at: start + HealthLimits.snapshotInterval))
    }

    @Test func `a snapshot is rendered once`() {
        let board = HealthBoard()
        let now = ContinuousClock.now
        var count = 0
        for _ in 1...3 {
            _ = board.text(of: now) {
                count += 1; return "x"
            }
        }
        #expect(count == 1)
        _ = board.text(of: now + .seconds(1)) {
            count += 1; return "y"
        }
        #expect(count == 2)
    }

    // MARK: Metrics

    @Test func `metrics have the text format: help and type once, then their samples`() throws {
        let text = MetricsText.text(of: try State(connected: ["gov.a", "gov.b"]).snapshot())
        var kind: [Substring: Int] = [:]
        var current: Substring = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("# HELP ") || line.hasPrefix("# TYPE ") {
                current = line.split(separator: " ")[2]
                kind[current, default: 0] += 1
            } else {
                #expect(line.contains(/^[a-z_]+(\{[a-z]+="[^"\\\n]+"\})? -?[0-9]+$/), "\(line)")
                #expect(line.prefix { $0 != "{" && $0 != " " } == current)
            }
        }
        #expect(kind.values.allSatisfy { $0 == 2 } && kind.count == Metric.allCases.count)
        for line in [
            "standstill_ready 0", "standstill_check_severity{check=\"DOC-20\"} 3", "standstill_peers_connected 2",
            "standstill_peer_connected{party=\"lab.b\"} 0", "standstill_events_total{event=\"committed\"} 2",
            "standstill_motions{phase=\"committing\"} 0", "standstill_journal_entries 7",
            "standstill_start_time_seconds 1798761600",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line)")
        }
    }

    @Test func `labels are party names, codes and this program's words, whatever peers say`() throws {
        let hostile = "evil\"} 1\nstandstill_ready 1"
        let state = State(
            waitsFor: [hostile],
            connected: [],
            charters: ["gov.a": hostile],
            software: ["gov.a": hostile],
            faults: [hostile],
            impairment: hostile
        )
        #expect(!MetricsText.text(of: try state.snapshot()).contains("evil"))
    }
}
