internal import PauseAgreement
internal import PeerProtocol
internal import SeededNumbers
internal import SignedStatements

/// Lines, what passes over them, and what becomes of what arrives.
extension Simulation {
    private func state(_ line: Line) -> LineState { lines[line.place(among: nodes.count)] }

    private func change(_ line: Line, _ body: (inout LineState) -> Void) {
        body(&lines[line.place(among: nodes.count)])
    }

    /// Whether what a node sends now gets on its way to another.
    func reaches(_ receiver: SimulatedNode, from sender: SimulatedNode) -> Bool {
        guard receiver !== sender else { return false }
        let line = Line(sender.number, receiver.number)
        let state = state(line)
        return state.isUp && !state.isCut(from: sender.number, on: line)
    }

    /// Makes a connection, unless there is one or the line is cut.
    func connect(_ one: SimulatedNode, _ other: SimulatedNode) {
        let line = Line(one.number, other.number)
        let state = state(line)
        guard one.isUp, other.isUp, !state.isUp, !state.isCutSomewhere else { return }
        change(line) { state in
            state.isUp = true
            state.connection += 1
        }
        exchangeClocks(one, other)
        greet(one, other)
        greet(other, one)
    }

    private func greet(_ node: SimulatedNode, _ peer: SimulatedNode) {
        tellHead(to: peer, by: node)
        disseminate(.connected(peer.key, runEpoch: peer.runEpoch), at: node)
    }

    private func tellHead(to peer: SimulatedNode, by node: SimulatedNode) {
        guard let head = node.with({ ($0.agreement.ownStatementNumber, $0.agreement.newestStatement(of: peer.party)) })
        else { return }
        let newest = head.1.flatMap { known in node.journal.item(known.id.bytes) }.map { reader.parcel($0) }
        send(
            .head(number: UInt64(head.0), newest: newest?.bytes ?? []),
            naming: newest?.identifier,
            from: node,
            to: peer
        )
    }

    func disconnect(_ one: SimulatedNode, _ other: SimulatedNode) {
        let line = Line(one.number, other.number)
        guard state(line).isUp else { return }
        change(line) { $0.isUp = false }
        one.hellos[other.number] = nil
        other.hellos[one.number] = nil
        if one.isUp { disseminate(.disconnected(other.key), at: one) }
        if other.isUp { disseminate(.disconnected(one.key), at: other) }
    }

    /// Ends a connection, which is made anew a little later.
    func interrupt(_ one: SimulatedNode, _ other: SimulatedNode) {
        disconnect(one, other)
        let pause = Int64(Int.random(in: NetworkConditions.reconnection, using: &random))
        queue.add(.connection(one.number, other.number), at: now + pause)
    }

    /// Cuts or mends the line from one node to another, in this direction.
    func setCut(_ isCut: Bool, from sender: SimulatedNode, to receiver: SimulatedNode) {
        let line = Line(sender.number, receiver.number)
        change(line) { $0.setCut(isCut, from: sender.number, on: line) }
        // Both ways: the connection ends. One way: it stays, until the line is mended and one end finds that it missed something.
        if state(line).isCutBothWays { disconnect(sender, receiver) }
        if !isCut { interrupt(sender, receiver) }
    }

    func send(_ item: Item, from sender: SimulatedNode, to receiver: SimulatedNode) {
        let parcel = reader.parcel(item)
        send(.item(parcel.bytes), naming: parcel.identifier, from: sender, to: receiver)
    }

    /// Sends a message, of which it may be known which item is in it.
    private func send(
        _ message: Message,
        naming identifier: StatementIdentifier? = nil,
        from sender: SimulatedNode,
        to receiver: SimulatedNode
    ) {
        let line = Line(sender.number, receiver.number)
        let (state, conditions) = (state(line), conditions)
        guard state.isUp, !state.isCut(from: sender.number, on: line) else { return }
        // A copy: every look into an object is checked at run time, and nothing happens more often than this.
        var random = random
        guard !random.happens(perMille: conditions.brokenPerMille) else {
            self.random = random
            return interrupt(sender, receiver)
        }
        let copies = random.happens(perMille: conditions.repeatedPerMille) ? 2 : 1
        for _ in 0..<copies {
            var arrival = now.milliseconds + Int64(Int.random(in: conditions.delayMilliseconds, using: &random))
            if !conditions.overtakes { arrival = max(arrival, state.lastArrival(from: sender.number, on: line)) }
            change(line) { $0.noteArrival(arrival, from: sender.number, on: line) }
            queue.add(
                .arrival(
                    message,
                    naming: identifier,
                    from: sender.number,
                    to: receiver.number,
                    connection: state.connection
                ),
                at: Moment(milliseconds: arrival)
            )
        }
        self.random = random
    }

    func arrive(
        _ message: Message,
        naming identifier: StatementIdentifier?,
        from sender: SimulatedNode,
        at receiver: SimulatedNode,
        _ connection: Int
    ) {
        let state = state(Line(sender.number, receiver.number))
        guard receiver.isUp, state.isUp, state.connection == connection else { return }
        switch message {
        case .head(let number, let newest):
            let parcel = ItemReader.Parcel(bytes: newest, identifier: identifier)
            answer(Int(clamping: number), parcel, sender, at: receiver)
        case .item(let bytes):
            let event = identifier.map { Dissemination.Event.receivedItem($0, bytes, from: sender.key) }
            disseminate(event ?? .received(message, from: sender.key), at: receiver)
        default: disseminate(.received(message, from: sender.key), at: receiver)
        }
    }

    private func answer(
        _ number: Int,
        _ newest: ItemReader.Parcel,
        _ sender: SimulatedNode,
        at receiver: SimulatedNode
    ) {
        // One that forgets lets nobody remind it.
        let isDeaf = receiver.conduct?.strategy == .forgetful
        guard !newest.bytes.isEmpty, !isDeaf else {
            act(receiver) { participant, now in
                let head = PeerHead(number: isDeaf ? 0 : number, newest: nil)
                return try participant.receive(head, from: sender.party, at: now)
            }
            return
        }
        guard case .statement(let statement) = reader.read(newest) else { return receiver.refusedItems += 1 }
        act(receiver) { participant, now in
            try participant.receive(number: number, newest: statement, from: sender.party, at: now)
        }
    }

    /// Runs dissemination's effects, and those that follow from them, until none is left.
    func disseminate(_ event: Dissemination.Event, at node: SimulatedNode) {
        var effects = follow(event, at: node)
        var next = 0
        while node.isUp, next < effects.count {
            defer { next += 1 }
            switch effects[next] {
            case .send(let message, let peer):
                if let receiver = places[peer].map({ nodes[$0] }) { send(message, from: node, to: receiver) }
            case .supply(let identifier, let peer):
                let item = node.journal.isHidden(identifier) ? nil : node.journal.item(identifier)
                if let item, let receiver = places[peer].map({ nodes[$0] }) { send(item, from: node, to: receiver) }
                effects += follow(.supplied(to: peer, item == nil ? .missing : .sent), at: node)
            case .deliver(let identifier, let bytes, let peer):
                deliver(ItemReader.Parcel(bytes: bytes, identifier: reader.shared.map { _ in identifier }), at: node)
                guard node.isUp else { return }
                if node.with({ $0.takeForgotten() }) == true { effects += follow(.forgotten, at: node) }
                if !node.journal.contains(identifier) {
                    effects += follow(.declined(identifier, from: peer), at: node)
                }
            case .disconnect(let peer, _):
                if let other = places[peer].map({ nodes[$0] }) { interrupt(node, other) }
            }
        }
    }

    private func follow(_ event: Dissemination.Event, at node: SimulatedNode) -> [Dissemination.Effect] {
        let instant = MonotonicInstant(milliseconds: UInt64(clamping: now.milliseconds))
        return node.dissemination.receive(event, at: instant, journal: node.journal)
    }

    private func deliver(_ parcel: ItemReader.Parcel, at node: SimulatedNode) {
        switch reader.read(parcel) {
        case .statement(let statement):
            // One that lies knows what it has said.
            guard node.conduct == nil || statement.value.head.party != node.party else { return }
            act(node) { participant, now in participant.receive(statement, at: now) }
        case .item(let item): act(node) { participant, now in try participant.receive(item, at: now) }
        case .invalid: node.refusedItems += 1
        }
    }
}
