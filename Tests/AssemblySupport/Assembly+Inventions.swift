internal import CryptoPrimitives
internal import PauseAgreement
internal import QuorumPolicy
package import SignedStatements

/// What a party that took part in a finished ceremony may sign afterwards to keep others from finding out what it had said.
extension Assembly {
    /// So many versions of everything a party said in the first attempt, each of which fits what else it has said.
    ///
    /// Contributions differ in their random bytes only and dealings in a share only, so that every pair of them is coherent.
    package func inventions(of name: String, count: Int) throws -> [Item] {
        let real = try items(of: name).compactMap { item -> Statement? in
            guard case .statement(let statement) = item, statement.head.party.text == name else { return nil }
            return statement
        }
        var number = 900
        return try (1...count).flatMap { version in
            try real.compactMap { statement -> Item? in
                guard let body = try other(statement.body, by: statement.head.party, UInt8(version)) else { return nil }
                number += 1
                return try forge(body, by: name, number: number)
            }
        }
    }

    private func other(_ body: StatementBody, by party: PartyName, _ version: UInt8) throws -> StatementBody? {
        switch body {
        case .ceremonyContribution(let body):
            let keys = body.keys.map {
                CeremonyContribution.Key(rule: $0.rule, commitment: $0.commitment, random: PublicRandom.bytes32())
            }
            return .ceremonyContribution(CeremonyContribution(attempt: body.attempt, keys: keys))
        case .ceremonyDealing(let body):
            let keys = body.keys.map { key in
                var shares = key.shares
                shares[0][0] ^= version
                return CeremonyDealing.Key(
                    rule: key.rule,
                    ephemeral: key.ephemeral,
                    proofOfPossession: key.proofOfPossession,
                    shares: shares,
                    commitment: key.commitment
                )
            }
            return .ceremonyDealing(CeremonyDealing(attempt: body.attempt, keys: keys))
        case .ceremonyCertificate(let body):
            let keys = body.keys.map {
                CeremonyCertificate.Key(
                    rule: $0.rule,
                    signature: $0.signature,
                    transcript: TranscriptDigest(.init(repeating: version, count: 64)) ?? $0.transcript
                )
            }
            return .ceremonyCertificate(CeremonyCertificate(attempt: body.attempt, keys: keys))
        case .keyNonces(let body):
            let point = charter.parties[Int(version) % charter.parties.count].identityKey.bytes
            let keys = body.keys.map { KeyNonces.Key(rule: $0.rule, hiding: $0.binding, binding: point) }
            return .keyNonces(KeyNonces(attempt: body.attempt, retry: body.retry, keys: keys))
        case .keyShare(let body):
            let share = Bytes32([version] + .init(repeating: 0, count: 31))
            let keys = body.keys.map { KeyShares.Key(rule: $0.rule, share: share ?? $0.share) }
            return .keyShare(KeyShares(attempt: body.attempt, retry: body.retry, keys: keys))
        case .keyRecord(let body):
            let keys = body.keys.map {
                KeyRecord.Key(
                    rule: $0.rule,
                    groupKey: charter.parties[Int(version) % charter.parties.count].ceremonyKey,
                    transcript: $0.transcript
                )
            }
            return .keyRecord(KeyRecord(attempt: body.attempt, keys: keys))
        default: return nil
        }
    }
}
