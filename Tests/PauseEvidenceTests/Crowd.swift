import AssemblySupport
import CryptoPrimitives
import PauseAgreement
import QuorumPolicy
import SignedStatements
import TestSupport
import ThresholdSigning

@testable import PauseEvidence

/// Everything that honest parties of a real run signed, to which a test adds what a hostile one signs with its real key.
struct Crowd: Sendable {
    static let voters = ["lab.p1", "lab.p2", "lab.p3", "lab.p4", "gov.p1", "gov.p2", "gov.p3"]

    let charter: Charter
    /// In the order of one node's journal.
    private(set) var honest: [Statement]
    private(set) var forged: [Statement] = []
    private var last: OrderedMap<PartyName, Statement>

    struct Missing: Error {}

    /// A run with one order, made once.
    static let shared = Result { try Crowd() }

    private init() throws {
        let assembly = try Assembly(seed: 23)
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in Self.voters { try assembly.cast(name == "lab.p4" ? .decline : .agree, by: name, on: motion) }
        try assembly.run(seconds: 3)
        try self.init(assembly)
    }

    /// What the parties of an assembly have signed, whether or not anybody has received it.
    init(_ assembly: Assembly) throws {
        charter = assembly.charter
        var seen: OrderedMap<StatementID, Statement> = [:]
        var statements: [Statement] = []
        for node in assembly.nodes {
            let items = node.sent + (try assembly.items(of: node.name.text))
            for case .statement(let statement) in items where seen[statement.id] == nil {
                seen[statement.id] = statement
                statements.append(statement)
            }
        }
        honest = statements
        last = [:]
        for statement in statements {
            let known = last[statement.head.party]?.head.number ?? 0
            if statement.head.number > known { last[statement.head.party] = statement }
        }
    }

    /// A party's next statement.
    @discardableResult
    mutating func say(_ body: StatementBody, by name: String, at instant: Instant? = nil) throws -> Statement {
        let before = last[try PartyName(name)]
        return try say(
            body,
            by: name,
            number: (before?.head.number ?? 0) + 1,
            previous: before?.id,
            at: instant ?? before?.head.at ?? .earliest
        )
    }

    /// Any statement signed with the party's real key.
    @discardableResult
    mutating func say(
        _ body: StatementBody,
        by name: String,
        number: Int,
        previous: StatementID?,
        at instant: Instant
    ) throws -> Statement {
        let party = try PartyName(name)
        let head = StatementHead(charter: charter.id, party: party, number: number, previous: previous, at: instant)
        let secrets = PartySecrets(seed: Assembly.seed(of: party))
        let statement = try StatementDraft(head: head, body: body).signed(by: secrets.identity)
        forged.append(statement)
        if number > last[party]?.head.number ?? 0 { last[party] = statement }
        return statement
    }

    /// As if attempt 1 had been given up after its proofs.
    mutating func forgetKeyRecords() {
        honest.removeAll { $0.kind == .keyRecord }
    }

    func lastStatement(of name: String) throws -> Statement {
        guard let statement = last[try PartyName(name)] else { throw Missing() }
        return statement
    }

    /// An honest statement of one kind.
    func statement(_ kind: StatementKind, by name: String) throws -> Statement {
        let found = (honest + forged).first { $0.kind == kind && $0.head.party.text == name }
        guard let found else { throw Missing() }
        return found
    }

    func motion() throws -> (id: StatementID, body: Motion) {
        for statement in honest {
            if case .motion(let motion) = statement.body { return (statement.id, motion) }
        }
        throw Missing()
    }

    func search() throws -> MisconductSearch {
        MisconductSearch(try (honest + forged).map { try charter.verify($0) }, charter: charter)
    }
}

// MARK: - A ceremony by hand

/// An attempt of the ceremony carried out with the parties' real keys, in which a test can falsify any step.
struct HandmadeCeremony {
    let attempt: Int
    let rule: RuleName
    let structure: AccessStructure
    var contributions: [CeremonyContribution.Key] = []
    var dealings: [CeremonyDealing.Key] = []
    private let charter: Charter
    /// Who uses whose ephemeral key; everybody else its own.
    private var ephemeralOwners: OrderedMap<PartyName, PartyName> = [:]

    init(_ charter: Charter, attempt: Int) throws {
        self.attempt = attempt
        self.charter = charter
        guard let keyed = charter.keyedRules.first else { throw Crowd.Missing() }
        rule = keyed.name
        structure = AccessStructure(keyed.tree)
        for party in parties {
            let random = SHA256.hash(Array("random of \(party) in \(attempt)".utf8))
            let commitment = dealing(of: party).contribution(of: party)
            contributions.append(CeremonyContribution.Key(rule: rule, commitment: commitment, random: random))
        }
        try deal()
    }

    var parties: [PartyName] { structure.tree.participants.map(\.party) }

    func number(of name: String) throws -> Int {
        guard let number = structure.tree.identifier(of: try PartyName(name)) else { throw Crowd.Missing() }
        return number
    }

    /// A party's dealing; versions share constant term and ephemeral key, so that each opens the party's contribution.
    private func dealing(of party: PartyName, version: Int = 0) -> Dealing {
        func secret(_ name: String, of owner: PartyName) -> SecretScalar {
            SecretScalar(reducing: SecretBytes(copying: SHA512.hash(Array("\(name) of \(owner) in \(attempt)".utf8))))
        }
        return Dealing(
            structure: structure,
            coefficients: SecretScalars(count: structure.columnCount) { index in
                let isLast = index == structure.columnCount - 1
                return secret(isLast ? "term \(index) version \(version)" : "term \(index)", of: party)
            },
            ephemeral: secret("ephemeral key", of: ephemeralOwners[party] ?? party)
        )
    }

    func session() throws -> CeremonySession {
        let purpose = "\(charter.network)/\(charter.id)/\(rule)/\(attempt)"
        let keys = try parties.map { party in
            guard let key = charter.party(party)?.ceremonyKey else { throw Crowd.Missing() }
            return key
        }
        return try CeremonySession(
            structure: structure,
            staticKeys: keys,
            randomness: CeremonySession.sharedRandomness(
                boundTo: Array(purpose.utf8),
                contributions: contributions.map { ($0.commitment, $0.random) }
            )
        )
    }

    /// Everybody deals for the contributions as they are now.
    mutating func deal() throws {
        dealings = try parties.map { try dealt(by: $0) }
    }

    /// What a party deals, in one version or another.
    func dealt(by party: PartyName, version: Int = 0) throws -> CeremonyDealing.Key {
        let secrets = PartySecrets(seed: Assembly.seed(of: party))
        let message = try dealing(of: party, version: version)
            .message(in: session(), ceremonyKey: secrets.ceremonyKey)
        return CeremonyDealing.Key(
            rule: rule,
            ephemeral: message.ephemeralKey.bytes,
            proofOfPossession: message.proofOfPossession,
            shares: message.ciphertexts,
            commitment: message.commitment.map(\.bytes)
        )
    }

    /// One dealer uses another's ephemeral key, to which it has committed.
    mutating func share(termsOf owner: String, with other: String) throws {
        let party = try PartyName(other)
        let index = try number(of: other) - 1
        ephemeralOwners[party] = try PartyName(owner)
        let commitment = dealing(of: party).contribution(of: party)
        let random = contributions[index].random
        contributions[index] = CeremonyContribution.Key(rule: rule, commitment: commitment, random: random)
        try deal()
    }

    func transcript() throws -> Transcript {
        try Transcript(
            session: session(),
            messages: dealings.map(\.message),
            contributions: contributions.map(\.commitment)
        )
    }

    /// Everybody contributes and deals.
    func publish(in crowd: inout Crowd) throws {
        for (party, key) in zip(parties, contributions) {
            try crowd.say(.ceremonyContribution(.init(attempt: attempt, keys: [key])), by: party.text)
        }
        for (party, key) in zip(parties, dealings) {
            try crowd.say(.ceremonyDealing(.init(attempt: attempt, keys: [key])), by: party.text)
        }
    }

    func certificate(of name: String) throws -> CeremonyCertificate.Key {
        let transcript = try transcript()
        let secrets = PartySecrets(seed: Assembly.seed(of: try PartyName(name)))
        guard let digest = TranscriptDigest(transcript.digest) else { throw Crowd.Missing() }
        return CeremonyCertificate.Key(
            rule: rule,
            signature: try transcript.certificate(by: secrets.ceremonyKey),
            transcript: digest
        )
    }

    /// One key proof: everybody offers nonces and answers, but one party's share is replaced if a test wants it.
    func prove(in crowd: inout Crowd, wrongly culprit: String?) throws {
        let transcript = try transcript()
        guard let digest = TranscriptDigest(transcript.digest) else { throw Crowd.Missing() }
        var signers: [HandmadeSigner] = []
        for party in parties {
            let box = try HandmadeSigner(transcript, party)
            signers.append(box)
            let key = KeyNonces.Key(
                rule: rule,
                hiding: box.commitments.hiding.bytes,
                binding: box.commitments.binding.bytes
            )
            try crowd.say(.keyNonces(.init(attempt: attempt, retry: 1, keys: [key])), by: party.text)
        }
        let claims = KeyProofClaims(charter: charter.id, rule: rule, transcript: digest)
        let package = try SigningPackage(
            groupKey: transcript.groupKey,
            message: claims.signingInput(for: transcript.groupKey.element),
            commitments: signers.map(\.commitments)
        )
        for (party, signer) in zip(parties, signers) {
            let right = try signer.answer(package).value
            let share = party.text == culprit ? right + .one : right
            let key = KeyShares.Key(rule: rule, share: share.bytes)
            try crowd.say(.keyShare(.init(attempt: attempt, retry: 1, keys: [key])), by: party.text)
        }
    }
}

/// One party's share and nonces for one signature, in a class, since they cannot be stored in an array.
final class HandmadeSigner {
    let commitments: SigningCommitments
    private let share: KeyShare
    private var nonces: SigningNonces?

    init(_ transcript: Transcript, _ party: PartyName) throws {
        let secrets = PartySecrets(seed: Assembly.seed(of: party))
        share = try transcript.recoverShares(with: secrets.ceremonyKey)
        let fresh = SigningNonces(for: share)
        commitments = fresh.commitments
        nonces = consume fresh
    }

    func answer(_ package: SigningPackage) throws -> SignatureShare {
        guard let taken = nonces.take() else { throw Crowd.Missing() }
        return try share.sign(package, with: taken)
    }
}
