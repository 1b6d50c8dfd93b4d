/// Every bound of the agreement core, and the time a signer gives a coordinator.
///
/// Together they bound what one party can make a node keep (Protocol §10, rule 11).
public enum Limits {
    /// Motions open at once, from all parties.
    public static let openMotions = 64
    /// Conflicting statements of one party that are kept as evidence; later ones add nothing.
    public static let equivocationsPerParty = 8
    /// Statements of this node's own party that another node made and this one refused; more are not kept.
    public static let refusedOwnStatements = 256
    /// Proofs of one offence of one party that are kept; later ones add nothing.
    public static let proofsPerOffence = 8
    /// Accusations of one party, for the life of the charter.
    public static let accusationsPerParty = 1024
    /// Motions of one party at one position of the chain, ended or not; a charter that allows more open ones allows as many.
    public static let motionsPerPosition = 8
    /// Nonce commitments of one party in one attempt, or as many as the rule has parties; more wait until the coordinator
    /// names them.
    public static let nonceCommitmentsPerAttempt = 64
    /// Nonce commitments beyond that limit which packages of one attempt name.
    public static let awaitedOffersPerAttempt = 1024
    /// Standing ballots of one party, for the life of the charter.
    public static let standingBallotsPerParty = 256
    /// Standing ballots of one party that have not run out; more wait.
    public static let liveStandingBallotsPerParty = 8
    /// Revocations of one standing ballot.
    public static let revocationsPerStandingBallot = 8
    /// Address statements of one party, for the life of the charter.
    public static let addressesPerParty = 1024
    /// How long a commitment waits for others, so that one receipt names many.
    public static let receiptPatienceMilliseconds: Int64 = 200
    /// From how long before commit-by no commitment waits.
    public static let receiptMarginMilliseconds: Int64 = 1000
    /// How long signers wait, once the parties have agreed, for certified ballots that are still to be opened.
    public static let signingPatienceMilliseconds: Int64 = 200
    /// Packages of one coordinator in one attempt, or as many as the rule has parties.
    public static let packagesPerAttempt = 64
    /// Attempts of one motion's signing, or as many as the rule has parties: the coordinators take turns.
    public static let signingAttempts = 128
    /// Attempts of the key ceremony under one charter; each but the first needs the consent of people.
    public static let ceremonyAttempts = 16
    /// Messages of one party in one step of an attempt: the one it may send, and one that convicts it.
    ///
    /// More contributions and dealings wait until a certificate shows that they count.
    public static let messagesPerStep = 2
    /// Ways of putting transcripts together that one message or certificate makes a node compare with the certificates, when
    /// somebody contributed or dealt in two ways.
    public static let comparedTranscripts = 256
    /// Tries of the key proof: each restart of a party in mid-proof costs one.
    public static let keyProofTries = 64
    /// Items that wait for another item they refer to.
    public static let parkedItems = 2048
    /// How many of them one author may have.
    public static let parkedItemsPerAuthor = 256
    /// Orders and key proofs that wait for the key that verifies them.
    public static let parkedUnverifiedItems = 64
    /// Bytes of text that wait of one author.
    public static let parkedBytesPerAuthor = 4 << 20
    /// Bytes of text that wait of all.
    public static let parkedBytes = 32 << 20

    /// How long the agreeing parties wait for one coordinator before the next begins as well.
    public static let coordinatorPatienceMilliseconds: Int64 = 1500
    /// How long a shareholder that can read a ballot waits for its author to open it.
    public static let openingPatienceMilliseconds: Int64 = 1000
    /// How long the shareholder whose turn it is has, before it is the next one's.
    public static let openingTurnMilliseconds: Int64 = 500
    /// How long a node that starts waits for more answers to its question after the first one.
    public static let inquiryPatienceMilliseconds: Int64 = 30_000
    /// How long a signer that has answered waits for the order before it offers new nonces to the same coordinator.
    public static let answerPatienceMilliseconds: Int64 = 500
}
