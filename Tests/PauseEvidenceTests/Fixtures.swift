import AssemblySupport
import CryptoPrimitives
import PauseAgreement
import QuorumPolicy
import SignedStatements

@testable import PauseEvidence

/// A small party line-up and a motion carried out by hand, so that a test can leave out, repeat or falsify any step.
///
/// Statements carry the parties' real signatures; a group key is one signer instead of many, who makes the same kind of
/// signature.
struct Scene {
    static let start: Int64 = 1_900_000_000
    static let labs = ["lab.p1", "lab.p2", "lab.p3", "lab.p4"]
    static let governments = ["gov.p1", "gov.p2", "gov.p3"]
    static let everyone = labs + governments
    /// A party without a place in any rule.
    static let observer = "obs.p1"
    /// A smallest quorum of rule `decide`, which is the record rule as well.
    static let quorum = ["lab.p1", "lab.p2", "lab.p3", "gov.p1", "gov.p2"]

    let charter: Charter
    private(set) var keys: [Item] = []
    /// In the order in which it was said.
    var record: [Statement] = []
    private var numbers: OrderedMap<PartyName, (number: Int, id: StatementID)> = [:]

    struct Missing: Error {}

    /// Key records and key proofs of all parties, under a charter with the rules `decide` and `ending`.
    init() throws {
        charter = try Self.makeCharter()
        let made = KeyRecord(
            attempt: 1,
            keys: try charter.keyedRules.map { try Self.key(of: $0.name.text) }
        )
        for party in Self.everyone + [Self.observer] {
            keys.append(.statement(try say(.keyRecord(made), by: party, at: 0)))
        }
        for key in made.keys { keys.append(.keyProof(try Self.proof(of: key, charter: charter))) }
    }

    /// The charter of ``Assembly`` with an observer, and with a rule of its own for ending a pause.
    private static func makeCharter() throws -> Charter {
        let keys = PartySecrets(seed: Assembly.seed(of: try PartyName(observer))).publicKeys
        let additions = [
            ("class       government", after: "class       observer \"receives everything, decides nothing\""),
            ("party       gov.p3", after: "party       \(observer) observer \(keys) \"An observer\""),
            ("rule        decide", after: "rule        ending together"),
        ]
        var lines: [String] = []
        let text = String(decoding: try Assembly.makeCharter((3, 4), (2, 3)).bytes, as: UTF8.self)
        for line in text.split(separator: "\n") {
            lines.append(line == "action      lift decide" ? "action      lift ending" : String(line))
            lines += additions.filter { line.hasPrefix($0.0) }.map(\.after)
        }
        return try Charter(Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    static func key(of rule: String, ceremony: String = "ceremony") throws -> KeyRecord.Key {
        guard let transcript = TranscriptDigest(SHA512.hash(Array("\(ceremony) of \(rule)".utf8))) else {
            throw Missing()
        }
        return KeyRecord.Key(rule: try RuleName(rule), groupKey: signer(of: rule).publicKey, transcript: transcript)
    }

    static func signer(of rule: String) -> Ed25519SigningKey {
        Ed25519SigningKey(seed: SecretBytes(copying: SHA256.hash(Array("group of \(rule)".utf8)).array))
    }

    static func proof(of key: KeyRecord.Key, charter: Charter) throws -> KeyProof {
        let claims = KeyProofClaims(charter: charter.id, rule: key.rule, transcript: key.transcript)
        let signature = signer(of: key.rule.text).sign(claims.signingInput(for: key.groupKey))
        return KeyProof(claims, groupKey: key.groupKey, signature: signature)
    }

    static func instant(_ offset: Int64) throws -> Instant {
        guard let instant = Instant(seconds: start + offset) else { throw Missing() }
        return instant
    }
}

// MARK: - Saying

extension Scene {
    /// A party's next statement, or one with a number used before.
    mutating func say(_ body: StatementBody, by name: String, at offset: Int64, number: Int? = nil) throws -> Statement
    {
        let party = try PartyName(name)
        let last = numbers[party]
        let number = number ?? (last?.number ?? 0) + 1
        let head = StatementHead(
            charter: charter.id,
            party: party,
            number: number,
            previous: number == 1 ? nil : last?.id,
            at: try Self.instant(offset)
        )
        let secrets = PartySecrets(seed: Assembly.seed(of: party))
        let statement = try StatementDraft(head: head, body: body).signed(by: secrets.identity)
        numbers[party] = (number, statement.id)
        return statement
    }

    /// Says something and writes it down.
    @discardableResult
    mutating func record(
        _ body: StatementBody,
        by name: String,
        at offset: Int64,
        number: Int? = nil
    ) throws -> Statement {
        let statement = try say(body, by: name, at: offset, number: number)
        record.append(statement)
        return statement
    }

    static func motion(
        _ action: OrderAction = .start,
        rule: String = "decide",
        seq: Int = 1,
        previous: OrderDigest? = nil
    ) throws -> Motion {
        guard let value = PlainText("above 1e26 operations") else { throw Missing() }
        return Motion(
            action: action,
            rule: try RuleName(rule),
            position: ChainPosition(seq: seq, round: 0, previous: previous),
            terms: MotionTerms(scope: [.init(name: try PartyName("training-runs"), value: value)], texts: []),
            schedule: .init(
                commitBy: try instant(10),
                signBy: try instant(20),
                publishBy: try instant(25),
                effective: try instant(30),
                end: try instant(30 + 86_400)
            )
        )
    }
}

// MARK: - A motion from proposal to publication

/// A ballot's statements.
struct CastBallot {
    let party: String
    let ballot: Ballot
    let salt: Bytes32
    let commitment: StatementID
}

/// What a test wants to know of a motion that was carried out.
struct CarriedMotion {
    let statement: Statement
    let order: Order
    var id: StatementID { statement.id }
    var claims: OrderClaims { order.claims }
}

extension Scene {
    /// Proposes a motion and makes its order; nobody has answered yet.
    mutating func propose(_ motion: Motion, signedBy rule: String? = nil) throws -> CarriedMotion {
        let statement = try record(.motion(motion), by: "lab.p1", at: 0)
        guard let claims = OrderClaims(statement) else { throw Missing() }
        return CarriedMotion(statement: statement, order: Self.order(claims, signedBy: rule ?? motion.rule.text))
    }

    static func order(_ claims: OrderClaims, signedBy rule: String) -> Order {
        let signer = signer(of: rule)
        let signature = signer.sign(claims.signingInput(for: signer.publicKey))
        return Order(claims, groupKey: signer.publicKey, signature: signature)
    }

    @discardableResult
    mutating func commit(
        _ answer: Answer,
        by party: String,
        on motion: CarriedMotion,
        salt: String = "salt"
    ) throws
        -> CastBallot
    {
        let (ballot, salt) = (Ballot(answer), SHA256.hash(Array("\(salt) of \(party)".utf8)))
        let seal = ballot.digest(charter: charter.id, motion: motion.id, party: try PartyName(party), salt: salt)
        let commitment = try record(
            .commitment(BallotCommitment(motion: motion.id, seal: .digest(seal))),
            by: party,
            at: 2
        )
        return CastBallot(party: party, ballot: ballot, salt: salt, commitment: commitment.id)
    }

    mutating func receipt(_ cast: CastBallot, by recorders: [String], on motion: CarriedMotion, at: Int64 = 3) throws {
        for recorder in recorders {
            let receipt = Receipt(motion: motion.id, commitment: cast.commitment, committer: try PartyName(cast.party))
            try record(.receipt(receipt), by: recorder, at: at)
        }
    }

    mutating func close(_ motion: CarriedMotion, by parties: [String]) throws {
        for party in parties { try record(.close(Close(motion: motion.id)), by: party, at: 11) }
    }

    mutating func open(_ cast: CastBallot, on motion: CarriedMotion, salt: Bytes32? = nil) throws {
        let opening = Opening(
            motion: motion.id,
            commitment: cast.commitment,
            ballot: cast.ballot,
            salt: salt ?? cast.salt
        )
        try record(.opening(opening), by: cast.party, at: 12)
    }

    mutating func publish(_ motion: CarriedMotion, by parties: [String], at: Int64 = 20) throws {
        for party in parties {
            let receipt = PublicationReceipt(
                motion: motion.id,
                order: motion.order.digest,
                position: motion.claims.position,
                roll: PartySet(try Self.quorum.map { try PartyName($0) })
            )
            try record(.publicationReceipt(receipt), by: party, at: at)
        }
    }

    /// Everything up to the openings: a quorum agrees, the others decline.
    mutating func agree(on motion: CarriedMotion) throws {
        var ballots: [CastBallot] = []
        for party in Self.everyone {
            ballots.append(try commit(Self.quorum.contains(party) ? .agree : .decline, by: party, on: motion))
        }
        for ballot in ballots { try receipt(ballot, by: Self.everyone, on: motion) }
        try close(motion, by: Self.everyone)
        for ballot in ballots { try open(ballot, on: motion) }
    }

    /// A whole scene with a published order.
    static func published(by parties: [String] = everyone, at: Int64 = 20) throws -> (Scene, CarriedMotion) {
        var scene = try Scene()
        let motion = try scene.propose(motion())
        try scene.agree(on: motion)
        try scene.publish(motion, by: parties, at: at)
        return (scene, motion)
    }
}

// MARK: - Judging

extension Scene {
    func bundle(_ motion: CarriedMotion) -> EvidenceBundle {
        EvidenceBundle(
            order: Array(motion.order.text.utf8),
            charter: charter.bytes,
            keys: Self.lines(keys.map(\.text)),
            record: Self.lines(record.map(\.text))
        )
    }

    /// Under the pinned charter, half an hour into the pause.
    func report(_ motion: CarriedMotion, at offset: Int64 = 1_800) throws -> OrderReport {
        OrderVerification.verify(bundle(motion), pin: .charter(charter.id), at: try Self.instant(offset))
    }

    static func lines(_ texts: [String]) -> [UInt8] { Array(texts.map { $0 + "\n" }.joined().utf8) }
}

extension EvidenceBundle {
    /// The lines of the record, each without its line feed.
    var recordLines: [String] {
        String(decoding: record ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func with(recordLines: [String]) -> EvidenceBundle {
        var bundle = self
        bundle.record = Scene.lines(recordLines)
        return bundle
    }
}
