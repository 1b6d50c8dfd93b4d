internal import CryptoPrimitives
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

extension FuzzTarget {
    /// One node with the real core and real keys among parties that all lie, and time as the input has it.
    static let core = FuzzTarget(name: "core", maximumCount: 1024) { bytes in
        try drive(.motion(RecordedRun.stored.get()), bytes)
    }

    /// The same while the keys are made: contributions, dealings and complaints of attempts that hostile parties spoil.
    static let ceremony = FuzzTarget(name: "ceremony", maximumCount: 1024) { bytes in
        try drive(.ceremony(RecordedRun.stored.get()), bytes)
    }

    private static func drive(_ scene: CoreScene, _ bytes: [UInt8]) throws {
        var machine = try CoreMachine.start(scene)
        var input = FuzzInput(bytes)
        // Long enough for a whole motion, short enough for many inputs a second.
        for _ in 0..<64 where !input.isEmpty { try machine.step(&input) }
        try machine.finish()
    }
}

/// Where an input begins: what the node has in its journal, and what the others said after that in the recorded run.
struct CoreScene {
    let run: RecordedRun
    let journal: [(at: Instant, item: Item)]
    let heard: [Item]
    let makesKeys: Bool

    /// The keys are made, and the others order a pause.
    static func motion(_ run: RecordedRun) -> CoreScene {
        CoreScene(run: run, journal: run.journal, heard: run.later, makesKeys: false)
    }

    /// Everybody has ratified, and the node has contributed: what it deals in the first attempt follows from that.
    static func ceremony(_ run: RecordedRun) -> CoreScene {
        let end = run.journal.firstIndex { $0.item.isContribution(of: RecordedRun.victim) } ?? 0
        let rest = run.journal[(end + 1)...].map(\.item)
        return CoreScene(
            run: run,
            journal: Array(run.journal[...end]),
            heard: rest.filter { $0.party != RecordedRun.victim },
            makesKeys: true
        )
    }
}

extension Item {
    fileprivate var party: String? {
        if case .statement(let statement) = self { statement.head.party.text } else { nil }
    }

    fileprivate func isContribution(of party: String) -> Bool {
        if case .statement(let statement) = self, case .ceremonyContribution = statement.body {
            self.party == party
        } else {
            false
        }
    }
}

/// A node that is driven by an input, its journal, and what the hostile parties know.
struct CoreMachine: ~Copyable {
    /// What a crash takes with it.
    enum Loss {
        case nothing
        /// The last outputs were neither written nor sent.
        case unwritten
        /// The last outputs were written and not sent.
        case unsent
    }

    /// Starts of one input: each replays the journal, which is the costly part.
    static let starts = 8

    let scene: CoreScene
    let victim: PartyName
    private var starts = 0
    private(set) var participant: Participant
    private var journal: [(record: Participant.Record, at: Instant)]
    private var rules: CoreRules
    private var now: Moment
    private var loss: Loss = .nothing
    /// Everything said since the keys were made, by anybody.
    private(set) var said: [Item] = []
    /// The newest statement of each party, for the next one it signs.
    var heads: OrderedMap<PartyName, (number: Int, id: StatementID)> = [:]
    private(set) var motions: [StatementID] = []

    private var run: RecordedRun { scene.run }

    static func start(_ scene: CoreScene) throws -> CoreMachine {
        let victim = try PartyName(RecordedRun.victim)
        let journal = scene.journal.map { (record: Participant.Record.item($0.item), at: $0.at) }
        var machine = CoreMachine(scene, victim, journal, try participant(scene.run, victim, journal))
        for (_, item) in scene.journal {
            try machine.rules.recorded(item)
            machine.remember(item)
        }
        machine.rules.restarted()
        try machine.resume()
        return machine
    }

    private init(
        _ scene: CoreScene,
        _ victim: PartyName,
        _ journal: [(record: Participant.Record, at: Instant)],
        _ participant: consuming Participant
    ) {
        self.scene = scene
        self.victim = victim
        self.journal = journal
        self.participant = participant
        now = Moment(journal.last?.at ?? .earliest) + 1_000
        rules = CoreRules(charter: scene.run.charter, victim: victim)
    }

    private mutating func resume() throws {
        try carryOut(participant.resume(at: now))
        try hearHeads()
    }

    private static func participant(
        _ run: RecordedRun,
        _ victim: PartyName,
        _ journal: [(record: Participant.Record, at: Instant)]
    ) throws -> Participant {
        var participant = Participant(charter: run.charter, signer: CoreParties.secrets(of: victim).signer(for: victim))
        for (record, at) in journal {
            do {
                try participant.restore(record, at: at)
            } catch {
                throw Finding("a node's own journal is refused: \(error)")
            }
        }
        return participant
    }

    // MARK: Steps

    mutating func step(_ input: inout FuzzInput) throws {
        switch input.number(below: 12) {
        case 0: try pass(Int64(input.byte()) * 25)
        case 1: try pass(Int64(input.byte()) * 500)
        case 2: try scene.makesKeys ? retry() : cast(&input)
        case 3: try scene.makesKeys ? stop(&input) : propose(&input)
        case 4:
            let loss: [Loss] = [.nothing, .unwritten, .unsent]
            try restart(losing: loss[input.number(below: 3)])
        case 5:
            if input.byte() & 1 == 0 {
                return try carryOut(participant.acknowledge(writingOff: Int(input.byte() & 3), at: now))
            }
            rules.restarted()
            try carryOut(participant.interrupt(at: now))
            try hearHeads()
        case 6: self.loss = input.byte() & 1 == 0 ? .unwritten : .unsent
        case 7:
            guard !scene.heard.isEmpty else { return }
            try deliver(scene.heard[input.wide() % scene.heard.count])
        case 8:
            guard !said.isEmpty else { return }
            try deliver(said[input.wide() % said.count])
        case 9: try deliverAltered(&input)
        default:
            guard let item = forge(&input) else { return }
            try deliver(item)
        }
    }

    private mutating func pass(_ milliseconds: Int64) throws {
        now = now + milliseconds
        try carryOut(participant.tick(at: now))
    }

    private mutating func cast(_ input: inout FuzzInput) throws {
        guard !motions.isEmpty else { return }
        let motion = motions[input.number(below: motions.count)]
        let answers: [Answer] = [.agree, .decline, .abstain]
        let answer = answers[input.number(below: 3)]
        let outputs = try attempt { participant, now in try participant.cast(Ballot(answer), on: motion, at: now) }
        if outputs != nil, answer == .agree { rules.approve(motion) }
        try carryOut(outputs ?? [])
    }

    private mutating func propose(_ input: inout FuzzInput) throws {
        guard let schedule = CoreParties.schedule(&input, after: now.instant) else { return }
        let proposal = Proposal(action: .start, terms: MotionTerms(scope: [], texts: []), schedule: schedule)
        let outputs = try attempt { participant, now in try participant.propose(proposal, at: now).outputs }
        try carryOut(outputs ?? [])
    }

    /// The operator joins the next attempt of the ceremony.
    private mutating func retry() throws {
        var joined: Int?
        let outputs = try attempt { participant, now in
            let (number, outputs) = try participant.retryCeremony(at: now)
            joined = number
            return outputs
        }
        if let joined { rules.join(joined) }
        try carryOut(outputs ?? [])
    }

    /// The operator gives the attempt up, blaming nobody or a party.
    private mutating func stop(_ input: inout FuzzInput) throws {
        let choice = Int(input.byte())
        let parties = run.charter.parties.map(\.name)
        let culprit = choice < parties.count ? parties[choice] : nil
        rules.stop(participant.agreement.status(at: now).ceremony.attempt)
        let outputs = try attempt { participant, now in try participant.stopCeremony(blaming: culprit, at: now) }
        try carryOut(outputs ?? [])
    }

    private mutating func deliver(_ item: Item) throws {
        remember(item)
        let outputs = try attempt { participant, now in try participant.receive(item, at: now) }
        try carryOut(outputs ?? [])
    }

    /// An item whose text somebody on the way has changed.
    private mutating func deliverAltered(_ input: inout FuzzInput) throws {
        let all = said + scene.heard
        guard !all.isEmpty else { return }
        var text = Array(all[input.wide() % all.count].text.utf8)
        let place = input.wide() % text.count
        if input.byte() & 1 == 0 {
            text[place] ^= 1 << UInt8(input.number(below: 8))
        } else {
            let new = input.take(24)
            text.replaceSubrange(place..<min(text.count, place + new.count), with: new)
        }
        guard let item = try? Item(decoding: String(decoding: text, as: UTF8.self)) else { return }
        let outputs = try attempt { participant, now in try participant.receive(item, at: now) }
        try carryOut(outputs ?? [])
    }

    /// What is refused must have changed nothing.
    private mutating func attempt(
        _ body: (inout Participant, Moment) throws -> [Participant.Output]
    ) throws -> [Participant.Output]? {
        let before = participant.agreement
        do {
            return try body(&participant, now)
        } catch {
            let isSame = participant.agreement.status(at: now) == before.status(at: now)
            try hold(isSame, "what was refused (\(error)) has changed something")
            return nil
        }
    }

    // MARK: Outputs

    private mutating func carryOut(_ outputs: [Participant.Output]) throws {
        guard !outputs.isEmpty else { return }
        let loss = exchange(&loss, with: .nothing)
        if case .unwritten = loss { return try recover() }
        for case .append(let record) in outputs {
            journal.append((record, now.instant))
            if case .item(let item) = record { try rules.recorded(item) }
        }
        if case .unsent = loss { return try recover() }
        for case .send(let item) in outputs {
            try rules.sent(item)
            remember(item)
        }
    }

    private mutating func remember(_ item: Item) {
        if case .statement(let statement) = item {
            if statement.head.number >= heads[statement.head.party]?.number ?? 0 {
                heads[statement.head.party] = (statement.head.number, statement.id)
            }
            if case .motion = statement.body, !motions.contains(statement.id), motions.count < 32 {
                motions.append(statement.id)
            }
        }
        if !said.contains(where: { $0.id == item.id }), said.count < 512 { said.append(item) }
        rules.heard(item)
    }

    /// Stops the node at rest and starts it from its journal: what it knew it still knows.
    private mutating func restart(losing next: Loss = .nothing) throws {
        guard starts < Self.starts else { return }
        loss = .nothing
        try carryOut(participant.tick(at: now))
        let before = CoreFacts(participant.agreement.status(at: now))
        let outputs = try startAgain()
        // Whatever the new run says at once changes what is known.
        if !outputs.contains(where: { if case .send = $0 { true } else { false } }) {
            let after = CoreFacts(participant.agreement.status(at: now))
            try hold(before == after, "a restart changed what is known:\n\(before)\n\(after)")
        }
        loss = next
        try carryOut(outputs)
        try hearHeads()
    }

    /// Starts again after a crash, which is never left out: what was lost must stay lost.
    private mutating func recover() throws {
        try carryOut(startAgain())
        try hearHeads()
    }

    private mutating func startAgain() throws -> [Participant.Output] {
        starts += 1
        participant = try Self.participant(run, victim, journal)
        rules.restarted()
        return participant.resume(at: now)
    }

    /// Every other party answers that it holds nothing of this node's that the node does not, which lets it speak.
    private mutating func hearHeads() throws {
        for party in run.charter.parties.map(\.name) where party != victim {
            let head = PeerHead(number: heads[party]?.number ?? 0, newest: nil)
            let outputs = try attempt { participant, now in try participant.receive(head, from: party, at: now) }
            try carryOut(outputs ?? [])
        }
    }

    /// Once more a restart, however many there were, and what the node makes of itself and of the order of things.
    mutating func finish() throws {
        starts = 0
        try restart()
        guard scene.makesKeys else { return }
        let ceremony = participant.agreement.status(at: now).ceremony
        try rules.ceremony.judge(ceremony, heldAgainst: rules.isForged ? nil : victim)
        try compareOrder(ceremony)
    }

    /// Whoever holds the same statements sees the same ceremony, in whatever order they came (Protocol §5.1).
    private mutating func compareOrder(_ ceremony: CeremonyStatus) throws {
        let observer = try PartyName("gov.p2")
        let signer = CoreParties.secrets(of: observer).signer(for: observer)
        // It is never answered, so it says nothing of its own.
        var other = Participant(charter: run.charter, signer: signer)
        _ = other.resume(at: now)
        for case (.item(let item), _) in journal.reversed() { _ = try? other.receive(item, at: now) }
        let seen = CeremonyFacts(ceremony)
        let reversed = CeremonyFacts(other.agreement.status(at: now).ceremony)
        try hold(seen == reversed, "the order of arrival matters:\n\(seen)\n\(reversed)")
    }

    /// A statement that a hostile party signs with its own key, or the victim's key used elsewhere.
    private mutating func forge(_ input: inout FuzzInput) -> Item? {
        let known = scene.makesKeys ? run.journal.map(\.item) + said : said
        return CoreParties.forge(&input, scene, said: known, motions: motions, heads: heads, at: now.instant)
    }
}
