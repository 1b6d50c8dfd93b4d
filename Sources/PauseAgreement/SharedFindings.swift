package import CryptoPrimitives
package import SignedStatements
package import ThresholdSigning

/// What public bytes prove, found out once for all nodes of a simulation instead of by each of them.
///
/// Only a simulation has one; a real node has none and finds out everything by itself. Each answer is a function of what is asked,
/// so nobody takes in anything that it would refuse otherwise.
package protocol SharedFindings: AnyObject, Sendable {
    /// A party of the simulation has signed a statement.
    func note(_ statement: Verified<Statement>)

    /// Whether 32 bytes are a point of the prime-order group.
    func isPoint(_ encoding: Bytes32) -> Bool

    /// The transcript of this name; `make` checks its messages and adds them up the first time.
    func transcript(
        _ name: TranscriptName,
        _ make: () throws(ThresholdError) -> Transcript
    ) throws(ThresholdError) -> Transcript

    /// Whether something holds; `check` finds it out the first time.
    func holds(_ name: Finding, _ check: () -> Bool) -> Bool

    /// The package of this name; `make` makes it the first time.
    func package(_ name: PackageName, _ make: () -> SigningPackage?) -> SigningPackage?

    /// The order of this name; `make` puts it together the first time.
    func assembled(_ name: AssembledOrderName, _ make: () throws -> Verified<Order>) throws -> Verified<Order>

    /// An order as it came, held against a key.
    func verified(_ order: Order, under groupKey: Element) throws(StatementError) -> Verified<Order>
}

/// Everything that a transcript depends on.
package struct TranscriptName: Hashable, Sendable {
    let session: CeremonySession
    let messages: [DealingMessage]
    let contributions: [Bytes32]

    /// The contributions tell nearly all names apart; equality looks at everything.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(contributions)
    }
}

/// What holds or does not, by itself or by what it names.
package enum Finding: Hashable, Sendable {
    case certificate(CertificateName)
    /// The public check of the ballot that a statement seals.
    case sealedBallot(StatementID)
    /// That an opening makes the seal that it opens.
    case opening(StatementID)
    /// The proofs of an opening share.
    case openingShare(StatementID)
}

/// Everything that a certificate depends on.
package struct CertificateName: Hashable, Sendable {
    let transcript: [UInt8]
    let participant: Int
    let entry: CeremonyCertificate.Key
}

/// Everything that a package depends on.
package enum PackageName: Hashable, Sendable {
    case order(SigningPackageName)
    /// Of a key's proof: what is signed and everybody's nonces.
    case proof([UInt8], [SigningCommitments])
}

/// Everything that an order's package depends on: signers, nonces and order under one key.
package struct SigningPackageName: Hashable, Sendable {
    package let groupKey: Element
    let motion: StatementID
    let offers: [StatementID]
}

/// Everything that an order put together from shares depends on.
package struct AssembledOrderName: Hashable, Sendable {
    package let package: SigningPackageName
    let shares: [SignatureShare]
}
