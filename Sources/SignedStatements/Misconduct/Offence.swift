/// What a party can be shown to have done and no honest one does, with a stable code (Protocol §7.10).
///
/// The one list of offences: nodes note them, verifiers judge them, statements of kind `accusation` name them. In each case
/// what proves it is signed by the offender itself, or named by its digest in what the offender signed.
public enum Offence: String, CaseIterable, Hashable, Sendable, Codable {
    // The chain of statements
    case twoStatementsWithOneNumber = "two-statements-with-one-number"
    case brokenChain = "broken-chain"

    // Ballots
    case twoCommitments = "two-commitments"
    case twoReceipts = "two-receipts"
    case misattributedReceipt = "misattributed-receipt"
    case receiptAfterClose = "receipt-after-close"
    case receiptAfterDeadline = "receipt-after-deadline"
    case openingMismatch = "opening-mismatch"
    case openingOfAnother = "opening-of-another"

    // Signing
    case malformedNonces = "malformed-nonces"
    case repeatedNoncePoint = "repeated-nonce-point"
    case twoPackagesWithOneNumber = "two-packages-with-one-number"
    case noncesInTwoPackages = "nonces-in-two-packages"
    case twoSharesForOneNonce = "two-shares-for-one-nonce"
    case twoSharesForOnePackage = "two-shares-for-one-package"
    case wrongSignatureShare = "wrong-signature-share"

    // The chain of orders
    case twoPublicationReceipts = "two-publication-receipts"
    case publicationReceiptAfterDeadline = "publication-receipt-after-deadline"
    case publicationReceiptAfterLapse = "publication-receipt-after-lapse"
    case lapseDeniesReceipt = "lapse-denies-receipt"
    case twoLapses = "two-lapses"

    // The ceremony
    case twoContributions = "two-contributions"
    case twoDealings = "two-dealings"
    case twoCertificates = "two-certificates"
    case twoKeyNonces = "two-key-nonces"
    case twoKeyShares = "two-key-shares"
    case twoKeyRecords = "two-key-records"
    case twoAborts = "two-aborts"
    case abortAndKeyShare = "abort-and-key-share"
    case recordOfLeftAttempt = "record-of-left-attempt"
    case malformedDealing = "malformed-dealing"
    case contributionMismatch = "contribution-mismatch"
    case copiedTerms = "copied-terms"
    case wrongProofOfPossession = "wrong-proof-of-possession"
    case wrongDealtShare = "wrong-dealt-share"
    case falseComplaint = "false-complaint"
    case wrongCertificate = "wrong-certificate"
    case wrongKeyShare = "wrong-key-share"
}

extension Offence {
    /// What was done, as people read it; continues the party's name.
    public var sentence: String { facts.sentence }

    /// The statements that prove it, as people read them.
    public var proof: String { facts.proof }

    /// Whether it is committed in the ceremony.
    public var isOfCeremony: Bool { section.hasPrefix("5.") }

    /// The section of the protocol that forbids it, such as `7.3`.
    public var section: String { facts.section }

    private struct Facts {
        let sentence: String
        let proof: String
        let section: String

        init(_ section: String, _ sentence: String, by proof: String) {
            self.section = section
            self.sentence = sentence
            self.proof = proof
        }
    }

    /// One entry for each offence, as the table of Protocol §7.10 has it.
    private var facts: Facts {
        switch self {
        case .twoStatementsWithOneNumber:
            Facts(
                "6.4",
                "signed two different statements with one number",
                by: "the two statements"
            )
        case .brokenChain:
            Facts(
                "6.4",
                "signed a statement that does not name its own statement with the number before",
                by: "the two statements"
            )
        case .twoCommitments: Facts("7.2", "committed to two ballots on one motion", by: "the two commitments")
        case .twoReceipts:
            Facts(
                "7.3",
                "gave receipts for two commitments of one party on one motion",
                by: "the two receipts"
            )
        case .misattributedReceipt:
            Facts(
                "7.3",
                "gave a receipt that ascribes a commitment to another party",
                by: "the receipt; the commitment"
            )
        case .receiptAfterClose: Facts("7.4", "gave a receipt after its own close", by: "the close and the receipt")
        case .receiptAfterDeadline:
            Facts(
                "7.3",
                "gave a receipt that it dated at or after the commit deadline",
                by: "the receipt; the motion"
            )
        case .openingMismatch:
            Facts(
                "7.5",
                "opened its ballot with something else than it had sealed",
                by: "the commitment and the opening"
            )
        case .openingOfAnother:
            Facts(
                "7.5",
                "opened another party's ballot as its own",
                by: "the opening; the other party's commitment"
            )
        case .malformedNonces:
            Facts(
                "4.8",
                "published a nonce commitment that is no point of the group",
                by: "the statement with the point"
            )
        case .repeatedNoncePoint:
            Facts(
                "4.8",
                "published one point of a nonce commitment twice",
                by: "the one or two statements with the point"
            )
        case .twoPackagesWithOneNumber:
            Facts(
                "7.7",
                "coordinated two packages with one number in one attempt",
                by: "the two packages"
            )
        case .noncesInTwoPackages: Facts("7.7", "put one nonce commitment into two packages", by: "the two packages")
        case .twoSharesForOneNonce:
            Facts(
                "4.8",
                "answered two packages with one nonce commitment",
                by: "the two shares; the two packages and the nonce commitment"
            )
        case .twoSharesForOnePackage:
            Facts(
                "7.7",
                "gave two different signature shares for one package",
                by: "the two shares"
            )
        case .wrongSignatureShare:
            Facts(
                "7.7",
                "gave a wrong signature share",
                by:
                    "the share; its author's key record, the motion, the package and its nonce commitments, all contributions "
                    + "and dealings"
            )
        case .twoPublicationReceipts:
            Facts(
                "7.8",
                "gave publication receipts for two orders at one place of the chain",
                by: "the two receipts"
            )
        case .publicationReceiptAfterDeadline:
            Facts(
                "7.8",
                "gave a publication receipt that it dated at or after publish-by",
                by: "the receipt; the motion"
            )
        case .publicationReceiptAfterLapse:
            Facts(
                "7.8",
                "gave a publication receipt in a round that it had given up",
                by: "the lapse and the receipt"
            )
        case .lapseDeniesReceipt:
            Facts(
                "7.8",
                "gave up a round without naming the order that it had receipted there",
                by: "the receipt and the lapse"
            )
        case .twoLapses: Facts("7.8", "gave up one round twice and named different orders", by: "the two lapses")
        case .twoContributions:
            Facts(
                "5.2",
                "made two contributions to one attempt of the ceremony",
                by: "the two contributions"
            )
        case .twoDealings: Facts("5.4", "dealt twice in one attempt of the ceremony", by: "the two dealings")
        case .twoCertificates:
            Facts(
                "5.5",
                "certified twice in one attempt of the ceremony",
                by: "the two certificates"
            )
        case .twoKeyNonces:
            Facts(
                "5.7",
                "offered two nonce commitments for one try of a key proof",
                by: "the two offers"
            )
        case .twoKeyShares: Facts("5.7", "gave two different shares for one try of a key proof", by: "the two shares")
        case .twoKeyRecords:
            Facts(
                "5.7",
                "signed two key records under one charter",
                by: "the two key records"
            )
        case .twoAborts: Facts("5.8", "aborted one attempt of the ceremony twice", by: "the two aborts")
        case .abortAndKeyShare:
            Facts(
                "5.8",
                "aborted an attempt of the ceremony and gave a share of its key proofs",
                by: "the abort and the share"
            )
        case .recordOfLeftAttempt:
            Facts(
                "5.8",
                "signed the key record of one attempt of the ceremony and contributed to a later one",
                by: "the key record and the contribution"
            )
        case .malformedDealing:
            Facts(
                "5.4",
                "dealt a wrong number of points or shares, or something that is no point",
                by: "the dealing"
            )
        case .contributionMismatch:
            Facts(
                "5.4",
                "dealt other terms than it had committed to",
                by: "the contribution and the dealing"
            )
        case .copiedTerms:
            Facts(
                "5.4",
                "dealt another dealer's terms",
                by: "the contribution and the dealing; the other dealing"
            )
        case .wrongProofOfPossession:
            Facts(
                "5.4",
                "dealt without proof that it knows the secret of its dealing",
                by: "the dealing; all contributions"
            )
        case .wrongDealtShare:
            Facts(
                "5.6",
                "dealt a share that does not fit its dealing",
                by: "the dealing; the complaint, all contributions and dealings"
            )
        case .falseComplaint:
            Facts(
                "5.6",
                "complained about a share that is right, or with a proof that does not hold",
                by: "the complaint; all contributions and dealings"
            )
        case .wrongCertificate:
            Facts(
                "5.5",
                "certified a transcript with a signature that does not hold",
                by: "the certificate; all contributions and dealings"
            )
        case .wrongKeyShare:
            Facts(
                "5.7",
                "gave a wrong share towards a key proof",
                by: "the share and its author's certificate; the nonce commitments of the try, all contributions "
                    + "and dealings"
            )
        }
    }
}

extension Offence: Comparable {
    /// In the order of the list.
    public static func < (left: Offence, right: Offence) -> Bool {
        guard
            left != right, let one = allCases.firstIndex(of: left), let other = allCases.firstIndex(of: right)
        else { return false }
        return one < other
    }
}
