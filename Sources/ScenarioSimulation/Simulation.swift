package import CryptoPrimitives
package import PauseAgreement
internal import PeerProtocol
package import QuorumPolicy
internal import SeededNumbers
package import SignedStatements

/// A whole assembly of parties in virtual time: the core and the peer protocol as they are, everything around them from one seed.
///
/// Same charter, seed and actions, same run, byte for byte, once ``SeededRandomness`` was begun with the seed.
package final class Simulation {
    package let charter: Charter
    package let seed: UInt64
    /// True time; nodes see it through their own clocks.
    package private(set) var now: Moment
    package var conditions = NetworkConditions()
    /// What was noticed, in order.
    package private(set) var timeline: [TimelineEntry] = []
    /// What was said, in order.
    package private(set) var sayings: [Saying] = []
    /// The first thing that must never happen and did.
    package private(set) var violation: Violation?
    /// What is said once only.
    private var noted: Set<String> = []
    /// How many events were carried out.
    package private(set) var eventCount = 0
    /// SHA-256 over everything said, with time and speaker: equal for equal runs.
    package private(set) var traceDigest = Bytes32.zero

    /// The motions that the scenario has proposed, by their numbers.
    var proposed: [Int: StatementID] = [:]
    /// Their commit-by, by the proposer's clock.
    var commitBy: [Int: Moment] = [:]
    var nodes: [SimulatedNode] = []
    /// The nodes' numbers.
    private(set) var places: [PeerKey: Int] = [:]
    private var numbers: [PartyName: Int] = [:]
    var lines: [LineState]
    var queue = EventQueue<SimulationEvent>()
    var random: SeededGenerator
    var reader: ItemReader
    var checks: SafetyChecks
    private let keys: PreparedKeys?
    private let signers: SignerPool?
    let isDurable: Bool

    /// An assembly at rest, begun from `keys`, or with nothing.
    ///
    /// With `readsOnce` a statement is read and verified once for all nodes; without `isDurable` nodes send before they write, to
    /// try the checks.
    package init(
        charter: Charter,
        seed: UInt64,
        keys: PreparedKeys? = nil,
        readsOnce: Bool = true,
        signers: SignerPool? = nil,
        isDurable: Bool = true
    ) {
        self.signers = signers
        self.charter = charter
        self.seed = seed
        self.keys = keys
        self.isDurable = isDurable
        now = keys?.end ?? Moment(milliseconds: 1_900_000_000_000)
        random = SeededGenerator(seed: seed)
        reader = ItemReader(charter: charter, readsOnce: readsOnce)
        lines = Array(repeating: LineState(), count: charter.parties.count * charter.parties.count)
        checks = SafetyChecks(charter: charter)
        let numbering = Numbering()
        for (number, party) in charter.parties.enumerated() {
            let journal = VirtualJournal(numbering)
            let node = SimulatedNode(number, party.name, PeerKey(party.transportKey), journal)
            nodes.append(node)
            (places[node.key], numbers[node.party]) = (number, number)
        }
        for node in nodes { start(node) }
        for node in nodes { queue.add(.second(node.number), at: now + Int64(random.next() % 1000)) }
    }

    func note(_ text: String, by party: PartyName?) {
        timeline.append(TimelineEntry(at: now, party: party, event: .note(text)))
    }

    /// As ``note(_:by:)``, for what is tried again every second.
    func note(once text: String) {
        guard noted.insert(text).inserted else { return }
        note(text, by: nil)
    }

    func accuse(_ violation: Violation?) {
        if self.violation == nil { self.violation = violation }
    }

    /// The motion of a number, once it is proposed.
    package func motion(_ number: Int) -> StatementID? { proposed[number] }

    func commitBy(of motion: StatementID) -> Moment? {
        proposed.first { $0.value == motion }.flatMap { commitBy[$0.key] }
    }

    func publishBy(of motion: StatementID) -> Moment? { checks.publishBy(of: motion) }

    func node(_ party: PartyName) -> SimulatedNode? { numbers[party].map { nodes[$0] } }

    // MARK: Running

    /// Adds something that happens at a time of the run.
    package func schedule(_ action: ScenarioAction, at moment: Moment) {
        queue.add(.action(action), at: moment)
    }

    /// Carries out what happens up to a moment, or until something must not have happened.
    package func run(until end: Moment) {
        while violation == nil, let next = queue.nextMoment, next <= end, let (moment, event) = queue.removeFirst() {
            now = moment
            eventCount += 1
            carryOut(event)
        }
        if violation == nil { now = max(now, end) }
    }

    private func carryOut(_ event: SimulationEvent) {
        switch event {
        case .action(let action): carryOut(action)
        case .arrival(let message, let identifier, let sender, let receiver, let connection):
            arrive(message, naming: identifier, from: nodes[sender], at: nodes[receiver], connection)
        case .connection(let one, let other): connect(nodes[one], nodes[other])
        case .release(let item, let speaker, let audience): speak(item, by: nodes[speaker], to: audience)
        case .second(let number): passSecond(at: nodes[number])
        case .wake(let number):
            let node = nodes[number]
            guard node.wake == now else { return }
            node.wake = nil
            act(node) { participant, now in participant.tick(at: now) }
        }
    }

    private func passSecond(at node: SimulatedNode) {
        if node.isUp {
            compareClocks(at: node)
            disseminate(.tick, at: node)
            node.conduct?.passSecond(peers: nodes.count - 1)
        }
        accuse(SafetyChecks.looked(at: node, among: nodes.count, now))
        queue.add(.second(node.number), at: now + 1000)
    }

    /// Lets a node's core do something, carries out what follows, and looks at the result.
    ///
    /// - Returns: Why the core refused, if it did.
    @discardableResult
    func act(
        _ node: SimulatedNode,
        _ body: (inout Participant, Moment) throws -> [Participant.Output]
    ) -> (any Error)? {
        var refusal: (any Error)?
        do {
            guard let outputs = try node.with({ participant in try body(&participant, node.clock(now)) }) else {
                return nil
            }
            carryOut(outputs, at: node)
        } catch {
            refusal = error
        }
        scheduleWake(of: node)
        return refusal
    }

    func scheduleWake(of node: SimulatedNode) {
        guard let wake = node.with({ $0.nextWake }) ?? nil else { return }
        let moment = max(wake + -node.clockOffset, now + 1)
        guard node.wake.map({ moment < $0 || $0 <= now }) ?? true else { return }
        node.wake = moment
        queue.add(.wake(node.number), at: moment)
    }

    // MARK: Starting and stopping

    /// Starts a node from what its journal holds.
    func start(_ node: SimulatedNode) {
        var participant = newParticipant(node)
        for row in node.journal.rows {
            do throws(ParticipantError) {
                try participant.restore(own: row.record, at: row.at)
            } catch {
                accuse(Violation(.restart, at: now, by: node.party, "its journal cannot be read again: \(error)"))
            }
        }
        let outputs = participant.resume(at: node.clock(now))
        node.participant = consume participant
        node.hasNewClocks = true
        node.dissemination = Dissemination()
        carryOut(outputs, at: node)
        scheduleWake(of: node)
        for peer in nodes where peer !== node && peer.isUp { connect(node, peer) }
    }

    private func newParticipant(_ node: SimulatedNode) -> Participant {
        guard let agreement = keys?.agreements[node.number] else {
            let signer = PreparedKeys.secrets(of: node.party).signer(for: node.party)
            return Participant(charter: charter, signer: signer, shared: reader.shared)
        }
        if let signer = signers?.take(node.party) {
            return Participant(continuing: agreement, signer: signer, hasShares: true, shared: reader.shared)
        }
        let signer = PreparedKeys.secrets(of: node.party).signer(for: node.party)
        return Participant(continuing: agreement, signer: signer, hasShares: false, shared: reader.shared)
    }

    /// Ends all nodes' runs; what they know can still be asked for.
    func dismiss() {
        for node in nodes { if let signer = node.dismiss() { signers?.giveBack(signer) } }
    }

    /// Ends a node at once; a power cut takes what was not durable.
    func stop(_ node: SimulatedNode, losingPower: Bool) {
        guard node.isUp else { return }
        if let signer = node.participant.take()?.dismissed() { signers?.giveBack(signer) }
        node.runEpoch += 1
        node.death = nil
        if losingPower { node.journal.cutPower() }
        switch node.conduct?.strategy {
        case .forgetful: node.journal.forget()
        case .spoiledJournal: node.journal.spoilBallots()
        default: break
        }
        for peer in nodes where peer !== node { disconnect(node, peer) }
    }

    // MARK: Outputs

    /// Writes, then sends, then tells, as a node does; or dies on the way.
    func carryOut(_ outputs: [Participant.Output], at node: SimulatedNode) {
        guard !outputs.isEmpty, node.isUp else { return }
        let point = dyingPoint(of: node)
        if point == .beforeWriting { return stop(node, losingPower: false) }
        let instant = node.clock(now).instant
        for case .append(let record) in outputs {
            node.journal.append(record, at: instant)
            // Others may have read what its author never comes to send.
            if case .item(.statement(let statement)) = record, statement.head.party != node.party {
                checks.learn(statement)
            }
        }
        if isDurable { node.journal.synchronize() }
        if point == .beforeSending { return stop(node, losingPower: !isDurable) }
        for output in outputs where node.isUp {
            switch output {
            case .append(.item(let item)):
                if node.conduct != nil, node.isOwn(item) { node.journal.hide(item.id.bytes) }
                hear(item, at: node)
                if !node.journal.isHidden(item.id.bytes) { disseminate(.recorded(item.id.bytes), at: node) }
            case .append: break
            case .send(let item): send(item, by: node)
            case .report(let observation): tell(observation, node)
            case .refuse: node.refusedItems += 1
            }
        }
        if point == .afterSending { stop(node, losingPower: !isDurable) }
    }

    private func dyingPoint(of node: SimulatedNode) -> DeathPoint? {
        guard let death = node.death else { return nil }
        if death.rounds > 0 {
            node.death = (death.rounds - 1, death.point, death.back)
            return nil
        }
        note("the node of \(node.party) dies: \(death.point.rawValue)", by: nil)
        if let back = death.back { schedule(.start(node.party), at: now + back) }
        return death.point
    }

    private func send(_ item: Item, by node: SimulatedNode) {
        guard var conduct = node.conduct else { return publish(item, by: node) }
        let turn = conduct.say(item, self, node)
        node.conduct = conduct
        if turn.publishes { publish(item, by: node) }
        release(turn.sayings, by: node)
    }

    private func hear(_ item: Item, at node: SimulatedNode) {
        guard var conduct = node.conduct else { return }
        let sayings = conduct.hear(item, self, node)
        node.conduct = conduct
        release(sayings, by: node)
    }

    private func release(_ sayings: [Conduct.Saying], by node: SimulatedNode) {
        for saying in sayings {
            queue.add(.release(saying.item, by: node.number, to: saying.audience), at: max(saying.at, now))
        }
    }

    private func publish(_ item: Item, by node: SimulatedNode) {
        record(item, by: node, to: nodes.indices)
        if node.journal.isHidden(item.id.bytes) {
            node.journal.show(item.id.bytes)
            disseminate(.recorded(item.id.bytes), at: node)
        }
        disseminate(.published(item.id.bytes), at: node)
    }

    /// Says something to some, past the node's own journal.
    private func speak(_ item: Item, by node: SimulatedNode, to audience: [Int]) {
        // A node that is broken without knowing it keeps what it says.
        if !checks.faulty.contains(node.party) {
            node.journal.append(.item(item), at: node.clock(now).instant)
            node.journal.synchronize()
        }
        record(item, by: node, to: audience)
        for receiver in audience where receiver != node.number { send(item, from: node, to: nodes[receiver]) }
    }

    private func record(_ item: Item, by node: SimulatedNode, to audience: some Sequence<Int>) {
        accuse(checks.said(item, by: node, now))
        let reached = audience.filter { reaches(nodes[$0], from: node) }
        sayings.append(Saying(of: item, by: node.party, to: reached, at: now))
        let line = traceDigest.array + item.id.bytes.array + Array("\(now.milliseconds) \(node.party)".utf8)
        traceDigest = SHA256.hash(line)
    }

    private func tell(_ observation: Observation, _ node: SimulatedNode) {
        accuse(checks.observed(observation, by: node, now))
        timeline.append(TimelineEntry(at: now, party: node.party, event: .observation(observation)))
    }
}

/// Something that happens in a simulation.
enum SimulationEvent {
    case action(ScenarioAction)
    case arrival(Message, naming: StatementIdentifier?, from: Int, to: Int, connection: Int)
    case connection(Int, Int)
    /// A party that does not keep to the protocol says something to some.
    case release(Item, by: Int, to: [Int])
    /// A second has passed at a node.
    case second(Int)
    /// A node's own timer.
    case wake(Int)
}

/// A line of what happened.
package struct TimelineEntry: Hashable, Sendable {
    /// True time.
    package let at: Moment
    /// Who noticed; nil for what the scenario did.
    package let party: PartyName?
    package let event: Event

    package enum Event: Hashable, Sendable {
        case note(String)
        case observation(Observation)
    }

    package var text: String {
        switch event {
        case .note(let text): text
        case .observation(let observation): observation.sentence
        }
    }
}

/// A statement or order that was said.
package struct Saying: Hashable, Sendable {
    /// True time.
    package let at: Moment
    package let speaker: PartyName
    /// To whom it could be sent at once, by their places in the charter.
    package let audience: [Int]
    /// nil for an order or key proof.
    package let kind: StatementKind?
    package let isOrder: Bool
    package let motion: StatementID?
    /// Of a receipt, whose ballots it is for.
    package let committers: [PartyName]
}

extension Saying {
    init(of item: Item, by speaker: PartyName, to audience: [Int], at moment: Moment) {
        at = moment
        self.audience = audience
        if case .order = item { isOrder = true } else { isOrder = false }
        self.speaker = speaker
        guard case .statement(let statement) = item else {
            (kind, motion, committers) = (nil, nil, [])
            return
        }
        kind = statement.kind
        motion = statement.kind == .motion ? statement.id : statement.body.motion
        if case .receipt(let receipt) = statement.body {
            committers = Array(receipt.commitments.keys)
        } else {
            committers = []
        }
    }
}
