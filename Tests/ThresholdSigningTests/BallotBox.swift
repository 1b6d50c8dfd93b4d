import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

/// An `open` key from a small ceremony, with ballots sealed to it and everybody's shares.
struct BallotBox {
    let ceremony: SmallCeremony
    let transcript: Transcript
    let key: OpeningKey

    init(_ rule: String = "2of(a,b,c)", seed: UInt64 = 1) throws {
        ceremony = try SmallCeremony(rule, seed: seed)
        transcript = try ceremony.transcript()
        key = OpeningKey(transcript.groupKey)
    }

    var verificationShares: VerificationShares { VerificationShares(of: transcript.groupKey) }

    static func label(_ party: String = "lab.p1", motion: UInt8 = 2) throws -> BallotLabel {
        BallotLabel(
            charter: SHA256.hash([1]),
            subject: .motion(SHA256.hash([motion])),
            party: try PartyName(party),
            rule: "pause",
            structure: AccessStructure(try ThresholdTree(canonicalText: "2of(lab.p1,gov.p2)"))
        )
    }

    /// A ballot that follows from its content and label.
    func own(_ content: String, _ label: BallotLabel) throws -> OwnBallot {
        let secret = SecretBytes(copying: [UInt8](repeating: 7, count: 32))
        return try OwnBallot(Array(content.utf8), label: label, key: key, secret: secret)
    }

    func ballot(_ content: String, _ label: BallotLabel) throws -> OpenableBallot {
        try own(content, label).sealed.openable(as: label, under: key)
    }

    func ballots(_ contents: [String]) throws -> [OpenableBallot] {
        try contents.enumerated().map { try ballot($1, Self.label("lab.p\($0 + 1)")) }
    }

    func share(of participant: Int) throws -> OpeningKeyShare {
        OpeningKeyShare(try transcript.recoverShares(with: ceremony.key(participant)))
    }

    func shares(of participant: Int, for ballots: [OpenableBallot]) throws -> OpeningShares {
        try share(of: participant).shares(for: ballots)
    }

    func verifiedShares(for ballots: [OpenableBallot]) throws -> [VerifiedOpeningShares] {
        let verification = verificationShares
        return try ceremony.participants.map { try verification.verify(shares(of: $0, for: ballots), for: ballots) }
    }
}

extension SealedBallot {
    /// The same with one of its parts replaced.
    func replacing(_ part: Range<Int>, by bytes: [UInt8]) throws(ThresholdError) -> SealedBallot {
        var encoding = self.encoding
        encoding.replaceSubrange(part, with: bytes)
        return try SealedBallot(encoding: encoding)
    }
}

/// What a computation gave; `#require` takes no expression of overloaded operators.
func present<Value>(_ value: Value?) throws -> Value {
    try #require(value)
}
