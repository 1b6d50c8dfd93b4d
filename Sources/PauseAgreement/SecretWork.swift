internal import CryptoPrimitives
internal import QuorumPolicy
public import SignedStatements
internal import ThresholdSigning

/// Work that needs this party's secrets, asked for by the core and done by its ``Signer``.
public enum SecretWork: Sendable {
    /// Draw fresh bytes for every rule and commit to the first point and the ephemeral key of each dealing.
    case contribute(attempt: Int, rules: [Contributed])
    /// Make the dealing of every rule; the fresh bytes are those of the own contribution.
    case deal(attempt: Int, [Dealt])
    /// Recover the own shares, check them and sign the transcripts; or blame a dealer.
    case certify(attempt: Int, [Recovered])
    /// Recover the own shares again after a restart.
    case recoverShares(attempt: Int, [Recovered])
    /// Drop the shares and nonces of an attempt that is given up.
    case forgetShares
    /// Offer nonces for the key proofs.
    case offerProofs(ProofTryName, rules: [RuleName])
    /// Answer the packages of the key proofs.
    case answerProofs(ProofTryName, [Asked])
    /// Help to open sealed ballots of a closed motion.
    case shareOpening(motion: StatementID, rule: RuleName, [SharedBallot])
    /// Offer nonces for a motion's order.
    case offer(motion: StatementID, attempt: Int, serial: Int, rule: RuleName)
    /// Answer a package of a motion's order with the nonces of that attempt and serial.
    case answer(motion: StatementID, package: StatementID, attempt: Int, serial: Int, Asked)

    public struct Contributed: Sendable {
        let name: RuleName
        let structure: AccessStructure
    }

    public struct Dealt: Sendable {
        let rule: RuleName
        let session: CeremonySession
        let random: Bytes32
    }

    public struct Recovered: Sendable {
        let rule: RuleName
        let transcript: Transcript
        /// Whether the certificate proves the shares, because the key never signs.
        var provesPossession = false
    }

    /// One sealed ballot.
    public struct SharedBallot: Sendable {
        let commitment: StatementID
        let ballot: OpenableBallot
    }

    public struct Asked: Sendable {
        let rule: RuleName
        let package: SigningPackage
    }
}

/// What came of secret work.
public enum SecretResult: Sendable {
    /// A statement to sign, persist and send.
    case issue(StatementBody)
    /// The shares of every rule are in memory.
    case sharesRecovered
    /// No share and no nonce is in memory.
    case sharesForgotten
    /// The nonces asked for are gone; the package is never answered.
    case noncesLost(StatementID)
    /// Nothing can be said; the reason is for the operator.
    case unable(String)
}
