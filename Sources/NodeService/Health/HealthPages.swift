internal import NodeNetwork

/// The three pages that a node shows to monitors.
struct HealthPages: Sendable {
    let board: HealthBoard

    func page(at path: String) async -> MetricsServer.Page? {
        switch path {
        case "/healthz": liveness
        case "/readyz": await readiness
        case "/metrics": await metrics
        default: nil
        }
    }

    /// Whether the process lives and its loop turns.
    private var liveness: MetricsServer.Page {
        let stall = board.stall()
        guard stall > HealthLimits.stall else { return MetricsServer.Page(status: 200, text: "alive\n") }
        return MetricsServer.Page(status: 503, text: "the node's loop last turned \(stall.components.seconds) s ago\n")
    }

    /// Whether the node can do its part in a motion; if not, why.
    private var readiness: MetricsServer.Page {
        get async {
            guard board.stall() <= HealthLimits.stall, let (snapshot, _) = await board.latest() else {
                return MetricsServer.Page(status: 503, text: "not ready: the node does not answer\n")
            }
            let unready = snapshot.status.health.unready
            guard !unready.isEmpty else { return MetricsServer.Page(status: 200, text: "ready\n") }
            let lines = unready.map { "not ready: \($0.code.rawValue) \($0.name): \($0.sentence)\n" }
            return MetricsServer.Page(status: 503, text: lines.joined())
        }
    }

    private var metrics: MetricsServer.Page {
        get async {
            guard let (snapshot, takenAt) = await board.latest() else {
                return MetricsServer.Page(status: 503, text: "the node does not answer\n")
            }
            let text = board.text(of: takenAt) { MetricsText.text(of: snapshot) }
            return MetricsServer.Page(
                status: 200,
                contentType: "text/plain; version=0.0.4; charset=utf-8",
                text: text
            )
        }
    }
}
