internal import PauseAgreement
internal import PeerProtocol
internal import SignedStatements

/// Clocks as a node's loop watches them (docs/decisions/0024-clocks.md), against true time as the monotonic clock.
extension Simulation {
    /// How far a clock may be set before its node takes itself for restarted, in milliseconds.
    private static let jumpMilliseconds = 2000
    /// HELLO carries whole seconds, and so does what is added to them.
    private static let resolutionMilliseconds: Int64 = 2000

    /// Sets a node's clock, in milliseconds ahead of true time.
    func setClock(of node: SimulatedNode, ahead milliseconds: Int64) {
        let jump = milliseconds - node.clockOffset
        node.clockOffset = milliseconds
        guard node.isUp else { return }
        if jump.magnitude > Self.jumpMilliseconds {
            act(node) { participant, now in participant.interrupt(at: now) }
            node.runEpoch += 1
            for peer in nodes where peer !== node { interrupt(node, peer) }
        }
        scheduleWake(of: node)
    }

    /// Each end learns the other's clock when they connect.
    func exchangeClocks(_ one: SimulatedNode, _ other: SimulatedNode) {
        let said = { (node: SimulatedNode) in node.clock(self.now).milliseconds / 1000 * 1000 }
        one.hellos[other.number] = (said(other), now)
        other.hellos[one.number] = (said(one), now)
    }

    /// Tells a node the median of its peers' clocks minus its own; nil while too few are connected.
    func compareClocks(at node: SimulatedNode) {
        guard node.hasNewClocks else { return }
        node.hasNewClocks = false
        let own = node.clock(now).milliseconds
        let offsets = node.hellos.values.map { hello in
            let least = hello.said + (now.milliseconds - hello.at.milliseconds) - own
            return min(max(0, least), least + Self.resolutionMilliseconds)
        }
        let median = PeerClocks.offset(of: offsets, under: charter.limits)
        act(node) { participant, now in participant.compareClocks(offsetMilliseconds: median, at: now) }
    }
}
