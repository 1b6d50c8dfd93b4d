internal import QuorumPolicy

/// What a party states, one case per kind.
public enum StatementBody: Hashable, Sendable {
    case ratification(Ratification)
    case address(AddressList)
    case ceremonyContribution(CeremonyContribution)
    case ceremonyDealing(CeremonyDealing)
    case ceremonyCertificate(CeremonyCertificate)
    case ceremonyAbort(CeremonyAbort)
    case keyNonces(KeyNonces)
    case keyShare(KeyShares)
    case keyRecord(KeyRecord)
    case standingBallot(StandingBallot)
    case standingRevocation(StandingRevocation)
    case standingReceipt(StandingReceipt)
    case motion(Motion)
    case commitment(BallotCommitment)
    case receipt(Receipt)
    case close(Close)
    case opening(Opening)
    case openingShare(SharedOpening)
    case nonceCommitment(OrderNonces)
    case package(OrderPackage)
    case signatureShare(OrderShare)
    case publicationReceipt(PublicationReceipt)
    case lapse(Lapse)
    case accusation(Accusation)

    /// Which attempt of the ceremony the statement belongs to, from 1; nil for others.
    public var ceremonyAttempt: Int? {
        switch self {
        case .ceremonyContribution(let content): content.attempt
        case .ceremonyDealing(let content): content.attempt
        case .ceremonyCertificate(let content): content.attempt
        case .ceremonyAbort(let content): content.attempt
        case .keyNonces(let content): content.attempt
        case .keyShare(let content): content.attempt
        case .keyRecord(let content): content.attempt
        case .ratification, .address, .standingBallot, .standingRevocation, .standingReceipt, .motion, .commitment,
            .receipt, .close, .opening, .openingShare, .nonceCommitment, .package, .signatureShare,
            .publicationReceipt, .lapse, .accusation:
            nil
        }
    }

    /// The kind that the header's `typ` names.
    public var kind: StatementKind { type(of: content).kind }

    /// The motion on which this is a receipt, for a commitment or a standing ballot; nil for what is none.
    var receiptedMotion: StatementID? {
        switch self {
        case .receipt(let content): content.motion
        case .standingReceipt(let content): content.motion
        default: nil
        }
    }

    /// The motion that the statement is about; nil for a motion itself and where there is none.
    public var motion: StatementID? {
        switch self {
        case .standingReceipt(let content): content.motion
        case .commitment(let content): content.motion
        case .receipt(let content): content.motion
        case .close(let content): content.motion
        case .opening(let content): content.motion
        case .openingShare(let content): content.motion
        case .nonceCommitment(let content): content.motion
        case .package(let content): content.motion
        case .signatureShare(let content): content.motion
        case .publicationReceipt(let content): content.motion
        case .accusation(let content): content.motion
        case .ratification, .address, .ceremonyContribution, .ceremonyDealing, .ceremonyCertificate, .ceremonyAbort,
            .keyNonces, .keyShare, .keyRecord, .standingBallot, .standingRevocation, .motion, .lapse:
            nil
        }
    }

    var members: OrderedMap<String, CanonicalJSON> { content.members }

    private var content: any StatementContent {
        switch self {
        case .ratification(let content): content
        case .address(let content): content
        case .ceremonyContribution(let content): content
        case .ceremonyDealing(let content): content
        case .ceremonyCertificate(let content): content
        case .ceremonyAbort(let content): content
        case .keyNonces(let content): content
        case .keyShare(let content): content
        case .keyRecord(let content): content
        case .standingBallot(let content): content
        case .standingRevocation(let content): content
        case .standingReceipt(let content): content
        case .motion(let content): content
        case .commitment(let content): content
        case .receipt(let content): content
        case .close(let content): content
        case .opening(let content): content
        case .openingShare(let content): content
        case .nonceCommitment(let content): content
        case .package(let content): content
        case .signatureShare(let content): content
        case .publicationReceipt(let content): content
        case .lapse(let content): content
        case .accusation(let content): content
        }
    }

    init(_ kind: StatementKind, from reader: inout MemberReader) throws(StatementError) {
        self =
            switch kind {
            case .ratification: .ratification(try Ratification(from: &reader))
            case .address: .address(try AddressList(from: &reader))
            case .ceremonyContribution: .ceremonyContribution(try CeremonyContribution(from: &reader))
            case .ceremonyDealing: .ceremonyDealing(try CeremonyDealing(from: &reader))
            case .ceremonyCertificate: .ceremonyCertificate(try CeremonyCertificate(from: &reader))
            case .ceremonyAbort: .ceremonyAbort(try CeremonyAbort(from: &reader))
            case .keyNonces: .keyNonces(try KeyNonces(from: &reader))
            case .keyShare: .keyShare(try KeyShares(from: &reader))
            case .keyRecord: .keyRecord(try KeyRecord(from: &reader))
            case .standingBallot: .standingBallot(try StandingBallot(from: &reader))
            case .standingRevocation: .standingRevocation(try StandingRevocation(from: &reader))
            case .standingReceipt: .standingReceipt(try StandingReceipt(from: &reader))
            case .motion: .motion(try Motion(from: &reader))
            case .commitment: .commitment(try BallotCommitment(from: &reader))
            case .receipt: .receipt(try Receipt(from: &reader))
            case .close: .close(try Close(from: &reader))
            case .opening: .opening(try Opening(from: &reader))
            case .openingShare: .openingShare(try SharedOpening(from: &reader))
            case .nonceCommitment: .nonceCommitment(try OrderNonces(from: &reader))
            case .package: .package(try OrderPackage(from: &reader))
            case .signatureShare: .signatureShare(try OrderShare(from: &reader))
            case .publicationReceipt: .publicationReceipt(try PublicationReceipt(from: &reader))
            case .lapse: .lapse(try Lapse(from: &reader))
            case .accusation: .accusation(try Accusation(from: &reader))
            }
    }
}
