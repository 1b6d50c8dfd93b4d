import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

/// A whole ceremony in one process, every secret from one seed, so that tests can replace single messages.
struct SmallCeremony {
    let structure: AccessStructure
    let seed: UInt64
    let session: CeremonySession
    /// What honest dealers send, in order of participants.
    let messages: [DealingMessage]

    init(_ rule: String, seed: UInt64 = 1) throws {
        structure = AccessStructure(try ThresholdTree(canonicalText: rule))
        self.seed = seed
        var keys: [Element] = []
        for participant in 1...structure.participantCount {
            keys.append(Self.key(participant, seed: seed).publicKey)
        }
        session = try CeremonySession(structure: structure, staticKeys: keys, randomness: Self.digest("session", seed))
        var messages: [DealingMessage] = []
        for participant in 1...structure.participantCount {
            let dealing = Self.dealing(structure, participant, seed: seed)
            messages.append(
                try dealing.message(in: session, ceremonyKey: Self.key(participant, seed: seed))
            )
        }
        self.messages = messages
    }

    var participants: [Int] { Array(1...structure.participantCount) }

    /// The round-0 commitments of the honest dealers.
    var contributions: [Bytes32] {
        participants.map { Self.dealing(structure, $0, seed: seed).contribution(of: party($0)) }
    }

    func transcript() throws -> Transcript {
        try Transcript(session: session, messages: messages, contributions: contributions)
    }

    /// The transcript with one dealer's message replaced, and round 0 as if it had meant that from the start.
    func transcript(replacing dealer: Int, by message: DealingMessage) throws -> Transcript {
        var changed = messages
        changed[dealer - 1] = message
        return try Transcript(session: session, messages: changed)
    }

    func party(_ participant: Int) -> PartyName {
        structure.tree.participants[participant - 1].party
    }

    func key(_ participant: Int) -> CeremonyKey {
        Self.key(participant, seed: seed)
    }

    func dealing(_ participant: Int) -> Dealing {
        Self.dealing(structure, participant, seed: seed)
    }

    /// Signs with fresh nonces.
    func signature(of message: [UInt8], by signers: [Int]) throws -> [UInt8] {
        let round = try SigningRound(transcript(), signers: signers, message: message, ceremony: self)
        return try round.package.aggregate(try round.shares())
    }

    private static func key(_ participant: Int, seed: UInt64) -> CeremonyKey {
        let low = digest("static \(participant)", seed).array
        let high = digest("static too \(participant)", seed).array
        return CeremonyKey(derivedBytes: SecretBytes(copying: low + high))
    }

    private static func dealing(_ structure: AccessStructure, _ participant: Int, seed: UInt64) -> Dealing {
        Dealing(
            structure: structure,
            secret: SecretBytes(copying: digest("dealing \(participant)", seed).array),
            label: [1, 2, 3]
        )
    }

    private static func digest(_ label: String, _ seed: UInt64) -> Bytes32 {
        SHA256.hash(Array("\(label), seed \(seed)".utf8))
    }
}

/// One signature's two rounds; nonces follow from the ceremony's seed, so that a pair can be made a second time.
struct SigningRound {
    let ceremony: SmallCeremony
    let transcript: Transcript
    let signers: [Int]
    let package: SigningPackage

    init(_ transcript: Transcript, signers: [Int], message: [UInt8], ceremony: SmallCeremony) throws {
        self.ceremony = ceremony
        self.transcript = transcript
        self.signers = signers
        var commitments: [SigningCommitments] = []
        for signer in signers {
            commitments.append(try Self.nonces(of: signer, transcript, ceremony).commitments)
        }
        package = try SigningPackage(groupKey: transcript.groupKey, message: message, commitments: commitments)
    }

    func shares() throws -> [SignatureShare] {
        var shares: [SignatureShare] = []
        for signer in signers {
            shares.append(try share(of: signer))
        }
        return shares
    }

    func share(of signer: Int) throws -> SignatureShare {
        let key = try transcript.recoverShares(with: ceremony.key(signer))
        return try key.sign(package, with: Self.nonces(of: signer, transcript, ceremony))
    }

    static func nonces(of signer: Int, _ transcript: Transcript, _ ceremony: SmallCeremony) throws -> SigningNonces {
        var random = SeededRandom(seed: ceremony.seed &* 1000 &+ UInt64(signer))
        return SigningNonces(
            for: try transcript.recoverShares(with: ceremony.key(signer)),
            hiding: SecretBytes(copying: random.bytes(count: 32)),
            binding: SecretBytes(copying: random.bytes(count: 32))
        )
    }
}

/// Points that are not in the prime-order subgroup, or not points at all.
enum BadPoint {
    static let torsion = [
        2: "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        4: "0000000000000000000000000000000000000000000000000000000000000000",
        8: "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    ]

    /// A good point plus one of small order.
    static func mixed(_ point: UncheckedElement, order: Int) throws -> UncheckedElement {
        let encoding = try #require(torsion[order])
        let torsion = UncheckedElement(try bytes32(encoding))
        let sum = point + torsion
        return try #require(sum)
    }

    /// Identity, small orders, y = p, y = p + 1, minus zero, and y = 2, which is on no point.
    static let encodings =
        Array(torsion.values) + [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "0200000000000000000000000000000000000000000000000000000000000000",
        ]
}
