internal import CryptoPrimitives
internal import Foundation
internal import Logging
internal import NodeNetwork
internal import NodeStore
internal import PauseAgreement
internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// The one task that owns a running node's state: takes events one at a time and carries out what follows, in order.
///
/// What the core wants remembered is durable before anything that reveals it is sent (Protocol §10, rule 7).
struct NodeLoop: ~Copyable {
    let configuration: NodeConfiguration
    let charter: Charter
    let journal: Journal
    let network: PeerNetwork
    let logger: Logger
    var participant: Participant
    var highWater: HighWater
    var dissemination = Dissemination()
    var peers: PeerBook
    var listeners = OperatorListeners()
    let epoch: RunEpoch
    var clocks = ClockWatch()
    /// Where monitors look; nil when they are not served.
    var board: HealthBoard?
    /// What the process found out about itself when it started.
    var shortfalls: [ProcessHardening.Shortfall] = []
    /// What the files showed against signing when the node started, until its operator has acknowledged it.
    private var startCause: Abstention.Cause?
    /// How often each kind of event was observed since the start.
    private var events: [String: Int] = [:]
    private let started = Instant.now
    private var invalidItems = RefusalCount()
    private var refusedItems = RefusalCount()
    /// The directory is this node's as long as its loop lives.
    private let lock: DirectoryLock
    /// The addresses last given to the network, by party.
    private var dialled: OrderedMap<PartyName, [SignedStatements.PeerAddress]> = [:]

    init(_ start: consuming NodeStart, network: PeerNetwork, peers: PeerBook, epoch: RunEpoch, logger: Logger) {
        self.epoch = epoch
        configuration = start.configuration
        charter = start.charter
        journal = start.journal
        participant = start.participant
        highWater = start.highWater
        startCause = start.abstention
        lock = start.lock
        self.network = network
        self.peers = peers
        self.logger = logger
    }

    /// The wall clock when the present event was taken: what the core decides at and what the journal records.
    private(set) var now = NodeLoop.wallClock

    private static var wallClock: Moment {
        Moment(milliseconds: Int64(Date.now.timeIntervalSince1970 * 1000))
    }

    /// Reads the clock, once for every event.
    mutating func beginEvent() {
        now = Self.wallClock
        if !participant.agreement.isAbstaining { startCause = nil }
    }

    // MARK: Events

    /// Ends the replay and says where this node can be reached.
    mutating func begin() async throws(NodeFailure) {
        beginEvent()
        guard impairment == nil else { return await beginImpaired() }
        try await carryOut(participant.resume(at: now))
        try await announce()
        await updateAddresses()
    }

    /// Says where this node can be reached, once it has signed something before.
    private mutating func announce() async throws(NodeFailure) {
        guard impairment == nil, participant.agreement.ownStatementNumber > 0 else { return }
        try await carryOut(participant.announce(configuration.announce, at: now))
    }

    mutating func tick() async throws(NodeFailure) {
        beginEvent()
        if impairment == nil {
            try await watchClocks()
            try await announce()
            try await carryOut(participant.tick(at: now))
        }
        try await disseminate(.tick)
        if let board, board.turn() { board.leave(HealthBoard.Snapshot(status: status, events: events)) }
        if listeners.awaitUpdate { listeners.update(status) }
    }

    mutating func receive(_ event: PeerNetworkEvent) async throws(NodeFailure) {
        beginEvent()
        // Before anything that could make this node answer: its memory may be an old one.
        if impairment == nil { try await watchForJump() }
        switch event {
        case .connected(let peer, let hello, let arrival):
            peers.connected(peer, hello, arrival, at: now.instant)
            logger.info("peer connected", metadata: ["peer": "\(peers.name(of: peer))"])
            guard hello.charter == charter.id.bytes else {
                logger.warning(
                    "peer has another charter; nothing is exchanged with it",
                    metadata: ["peer": "\(peers.name(of: peer))"]
                )
                return
            }
            // Before its HEAD can answer the question that keeps this node silent.
            if impairment == nil { try await compareClocks() }
            await tellHead(to: peer)
            try await disseminate(.connected(peer, runEpoch: hello.runEpoch))
        case .message(.head(let number, let newest), let peer):
            guard peers.isOfThisCharter(peer), peers.takeHead(from: peer) else { return }
            try await hear(number, newest, from: peer)
        case .message(let message, let peer):
            guard peers.isOfThisCharter(peer) else { return }
            try await disseminate(.received(message, from: peer))
        case .drained(let peer):
            try await disseminate(.drained(peer))
        case .disconnected(let peer, let reason):
            peers.disconnected(peer, reason, at: now.instant)
            logger.info("peer disconnected", metadata: ["peer": "\(peers.name(of: peer))", "reason": "\(reason)"])
            try await disseminate(.disconnected(peer))
        case .twin(let peer, _, _):
            peers.twin(peer)
            logger.error("two nodes use one key", metadata: ["peer": "\(peers.name(of: peer))"])
        case .twinReported(let peer):
            guard let party = peers.party(of: peer) else { return }
            if peers.twinReported(by: peer, at: now.instant) {
                logger.error("a peer says that two nodes use this party's key", metadata: ["peer": "\(party)"])
            }
            try await carryOut(participant.hearTwin(from: party, at: now))
        }
        listeners.isStale = true
    }

    // MARK: Outputs

    /// Appends everything in one durable transaction, then sends and reports in order; nothing when that fails, or failed
    /// before.
    mutating func carryOut(_ outputs: [Participant.Output]) async throws(NodeFailure) {
        guard !outputs.isEmpty, impairment == nil, try append(outputs) else { return }
        listeners.isStale = true
        var hasNewAddress = false
        for output in outputs {
            switch output {
            case .append(.item(let item)):
                hasNewAddress = hasNewAddress || item.isAddress
                try await disseminate(.recorded(item.id.bytes))
            case .append: break
            case .send(let item): try await disseminate(.published(item.id.bytes))
            case .report(let observation): tell(observation)
            case .refuse(let party, let error):
                if let peer = peers.key(of: party) { await refuse(peer, error) }
            }
        }
        if hasNewAddress { await updateAddresses() }
    }

    /// Says whether everything is durable; if not, the node is impaired.
    private mutating func append(_ outputs: [Participant.Output]) throws(NodeFailure) -> Bool {
        let received = now.instant
        var entries: [JournalEntry] = []
        for case .append(let record) in outputs {
            entries.append(JournalRecords.entry(for: record, receivedAt: received))
        }
        guard !entries.isEmpty else { return true }
        let before = journal.count
        do throws(StoreError) {
            for chunk in stride(from: 0, to: entries.count, by: JournalLimits.entriesPerAppend) {
                let end = min(chunk + JournalLimits.entriesPerAppend, entries.count)
                _ = try journal.append(Array(entries[chunk..<end]))
            }
            try highWater.raise(to: participant.agreement.highestOwnNumber)
            return true
        } catch {
            guard !error.isRefusal else { throw .store(error) }
            impair(because: error, keeping: before)
            return false
        }
    }

    /// Runs dissemination's effects, and those that follow from them, until none is left.
    private mutating func disseminate(_ event: Dissemination.Event) async throws(NodeFailure) {
        let view = JournalView(journal: journal)
        var effects = dissemination.receive(event, at: .now, journal: view)[...]
        while let effect = effects.popFirst() {
            switch effect {
            case .send(let message, let peer):
                _ = await network.send(message, to: peer)
            case .supply(let identifier, let peer):
                let outcome = await supply(identifier, to: peer)
                effects += dissemination.receive(.supplied(to: peer, outcome), at: .now, journal: view)
            case .deliver(let identifier, let bytes, let peer):
                try await deliver(bytes, from: peer)
                if participant.takeForgotten() {
                    effects += dissemination.receive(.forgotten, at: .now, journal: view)
                }
                if !view.contains(identifier) {
                    effects += dissemination.receive(.declined(identifier, from: peer), at: .now, journal: view)
                }
            case .disconnect(let peer, let fault):
                logger.warning(
                    "peer broke the rules",
                    metadata: ["peer": "\(peers.name(of: peer))", "fault": "\(fault)"]
                )
                await network.disconnect(peer, .violation, fault.description)
            }
        }
    }

    private func supply(_ identifier: StatementIdentifier, to peer: PeerKey) async -> Dissemination.Supply {
        guard let row = try? journal.item(identifier) else { return .missing }
        return await network.send(.item(row.entry.bytes), to: peer) == .congested ? .congested : .sent
    }

    /// Hands a peer's item to the core.
    ///
    /// What does not decode or verify changes nothing and names the peer.
    private mutating func deliver(_ bytes: [UInt8], from peer: PeerKey) async throws(NodeFailure) {
        guard impairment == nil else { return }
        let outputs: [Participant.Output]
        do {
            let item = try Item(decoding: String(decoding: bytes, as: UTF8.self))
            outputs = try participant.receive(item, from: peers.party(of: peer), at: now)
        } catch {
            return await refuse(peer, error)
        }
        try await carryOut(outputs)
    }

    /// Names a peer that passed on what does not verify, and does without it when it does so all the time.
    mutating func refuse(_ peer: PeerKey, _ error: any Error) async {
        // An error may quote what the peer sent.
        let reason = PrintableText(escaping: "\(error)", limit: RefusalLimits.reasonBytes).description
        peers.misbehaved(peer, reason)
        let name = peers.name(of: peer)
        switch invalidItems.add(name, at: now.instant) {
        case .tell: logger.warning("item refused", metadata: ["peer": "\(name)", "reason": "\(reason)"])
        case .keepQuiet: break
        case .disconnect:
            let words = "more than \(RefusalLimits.invalidItemsPerMinute) items in a minute that do not verify"
            await network.disconnect(peer, .violation, words)
        }
    }

    // MARK: People

    private mutating func tell(_ observation: Observation) {
        if case .refused(_, let author, _) = observation, refusedItems.add(author.text, at: now.instant) != .tell {
            return
        }
        let event = NodeEvent(
            at: now.instant.description,
            key: observation.key,
            party: observation.party?.text ?? "",
            motion: observation.motion?.description ?? "",
            text: observation.sentence
        )
        var metadata: Logger.Metadata = ["event": "\(event.key)"]
        if !event.party.isEmpty { metadata["party"] = "\(event.party)" }
        if !event.motion.isEmpty { metadata["motion"] = "\(event.motion)" }
        logger.log(level: observation.isAlarming ? .warning : .info, "\(event.text)", metadata: metadata)
        listeners.tell(event)
        events[event.key, default: 0] += 1
    }

    mutating func updateAddresses() async {
        for member in charter.parties where member.name != configuration.party {
            guard configuration.peers[member.name] == nil else { continue }
            let announced = participant.agreement.announcedAddresses(of: member.name)
            guard !announced.isEmpty, dialled[member.name] != announced else { continue }
            dialled[member.name] = announced
            let addresses = announced.compactMap { try? NodeNetwork.PeerAddress($0.description) }
            await network.setAddresses(addresses, of: PeerKey(member.transportKey))
        }
    }

    /// The whole state, for screens.
    var status: NodeStatus {
        let agreement = participant.agreement.status(at: now)
        let health = health(agreement)
        return NodeStatus(
            software: NodeVersion.text,
            now: now.instant.description,
            listen: health.listen,
            agreement: agreement,
            peers: health.peers,
            warnings: health.findings.warnings,
            journalEntries: journal.count,
            started: health.started,
            clockOffsetSeconds: health.medianClockOffsetMilliseconds.map { Int(clamping: $0 / 1000) },
            clockToleranceSeconds: Int(clamping: charter.limits.clockTolerance.count),
            health: health.findings
        )
    }

    /// Why this node abstains; nil while it does not.
    private var abstention: Abstention? {
        let agreement = participant.agreement
        guard agreement.isAbstaining else { return nil }
        let reporters = agreement.twinReporters.map(\.text)
        return Abstention(
            cause: startCause ?? (reporters.isEmpty ? .statementMadeElsewhere : .reported(by: reporters)),
            missing: max(agreement.missingOwnStatements(signed: highWater.number), 0),
            unheard: peers.unasked.map(\.text).sorted()
        )
    }

    private func health(_ agreement: AgreementStatus) -> NodeHealth {
        NodeHealth(
            charter: charter,
            agreement: agreement,
            peers: peers.lines,
            medianClockOffsetMilliseconds: peers.medianClockOffset,
            hasTrustedClock: participant.agreement.hasTrustedClock,
            peerFaults: peers.faults,
            twinReporters: peers.twinWitnesses(at: now.instant),
            abstention: abstention,
            impairment: impairment,
            journalEntries: journal.count,
            started: started.description,
            listen: "\(configuration.listen.host):\(network.port)",
            now: now.instant,
            shortfalls: shortfalls
        )
    }
}

extension Item {
    fileprivate var isAddress: Bool {
        if case .statement(let statement) = self { statement.kind == .address } else { false }
    }
}
