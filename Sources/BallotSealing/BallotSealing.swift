public import CryptoPrimitives
public import QuorumPolicy
public import SignedStatements
public import ThresholdSigning

/// How the ballots of a charter are sealed: one function from ballot and salt to seal, so that anybody who is shown ballot and
/// salt can check them against the seal (Protocol §7.2).
///
/// Under `opening guaranteed` everything random in the ciphertext follows from the salt, and the salt is part of what is
/// sealed. So an opening is judged in the same way whether the author or a quorum made it, with the charter's `open` key and
/// without any secret or verification share.
public struct BallotSealing: Sendable {
    /// What a sealed ballot is about.
    public struct Subject: Hashable, Sendable {
        /// Whose ballot it is.
        public let party: PartyName
        /// What is voted on.
        let matter: Matter
        /// The rule that decides.
        public let rule: RuleName

        enum Matter: Hashable {
            case motion(StatementID)
            /// Every motion that this describes.
            case pattern(Bytes32)
        }

        /// A ballot on one motion, by its `motion` statement.
        public init(party: PartyName, motion: StatementID, rule: RuleName) {
            self.party = party
            matter = .motion(motion)
            self.rule = rule
        }

        /// A standing ballot.
        public init(party: PartyName, pattern: StandingPattern) {
            self.party = party
            matter = .pattern(pattern.digest)
            rule = pattern.rule
        }
    }

    private let charter: CharterID
    /// Who can be named in a condition.
    private let parties: PartySet
    /// Of the rules that decide.
    private let structures: OrderedMap<RuleName, AccessStructure>
    /// Nil under `opening self`.
    private let key: OpeningKey?

    /// Nil when the charter guarantees openings and the key is not given.
    public init?(charter: Charter, key: OpeningKey?) {
        guard key != nil || charter.openRule == nil else { return nil }
        self.charter = charter.id
        parties = charter.partyNames
        self.key = charter.openRule == nil ? nil : key
        structures = OrderedMap(charter.signingRules.map { ($0.name, AccessStructure($0.tree)) })
    }

    /// Seals a ballot with 32 secret bytes; the same ballot, salt and subject give the same seal.
    ///
    /// Nil for a condition too long for a sealed ballot, for a rule that decides nothing, and for a standing ballot under
    /// `opening self`.
    public func seal(_ ballot: Ballot, salt: Bytes32, as subject: Subject) -> BallotCommitment.Seal? {
        guard let key else {
            guard case .motion(let motion) = subject.matter else { return nil }
            return .digest(ballot.digest(charter: charter, motion: motion, party: subject.party, salt: salt))
        }
        guard let label = label(of: subject) else { return nil }
        let secret = SecretBytes(copying: salt.array)
        do {
            let own = try OwnBallot(SealedContent(ballot, salt: salt).bytes, label: label, key: key, secret: secret)
            return .ciphertext(own.sealed.encoding)
        } catch {
            return nil
        }
    }

    /// The sealed ballot of a commitment, when it verifies as being about this, so that a quorum can open it.
    ///
    /// Nil under `opening self`.
    public func openable(_ seal: BallotCommitment.Seal, as subject: Subject) -> OpenableBallot? {
        guard let key, let ballot = Self.ballot(in: seal), let label = label(of: subject) else { return nil }
        return try? ballot.openable(as: label, under: key)
    }

    /// The same without the check, for what was checked before it was stored.
    package func openable(trusted seal: BallotCommitment.Seal, as subject: Subject) -> OpenableBallot? {
        guard let key, let ballot = Self.ballot(in: seal), let label = label(of: subject) else { return nil }
        return OpenableBallot(checked: ballot, label: label, key: key)
    }

    /// What a quorum has opened; nil when it counts as abstaining.
    ///
    /// Its author has made it unreadable, or so that nobody could check the opening, or names in its condition somebody who is
    /// no party, so that nobody could state it.
    public func read(_ opened: OpenedBallot, of seal: BallotCommitment.Seal, as subject: Subject) -> SealedContent? {
        guard
            case .content(let bytes) = opened, let content = SealedContent(bytes: bytes),
            content.ballot.named.isSubset(of: parties),
            self.seal(content.ballot, salt: content.salt, as: subject) == seal
        else { return nil }
        return content
    }

    private static func ballot(in seal: BallotCommitment.Seal) -> SealedBallot? {
        guard case .ciphertext(let bytes) = seal else { return nil }
        return try? SealedBallot(encoding: bytes)
    }

    private func label(of subject: Subject) -> BallotLabel? {
        structures[subject.rule].map { structure in
            BallotLabel(
                charter: charter.bytes,
                subject: subject.matter.label,
                party: subject.party,
                rule: subject.rule.text,
                structure: structure
            )
        }
    }
}

extension BallotSealing.Subject.Matter {
    fileprivate var label: BallotLabel.Subject {
        switch self {
        case .motion(let id): .motion(id.bytes)
        case .pattern(let digest): .pattern(digest)
        }
    }
}

extension Ballot {
    /// Whom the condition names.
    fileprivate var named: PartySet {
        if case .agreeIf(let condition) = answer { condition.parties } else { [] }
    }
}
