import AssemblySupport
import CryptoPrimitives
import PauseAgreement
import QuorumPolicy
import SignedStatements
import TestSupport
import ThresholdSigning

@testable import PauseEvidence

/// Offences of the ceremony, most of them in a second attempt that all parties carry out by hand.
enum CeremonyForgeries {
    static let all = repetitions + exclusions + dealings + complaints + proofs

    /// Another statement of a kind that its author may sign once.
    private static let repetitions: [Forgery] = [
        Forgery(.twoContributions, statements: 2) { crowd in
            guard case .ceremonyContribution(let old) = try crowd.statement(.ceremonyContribution, by: "gov.p3").body
            else { return }
            try crowd.say(.ceremonyContribution(old), by: "gov.p3")
        },
        Forgery(.twoDealings, statements: 2) { crowd in
            guard case .ceremonyDealing(let old) = try crowd.statement(.ceremonyDealing, by: "gov.p3").body else {
                return
            }
            try crowd.say(.ceremonyDealing(old), by: "gov.p3")
        },
        Forgery(.twoCertificates, statements: 2) { crowd in
            guard case .ceremonyCertificate(let old) = try crowd.statement(.ceremonyCertificate, by: "gov.p3").body
            else { return }
            try crowd.say(.ceremonyCertificate(old), by: "gov.p3")
        },
        Forgery(.twoKeyNonces, statements: 2) { crowd in
            guard case .keyNonces(let old) = try crowd.statement(.keyNonces, by: "gov.p3").body else { return }
            let key = KeyNonces.Key(rule: old.keys[0].rule, hiding: try Crowd.point(), binding: try Crowd.point())
            try crowd.say(.keyNonces(.init(attempt: old.attempt, retry: old.retry, keys: [key])), by: "gov.p3")
        },
        Forgery(.twoKeyShares, statements: 2) { crowd in
            guard case .keyShare(let old) = try crowd.statement(.keyShare, by: "gov.p3").body else { return }
            try crowd.say(.keyShare(old), by: "gov.p3")
        },
        Forgery(.twoKeyRecords, statements: 2) { crowd in
            guard case .keyRecord(let old) = try crowd.statement(.keyRecord, by: "gov.p3").body else { return }
            try crowd.say(.keyRecord(.init(attempt: 2, keys: old.keys)), by: "gov.p3")
        },
        Forgery(.twoAborts, statements: 2) { crowd in
            for _ in 0..<2 { try crowd.abort(attempt: 3, .silence, by: "gov.p3") }
        },
    ]

    /// What an honest party may say, but not beside something else that it has said.
    private static let exclusions: [Forgery] = [
        Forgery(.abortAndKeyShare, statements: 2) { crowd in
            try crowd.abort(attempt: 3, .silence, by: "gov.p3")
            try crowd.shareKey(attempt: 3, by: "gov.p3")
        },
        Forgery(.abortAndKeyShare, statements: 2) { crowd in
            // A complaint is never made about keys in use.
            try crowd.shareKey(attempt: 3, by: "gov.p3")
            try crowd.abort(attempt: 3, .wrongShare, by: "gov.p3")
        },
        Forgery(.abortAndKeyShare, statements: 2, isConditional: true) { crowd in
            try crowd.shareKey(attempt: 3, by: "gov.p3")
            try crowd.abort(attempt: 3, .stopped, by: "gov.p3")
        },
        Forgery(.recordOfLeftAttempt, statements: 2) { crowd in
            guard case .ceremonyContribution(let old) = try crowd.statement(.ceremonyContribution, by: "gov.p3").body
            else { return }
            try crowd.say(.ceremonyContribution(.init(attempt: 2, keys: old.keys)), by: "gov.p3")
        },
    ]

    private static let dealings: [Forgery] = [
        Forgery(.malformedDealing, statements: 1) { crowd in
            try ceremony(&crowd) { ceremony, index in
                ceremony.dealings[index] = ceremony.dealings[index].with(
                    commitment: ceremony.dealings[index].commitment + [Element.base.bytes]
                )
            }
        },
        Forgery(.malformedDealing, by: "gov.p3", statements: 1) { crowd in
            try ceremony(&crowd) { ceremony, index in
                // A point outside the prime-order subgroup.
                var terms = ceremony.dealings[index].commitment
                terms[1] =
                    Bytes32(Hex.decode("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f") ?? [])
                    ?? .zero
                ceremony.dealings[index] = ceremony.dealings[index].with(commitment: terms)
            }
        },
        Forgery(.contributionMismatch, statements: 2) { crowd in
            try ceremony(&crowd) { ceremony, index in
                let old = ceremony.contributions[index]
                ceremony.contributions[index] = .init(rule: old.rule, commitment: .zero, random: old.random)
                try ceremony.deal()
            }
        },
        Forgery(.copiedTerms, statements: 3) { crowd in
            try ceremony(&crowd) { ceremony, index in ceremony.dealings[index] = ceremony.dealings[0] }
        },
        Forgery(.wrongProofOfPossession, statements: 1 + 7, isConditional: true) { crowd in
            try ceremony(&crowd) { ceremony, index in
                let proof = ceremony.dealings[0].proofOfPossession
                ceremony.dealings[index] = ceremony.dealings[index].with(proofOfPossession: proof)
            }
        },
    ]

    /// Seven contributions and dealings, and the statement with the complaint or certificate.
    private static let whole = 14 + 1

    private static let complaints: [Forgery] = [
        Forgery(.wrongDealtShare, statements: whole) { crowd in
            let ceremony = try ceremony(&crowd) { ceremony, index in
                var shares = ceremony.dealings[index].shares
                shares[0][0] ^= 1
                ceremony.dealings[index] = ceremony.dealings[index].with(shares: shares)
            }
            try complain(about: "gov.p3", by: ceremony.parties[0].text, ceremony, &crowd)
        },
        Forgery(.falseComplaint, statements: whole) { crowd in
            let ceremony = try ceremony(&crowd) { _, _ in }
            try complain(about: "lab.p1", by: "gov.p3", ceremony, &crowd)
        },
        Forgery(.falseComplaint, statements: whole, isConditional: true) { crowd in
            let ceremony = try ceremony(&crowd) { _, _ in }
            try complain(about: "lab.p1", by: "gov.p3", ceremony, &crowd) { bytes in
                // Two scalars that are numbers, but no proof.
                bytes.replaceSubrange(64..<128, with: Scalar(3).bytes.array + Scalar(4).bytes.array)
            }
        },
        Forgery(.wrongCertificate, statements: whole) { crowd in
            let ceremony = try ceremony(&crowd) { _, _ in }
            let right = try ceremony.certificate(of: "gov.p3")
            let other = try ceremony.certificate(of: "lab.p1").signature
            let key = CeremonyCertificate.Key(rule: right.rule, signature: other, transcript: right.transcript)
            try crowd.say(.ceremonyCertificate(.init(attempt: ceremony.attempt, keys: [key])), by: "gov.p3")
        },
    ]

    private static let proofs: [Forgery] = [
        Forgery(.wrongKeyShare, statements: 14 + 7 + 2, isConditional: true) { crowd in
            let ceremony = try ceremony(&crowd) { _, _ in }
            for party in ceremony.parties {
                let key = try ceremony.certificate(of: party.text)
                try crowd.say(.ceremonyCertificate(.init(attempt: ceremony.attempt, keys: [key])), by: party.text)
            }
            try ceremony.prove(in: &crowd, wrongly: "gov.p3")
        },
        // A share that is no number is wrong for every package.
        Forgery(.wrongKeyShare, statements: 1) { crowd in
            try crowd.shareKey(attempt: 3, by: "gov.p3", Crowd.noScalar)
        },
    ]

    /// Carries out attempt 2, after a change to what gov.p3 does.
    @discardableResult
    static func ceremony(
        _ crowd: inout Crowd,
        _ change: (inout HandmadeCeremony, Int) throws -> Void
    ) throws -> HandmadeCeremony {
        // In the run attempt 1 was finished: to contribute to another would be an offence of everybody's.
        crowd.forgetKeyRecords()
        var ceremony = try HandmadeCeremony(crowd.charter, attempt: 2)
        try change(&ceremony, ceremony.number(of: "gov.p3") - 1)
        try ceremony.publish(in: &crowd)
        return ceremony
    }

    private static func complain(
        about dealer: String,
        by name: String,
        _ ceremony: HandmadeCeremony,
        _ crowd: inout Crowd,
        _ change: (inout [UInt8]) -> Void = { _ in }
    ) throws {
        let secrets = PartySecrets(seed: Assembly.seed(of: try PartyName(name)))
        var bytes = try ceremony.transcript()
            .complaint(against: ceremony.number(of: dealer), by: secrets.ceremonyKey).bytes
        change(&bytes)
        let abort = CeremonyAbort(
            attempt: ceremony.attempt,
            reason: .wrongShare,
            culprit: try PartyName(dealer),
            rule: ceremony.rule,
            complaint: bytes
        )
        try crowd.say(.ceremonyAbort(abort), by: name)
    }
}

extension Crowd {
    static let noScalar = Bytes32([UInt8](repeating: 255, count: 32)) ?? .zero

    mutating func abort(attempt: Int, _ reason: CeremonyAbort.Reason, by name: String) throws {
        let complaint = reason == .wrongShare ? [UInt8](repeating: 1, count: CeremonyAbort.complaintCount) : nil
        let abort = CeremonyAbort(
            attempt: attempt,
            reason: reason,
            culprit: try PartyName("lab.p1"),
            rule: complaint == nil ? nil : charter.keyedRules.first?.name,
            complaint: complaint
        )
        try say(.ceremonyAbort(abort), by: name)
    }

    mutating func shareKey(attempt: Int, by name: String, _ share: Bytes32 = Scalar(5).bytes) throws {
        let keys = charter.keyedRules.map { KeyShares.Key(rule: $0.name, share: share) }
        try say(.keyShare(KeyShares(attempt: attempt, retry: 1, keys: keys)), by: name)
    }
}

extension CeremonyDealing.Key {
    /// A copy with some members changed.
    func with(
        proofOfPossession: [UInt8]? = nil,
        shares: [[UInt8]]? = nil,
        commitment: [Bytes32]? = nil
    ) -> CeremonyDealing.Key {
        CeremonyDealing.Key(
            rule: rule,
            ephemeral: ephemeral,
            proofOfPossession: proofOfPossession ?? self.proofOfPossession,
            shares: shares ?? self.shares,
            commitment: commitment ?? self.commitment
        )
    }
}
