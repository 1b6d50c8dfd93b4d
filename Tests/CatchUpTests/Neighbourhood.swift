import AssemblySupport
import CryptoPrimitives
import PauseAgreement
import PeerProtocol
import QuorumPolicy
import SignedStatements

/// Nodes of an assembly that exchange what they have by dissemination, as a node's loop does, in virtual time.
///
/// Links are sound and slow by one step; a link's messages may be changed or lost on the way.
final class Neighbourhood {
    private final class Station {
        let node: Assembly.Node
        let key: PeerKey
        var dissemination = Dissemination()
        var index = RecordIndex()
        var refused = 0

        init(_ node: Assembly.Node, _ key: PeerKey) {
            self.node = node
            self.key = key
            for (record, _) in node.journal { index.append(record) }
        }
    }

    private struct Delivery {
        let message: Message
        let from: PeerKey
        let to: Station
    }

    private let assembly: Assembly
    private var stations: [Station] = []
    private var wire: [Delivery] = []
    private(set) var now: Moment
    /// What becomes of a message on its way from a party to a party; nil loses it.
    var passes: (Message, String, String) -> Message? = { message, _, _ in message }

    init(_ assembly: Assembly, _ names: [String]) throws {
        self.assembly = assembly
        now = assembly.now
        for name in names {
            let node = try assembly.node(name)
            guard let party = assembly.charter.party(node.name) else { throw Assembly.AssemblyError.unknownParty }
            stations.append(Station(node, PeerKey(party.transportKey)))
        }
    }

    /// Starts a node that was away from what its journal holds, without telling anybody.
    func wake(_ name: String) throws {
        let node = try station(name).node
        var participant = Participant(
            charter: assembly.charter,
            signer: PartySecrets(seed: Assembly.seed(of: node.name)).signer(for: node.name)
        )
        for (record, at) in node.journal { try participant.restore(record, at: at) }
        let outputs = participant.resume(at: now)
        node.participant = consume participant
        try carryOut(outputs, at: station(name))
    }

    func connect(_ one: String, _ other: String) throws {
        let (left, right) = (try station(one), try station(other))
        try disseminate(.connected(right.key, runEpoch: 1), at: left)
        try disseminate(.connected(left.key, runEpoch: 1), at: right)
    }

    func run(seconds: Int) throws {
        for step in 0..<seconds * 10 {
            now = now + 100
            let arriving = wire
            wire = []
            for delivery in arriving {
                try disseminate(.received(delivery.message, from: delivery.from), at: delivery.to)
            }
            for station in stations {
                try carryOut(try station.node.with { participant in participant.tick(at: now) }, at: station)
                if step.isMultiple(of: 10) { try disseminate(.tick, at: station) }
            }
        }
    }

    /// How many items a node refused because they did not decode or verify.
    func refused(by name: String) throws -> Int { try station(name).refused }

    func items(of name: String) throws -> [StatementID] {
        try assembly.items(of: name).map(\.id).sorted()
    }

    /// What only one of two stations holds, or holds more than once.
    func difference(_ one: String, _ other: String) throws -> [String] {
        func lines(_ name: String) throws -> [String] {
            try assembly.items(of: name).map { item in
                guard case .statement(let statement) = item else { return "\(item.id)" }
                return "\(statement.kind) \(statement.head.number) of \(statement.head.party) \(item.id)"
            }
        }
        let (left, right) = (try lines(one), try lines(other))
        let twice = [left, right].flatMap { lines in lines.filter { line in lines.count { $0 == line } > 1 } }
        return left.filter { !right.contains($0) }.map { "\(one): \($0)" }
            + right.filter { !left.contains($0) }.map { "\(other): \($0)" } + twice.map { "twice: \($0)" }
    }

    func status(_ name: String) throws -> AgreementStatus {
        try station(name).node.with { participant in participant.agreement.status(at: now) }
    }

    /// Does something at one node, and carries out what follows.
    func act(_ name: String, _ body: (inout Participant, Moment) throws -> [Participant.Output]) throws {
        let station = try station(name)
        try carryOut(try station.node.with { participant in try body(&participant, now) }, at: station)
    }

    private func station(_ name: String) throws -> Station {
        guard let station = stations.first(where: { $0.node.name.text == name }) else {
            throw Assembly.AssemblyError.unknownParty
        }
        return station
    }

    private func carryOut(_ outputs: [Participant.Output], at station: Station) throws {
        for case .append(let record) in outputs {
            station.node.journal.append((record, now.instant))
            station.index.append(record)
        }
        for output in outputs {
            switch output {
            case .append(.item(let item)): try disseminate(.recorded(item.id.bytes), at: station)
            case .append: break
            case .send(let item): try disseminate(.published(item.id.bytes), at: station)
            case .report(let observation): station.node.observations.append(observation)
            case .refuse(let party, let error): station.node.refusals.append((party, error))
            }
        }
    }

    private func receive(_ event: Dissemination.Event, at station: Station) -> [Dissemination.Effect] {
        let instant = MonotonicInstant(milliseconds: UInt64(now.milliseconds))
        return station.dissemination.receive(event, at: instant, journal: station.index)
    }

    private func disseminate(_ event: Dissemination.Event, at station: Station) throws {
        var effects = receive(event, at: station)[...]
        while let effect = effects.popFirst() {
            switch effect {
            case .send(let message, let peer): send(message, from: station, to: peer)
            case .supply(let identifier, let peer):
                let text = station.index.text(of: identifier)
                if let text { send(.item(Array(text.utf8)), from: station, to: peer) }
                effects += receive(.supplied(to: peer, text == nil ? .missing : .sent), at: station)
            case .deliver(let identifier, let bytes, let peer):
                try deliver(bytes, at: station)
                if try station.node.with({ $0.takeForgotten() }) { effects += receive(.forgotten, at: station) }
                if !station.index.contains(identifier) {
                    effects += receive(.declined(identifier, from: peer), at: station)
                }
            case .disconnect(let peer, _): _ = receive(.disconnected(peer), at: station)
            }
        }
    }

    private func deliver(_ bytes: [UInt8], at station: Station) throws {
        let outputs: [Participant.Output]
        do {
            let item = try Item(decoding: String(decoding: bytes, as: UTF8.self))
            outputs = try station.node.with { participant in try participant.receive(item, at: now) }
        } catch {
            station.refused += 1
            return
        }
        try carryOut(outputs, at: station)
    }

    private func send(_ message: Message, from station: Station, to peer: PeerKey) {
        guard
            let target = stations.first(where: { $0.key == peer }),
            let arriving = passes(message, station.node.name.text, target.node.name.text)
        else { return }
        wire.append(Delivery(message: arriving, from: station.key, to: target))
    }
}

/// A journal in memory as dissemination reads it.
private struct RecordIndex: JournalIndex {
    private var rows: [StatementIdentifier?] = []
    private var texts: OrderedMap<StatementIdentifier, String> = [:]

    mutating func append(_ record: Participant.Record) {
        guard case .item(let item) = record else { return rows.append(nil) }
        rows.append(item.id.bytes)
        texts[item.id.bytes] = item.text
    }

    func text(of identifier: StatementIdentifier) -> String? { texts[identifier] }

    var lastPosition: UInt64 { UInt64(rows.count) }

    func contains(_ identifier: StatementIdentifier) -> Bool { texts[identifier] != nil }

    func identifiers(after: UInt64, limit: Int) -> (upTo: UInt64, identifiers: [StatementIdentifier]) {
        var upTo = after
        var found: [StatementIdentifier] = []
        for row in rows.dropFirst(Int(after)) {
            guard found.count < limit else { break }
            upTo += 1
            if let row { found.append(row) }
        }
        return (upTo, found)
    }
}
