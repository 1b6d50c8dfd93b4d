package import CryptoPrimitives
package import PauseAgreement
package import QuorumPolicy
package import SignedStatements
internal import TestSupport

/// Parties that run the real core with real keys over a network that reorders, in virtual time.
package final class Assembly {
    /// One party's node: its driver, its journal, and whether it is switched on.
    package final class Node {
        package let name: PartyName
        package var participant: Participant?
        package var journal: [(record: Participant.Record, at: Instant)] = []
        package var observations: [Observation] = []
        /// Whom it has blamed for an item that had waited.
        package var refusals: [(party: PartyName, error: ParticipantError)] = []
        package var sent: [Item] = []
        /// What its journal holds, by id.
        fileprivate var known: Set<StatementID> = []

        package init(_ name: PartyName) {
            self.name = name
        }

        package var isUp: Bool { participant != nil }

        package func with<Result>(_ body: (inout Participant) throws -> Result) throws -> Result {
            guard participant != nil else { throw AssemblyError.isDown }
            let taken = participant.take()
            switch consume taken {
            case .some(var running):
                let result = Swift.Result { try body(&running) }
                participant = consume running
                return try result.get()
            case .none:
                throw AssemblyError.isDown
            }
        }
    }

    package let charter: Charter
    package private(set) var nodes: [Node] = []
    package private(set) var now: Moment
    private var random: SeededRandom
    private var network: [(item: Item, to: PartyName)] = []
    /// Items this returns `false` for are lost on the way to that party.
    package var delivers: (Item, PartyName) -> Bool = { _, _ in true }
    /// What a node has accepted goes on to everybody who lacks it, as when nodes read each other's journals.
    package var relays = false
    /// Sees what a node wants done before it is done.
    package var inspects: (PartyName, [Participant.Output]) -> Void = { _, _ in }
    /// Called with a node after everything that it has taken in, and after every moment that has passed for it.
    package var observes: (Node) throws -> Void = { _ in }

    package init(
        labs: Int = 3,
        of labCount: Int = 4,
        governments: Int = 2,
        of governmentCount: Int = 3,
        observers: Int = 0,
        seed: UInt64 = 1,
        faultBound: Int = 0,
        opening: Charter.OpeningMode = .own,
        standingNotice: Int64? = nil
    ) throws {
        random = SeededRandom(seed: seed)
        now = Moment(Instant(seconds: 1_900_000_000) ?? .earliest)
        charter = try Self.makeCharter(
            (labs, labCount),
            (governments, governmentCount),
            observers: observers,
            faultBound: faultBound,
            opening: opening,
            standingNotice: standingNotice
        )
        for party in charter.parties {
            let node = Node(party.name)
            nodes.append(node)
            try start(party.name)
        }
    }

    package static func seed(of party: PartyName) -> SecretBytes {
        SecretBytes(copying: SHA256.hash(Array("assembly seed of \(party)".utf8)).array)
    }

    package static func makeCharter(
        _ labs: (needed: Int, count: Int),
        _ governments: (needed: Int, count: Int),
        observers: Int = 0,
        faultBound: Int = 0,
        opening: Charter.OpeningMode = .own,
        standingNotice: Int64? = nil
    ) throws -> Charter {
        func parties(_ kind: String, _ count: Int) throws -> [CharterText.Party] {
            try (1...count).map { index in
                let name = try PartyName("\(kind).p\(index)")
                let keys = PartySecrets(seed: seed(of: name)).publicKeys
                return CharterText.Party(
                    name: name,
                    identityKey: keys.identity,
                    transportKey: keys.transport,
                    ceremonyKey: keys.ceremony,
                    legalName: try text("\(kind) number \(index)")
                )
            }
        }
        func text(_ string: String) throws -> PlainText {
            guard let text = PlainText(string) else { throw AssemblyError.badText }
            return text
        }
        guard
            let expires = Instant(seconds: 2_000_000_000), let shortest = Seconds(5), let longest = Seconds(3600),
            let tolerance = Seconds(1), let atMost = Seconds(90 * 86_400)
        else { throw AssemblyError.badText }
        var charter = CharterText(
            title: try text("Test charter"),
            network: "assembly",
            expires: expires,
            classes: [
                .init(
                    name: try PartyName("lab"),
                    description: try text("frontier AI developer"),
                    threshold: labs.needed,
                    parties: try parties("lab", labs.count)
                ),
                .init(
                    name: try PartyName("government"),
                    description: try text("government"),
                    threshold: governments.needed,
                    parties: try parties("gov", governments.count)
                ),
            ],
            opening: opening,
            commitWindow: shortest...longest,
            clockTolerance: tolerance
        )
        if observers > 0 {
            charter.classes.append(
                .init(
                    name: try PartyName("observer"),
                    description: try text("observer"),
                    threshold: nil,
                    parties: try parties("observer", observers)
                )
            )
        }
        charter.atMost = atMost
        charter.faultBound = faultBound
        charter.standingNotice = standingNotice.flatMap { Seconds($0) }
        return try charter.charter()
    }

    package enum AssemblyError: Error {
        case badText
        case unknownParty
        case isDown
    }
}

// MARK: - Running

extension Assembly {
    package func node(_ name: String) throws -> Node {
        guard let node = nodes.first(where: { $0.name.text == name }) else { throw AssemblyError.unknownParty }
        return node
    }

    /// Starts a node from whatever its journal holds; connected at once with every node that is up, or alone.
    package func start(_ name: PartyName, alone: Bool = false) throws {
        let node = try node(name.text)
        var participant = Participant(
            charter: charter,
            signer: PartySecrets(seed: Self.seed(of: name)).signer(for: name)
        )
        node.known = []
        for (record, at) in node.journal {
            if case .item(let item) = record { node.known.insert(item.id) }
            try participant.restore(record, at: at)
        }
        let outputs = participant.resume(at: now)
        node.participant = consume participant
        carryOut(outputs, of: node)
        guard !alone else { return }
        for peer in nodes where peer.isUp && peer !== node {
            try tell(node, of: peer)
            try tell(peer, of: node)
        }
        // A node that was away asks its peers for everything they have.
        for peer in nodes where peer.isUp && peer !== node {
            for case (.item(let item), _) in peer.journal where !node.known.contains(item.id) {
                network.append((item, name))
            }
        }
    }

    /// What a node says of both newest statements to a peer it is connected with.
    package func head(of node: Node, at peer: Node) throws -> PeerHead {
        PeerHead(
            number: try peer.with { $0.agreement.ownStatementNumber },
            newest: newestItem(of: node.name, at: peer)
        )
    }

    private func tell(_ node: Node, of peer: Node) throws {
        let head = try head(of: node, at: peer)
        try act(node.name.text) { participant, now in try participant.receive(head, from: peer.name, at: now) }
    }

    private func newestItem(of party: PartyName, at node: Node) -> Item? {
        node.journal.compactMap { record, _ -> (number: Int, item: Item)? in
            guard case .item(let item) = record, case .statement(let statement) = item,
                statement.head.party == party
            else { return nil }
            return (statement.head.number, item)
        }
        .max { $0.number < $1.number }?.item
    }

    package func stop(_ name: String) throws {
        try node(name).participant = nil
    }

    /// Does something at one node, and carries out what follows.
    package func act(_ name: String, _ body: (inout Participant, Moment) throws -> [Participant.Output]) throws {
        let node = try node(name)
        carryOut(try node.with { participant in try body(&participant, now) }, of: node)
    }

    private func carryOut(_ outputs: [Participant.Output], of node: Node) {
        inspects(node.name, outputs)
        for output in outputs {
            switch output {
            case .append(let record):
                node.journal.append((record, now.instant))
                guard case .item(let item) = record else { break }
                node.known.insert(item.id)
                guard relays else { break }
                for peer in nodes where !peer.known.contains(item.id) { network.append((item, peer.name)) }
            case .send(let item):
                node.sent.append(item)
                for peer in nodes where peer !== node {
                    network.append((item, peer.name))
                }
            case .report(let observation): node.observations.append(observation)
            case .refuse(let party, let error): node.refusals.append((party, error))
            }
        }
    }

    /// Delivers everything under way, in an order the seed picks, until nobody has anything to say.
    package func settle() throws {
        while !network.isEmpty {
            try deliverOne()
        }
    }

    /// Delivers at most so many items, then leaves the rest under way.
    package func step(deliveries: Int) throws {
        for _ in 0..<deliveries where !network.isEmpty {
            try deliverOne()
        }
    }

    private func deliverOne() throws {
        let (item, name) = network.remove(at: Int.random(in: network.indices, using: &random))
        let node = try node(name.text)
        guard node.isUp, !node.known.contains(item.id), delivers(item, name) else { return }
        try act(name.text) { participant, now in try participant.receive(item, at: now) }
        try observes(node)
    }

    /// Lets a moment pass at every node.
    package func pass(milliseconds: Int64) throws {
        now = now + milliseconds
        for node in nodes where node.isUp {
            try act(node.name.text) { participant, now in participant.tick(at: now) }
            try observes(node)
        }
    }

    /// Lets time pass in steps of a tenth of a second.
    package func run(seconds: Int) throws {
        for _ in 0..<seconds * 10 {
            try settle()
            try pass(milliseconds: 100)
        }
        try settle()
    }

    /// Everybody ratifies, and the keys are made.
    package func makeKeys() throws {
        try ratify()
        try run(seconds: 1)
    }

    package func ratify() throws {
        for node in nodes {
            try act(node.name.text) { participant, now in try participant.ratify(at: now) }
        }
    }

    package func status(_ name: String) throws -> AgreementStatus {
        let node = try node(name)
        return try node.with { participant in participant.agreement.status(at: now) }
    }

    /// The usual proposal: commit in 10 s, sign by 20 s, publish by 5 s later, effective after 10 s.
    package func proposal(_ action: OrderAction = .start, signBySeconds: Int64 = 20) throws -> Proposal {
        func later(_ count: Int64) throws -> Instant {
            guard let seconds = Seconds(count) else { throw AssemblyError.badText }
            return now.instant + seconds
        }
        guard let value = PlainText("above 1e26 operations") else { throw AssemblyError.badText }
        return Proposal(
            action: action,
            terms: MotionTerms(scope: [.init(name: try PartyName("training-runs"), value: value)], texts: []),
            schedule: .init(
                commitBy: try later(10),
                signBy: try later(signBySeconds),
                publishBy: try later(signBySeconds + 5),
                effective: try later(signBySeconds + 10),
                end: try later(signBySeconds + 10 + 86_400)
            )
        )
    }

    /// The usual proposal as a motion for the first position, for a party that makes it outside its node.
    package func motion(_ action: OrderAction = .start) throws -> Motion {
        let proposal = try proposal(action)
        guard let rule = charter.action(action)?.rule else { throw AssemblyError.badText }
        return Motion(
            action: action,
            rule: rule,
            position: ChainPosition(seq: 1, round: 0, previous: nil),
            terms: proposal.terms,
            schedule: proposal.schedule
        )
    }

    /// Proposes the usual motion through a party's node.
    package func propose(
        _ action: OrderAction = .start,
        by name: String = "lab.p1",
        signBySeconds: Int64 = 20
    ) throws -> StatementID {
        let proposal = try proposal(action, signBySeconds: signBySeconds)
        var motion: StatementID?
        try act(name) { participant, now in
            let (id, outputs) = try participant.propose(proposal, at: now)
            motion = id
            return outputs
        }
        try settle()
        guard let motion else { throw AssemblyError.unknownParty }
        return motion
    }

    package func cast(_ answer: Answer, by name: String, on motion: StatementID) throws {
        try act(name) { participant, now in try participant.cast(Ballot(answer), on: motion, at: now) }
    }
}

// MARK: - Voting in advance

extension Assembly {
    /// What the usual motion is, for a ballot that is lodged before it.
    package func standingProposal(
        _ action: OrderAction = .start,
        longest: Int64 = 86_400,
        days: Int64 = 30
    ) throws -> StandingProposal {
        guard let longest = Seconds(longest), let later = Seconds(days * 86_400) else { throw AssemblyError.badText }
        return StandingProposal(
            action: action,
            terms: try proposal(action).terms,
            longest: longest,
            until: now.instant + later
        )
    }

    /// Lodges a standing ballot through a party's node; its serial.
    @discardableResult
    package func lodge(_ answer: Answer, by name: String, for proposal: StandingProposal? = nil) throws -> Int {
        let proposal = try proposal ?? standingProposal()
        var serial = 0
        try act(name) { participant, now in
            let (number, outputs) = try participant.lodge(Ballot(answer), for: proposal, at: now)
            serial = number
            return outputs
        }
        return serial
    }

    package func revoke(_ serial: Int, by name: String) throws {
        try act(name) { participant, now in try participant.revoke(standingBallot: serial, at: now) }
    }
}

// MARK: - Hostile parties

extension Assembly {
    /// A statement signed with a party's real key but made outside its node, as a hostile operator could.
    package func forge(_ body: StatementBody, by name: String, number: Int? = nil) throws -> Item {
        let party = try PartyName(name)
        let last = try lastStatement(of: name)
        let head = StatementHead(
            charter: charter.id,
            party: party,
            number: number ?? (last?.head.number ?? 0) + 1,
            previous: number == 1 ? nil : last?.id,
            at: now.instant
        )
        let secrets = PartySecrets(seed: Self.seed(of: party))
        return .statement(try StatementDraft(head: head, body: body).signed(by: secrets.identity))
    }

    package func lastStatement(of name: String) throws -> Statement? {
        try node(name).journal.compactMap { record, _ in
            if case .item(.statement(let statement)) = record, statement.head.party.text == name {
                statement
            } else {
                nil
            }
        }.max { $0.head.number < $1.head.number }
    }

    /// Hands an item to one node, past the network.
    package func hand(_ item: Item, to name: String) throws {
        try act(name) { participant, now in try participant.receive(item, at: now) }
    }

    /// Puts an item on the wire to everybody but its author.
    package func spread(_ item: Item, from name: String) {
        for peer in nodes where peer.name.text != name {
            network.append((item, peer.name))
        }
    }

    /// Everybody passes on everything it has to those who lack it, as after a reconnection.
    package func exchange() throws {
        for node in nodes {
            for item in try items(of: node.name.text) {
                for peer in nodes where !peer.known.contains(item.id) { network.append((item, peer.name)) }
            }
        }
        try settle()
    }

    /// Everything a node has accepted, in the order of its journal.
    package func items(of name: String) throws -> [Item] {
        try node(name).journal.compactMap { record, _ in if case .item(let item) = record { item } else { nil } }
    }

    /// The statements of one kind in a node's journal.
    package func statements(_ kind: StatementKind, at name: String) throws -> [Statement] {
        try items(of: name).compactMap { item in
            if case .statement(let statement) = item, statement.kind == kind { statement } else { nil }
        }
    }
}
