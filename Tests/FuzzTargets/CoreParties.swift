internal import AssemblySupport
internal import BallotSealing
internal import CryptoPrimitives
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// What hostile parties sign with their real keys, as the input has it.
enum CoreParties {
    static func secrets(of party: PartyName) -> PartySecrets {
        PartySecrets(seed: Assembly.seed(of: party))
    }

    /// Deadlines in the future, in an order that may be wrong.
    static func schedule(_ input: inout FuzzInput, after now: Instant) -> Motion.Schedule? {
        func later(_ count: Int, _ start: Instant) -> Instant? { Seconds(Int64(count)).map { start + $0 } }
        guard let commitBy = later(input.number(below: 32), now),
            let signBy = later(input.number(below: 16), commitBy),
            let publishBy = later(input.number(below: 16), signBy),
            let effective = later(input.number(below: 16), publishBy),
            let end = later(input.wide(), effective)
        else { return nil }
        return Motion.Schedule(
            commitBy: commitBy,
            signBy: signBy,
            publishBy: publishBy,
            effective: effective,
            end: end
        )
    }

    static func forge(
        _ input: inout FuzzInput,
        _ scene: CoreScene,
        said: [Item],
        motions: [StatementID],
        heads: OrderedMap<PartyName, (number: Int, id: StatementID)>,
        at now: Instant
    ) -> Item? {
        let run = scene.run
        let parties = run.charter.parties.map(\.name)
        // The victim's own key is used elsewhere in one case of 32.
        let choice = input.byte()
        let others = parties.filter { $0.text != RecordedRun.victim }
        let party = choice >= 248 ? parties[0] : others[Int(choice) % others.count]
        let body =
            scene.makesKeys
            ? CeremonyForgery(party: party, said: said, charter: run.charter).body(&input)
            : Forgery(party: party, said: said, motions: motions, run: run, now: now).body(&input)
        guard let body else { return nil }
        let last = heads[party]
        let number = input.byte() < 224 ? (last?.number ?? 0) + 1 : max(1, (last?.number ?? 0) - input.number(below: 4))
        let head = StatementHead(
            charter: run.charter.id,
            party: party,
            number: number,
            previous: number == 1 ? nil : last?.id ?? StatementID(.zero),
            at: now
        )
        guard let draft = try? StatementDraft(head: head, body: body) else { return nil }
        return .statement(draft.signed(by: secrets(of: party).identity))
    }
}

/// The content of one forged statement: references to what is there, or to nothing.
private struct Forgery {
    let party: PartyName
    let said: [Item]
    let motions: [StatementID]
    let run: RecordedRun
    let now: Instant

    func body(_ input: inout FuzzInput) -> StatementBody? {
        let motion = motion(&input)
        switch input.number(below: 18) {
        case 0: return makeMotion(&input)
        case 1, 2:
            guard let rule = run.charter.action(.start)?.rule else { return nil }
            let subject = BallotSealing.Subject(party: party, motion: motion, rule: rule)
            return seal(&input, as: subject).map { .commitment(BallotCommitment(motion: motion, seal: $0)) }
        case 3: return receipt(&input, motion)
        case 4: return .close(Close(motion: motion))
        case 5: return opening(&input, motion)
        case 6: return offer(&input, motion)
        case 7, 8: return package(&input, motion)
        case 9:
            return .signatureShare(OrderShare(motion: motion, package: id(of: .package, &input), share: digest(&input)))
        case 10: return publication(&input, motion)
        case 11:
            return .lapse(
                Lapse(position: position(&input), receipted: input.byte() & 1 == 0 ? nil : .init(digest(&input)))
            )
        case 12: return .address(AddressList(addresses: []))
        case 13: return makeStandingBallot(&input)
        case 14: return .standingRevocation(StandingRevocation(ballot: id(of: .standingBallot, &input)))
        case 15, 16: return standingReceipt(&input, motion)
        default: return .ratification(Ratification(network: run.charter.network, title: run.charter.title))
        }
    }

    private func motion(_ input: inout FuzzInput) -> StatementID {
        let index = Int(input.byte())
        return motions.isEmpty || index == 255 ? StatementID(.zero) : motions[index % motions.count]
    }

    private func digest(_ input: inout FuzzInput) -> Bytes32 { SHA256.hash([input.byte()]) }

    private func ballot(_ input: inout FuzzInput) -> Ballot { Ballot(input.byte() & 1 == 0 ? .agree : .decline) }

    /// One of two, so that openings often match their seals.
    private func salt(_ input: inout FuzzInput) -> Bytes32 { SHA256.hash([input.byte() & 1]) }

    private func statements(_ kind: StatementKind) -> [Statement] {
        said.compactMap { item in
            if case .statement(let statement) = item, statement.kind == kind { statement } else { nil }
        }
    }

    private func id(of kind: StatementKind, _ input: inout FuzzInput) -> StatementID {
        let found = statements(kind)
        let index = Int(input.byte())
        return found.isEmpty || index == 255 ? StatementID(digest(&input)) : found[index % found.count].id
    }

    private func anyParty(_ input: inout FuzzInput) -> PartyName {
        run.charter.parties[input.number(below: run.charter.parties.count)].name
    }

    private func position(_ input: inout FuzzInput) -> ChainPosition {
        ChainPosition(seq: 1 + input.number(below: 2), round: input.number(below: 3), previous: nil)
    }

    private func makeMotion(_ input: inout FuzzInput) -> StatementBody? {
        guard let schedule = CoreParties.schedule(&input, after: now), let rule = run.charter.action(.start)?.rule
        else {
            return nil
        }
        let position = input.byte() < 224 ? ChainPosition(seq: 1, round: 0, previous: nil) : position(&input)
        let terms = MotionTerms(scope: [], texts: [])
        return .motion(Motion(action: .start, rule: rule, position: position, terms: terms, schedule: schedule))
    }

    /// Mostly sealed as it should be.
    private func seal(_ input: inout FuzzInput, as subject: BallotSealing.Subject) -> BallotCommitment.Seal? {
        let (ballot, salt) = (ballot(&input), salt(&input))
        switch input.byte() {
        case 0: return .digest(digest(&input))
        case 1: return .ciphertext([UInt8](repeating: input.byte(), count: StatementLimits.sealedBallot))
        default: return run.sealing.seal(ballot, salt: salt, as: subject)
        }
    }

    private func makeStandingBallot(_ input: inout FuzzInput) -> StatementBody? {
        guard let rule = run.charter.action(.start)?.rule, let longest = Seconds(Int64(input.byte()) * 3600 + 1),
            let left = Seconds(Int64(input.byte()) * 10)
        else { return nil }
        let pattern = StandingPattern(
            action: .start,
            rule: rule,
            terms: MotionTerms(scope: [], texts: []),
            longest: longest,
            until: now + left,
            serial: 1 + input.number(below: 4)
        )
        let subject = BallotSealing.Subject(party: party, pattern: pattern)
        return seal(&input, as: subject).map { .standingBallot(StandingBallot(pattern: pattern, seal: $0)) }
    }

    private func standingReceipt(_ input: inout FuzzInput, _ motion: StatementID) -> StatementBody {
        let kind: StatementKind = input.byte() < 192 ? .standingBallot : .standingRevocation
        let statement = id(of: kind, &input)
        return .standingReceipt(StandingReceipt(statement: statement, motion: input.byte() < 96 ? nil : motion))
    }

    private func receipt(_ input: inout FuzzInput, _ motion: StatementID) -> StatementBody {
        let found = statements(.commitment)
        var about = motion
        var named: OrderedMap<PartyName, StatementID> = [:]
        for _ in 0...input.number(below: 3) {
            let commitment = found.isEmpty ? nil : found[input.number(below: found.count)]
            let committer = input.byte() < 240 ? commitment?.head.party ?? anyParty(&input) : anyParty(&input)
            named[committer] = commitment?.id ?? StatementID(digest(&input))
            if case .commitment(let body)? = commitment?.body { about = body.motion }
        }
        return .receipt(Receipt(motion: about, commitments: named))
    }

    private func opening(_ input: inout FuzzInput, _ motion: StatementID) -> StatementBody {
        .opening(
            Opening(
                motion: motion,
                commitment: id(of: input.byte() < 192 ? .commitment : .standingBallot, &input),
                ballot: ballot(&input),
                salt: salt(&input)
            )
        )
    }

    private func offer(_ input: inout FuzzInput, _ motion: StatementID) -> StatementBody {
        .nonceCommitment(
            OrderNonces(
                motion: motion,
                attempt: input.number(below: 3),
                serial: 1 + input.number(below: 4),
                hiding: point(&input),
                binding: point(&input)
            )
        )
    }

    /// A point of the group, one of small order, or no point at all.
    private func point(_ input: inout FuzzInput) -> Bytes32 {
        let choice = input.byte()
        switch choice {
        case 0: return .zero
        case 1: return Bytes32([1] + [UInt8](repeating: 0, count: 31)) ?? .zero
        case 2: return digest(&input)
        default: return Ed25519SigningKey(seed: FuzzNode.key(choice)).publicKey.bytes
        }
    }

    private func package(_ input: inout FuzzInput, _ motion: StatementID) -> StatementBody {
        let offers = statements(.nonceCommitment)
        let chosen = (0..<1 + input.number(below: 5)).compactMap { _ in
            offers.isEmpty ? nil : offers[input.number(below: offers.count)]
        }
        let sorted = chosen.sorted { $0.head.party < $1.head.party }.map(\.id)
        let list = input.byte() < 224 ? sorted : chosen.map(\.id)
        return .package(
            OrderPackage(
                motion: motion,
                attempt: input.number(below: 3),
                session: 1 + input.number(below: 3),
                commitments: list.isEmpty ? [StatementID(digest(&input))] : list
            )
        )
    }

    private func publication(_ input: inout FuzzInput, _ motion: StatementID) -> StatementBody {
        let orders = (said + run.later).compactMap { item -> OrderDigest? in
            if case .order(let order) = item { order.digest } else { nil }
        }
        let order = orders.isEmpty || input.byte() > 200 ? OrderDigest(digest(&input)) : orders[0]
        let roll = PartySet((0..<input.number(below: 4)).map { _ in anyParty(&input) })
        return .publicationReceipt(
            PublicationReceipt(motion: motion, order: order, position: position(&input), roll: roll)
        )
    }
}
