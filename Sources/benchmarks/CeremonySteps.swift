import CryptoPrimitives
import QuorumPolicy
import ThresholdSigning

/// A ceremony of n parties under a flat rule, with keys that follow from the participants' numbers.
struct BenchmarkCeremony {
    let structure: AccessStructure
    let session: CeremonySession
    let messages: [DealingMessage]
    let contributions: [Bytes32]
    let certificates: [[UInt8]]

    init(threshold: Int, of count: Int) throws {
        let names = (1...count).map { "p\($0)" }.joined(separator: ",")
        structure = AccessStructure(try ThresholdTree(canonicalText: "\(threshold)of(\(names))"))
        var keys: [Element] = []
        for participant in 1...count {
            keys.append(Self.key(participant).publicKey)
        }
        session = try CeremonySession(structure: structure, staticKeys: keys, randomness: .zero)
        var messages: [DealingMessage] = []
        var contributions: [Bytes32] = []
        for participant in 1...count {
            let dealing = Self.dealing(structure, participant)
            contributions.append(dealing.contribution(of: structure.tree.participants[participant - 1].party))
            messages.append(try dealing.message(in: session, ceremonyKey: Self.key(participant)))
        }
        self.messages = messages
        self.contributions = contributions
        let transcript = try Transcript(session: session, messages: messages, contributions: contributions)
        var certificates: [[UInt8]] = []
        for participant in 1...count {
            certificates.append(try transcript.certificate(by: Self.key(participant)))
        }
        self.certificates = certificates
    }

    func transcript() throws -> Transcript {
        try Transcript(session: session, messages: messages, contributions: contributions)
    }

    static func key(_ participant: Int) -> CeremonyKey {
        CeremonyKey(derivedBytes: SecretBytes(copying: SHA512.hash([1, UInt8(participant)])))
    }

    static func dealing(_ structure: AccessStructure, _ participant: Int) -> Dealing {
        let secret = SHA256.hash([2, UInt8(participant)]).array
        return Dealing(structure: structure, secret: SecretBytes(copying: secret), label: [])
    }

    /// Everything one party computes for one key: deal, check everybody, recover its shares, certify, check certificates.
    func play(as participant: Int) throws {
        let key = Self.key(participant)
        let dealing = Self.dealing(structure, participant)
        _ = try dealing.message(in: session, ceremonyKey: key)
        let transcript = try transcript()
        _ = try transcript.recoverShares(with: key)
        _ = try transcript.certificate(by: key)
        try transcript.verify(certificates)
    }
}

/// A party's work in one key's ceremony.
func ceremonySteps() throws -> [Step] {
    let ceremony = try BenchmarkCeremony(threshold: 7, of: 10)
    let n = 10
    let d = 7
    return [
        Step(
            name: "ceremony per party and key, 7 of 10",
            target: 10_000,
            calls: [
                // Terms and ephemeral key, one proof, one certificate, everybody's proofs and certificates, one leaf.
                (.baseMultiplication, d + 1 + 1 + 1 + n + n + 1),
                // Two per recipient and two per dealer, proofs, certificates, one leaf.
                (.multiplication, 2 * n + 2 * n + n + n + d - 1),
                // Sums of the terms, proofs, certificates, one leaf.
                (.addition, (n - 1) * d + n + n + d - 1),
                // Ephemeral keys and sums.
                (.pointCheck, n + d),
            ],
            sample: { try Clock.time(turns: 1) { try ceremony.play(as: 3) } }
        )
    ]
}
