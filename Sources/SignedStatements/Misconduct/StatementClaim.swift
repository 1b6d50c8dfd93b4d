internal import CryptoPrimitives
internal import QuorumPolicy

/// One thing that a statement pins down: in one slot its author says one thing only, ever.
///
/// Two claims of one party with one slot and different values are an ``Offence`` that anybody can check.
struct StatementClaim: Sendable {
    /// What a party may say once.
    struct Slot: Hashable, Sendable {
        let offence: Offence
        /// The motion, nonce commitment, package or point that it is about; zero where there is none.
        let subject: Bytes32
        /// An attempt, a place in the chain, or 0.
        let first: Int
        /// A try, a round, a session, or 0.
        let second: Int
        /// Whose commitment a receipt is for; else empty.
        let name: String

        init(_ offence: Offence, _ subject: Bytes32 = .zero, first: Int = 0, second: Int = 0, name: String = "") {
            self.offence = offence
            self.subject = subject
            self.first = first
            self.second = second
            self.name = name
        }
    }

    /// What it said; the place tells two members of one statement apart.
    struct Value: Hashable, Sendable {
        let digest: Bytes32
        let place: Int

        init(_ digest: Bytes32, place: Int = 0) {
            self.digest = digest
            self.place = place
        }
    }

    let slot: Slot
    let value: Value
}

extension StatementClaim.Slot: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        if left.offence != right.offence { return left.offence.rawValue < right.offence.rawValue }
        if left.subject != right.subject { return left.subject < right.subject }
        return (left.first, left.second, left.name) < (right.first, right.second, right.name)
    }
}

extension Statement {
    /// Everything that this statement pins down by itself.
    var claims: [StatementClaim] {
        switch body {
        case .commitment(let body): [claim(.twoCommitments, body.motion.bytes)]
        case .receipt(let body): receiptClaims(body)
        case .publicationReceipt(let body):
            [placeClaim(.twoPublicationReceipts, body.position, StatementClaim.Value(body.order.bytes))]
        case .lapse(let body):
            [placeClaim(.twoLapses, body.position, StatementClaim.Value(body.receipted?.bytes ?? .zero))]
        case .package(let body): packageClaims(body)
        case .signatureShare(let body):
            [StatementClaim(slot: .init(.twoSharesForOnePackage, body.package.bytes), value: .init(body.share))]
        case .nonceCommitment(let body): [pointClaim(body.hiding, 0), pointClaim(body.binding, 1)]
        case .keyNonces(let body):
            [ceremonyClaim(.twoKeyNonces, body.attempt, body.retry)]
                + body.keys.enumerated().flatMap { index, key in
                    [pointClaim(key.hiding, 2 * index), pointClaim(key.binding, 2 * index + 1)]
                }
        case .keyShare(let body): [ceremonyClaim(.twoKeyShares, body.attempt, body.retry)]
        case .ceremonyContribution(let body): [ceremonyClaim(.twoContributions, body.attempt)]
        case .ceremonyDealing(let body): [ceremonyClaim(.twoDealings, body.attempt)]
        case .ceremonyCertificate(let body): [ceremonyClaim(.twoCertificates, body.attempt)]
        // One in the life of a charter: what it names are the keys that the party's shares belong to.
        case .keyRecord: [claim(.twoKeyRecords, .zero)]
        case .ceremonyAbort(let body): [ceremonyClaim(.twoAborts, body.attempt)]
        case .ratification, .address, .standingBallot, .standingRevocation, .standingReceipt, .motion, .close, .opening,
            .openingShare, .accusation:
            []
        }
    }

    /// What a signature share pins down once it is known which nonce commitment of its author the package uses.
    func answerClaim(with nonces: StatementID) -> StatementClaim? {
        guard case .signatureShare(let body) = body else { return nil }
        return StatementClaim(slot: .init(.twoSharesForOneNonce, nonces.bytes), value: .init(body.package.bytes))
    }

    /// Only this very statement may stand in the slot.
    private func claim(_ offence: Offence, _ subject: Bytes32, first: Int = 0, second: Int = 0) -> StatementClaim {
        StatementClaim(slot: .init(offence, subject, first: first, second: second), value: .init(id.bytes))
    }

    private func receiptClaims(_ receipt: Receipt) -> [StatementClaim] {
        receipt.commitments.map { committer, commitment in
            StatementClaim(
                slot: .init(.twoReceipts, receipt.motion.bytes, name: committer.text),
                value: .init(commitment.bytes)
            )
        }
    }

    /// By number alone: whatever order it takes to be the one before, an honest party is at one place once.
    private func placeClaim(
        _ offence: Offence,
        _ position: ChainPosition,
        _ value: StatementClaim.Value
    ) -> StatementClaim {
        StatementClaim(slot: .init(offence, first: position.seq, second: position.round), value: value)
    }

    private func packageClaims(_ package: OrderPackage) -> [StatementClaim] {
        [claim(.twoPackagesWithOneNumber, package.motion.bytes, first: package.attempt, second: package.session)]
            + package.commitments.map { claim(.noncesInTwoPackages, $0.bytes) }
    }

    private func pointClaim(_ point: Bytes32, _ place: Int) -> StatementClaim {
        StatementClaim(slot: .init(.repeatedNoncePoint, point), value: .init(id.bytes, place: place))
    }

    private func ceremonyClaim(_ offence: Offence, _ attempt: Int, _ retry: Int = 0) -> StatementClaim {
        claim(offence, .zero, first: attempt, second: retry)
    }
}
