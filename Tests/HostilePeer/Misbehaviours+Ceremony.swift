internal import CryptoPrimitives
internal import PauseAgreement
internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// What a listed peer signs about a ceremony that is over.
extension Misbehaviour {
    static let ceremony: [Misbehaviour] = [
        said("contribution-to-attempt-17", .statementRefused("attempts 1 to 16")) { contribution(17, $0) },
        said("contribution-nobody-may-make-yet", .nothing) { contribution(2, $0) },
        said("dealing-of-an-attempt-to-come", .nothing) { charter in
            let keys = charter.keyedRules.map { rule in
                CeremonyDealing.Key(
                    rule: rule.name,
                    ephemeral: .zero,
                    proofOfPossession: [UInt8](repeating: 0, count: 64),
                    shares: [[0]],
                    commitment: [.zero]
                )
            }
            return .ceremonyDealing(CeremonyDealing(attempt: 16, keys: keys))
        },
        said("certificate-of-attempt-9000", .statementRefused("attempts 1 to 16")) { charter in
            let digest = try anyDigest
            let keys = charter.keyedRules.map { rule in
                CeremonyCertificate.Key(
                    rule: rule.name,
                    signature: [UInt8](repeating: 9, count: 64),
                    transcript: digest
                )
            }
            return .ceremonyCertificate(CeremonyCertificate(attempt: 9_000, keys: keys))
        },
        said("key-nonces-of-try-65", .statementRefused("tries of the key proof")) { charter in
            let point = Ed25519SigningKey(seed: .random(count: 32)).publicKey.bytes
            let keys = charter.keyedRules.map { KeyNonces.Key(rule: $0.name, hiding: point, binding: point) }
            return .keyNonces(KeyNonces(attempt: 1, retry: 65, keys: keys))
        },
        said("key-nonces-of-a-try-skipped", .nothing) { charter in
            let point = Ed25519SigningKey(seed: .random(count: 32)).publicKey.bytes
            let keys = charter.keyedRules.map { KeyNonces.Key(rule: $0.name, hiding: point, binding: point) }
            return .keyNonces(KeyNonces(attempt: 1, retry: 64, keys: keys))
        },
        said("key-record-of-other-keys", .statementRefused("differs from the ceremony's result")) { charter in
            let key = Ed25519SigningKey(seed: .random(count: 32)).publicKey
            let digest = try anyDigest
            let keys = charter.keyedRules.map {
                KeyRecord.Key(rule: $0.name, groupKey: key, transcript: digest)
            }
            return .keyRecord(KeyRecord(attempt: 1, keys: keys))
        },
    ]

    private static var anyDigest: TranscriptDigest {
        get throws {
            guard let digest = TranscriptDigest([UInt8](repeating: 9, count: 64)) else { throw AttackError.malformed }
            return digest
        }
    }

    private static func said(
        _ name: String,
        _ answer: Answer,
        _ body: @escaping @Sendable (Charter) throws -> StatementBody
    ) -> Misbehaviour {
        visiting(name, answer) { visit, attack in
            let statement = try ForgedItems(attack: attack).statement(body(attack.charter))
            try await visit.send(.item(statement))
        }
    }

    private static func contribution(_ attempt: Int, _ charter: Charter) -> StatementBody {
        let keys = charter.keyedRules.map { rule in
            CeremonyContribution.Key(rule: rule.name, commitment: SHA256.hash([1]), random: SHA256.hash([2]))
        }
        return .ceremonyContribution(CeremonyContribution(attempt: attempt, keys: keys))
    }
}
