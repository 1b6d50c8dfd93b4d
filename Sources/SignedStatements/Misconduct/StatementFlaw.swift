internal import CryptoPrimitives

extension Statement {
    /// What no honest party signs, as this statement shows all by itself (Protocol §7.10); nil for most.
    ///
    /// A point or a scalar in another encoding than the one there is. Costs the decoding of every point and scalar.
    public var flaw: Offence? {
        switch body {
        case .nonceCommitment(let body): isPoint(body.hiding) && isPoint(body.binding) ? nil : .malformedNonces
        case .keyNonces(let body):
            body.keys.allSatisfy { isPoint($0.hiding) && isPoint($0.binding) } ? nil : .malformedNonces
        case .signatureShare(let body): isScalar(body.share) ? nil : .wrongSignatureShare
        case .keyShare(let body): body.keys.allSatisfy { isScalar($0.share) } ? nil : .wrongKeyShare
        case .ratification, .address, .ceremonyContribution, .ceremonyDealing, .ceremonyCertificate, .ceremonyAbort,
            .keyRecord, .standingBallot, .standingRevocation, .standingReceipt, .motion, .commitment, .receipt, .close,
            .opening, .openingShare, .package,
            .publicationReceipt, .lapse, .accusation:
            nil
        }
    }

    private func isPoint(_ bytes: Bytes32) -> Bool { Element(encoding: bytes) != nil }

    private func isScalar(_ bytes: Bytes32) -> Bool { Scalar(encoding: bytes) != nil }
}
