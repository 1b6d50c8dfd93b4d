import CryptoPrimitives
import QuorumPolicy

@testable import SignedStatements

/// One statement of every kind, each of which the pilot charter allows.
enum Samples {
    static func head(of party: String = "lab.aster", number: Int = 7) throws -> StatementHead {
        StatementHead(
            charter: try Pilot.charter().id,
            party: try Pilot.party(party),
            number: number,
            previous: number == 1 ? nil : Pilot.id("previous"),
            at: try Pilot.instant("2026-03-01T00:00:00Z")
        )
    }

    static func draft(_ body: StatementBody, of party: String = "lab.aster") throws -> StatementDraft {
        try StatementDraft(head: head(of: party), body: body)
    }

    static func signed(_ body: StatementBody, of party: String = "lab.aster") throws -> Verified<Statement> {
        try draft(body, of: party).signed(by: Pilot.signingKey(of: party), in: Pilot.charter())
    }

    static func schedule(
        commitBy: String = "2026-03-02T00:00:00Z",
        signBy: String = "2026-03-03T00:00:00Z",
        publishBy: String = "2026-03-04T00:00:00Z",
        effective: String = "2026-03-05T00:00:00Z",
        end: String = "2026-06-03T00:00:00Z"
    ) throws -> Motion.Schedule {
        Motion.Schedule(
            commitBy: try Pilot.instant(commitBy),
            signBy: try Pilot.instant(signBy),
            publishBy: try Pilot.instant(publishBy),
            effective: try Pilot.instant(effective),
            end: try Pilot.instant(end)
        )
    }

    static func terms() throws -> MotionTerms {
        MotionTerms(
            scope: [
                .init(name: try Pilot.party("training-compute"), value: try Pilot.plain("above 1e26 FLOP")),
                .init(name: try Pilot.party("deployment"), value: try Pilot.plain("not affected")),
            ],
            texts: [.init(name: try Pilot.plain("Terms of the pause"), digest: Pilot.bytes32("terms"))]
        )
    }

    static func motion(
        action: OrderAction = .start,
        rule: String = "decide",
        schedule: Motion.Schedule? = nil
    ) throws -> Motion {
        Motion(
            action: action,
            rule: try Pilot.rule(rule),
            position: ChainPosition(seq: 1, round: 1, previous: nil),
            terms: try terms(),
            schedule: try schedule ?? Samples.schedule()
        )
    }

    static func bodies() throws -> [StatementBody] {
        try foundingBodies() + ceremonyBodies() + votingBodies() + signingBodies()
    }

    private static func foundingBodies() throws -> [StatementBody] {
        let charter = try Pilot.charter()
        let addresses = ["node.aster.example:7001", "192.0.2.1:7001", "[2001:db8::1]:65535"]
        return [
            .ratification(Ratification(network: charter.network, title: charter.title)),
            .address(AddressList(addresses: addresses.compactMap { PeerAddress($0) })),
        ]
    }

    private static func ceremonyBodies() throws -> [StatementBody] {
        let rule = try Pilot.rule("decide")
        let transcript = try Pilot.transcript("transcript")
        let (one, other) = (Pilot.bytes32("one"), Pilot.bytes32("other"))
        let dealt = CeremonyDealing.Key(
            rule: rule,
            ephemeral: one,
            proofOfPossession: Pilot.bytes(64, "pop"),
            shares: [Pilot.bytes(32, "a"), Pilot.bytes(48, "b"), Pilot.bytes(1, "c")],
            commitment: [one, other]
        )
        return [
            .ceremonyContribution(.init(attempt: 1, keys: [.init(rule: rule, commitment: one, random: other)])),
            .ceremonyDealing(.init(attempt: 1, keys: [dealt])),
            .ceremonyCertificate(
                .init(
                    attempt: 1,
                    keys: [.init(rule: rule, signature: Pilot.bytes(64, "signature"), transcript: transcript)]
                )
            ),
            .ceremonyAbort(
                .init(
                    attempt: 1,
                    reason: .wrongShare,
                    culprit: try Pilot.party("gov.union"),
                    rule: rule,
                    complaint: Pilot.bytes(128, "complaint")
                )
            ),
            .keyNonces(.init(attempt: 1, retry: 2, keys: [.init(rule: rule, hiding: one, binding: other)])),
            .keyShare(.init(attempt: 1, retry: 2, keys: [.init(rule: rule, share: one)])),
            .keyRecord(
                .init(
                    attempt: 1,
                    keys: [
                        .init(
                            rule: rule,
                            groupKey: Pilot.signingKey(of: Pilot.groupKeyOwner).publicKey,
                            transcript: transcript
                        )
                    ]
                )
            ),
        ]
    }

    private static func votingBodies() throws -> [StatementBody] {
        let motion = Pilot.id("motion")
        let condition = try Condition(canonicalText: "2of(lab.cygnus,lab.dorado,gov.union)")
        let day = Seconds(86_400) ?? .zero
        let pattern = StandingPattern(
            action: .start,
            rule: try RuleName("decide"),
            terms: try Samples.motion().terms,
            longest: 90 * day,
            until: Instant(seconds: 1_800_000_000) ?? .latest,
            serial: 1
        )
        return [
            .standingBallot(
                .init(pattern: pattern, seal: .ciphertext(Pilot.bytes(StatementLimits.sealedBallot, "standing")))
            ),
            .standingRevocation(.init(ballot: Pilot.id("standing"))),
            .standingReceipt(.init(statement: Pilot.id("standing"), motion: motion)),
            .motion(try Samples.motion()),
            .commitment(.init(motion: motion, seal: .digest(Pilot.bytes32("seal")))),
            .receipt(
                .init(motion: motion, commitment: Pilot.id("commitment"), committer: try Pilot.party("lab.dorado"))
            ),
            .close(.init(motion: motion)),
            .opening(
                .init(
                    motion: motion,
                    commitment: Pilot.id("commitment"),
                    ballot: Ballot(.agreeIf(condition)),
                    salt: Pilot.bytes32("salt")
                )
            ),
            .openingShare(
                .init(
                    motion: motion,
                    commitments: [Pilot.id("commitment"), Pilot.id("other")].sorted(),
                    shares: Array(Pilot.bytes32("share").array + [UInt8](repeating: 7, count: 96))
                )
            ),
        ]
    }

    private static func signingBodies() throws -> [StatementBody] {
        let motion = Pilot.id("motion")
        let (one, other) = (Pilot.bytes32("one"), Pilot.bytes32("other"))
        let position = ChainPosition(seq: 2, round: 3, previous: OrderDigest(Pilot.bytes32("order before")))
        let roll = PartySet(try ["lab.aster", "gov.union"].map(Pilot.party))
        return [
            .nonceCommitment(.init(motion: motion, attempt: 1, serial: 1, hiding: one, binding: other)),
            .package(.init(motion: motion, attempt: 1, session: 1, commitments: [Pilot.id("b"), Pilot.id("a")])),
            .signatureShare(.init(motion: motion, package: Pilot.id("package"), share: one)),
            .publicationReceipt(.init(motion: motion, order: OrderDigest(one), position: position, roll: roll)),
            .lapse(.init(position: position)),
            .accusation(
                .init(
                    accused: try Pilot.party("lab.dorado"),
                    offence: .twoReceipts,
                    motion: motion,
                    proof: Pilot.bytes32("proof"),
                    statements: [Pilot.id("first"), Pilot.id("second")].sorted()
                )
            ),
        ]
    }
}
