import CryptoPrimitives
import QuorumPolicy
import ThresholdSigning

/// The rounds of one signature by 7 of 10.
func signingSteps() throws -> [Step] {
    let round = try BenchmarkRound(threshold: 7, of: 10, message: [UInt8](repeating: 7, count: 64))
    return [
        Step(
            name: "FROST round 1",
            target: 45,
            calls: [(.baseMultiplication, 2), (.hash, 2), (.randomness, 2)],
            sample: { Clock.time(turns: 30) { round.commit() } }
        ),
        Step(
            name: "FROST round 2, 7 of 10",
            target: 1_100,
            calls: [
                (.multiplication, 7), (.addition, 13), (.pointCheck, 1), (.hash, 17), (.scalarInversion, 1),
                (.scalarMultiplication, 100),
            ],
            sample: { try round.signAgain() }
        ),
        Step(
            name: "aggregate, R reused",
            target: 70,
            calls: [(.verification, 1)],
            sample: { try Clock.time(turns: 20) { _ = try round.package.aggregate(round.shares) } }
        ),
        Step(
            name: "strict verification",
            target: 160,
            calls: [(.verification, 1), (.pointCheck, 2)],
            sample: { Clock.time(turns: 10) { round.verify() } }
        ),
    ]
}

/// A finished signature whose rounds can be made again; a class, because it owns the first signer's share.
private final class BenchmarkRound {
    let package: SigningPackage
    let shares: [SignatureShare]
    private let share: KeyShare
    private let signature: [UInt8]
    private let key: Bytes32

    init(threshold: Int, of count: Int, message: [UInt8]) throws {
        let transcript = try BenchmarkCeremony(threshold: threshold, of: count).transcript()
        var commitments: [SigningCommitments] = []
        for signer in 1...threshold {
            commitments.append(Self.nonces(try Self.share(of: signer, transcript)).commitments)
        }
        let package = try SigningPackage(groupKey: transcript.groupKey, message: message, commitments: commitments)
        var shares: [SignatureShare] = []
        for signer in 1...threshold {
            let share = try Self.share(of: signer, transcript)
            shares.append(try share.sign(package, with: Self.nonces(share)))
        }
        share = try Self.share(of: 1, transcript)
        signature = try package.aggregate(shares)
        key = transcript.groupKey.element.bytes
        self.package = package
        self.shares = shares
    }

    func commit() {
        _ = SigningNonces(for: share)
    }

    /// The microseconds from having all commitments to having a share.
    func signAgain() throws -> Double {
        let nonces = SigningNonces(for: share)
        let commitments = [nonces.commitments] + package.commitments.dropFirst()
        let start = Clock.microseconds
        let next = try SigningPackage(groupKey: package.groupKey, message: package.message, commitments: commitments)
        _ = try share.sign(next, with: nonces)
        return Clock.microseconds - start
    }

    func verify() {
        let isValid = Ed25519.verify(signature, of: package.message, byEncoded: key)
        precondition(isValid, "the signature is right")
    }

    private static func share(of signer: Int, _ transcript: Transcript) throws -> KeyShare {
        try transcript.recoverShares(with: BenchmarkCeremony.key(signer))
    }

    /// The same nonces every time, so that a round can be put together from its parts; never do this elsewhere.
    private static func nonces(_ share: borrowing KeyShare) -> SigningNonces {
        let bytes = [UInt8](repeating: UInt8(share.participant), count: 32)
        return SigningNonces(
            for: share,
            hiding: SecretBytes(copying: bytes),
            binding: SecretBytes(copying: bytes.map { $0 ^ 0xff })
        )
    }
}
