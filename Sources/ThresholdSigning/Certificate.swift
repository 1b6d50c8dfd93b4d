internal import CryptoPrimitives

extension Transcript {
    /// This party's signature over the transcript, 64 bytes; always the same for the same transcript (Protocol §5).
    ///
    /// Sign only after ``recoverShares(with:)`` succeeded.
    public func certificate(by key: borrowing CeremonyKey) throws(ThresholdError) -> [UInt8] {
        _ = try session.participant(key)
        return TaggedSchnorr.sign(bytes, with: key.secret, publicKey: key.publicKey)
    }

    /// Throws ``ThresholdError/invalidCertificate(participant:)`` unless the participant signed exactly this transcript.
    public func verify(_ certificate: [UInt8], by participant: Int) throws(ThresholdError) {
        guard (1...messages.count).contains(participant) else { throw .unknownParticipant(participant) }
        let key = UncheckedElement(session.staticKeys[participant - 1])
        guard TaggedSchnorr.isValid(certificate, of: bytes, by: key) else {
            throw .invalidCertificate(participant: participant)
        }
    }

    /// Throws unless everybody signed; certificates are in order of participants.
    public func verify(_ certificates: [[UInt8]]) throws(ThresholdError) {
        guard certificates.count == messages.count else {
            throw .wrongMessageCount(certificates.count, expected: messages.count)
        }
        for (index, certificate) in certificates.enumerated() {
            try verify(certificate, by: index + 1)
        }
    }
}
