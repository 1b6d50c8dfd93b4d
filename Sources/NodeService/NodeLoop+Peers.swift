internal import CryptoPrimitives
internal import Logging
internal import NodeNetwork
internal import NodeStore
internal import PauseAgreement
internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// What peers tell each other of their newest statements and their clocks, and what follows for this node.
extension NodeLoop {
    /// Tells a peer that has just connected how far this party has come, and what is known of the peer's own.
    func tellHead(to peer: PeerKey) async {
        guard let party = peers.party(of: peer) else { return }
        let agreement = participant.agreement
        var newest: [UInt8] = []
        if let known = agreement.newestStatement(of: party) {
            // A journal that cannot be read shows nothing; the next append finds out why.
            newest = (try? journal.item(known.id.bytes))?.entry.bytes ?? []
        }
        _ = await network.send(.head(number: UInt64(agreement.ownStatementNumber), newest: newest), to: peer)
    }

    /// Takes in what a peer says of both newest statements.
    mutating func hear(_ number: UInt64, _ newest: [UInt8], from peer: PeerKey) async throws(NodeFailure) {
        guard impairment == nil, let party = peers.party(of: peer) else { return }
        let outputs: [Participant.Output]
        do {
            let item = newest.isEmpty ? nil : try Item(decoding: String(decoding: newest, as: UTF8.self))
            let head = PeerHead(number: Int(clamping: number), newest: item)
            outputs = try participant.receive(head, from: party, at: now)
        } catch {
            return await refuse(peer, error)
        }
        peers.hasToldHead(peer)
        try await carryOut(outputs)
    }

    /// Starts over when the clocks show that this machine may have been put back into an earlier state.
    mutating func watchForJump() async throws(NodeFailure) {
        guard clocks.look(wallMilliseconds: now.milliseconds, monotonic: .now) else { return }
        try await carryOut(participant.interrupt(at: now))
        epoch.renew()
        // Peers answer the question when they connect.
        peers.forgetHeads()
        for peer in peers.connected {
            await network.disconnect(peer, .leaving, "my clock jumped; I start over")
        }
    }

    /// Compares this node's clock with its own past and with its peers.
    mutating func watchClocks() async throws(NodeFailure) {
        try await watchForJump()
        try await compareClocks()
    }

    /// Compares this node's clock with those of the connected peers.
    mutating func compareClocks() async throws(NodeFailure) {
        peers.compareClocks(wallMilliseconds: now.milliseconds, monotonic: .now)
        try await carryOut(participant.compareClocks(offsetMilliseconds: peers.medianClockOffset, at: now))
    }
}
