import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

/// What a party that answers twice with one pair of nonces gives away: its key share.
@Suite struct NonceReuseTests {
    /// Solves `z = d + rho e + c w` for the weighted key share w; d, e and w are unknown, so three answers are needed.
    static func weightedShare(_ answers: [(package: SigningPackage, share: SignatureShare)]) -> Scalar? {
        guard answers.count == 3 else { return nil }
        let rows = answers.compactMap { answer in
            answer.package.position(of: answer.share.participant).map { position in
                (
                    rho: answer.package.bindingFactors[position], challenge: answer.package.challenge,
                    value: answer.share.value
                )
            }
        }
        guard rows.count == 3 else { return nil }
        let (rho1, rho2) = (rows[1].rho - rows[0].rho, rows[2].rho - rows[0].rho)
        let (c1, c2) = (rows[1].challenge - rows[0].challenge, rows[2].challenge - rows[0].challenge)
        let (z1, z2) = (rows[1].value - rows[0].value, rows[2].value - rows[0].value)
        return (rho1 * c2 - rho2 * c1).inverse.map { $0 * (rho1 * z2 - rho2 * z1) }
    }

    static func isShare(_ secret: Scalar, of participant: Int, in package: SigningPackage) -> Bool {
        package.groupKey.verificationShare(of: participant, weighedBy: package.coefficients)
            == UncheckedElement(multiplyingBaseBy: secret)
    }

    /// Answers of signer 1 to packages with other nonces of signer 2 each; with its own nonces used again, or fresh ones.
    private func answers(reusing: Bool) throws -> [(package: SigningPackage, share: SignatureShare)] {
        let ceremony = try SmallCeremony("2of(a,b,c)")
        let transcript = try ceremony.transcript()
        let share = try transcript.recoverShares(with: ceremony.key(1))
        let other = try transcript.recoverShares(with: ceremony.key(2))
        return try (0..<3).map { turn in
            let bytes = [UInt8](repeating: reusing ? 7 : UInt8(7 + turn), count: 32)
            let nonces = SigningNonces(
                for: share,
                hiding: SecretBytes(copying: bytes),
                binding: SecretBytes(copying: bytes.map { $0 ^ 0xff })
            )
            let package = try SigningPackage(
                groupKey: transcript.groupKey,
                message: Array("the same message".utf8),
                commitments: [nonces.commitments, SigningNonces(for: other).commitments]
            )
            return (package, try share.sign(package, with: nonces))
        }
    }

    @Test func `three answers with one pair of nonces give the key share away`() throws {
        let answers = try answers(reusing: true)
        #expect(Set(answers.map { $0.package.commitments[0] }).count == 1)
        let secret = try #require(Self.weightedShare(answers))
        #expect(Self.isShare(secret, of: 1, in: answers[0].package))
    }

    @Test func `answers with nonces of their own give nothing away`() throws {
        let answers = try answers(reusing: false)
        let secret = try #require(Self.weightedShare(answers))
        #expect(!Self.isShare(secret, of: 1, in: answers[0].package))
    }

    @Test func `a package that does not hold the commitment of the nonces gets no answer, and the nonces are gone`()
        throws
    {
        let ceremony = try SmallCeremony("2of(a,b,c)")
        let transcript = try ceremony.transcript()
        let share = try transcript.recoverShares(with: ceremony.key(1))
        let other = try transcript.recoverShares(with: ceremony.key(2))
        // What a hostile coordinator gets that takes the commitment of an earlier run.
        let before = SigningNonces(for: share).commitments
        let package = try SigningPackage(
            groupKey: transcript.groupKey,
            message: [1],
            commitments: [before, SigningNonces(for: other).commitments]
        )
        let now = SigningNonces(for: share)
        #expect(throws: ThresholdError.ownCommitmentMissing(participant: 1)) {
            _ = try share.sign(package, with: SigningNonces(for: share))
        }
        #expect(now.commitments != before)
    }
}
