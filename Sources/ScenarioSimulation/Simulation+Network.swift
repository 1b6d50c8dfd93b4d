internal import PauseAgreement
internal import PeerProtocol
internal import SignedStatements

/// Lines, what passes over them, and what becomes of what arrives.
extension Simulation {
    private func state(_ line: Line) -> LineState { lines[line.place(among: nodes.count)] }

    private func change(_ line: Line, _ body: (inout LineState) -> Void) {
        body(&lines[line.place(among: nodes.count)])
    }

    /// Makes a connection, unless there is one or the line is cut.
    func connect(_ one: SimulatedNode, _ other: SimulatedNode) {
        let line = Line(one.number, other.number)
        let state = state(line)
        guard one.isUp, other.isUp, !state.isUp, !state.isCut.contains(true) else { return }
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
        guard let agreement = node.agreement else { return }
        let newest = agreement.newestStatement(of: peer.party).flatMap { known in node.journal.item(known.id.bytes) }
        send(
            .head(number: UInt64(agreement.ownStatementNumber), newest: newest.map { Array($0.text.utf8) } ?? []),
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
        change(line) { $0.isCut[sender.number == line.low ? 0 : 1] = isCut }
        // Both ways: the connection ends. One way: it stays, until the line is mended and one end finds that it missed something.
        if state(line).isCut == [true, true] { disconnect(sender, receiver) }
        if !isCut { interrupt(sender, receiver) }
    }

    func send(_ message: Message, from sender: SimulatedNode, to receiver: SimulatedNode) {
        let line = Line(sender.number, receiver.number)
        let state = state(line)
        guard state.isUp, !state.isCut(from: sender.number, on: line) else { return }
        guard !random.happens(perMille: conditions.brokenPerMille) else { return interrupt(sender, receiver) }
        var copies = 1
        if random.happens(perMille: conditions.repeatedPerMille) { copies = 2 }
        for _ in 0..<copies {
            var arrival = now.milliseconds + Int64(Int.random(in: conditions.delayMilliseconds, using: &random))
            let direction = sender.number == line.low ? 0 : 1
            if !conditions.overtakes { arrival = max(arrival, state.lastArrival[direction]) }
            change(line) { $0.lastArrival[direction] = arrival }
            queue.add(
                .arrival(message, from: sender.number, to: receiver.number, connection: state.connection),
                at: Moment(milliseconds: arrival)
            )
        }
    }

    func arrive(_ message: Message, from sender: SimulatedNode, at receiver: SimulatedNode, _ connection: Int) {
        let state = state(Line(sender.number, receiver.number))
        guard receiver.isUp, state.isUp, state.connection == connection else { return }
        guard case .head(let number, let newest) = message else {
            return disseminate(.received(message, from: sender.key), at: receiver)
        }
        // One that forgets lets nobody remind it.
        let isDeaf = receiver.conduct?.strategy == .forgetful
        let item = newest.isEmpty || isDeaf ? nil : try? Item(decoding: String(decoding: newest, as: UTF8.self))
        act(receiver) { participant, now in
            try participant.receive(
                PeerHead(number: isDeaf ? 0 : Int(clamping: number), newest: item),
                from: sender.party,
                at: now
            )
        }
    }

    /// Runs dissemination's effects, and those that follow from them, until none is left.
    func disseminate(_ event: Dissemination.Event, at node: SimulatedNode) {
        var effects = follow(event, at: node)[...]
        while node.isUp, let effect = effects.popFirst() {
            switch effect {
            case .send(let message, let peer):
                if let receiver = nodes.first(where: { $0.key == peer }) { send(message, from: node, to: receiver) }
            case .supply(let identifier, let peer):
                let item = node.journal.isHidden(identifier) ? nil : node.journal.item(identifier)
                if let item, let receiver = nodes.first(where: { $0.key == peer }) {
                    send(.item(Array(item.text.utf8)), from: node, to: receiver)
                }
                effects += follow(.supplied(to: peer, item == nil ? .missing : .sent), at: node)
            case .deliver(let identifier, let bytes, let peer):
                deliver(bytes, at: node)
                guard node.isUp else { return }
                if node.with({ $0.takeForgotten() }) == true { effects += follow(.forgotten, at: node) }
                if !node.journal.contains(identifier) {
                    effects += follow(.declined(identifier, from: peer), at: node)
                }
            case .disconnect(let peer, _):
                if let other = nodes.first(where: { $0.key == peer }) { interrupt(node, other) }
            }
        }
    }

    private func follow(_ event: Dissemination.Event, at node: SimulatedNode) -> [Dissemination.Effect] {
        let instant = MonotonicInstant(milliseconds: UInt64(clamping: now.milliseconds))
        return node.dissemination.receive(event, at: instant, journal: node.journal)
    }

    private func deliver(_ bytes: [UInt8], at node: SimulatedNode) {
        switch reader.read(bytes) {
        case .statement(let statement):
            // One that lies knows what it has said.
            guard node.conduct == nil || statement.value.head.party != node.party else { return }
            act(node) { participant, now in participant.receive(statement, at: now) }
        case .item(let item): act(node) { participant, now in try participant.receive(item, at: now) }
        case .invalid: node.refusedItems += 1
        }
    }
}
