import AssemblySupport
import CryptoPrimitives
import PauseAgreement
import QuorumPolicy
import SignedStatements

/// A journal as a node of eleven parties has it after years: every statement signed with its party's real key.
///
/// Ceremony and the first motions are made by eleven whole nodes. The later motions are signed for all parties at once,
/// since nothing but one node's start is measured: commitments, receipts of everybody for everybody, closes, openings,
/// nonces, a package and all shares but one, and then LAPSE, so that each motion has a round of its own.
struct LongJournal {
    static let party = "lab.p1"
    static let ordered = 12

    let charter: Charter
    private(set) var records: [(record: Participant.Record, at: Instant)]
    /// The motions known at the end.
    private(set) var motions = LongJournal.ordered
    private var heads: OrderedMap<PartyName, (number: Int, id: StatementID)> = [:]
    private var now: Instant
    private let previous: OrderDigest?

    init(statements: Int) throws {
        let assembly = try Assembly(labs: 4, of: 6, governments: 3, of: 5)
        try assembly.makeKeys()
        for turn in 0..<Self.ordered {
            let motion = try assembly.propose(turn == 0 ? .start : .renew, by: Self.party)
            for node in assembly.nodes { try assembly.cast(.agree, by: node.name.text, on: motion) }
            try assembly.run(seconds: 2)
        }
        let status = try assembly.status(Self.party)
        precondition(status.orders.count == Self.ordered, "every motion of whole nodes becomes an order")
        previous = status.orders.last.flatMap { OrderDigest($0.digest) }
        charter = assembly.charter
        records = try assembly.node(Self.party).journal
        now = assembly.now.instant
        for item in try assembly.items(of: Self.party) {
            guard case .statement(let statement) = item else { continue }
            note(statement)
        }
        while records.count < statements { try addMotion() }
    }

    private mutating func note(_ statement: Statement) {
        let known = heads[statement.head.party]?.number ?? 0
        if statement.head.number > known {
            heads[statement.head.party] = (statement.head.number, statement.id)
        }
    }

    @discardableResult
    private mutating func say(_ body: StatementBody, by party: PartyName) throws -> StatementID {
        let last = heads[party]
        let head = StatementHead(
            charter: charter.id,
            party: party,
            number: (last?.number ?? 0) + 1,
            previous: last?.id,
            at: now
        )
        let secrets = PartySecrets(seed: Assembly.seed(of: party))
        let statement = try StatementDraft(head: head, body: body).signed(by: secrets.identity)
        note(statement)
        records.append((.item(.statement(statement)), now))
        return statement.id
    }

    private func later(_ count: Int64) throws -> Instant {
        guard let seconds = Seconds(count) else { throw Assembly.AssemblyError.badText }
        return now + seconds
    }

    private mutating func addMotion() throws {
        let parties = charter.parties.map(\.name)
        guard
            let rule = charter.action(.renew)?.rule, let decision = charter.rule(rule)?.tree,
            let value = PlainText("above 1e26 operations")
        else { throw Assembly.AssemblyError.badText }
        let position = ChainPosition(seq: Self.ordered + 1, round: motions - Self.ordered, previous: previous)
        let motion = try say(
            .motion(
                Motion(
                    action: .renew,
                    rule: rule,
                    position: position,
                    terms: MotionTerms(scope: [.init(name: try PartyName("training-runs"), value: value)], texts: []),
                    schedule: .init(
                        commitBy: try later(10),
                        signBy: try later(20),
                        publishBy: try later(25),
                        effective: try later(30),
                        end: try later(30 + 86_400)
                    )
                )
            ),
            by: parties[motions % parties.count]
        )
        motions += 1
        try vote(on: motion, parties)
        try sign(motion, decision)
        now = try later(30)
        for party in parties { try say(.lapse(Lapse(position: position)), by: party) }
    }

    private mutating func vote(on motion: StatementID, _ parties: [PartyName]) throws {
        let ballot = Ballot(.agree)
        var commitments: [(party: PartyName, id: StatementID, salt: Bytes32)] = []
        for party in parties {
            let salt = PublicRandom.bytes32()
            let seal = ballot.digest(charter: charter.id, motion: motion, party: party, salt: salt)
            let id = try say(.commitment(BallotCommitment(motion: motion, seal: .digest(seal))), by: party)
            commitments.append((party, id, salt))
        }
        for recorder in parties {
            for (party, id, _) in commitments {
                try say(.receipt(Receipt(motion: motion, commitment: id, committer: party)), by: recorder)
            }
        }
        for party in parties { try say(.close(Close(motion: motion)), by: party) }
        for (party, id, salt) in commitments {
            try say(.opening(Opening(motion: motion, commitment: id, ballot: ballot, salt: salt)), by: party)
        }
    }

    /// Everything of a signature but the last share, without which there is no order.
    private mutating func sign(_ motion: StatementID, _ decision: ThresholdTree) throws {
        var offers: [(party: PartyName, id: StatementID)] = []
        for participant in decision.participants {
            guard let member = charter.party(participant.party) else { continue }
            let nonces = OrderNonces(
                motion: motion,
                attempt: 0,
                serial: 1,
                // Any points do; no secret belongs to them.
                hiding: member.identityKey.bytes,
                binding: member.ceremonyKey.bytes
            )
            offers.append((member.name, try say(.nonceCommitment(nonces), by: member.name)))
        }
        let signers =
            offers.filter { $0.party.text.hasPrefix("lab") }.prefix(4)
            + offers.filter { $0.party.text.hasPrefix("gov") }.prefix(3)
        let chosen = decision.participants.compactMap { participant in signers.first { $0.party == participant.party } }
        let start = motion.bytes.array.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let coordinator = decision.participants[start % decision.participants.count].party
        let package = try say(
            .package(OrderPackage(motion: motion, attempt: 0, session: 1, commitments: chosen.map(\.id))),
            by: coordinator
        )
        for signer in chosen.dropLast() {
            try say(
                .signatureShare(OrderShare(motion: motion, package: package, share: Scalar(7).bytes)),
                by: signer.party
            )
        }
    }
}
