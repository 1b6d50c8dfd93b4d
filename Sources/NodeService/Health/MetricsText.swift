internal import Foundation
internal import PauseAgreement
internal import SignedStatements
internal import SystemCalls

/// A snapshot in the text format of Prometheus, version 0.0.4.
enum MetricsText {
    static func text(of snapshot: HealthBoard.Snapshot) -> String {
        Metric.allCases.map { metric in
            let samples = samples(of: metric, in: snapshot)
            guard !samples.isEmpty else { return "" }
            return "# HELP \(metric.rawValue) \(metric.help)\n# TYPE \(metric.rawValue) \(metric.kind.rawValue)\n"
                + samples.map { line(metric, $0) }.joined()
        }
        .joined()
    }

    private typealias Sample = (label: String, value: Int)

    private static func line(_ metric: Metric, _ sample: Sample) -> String {
        guard let label = metric.label else { return "\(metric.rawValue) \(sample.value)\n" }
        return "\(metric.rawValue){\(label)=\"\(escaped(sample.label))\"} \(sample.value)\n"
    }

    /// Names of parties have no such characters; the format is kept whatever they become.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    private static func samples(of metric: Metric, in snapshot: HealthBoard.Snapshot) -> [Sample] {
        let status = snapshot.status
        let agreement = status.agreement
        switch metric {
        case .ready: return [("", status.health.unready.isEmpty ? 1 : 0)]
        case .checkSeverity: return status.health.map { ($0.code.rawValue, $0.severity.number) }
        case .startTime: return one(Instant(status.started).map { Int($0.seconds) })
        case .journalEntries: return [("", status.journalEntries)]
        case .statementNumber: return [("", agreement.statementNumber)]
        case .abstaining: return [("", agreement.isAbstaining ? 1 : 0)]
        case .peers: return [("", status.peers.count)]
        case .peersConnected: return [("", status.peers.count(where: \.isConnected))]
        case .peerConnected: return status.peers.map { ($0.name, $0.isConnected ? 1 : 0) }
        case .peerClockOffset:
            return status.peers.compactMap { peer in peer.clockOffsetSeconds.map { (peer.name, $0) } }
        case .clockOffset: return one(status.clockOffsetSeconds)
        case .clockTolerance: return [("", status.clockToleranceSeconds)]
        case .motions:
            return MotionPhase.allCases.map { phase in
                (phase.rawValue, agreement.motions.count { $0.phase == phase.rawValue })
            }
        case .orders: return [("", agreement.orders.count)]
        case .equivocators: return [("", agreement.equivocators.count)]
        case .events: return snapshot.events.map { ($0.key, $0.value) }.sorted { $0.label < $1.label }
        case .memory: return one(CurrentProcess.residentBytes)
        case .openFiles: return one(CurrentProcess.openFileCount)
        }
    }

    private static func one(_ value: Int?) -> [Sample] {
        value.map { [("", $0)] } ?? []
    }
}

extension CurrentProcess {
    /// Bytes of memory in use; nil where there is no /proc.
    fileprivate static var residentBytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return pages.map { $0 * NSPageSize() }
    }

    /// Open files; nil where there is no /proc.
    fileprivate static var openFileCount: Int? {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count
    }
}
