internal import NodeService

/// A doctor's findings: a line each, and below it what to do.
struct DoctorScreen {
    private let report: DoctorReport

    init(_ report: DoctorReport) {
        self.report = report
    }

    var lines: [String] {
        var table = TextTable(["code", "state", "check", "found"])
        for finding in report.findings {
            table.add([finding.code.rawValue, finding.severity.rawValue, finding.name, finding.found])
            if !finding.remedy.isEmpty { table.add(["", "", "", "-> \(finding.remedy)"]) }
        }
        return [heading, ""] + table.lines + ["", summary]
    }

    private var heading: String {
        guard !report.party.isEmpty else { return "no configuration" }
        let charter = report.charter.isEmpty ? "no charter" : "charter \(report.charter)"
        let state = report.isRunning ? report.isReady ? "running and ready" : "running, not ready" : "not running"
        return "\(report.party), \(charter), \(state)"
    }

    private var summary: String {
        let counts = HealthFinding.Severity.allCases.map { severity in
            (severity, report.findings.count { $0.severity == severity })
        }
        return counts.map { "\($1) \($0.rawValue)" }.joined(separator: ", ")
    }
}
