internal import CryptoPrimitives
public import QuorumPolicy
public import SignedStatements

/// One party at work: the core and its secrets, driven one input at a time.
///
/// Node, simulator and tests all run this value. It performs no input or output itself: it returns what to append to the
/// journal, what to send and what to tell people, in the order in which it must happen.
public struct Participant: ~Copyable {
    public internal(set) var agreement: Agreement
    private var signer: Signer
    var parked = ParkedItems()
    /// Statements of the ceremony that may show which of an equivocator's messages count.
    private var clues: [Statement] = []
    var outputs: [Output] = []
    private var lastComplaint: Observation?
    /// When ``tick(at:)`` may have something to do; nothing can be owed before, unless something arrives.
    public private(set) var nextWake: Moment?

    /// What the shell must do, in order: an append is durable before the next output is carried out.
    public enum Output: Sendable {
        case append(Record)
        /// A new item of this node: push it to every peer.
        case send(Item)
        case report(Observation)
        /// An item that has waited does not verify: the peer that passed it on is to blame, and nothing has changed.
        case refuse(PartyName, ParticipantError)
    }

    /// One row of the journal.
    public enum Record: Sendable {
        case item(Item)
        /// The node's own sealed ballot, encrypted under its storage key.
        case heldBallot([UInt8])
        /// Somebody else speaks for this party; nothing is signed until the operator has looked.
        case abstaining(StatementID)
        /// The operator has looked, and has written off the statements up to this number that are not here; 0 for none.
        case acknowledged(writtenOff: Int)
        /// The operator wants the charter ratified; it is signed as soon as this node may speak.
        case ratifying
    }

    public init(charter: Charter, signer: consuming Signer) {
        agreement = Agreement(charter: charter, party: signer.party)
        self.signer = signer
        agreement.isReplaying = true
    }

    /// A party of a simulation; `shared` is what its nodes find out for each other.
    package init(charter: Charter, signer: consuming Signer, shared: (any SharedFindings)?) {
        self.init(charter: charter, signer: signer)
        agreement.shared = shared
    }

    /// A party that goes on from what another run of its node knew, without its journal; it resumes as after a replay.
    ///
    /// `hasShares` says whether the signer has recovered its shares of that ceremony already; `shared` is what the nodes of a
    /// simulation find out for each other.
    package init(
        continuing agreement: Agreement,
        signer: consuming Signer,
        hasShares: Bool,
        shared: (any SharedFindings)? = nil
    ) {
        self.agreement = agreement
        self.agreement.shared = shared
        self.signer = signer
        self.agreement.isReplaying = true
        if !hasShares { self.agreement.attemptOfShares = nil }
    }

    /// Ends this run of a node, without its nonces: what is left knows its shares.
    package consuming func dismissed() -> Signer {
        signer.forgetNonces()
        return signer
    }

    // MARK: Restart

    /// Takes in one record, in order, as recorded at that time; nothing is owed until ``resume(at:)``.
    ///
    /// Signatures are verified again.
    public mutating func restore(_ record: Record, at received: Instant) throws(ParticipantError) {
        guard case .item(let item) = record else { return try restore(own: record, at: received) }
        do {
            guard let event = try verify(item) else {
                throw ParticipantError.journalDamaged("item \(item.id) precedes the key that verifies it")
            }
            restore(event, at: Moment(received))
        } catch {
            throw .journalDamaged("item \(item.id): \(error)")
        }
    }

    /// As ``restore(_:at:)`` without verifying signatures, for a record whose row bears the right link under this party's
    /// journal key: this party's node wrote it, after it had verified the item.
    package mutating func restore(own record: Record, at received: Instant) throws(ParticipantError) {
        let moment = Moment(received)
        switch record {
        case .item(.statement(let statement)):
            restore(.statement(Verified(uncheckedFromOwnJournal: statement)), at: moment)
        case .item(.order(let order)): restore(.order(Verified(uncheckedFromOwnJournal: order)), at: moment)
        case .item(.keyProof(let proof)): restore(.keyProof(Verified(uncheckedFromOwnJournal: proof)), at: moment)
        case .heldBallot(let bytes):
            guard let held = signer.open(bytes) else { throw .journalDamaged("a sealed ballot cannot be decrypted") }
            _ = agreement.apply(.ballot(held.ballot, motion: held.motion, salt: held.salt), at: moment)
        case .abstaining: (agreement.isAbstaining, agreement.hasRecordedAbstaining) = (true, true)
        case .acknowledged(let number):
            (agreement.isAbstaining, agreement.hasRecordedAbstaining) = (false, false)
            agreement.writeOff(number, at: moment)
        case .ratifying: agreement.wantsRatification = true
        }
    }

    private mutating func restore(_ event: Agreement.Event, at moment: Moment) {
        _ = agreement.apply(event, at: moment)
        if case .statement(let statement) = event { agreement.remember(statement.value) }
    }

    /// Begins the replay again: what could not be written is as if it had never been, and nothing is owed or signed.
    public mutating func beginReplay() {
        agreement = Agreement(charter: agreement.charter, party: agreement.party)
        agreement.isReplaying = true
        parked = ParkedItems()
        clues = []
        outputs = []
        nextWake = nil
    }

    /// Ends the replay: nonces of the earlier run are gone, and the peers are asked before anything is said.
    public mutating func resume(at now: Moment) -> [Output] {
        agreement.endReplay(at: now)
        return settle(at: now)
    }

    // MARK: Inputs

    /// Takes in an item that a peer passed on, whoever signed it.
    ///
    /// Throws when the item does not verify; the peer that sent it is to blame, and nothing has changed. Of an item that
    /// cannot be verified yet, ``Output/refuse(_:_:)`` says so later.
    public mutating func receive(
        _ item: Item,
        from sender: PartyName? = nil,
        at now: Moment
    ) throws(ParticipantError) -> [Output] {
        let event: Agreement.Event?
        do {
            event = try verify(item)
        } catch {
            throw .itemInvalid(item.id, "\(error)")
        }
        guard let event else {
            parked.park(item, as: nil, from: sender)
            return []
        }
        return receive(item, as: event, at: now)
    }

    /// Takes in a statement that was verified under this charter already.
    package mutating func receive(_ statement: Verified<Statement>, at now: Moment) -> [Output] {
        receive(.statement(statement.value), as: .statement(statement), at: now)
    }

    private mutating func receive(_ item: Item, as event: Agreement.Event, at now: Moment) -> [Output] {
        noteTwin(item)
        perform(agreement.apply(event, at: now), at: now)
        keepOwn(item)
        if case .statement(let statement) = item, parked.contains(item.id) { noteClue(statement) }
        return settle(at: now)
    }

    /// Takes in what a peer says when it connects: its own newest number, and this party's newest statement that it holds.
    ///
    /// Throws when that statement does not verify or is not this party's: the peer has answered nothing.
    public mutating func receive(
        _ head: PeerHead,
        from peer: PartyName,
        at now: Moment
    ) throws(ParticipantError) -> [Output] {
        var first: [Output] = []
        if let item = head.newest {
            guard item.author == agreement.party else {
                throw .itemInvalid(item.id, "it is not this party's statement")
            }
            first = try receive(item, at: now)
        }
        return first + answer(number: head.number, from: peer, at: now)
    }

    /// As ``receive(_:from:at:)`` with a newest statement that was verified under this charter already.
    package mutating func receive(
        number: Int,
        newest: Verified<Statement>,
        from peer: PartyName,
        at now: Moment
    ) throws(ParticipantError) -> [Output] {
        guard newest.value.head.party == agreement.party else {
            throw .itemInvalid(newest.value.id, "it is not this party's statement")
        }
        return receive(newest, at: now) + answer(number: number, from: peer, at: now)
    }

    /// A peer has answered the question that comes before the first word, and says its own newest number.
    private mutating func answer(number: Int, from peer: PartyName, at now: Moment) -> [Output] {
        let known = agreement.newestStatement(of: peer)?.number ?? 0
        if number < known { report(.behind(peer, says: number, known: known)) }
        agreement.inquiry?.answer(by: peer, at: now)
        return settle(at: now)
    }

    /// Takes note of the peers' clocks: their median minus this node's, in milliseconds; `nil` when too few are known.
    public mutating func compareClocks(offsetMilliseconds: Int64?, at now: Moment) -> [Output] {
        agreement.compareClocks(offsetMilliseconds) ? settle(at: now) : []
    }

    /// The machine may have been put back into an earlier state: whatever is in memory may have been used before.
    ///
    /// As after a restart, nonces are gone and the peers are asked before anything is said; the clock is in doubt.
    public mutating func interrupt(at now: Moment) -> [Output] {
        signer.forgetNonces()
        agreement.loseNonces()
        agreement.doubtClock()
        report(.interrupted)
        return settle(at: now)
    }

    /// A peer says that another node with this party's key is alive; one more than may lie are believed.
    public mutating func hearTwin(from peer: PartyName, at now: Moment) -> [Output] {
        agreement.twinReports.insert(peer)
        let isBelieved = agreement.twinReports.count > agreement.charter.limits.faultBound
        guard isBelieved, !agreement.isAbstaining else { return [] }
        suspect()
        report(.twinReported(by: Array(agreement.twinReports)))
        return settle(at: now)
    }

    /// Lets time pass.
    public mutating func tick(at now: Moment) -> [Output] {
        guard let wake = nextWake, now >= wake else { return [] }
        return settle(at: now)
    }

    /// Whether an item that waited for another has given way since this was last asked; the peers must be read again.
    public mutating func takeForgotten() -> Bool { parked.takeForgotten() }

    /// Who waits in the parking lot, for tests and counters.
    public var parkedCount: Int { parked.count }
}

// MARK: - Verification

extension Participant {
    /// The event an item stands for; `nil` when the key that verifies it is not known yet.
    private borrowing func verify(_ item: Item) throws -> Agreement.Event? {
        switch item {
        case .statement(let statement):
            return .statement(try agreement.charter.verify(statement))
        case .order(let order):
            guard let key = agreement.groupKey(of: order.claims.rule) else { return nil }
            return .order(try agreement.shared?.verified(order, under: key) ?? order.verified(by: key))
        case .keyProof(let proof):
            guard let key = agreement.groupKey(provenBy: proof.claims) else { return nil }
            return .keyProof(try proof.verified(by: key))
        }
    }

    /// A statement of this party that this node did not make.
    ///
    /// Recorded also when this node abstains on a suspicion: once the statement is in the journal, nothing else tells the
    /// next start that the others are missing.
    private mutating func noteTwin(_ item: Item) {
        guard
            case .statement(let statement) = item, statement.head.party == agreement.party,
            !agreement.knows(statement)
        else { return }
        agreement.shownNumber = max(agreement.shownNumber, statement.head.number)
        guard !agreement.hasRecordedAbstaining else { return }
        (agreement.isAbstaining, agreement.hasRecordedAbstaining) = (true, true)
        outputs.append(.append(.abstaining(statement.id)))
        outputs.append(.report(.twin(statement.id, number: statement.head.number)))
    }

    /// Keeps a statement of this party that this node did not make and has refused: its number is used, and it is no news
    /// when a peer shows it again.
    ///
    /// Otherwise this node would abstain at every connection, whatever its operator acknowledged.
    private mutating func keepOwn(_ item: Item) {
        guard
            case .statement(let statement) = item, statement.head.party == agreement.party,
            !agreement.knows(statement), !parked.contains(item.id),
            agreement.refusedOwnStatements < Limits.refusedOwnStatements
        else { return }
        agreement.remember(statement)
        outputs.append(.append(.item(item)))
    }
}

// MARK: - Carrying out effects

extension Participant {
    /// Runs until nothing is owed: retries parked items when something was taken, then does this party's duties.
    mutating func settle(at now: Moment) -> [Output] {
        while true {
            chooseMessages()
            if parked.isWorthRetrying {
                retryParked(at: now)
            }
            let effects = agreement.pursue(at: now)
            // A duty that came to nothing is still owed; asking again at once would never end.
            guard perform(effects, at: now) || parked.isWorthRetrying else { break }
        }
        nextWake = agreement.nextWake(after: now)
        defer { outputs = [] }
        return outputs
    }

    private mutating func noteClue(_ statement: Statement) {
        if agreement.isClue(statement) { clues.append(statement) }
    }

    /// Makes room for what waits of an equivocator and makes a transcript that was certified.
    private mutating func chooseMessages() {
        for clue in clues where agreement.choose(because: clue, among: parked.ceremonyMessages) {
            parked.noteProgress()
        }
        clues = []
    }

    private mutating func retryParked(at now: Moment) {
        for (item, known, sender) in parked.takeAll() {
            do {
                // What was verified once is not verified again, however often it waits.
                if let event = try known ?? verify(item) {
                    perform(agreement.apply(event, at: now), at: now)
                    keepOwn(item)
                } else {
                    parked.park(item, as: nil, from: sender)
                }
            } catch {
                let refusal = ParticipantError.itemInvalid(item.id, "\(error)")
                if let sender { outputs.append(.refuse(sender, refusal)) } else { report(.unable("\(refusal)")) }
            }
        }
    }

    /// Carries out effects in order; says whether anything changed that may lead to more.
    @discardableResult
    mutating func perform(_ effects: [Agreement.Effect], at now: Moment) -> Bool {
        var hasProgressed = false
        for effect in effects {
            switch effect {
            case .persist(let item):
                outputs.append(.append(.item(item)))
                parked.noteProgress()
                if case .statement(let statement) = item { noteClue(statement) }
                hasProgressed = true
            case .persistBallot(let held):
                outputs.append(.append(.heldBallot(signer.seal(held))))
                hasProgressed = true
            case .issue(let body): hasProgressed = issue(body, at: now) != nil || hasProgressed
            case .publish(let item): outputs.append(.send(item))
            case .perform(let work): hasProgressed = conclude(work, at: now) || hasProgressed
            case .park(let item, let event): parked.park(item, as: event)
            case .retryParked: parked.noteProgress()
            case .report(let observation): report(observation)
            }
        }
        return hasProgressed
    }

    /// Passes an observation on; one that repeats the last complaint of its kind adds nothing.
    mutating func report(_ observation: Observation) {
        if case .unable = observation {
            guard observation != lastComplaint else { return }
            lastComplaint = observation
        }
        outputs.append(.report(observation))
    }

    /// Signs this party's next statement, records it as a fact, and sends it after it is durable.
    @discardableResult
    mutating func issue(_ body: StatementBody, at now: Moment) -> StatementID? {
        let signed: Verified<Statement>
        do {
            let draft = try StatementDraft(head: agreement.nextHead(at: now), body: body)
            signed = try signer.sign(draft, in: agreement.charter)
        } catch {
            report(.unable("\(body.kind) cannot be signed: \(error)"))
            return nil
        }
        agreement.shared?.note(signed)
        // Otherwise it was never said, so its number is free.
        guard let effects = agreement.say(signed, at: now) else { return nil }
        perform(effects, at: now)
        outputs.append(.send(.statement(signed.value)))
        return signed.value.id
    }

    private mutating func conclude(_ work: SecretWork, at now: Moment) -> Bool {
        let result = signer.perform(work)
        let hasProgressed =
            switch result {
            case .issue(let body): issue(body, at: now) != nil
            case .sharesRecovered, .sharesForgotten, .noncesLost: true
            case .unable: false
            }
        for observation in agreement.note(result, of: work, at: now) {
            report(observation)
        }
        return hasProgressed
    }
}
