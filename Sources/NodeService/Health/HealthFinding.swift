/// What one check found, how bad it is, and the one thing to do about it.
package struct HealthFinding: Codable, Hashable, Sendable {
    package enum Severity: String, Codable, CaseIterable, Hashable, Comparable, Sendable {
        /// As it should be.
        case ok
        /// Worth knowing; nobody needs to be woken.
        case notice
        /// Something works less well than it could, or will stop working.
        case warning
        /// The node does not do its work, or must not be run like this.
        case failure

        /// 0 to 3, for metrics.
        package var number: Int {
            switch self {
            case .ok: 0
            case .notice: 1
            case .warning: 2
            case .failure: 3
            }
        }

        package static func < (left: Severity, right: Severity) -> Bool { left.number < right.number }
    }

    package let code: HealthCheck
    package let name: String
    package let severity: Severity
    /// A sentence without a full stop.
    package let found: String
    /// What to do; empty exactly when ``severity`` is ``Severity/ok``.
    package let remedy: String

    private init(_ code: HealthCheck, _ severity: Severity, _ found: String, _ remedy: String) {
        self.code = code
        name = code.name
        self.severity = severity
        self.found = found
        self.remedy = remedy
    }

    static func ok(_ code: HealthCheck, _ found: String) -> HealthFinding {
        HealthFinding(code, .ok, found, "")
    }

    static func notice(_ code: HealthCheck, _ found: String, remedy: String) -> HealthFinding {
        HealthFinding(code, .notice, found, remedy)
    }

    static func warning(_ code: HealthCheck, _ found: String, remedy: String) -> HealthFinding {
        HealthFinding(code, .warning, found, remedy)
    }

    static func failure(_ code: HealthCheck, _ found: String, remedy: String) -> HealthFinding {
        HealthFinding(code, .failure, found, remedy)
    }

    /// Parts a message of this program that says what is wrong and then, after a mark, what to do.
    init(_ code: HealthCheck, _ severity: Severity, parting text: String) {
        precondition(severity > .ok, "what is wrong is not ok")
        for mark in ["\nhint: ", "; hint: ", "; "] {
            guard let range = text.firstRange(of: mark) else { continue }
            self.init(code, severity, String(text[..<range.lowerBound]), String(text[range.upperBound...]))
            return
        }
        self.init(code, severity, text, "see the node's log")
    }

    /// Found and remedy in one sentence, as `status` shows warnings.
    var sentence: String { remedy.isEmpty ? found : "\(found); hint: \(remedy)" }
}

extension [HealthFinding] {
    /// How bad the worst is.
    package var worst: HealthFinding.Severity { map(\.severity).max() ?? .ok }

    /// What keeps a node from being ready for a motion.
    package var unready: [HealthFinding] { filter { $0.code.decidesReadiness && $0.severity == .failure } }

    /// What asks for the operator's attention and is not in the tables of `status`; what one says, another does not repeat.
    var warnings: [String] {
        var told: [HealthFinding] = []
        for finding in self where finding.severity >= .warning && !finding.code.isInTables {
            if !told.contains(where: { finding.found.contains($0.found) }) { told.append(finding) }
        }
        return told.map(\.sentence)
    }
}
