internal import NodeStore
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// Letting a node sign again that found another node or an older copy speaking for its party.
extension NodeLoop {
    mutating func acknowledge(_ ticket: OperatorTicket, _ request: AcknowledgeRequest) async throws(NodeFailure) {
        let missing = max(participant.agreement.missingOwnStatements(signed: highWater.number), 0)
        if let refusal = refusal(of: request, missing: missing) {
            return finish(ticket, OperatorReply(error: refusal))
        }
        let highest = max(highWater.number, participant.agreement.highestOwnNumber)
        try await attempt(ticket) { participant, now throws(ParticipantError) in
            let outputs = participant.acknowledge(writingOff: missing == 0 ? 0 : highest, at: now)
            return (outputs, OperatorReply(done: "acknowledged: this party goes on with statement \(highest + 1)"))
        }
        // Only now: a mark that goes before the acknowledgement is durable would be missed by the next start.
        try RestorationMark.remove(from: NodeDirectory(path: configuration.data))
    }

    /// Why the node must not sign yet, with what to do; nil when it may.
    private func refusal(of request: AcknowledgeRequest, missing: Int) -> String? {
        let twins = peers.twinReporters(at: now.instant)
        if !twins.isEmpty {
            return "\(list(twins)) said that another node with this party's key is alive"
                + "; hint: stop it, and wait until they are connected again, or have not said so for "
                + "\(HealthLimits.twinSeconds / 60) minutes"
        }
        let wanted = request.writingOff ?? 0
        guard missing > 0 else {
            guard wanted == 0 else {
                return "no statement that this party has signed is missing; hint: acknowledge without --write-off"
            }
            return nil
        }
        let state = "\(missing) statements that this party has signed are not here yet"
        // What they did not send they may have all the same: it would come back, and show a second word of this party.
        let excused = Set(request.withoutAsking ?? [])
        let unasked = peers.unasked.filter { !excused.contains($0.text) }
        guard unasked.isEmpty else {
            return state + ", and \(list(unasked)) have not been connected since this node started"
                + "; hint: wait until they have sent what they have; "
                + "of one that never comes back, say so with --write-off and --without-asking"
        }
        guard participant.agreement.ceremony.stage == .finished else {
            return state + ", and the key ceremony has not ended here"
                + "; hint: wait for the peers; what was said in a ceremony that goes on cannot be written off"
        }
        // The very number: more may have become known since the operator looked.
        guard wanted == missing else {
            return state + (wanted == 0 ? "" : ", not \(wanted)")
                + "; hint: if none of the peers ever had them, acknowledge with --write-off \(missing)"
        }
        return nil
    }

    private func list(_ parties: [PartyName]) -> String { parties.map(\.text).sorted().joined(separator: ", ") }
}
