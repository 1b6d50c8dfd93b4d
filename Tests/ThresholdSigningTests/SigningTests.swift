import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

@Suite struct SigningTests {
    static let composite = "2of(3of(a,b,c,d),2of(c,d,e),1of(a,e))"

    @Test(arguments: [
        ("2of(a,b,c)", [1, 3]), ("2of(2of(a,b,c),1of(d,e))", [1, 3, 5]), (composite, [1, 3, 4]),
        (composite, [1, 3, 5]),
        (composite, [1, 2, 3, 4, 5]), ("2of(a,a,b)", [1]), ("3of(a,a,b,c)", [1, 3]),
    ])
    func `a quorum's signature is an ordinary Ed25519 signature`(rule: String, signers: [Int]) throws {
        let ceremony = try SmallCeremony(rule)
        let signature = try ceremony.signature(of: [1, 2, 3], by: signers)
        let key = try ceremony.transcript().groupKey.element
        #expect(Ed25519.verify(signature, of: [1, 2, 3], by: key))
        #expect(!Ed25519.verify(signature, of: [1, 2, 4], by: key))
    }

    @Test func `fresh nonces differ although the share is the same`() throws {
        let ceremony = try SmallCeremony("2of(a,b)")
        let share = try ceremony.transcript().recoverShares(with: ceremony.key(1))
        let first = SigningNonces(for: share).commitments
        let second = SigningNonces(for: share).commitments
        #expect(first.hiding != second.hiding)
        #expect(first.binding != second.binding)
        #expect(first.hiding != first.binding)
    }

    @Test(arguments: [[1], [3], [1, 4], [1, 3, 4]])
    func `wrong shares are named and right ones are not`(liars: [Int]) throws {
        let ceremony = try SmallCeremony(Self.composite)
        let round = try SigningRound(ceremony.transcript(), signers: [1, 3, 4], message: [7], ceremony: ceremony)
        let shares = try round.shares().map { share in
            liars.contains(share.participant)
                ? SignatureShare(participant: share.participant, value: share.value + .one) : share
        }
        #expect(throws: ThresholdError.wrongShares(by: liars)) { try round.package.aggregate(shares) }
        #expect(round.package.culprits(among: shares) == liars)
    }

    @Test func `a share of zero is wrong, not a crash`() throws {
        let ceremony = try SmallCeremony("2of(a,b)")
        let round = try SigningRound(ceremony.transcript(), signers: [1, 2], message: [7], ceremony: ceremony)
        let shares = [SignatureShare(participant: 1, value: .zero), try round.shares()[1]]
        #expect(throws: ThresholdError.wrongShares(by: [1])) { try round.package.aggregate(shares) }
        #expect(!round.package.isValid(SignatureShare(participant: 3, value: .one)))
    }

    @Test func `shares of another ceremony of the same parties are wrong`() throws {
        let old = try SmallCeremony("2of(a,b,c)", seed: 1)
        let new = try SmallCeremony("2of(a,b,c)", seed: 2)
        let round = try SigningRound(new.transcript(), signers: [1, 3], message: [7], ceremony: new)
        let oldRound = try SigningRound(old.transcript(), signers: [1, 3], message: [7], ceremony: old)
        let shares = [try round.share(of: 1), try oldRound.share(of: 3)]
        #expect(throws: ThresholdError.wrongShares(by: [3])) { try round.package.aggregate(shares) }
    }

    @Test func `exactly one share of every signer makes a signature`() throws {
        let ceremony = try SmallCeremony("2of(a,b,c,d)")
        let round = try SigningRound(ceremony.transcript(), signers: [1, 3], message: [7], ceremony: ceremony)
        let shares = try round.shares()
        let stranger = SignatureShare(participant: 2, value: .one)
        let package = round.package
        #expect(throws: ThresholdError.missingShare(of: 3)) { try package.aggregate([shares[0]]) }
        #expect(throws: ThresholdError.missingShare(of: 1)) { try package.aggregate([shares[1]]) }
        #expect(throws: ThresholdError.missingShare(of: 1)) { try package.aggregate([]) }
        #expect(throws: ThresholdError.unexpectedShare(of: 2)) { try package.aggregate(shares + [stranger]) }
        #expect(throws: ThresholdError.unexpectedShare(of: 3)) { try package.aggregate(shares + [shares[1]]) }
        #expect(throws: ThresholdError.unexpectedShare(of: 1)) { try package.aggregate(shares + [shares[0]]) }
        #expect(try package.aggregate(shares.reversed()) == package.aggregate(shares))
    }

    @Test func `a package without exactly one's own commitment is refused`() throws {
        let ceremony = try SmallCeremony("2of(a,b,c)")
        let transcript = try ceremony.transcript()
        let round = try SigningRound(transcript, signers: [1, 3], message: [7], ceremony: ceremony)
        let share = try transcript.recoverShares(with: ceremony.key(1))
        let absent = try transcript.recoverShares(with: ceremony.key(2))
        #expect(throws: ThresholdError.ownCommitmentMissing(participant: 1)) {
            _ = try share.sign(round.package, with: SigningNonces(for: share))
        }
        #expect(throws: ThresholdError.ownCommitmentMissing(participant: 2)) {
            _ = try absent.sign(round.package, with: SigningNonces(for: absent))
        }
        #expect(throws: ThresholdError.noncesOfAnother(participant: 3)) {
            _ = try share.sign(round.package, with: try SigningRound.nonces(of: 3, transcript, ceremony))
        }
    }

    @Test func `a package for another key is refused`() throws {
        let ceremony = try SmallCeremony("2of(a,b,c)")
        let other = try SmallCeremony("2of(a,b,c)", seed: 2)
        let round = try SigningRound(ceremony.transcript(), signers: [1, 3], message: [7], ceremony: ceremony)
        let share = try other.transcript().recoverShares(with: other.key(1))
        #expect(throws: ThresholdError.otherGroupKey) {
            _ = try share.sign(round.package, with: SigningNonces(for: share))
        }
    }

    @Test func `a package that gives the key another rule is refused`() throws {
        let ceremony = try SmallCeremony("2of(a,b,c)")
        let transcript = try ceremony.transcript()
        let looser = try GroupKey(
            structure: AccessStructure(try ThresholdTree(canonicalText: "2of(a,b,d)")),
            columns: transcript.groupKey.columns
        )
        let commitments = try [1, 2].map { try SigningRound.nonces(of: $0, transcript, ceremony).commitments }
        let package = try SigningPackage(groupKey: looser, message: [7], commitments: commitments)
        let share = try transcript.recoverShares(with: ceremony.key(1))
        #expect(throws: ThresholdError.otherGroupKey) {
            _ = try share.sign(package, with: try SigningRound.nonces(of: 1, transcript, ceremony))
        }
    }

    @Test(arguments: BadPoint.encodings, [true, false])
    func `a nonce commitment that is no element is refused by name`(encoding: String, inHiding: Bool) throws {
        let ceremony = try SmallCeremony("2of(a,b,c)")
        let bad = try point(encoding)
        #expect(throws: ThresholdError.invalidNonceCommitments(by: [3])) {
            try package(ceremony, inHiding ? { _ in bad } : nil, inHiding ? nil : { _ in bad })
        }
    }

    @Test(arguments: [2, 4, 8], [true, false])
    func `torsion in a nonce commitment is refused by name`(order: Int, inHiding: Bool) throws {
        let ceremony = try SmallCeremony("2of(a,b,c)")
        let twist = { (point: UncheckedElement) in try BadPoint.mixed(point, order: order) }
        #expect(throws: ThresholdError.invalidNonceCommitments(by: [3])) {
            try package(ceremony, inHiding ? twist : nil, inHiding ? nil : twist)
        }
    }

    @Test func `every field of list, key and message changes every binding factor`() throws {
        let ceremony = try SmallCeremony("2of(a,b,c)")
        let transcript = try ceremony.transcript()
        let good = try SigningRound(transcript, signers: [1, 3], message: [7, 8], ceremony: ceremony).package
        let spare = try SigningRound.nonces(of: 2, transcript, ceremony).commitments
        var variants: [SigningPackage] = []
        for index in 0..<2 {
            let own = good.commitments[index]
            let changed = [
                SigningCommitments(participant: own.participant, hiding: spare.hiding, binding: own.binding),
                SigningCommitments(participant: own.participant, hiding: own.hiding, binding: spare.binding),
                SigningCommitments(participant: own.participant, hiding: own.binding, binding: own.hiding),
            ]
            for commitment in changed {
                var list = good.commitments
                list[index] = commitment
                variants.append(try SigningPackage(groupKey: good.groupKey, message: good.message, commitments: list))
            }
        }
        let renamed = [
            good.commitments[0],
            SigningCommitments(
                participant: 2,
                hiding: good.commitments[1].hiding,
                binding: good.commitments[1].binding
            ),
        ]
        variants.append(try SigningPackage(groupKey: good.groupKey, message: good.message, commitments: renamed))
        let same = try SigningPackage(groupKey: good.groupKey, message: good.message, commitments: good.commitments)
        #expect(same.bindingFactors == good.bindingFactors)
        for message in [[7], [8, 7], [7, 8, 0], []] as [[UInt8]] {
            variants.append(
                try SigningPackage(groupKey: good.groupKey, message: message, commitments: good.commitments)
            )
        }
        let otherKey = try SmallCeremony("2of(a,b,c)", seed: 2).transcript().groupKey
        variants.append(try SigningPackage(groupKey: otherKey, message: good.message, commitments: good.commitments))
        for variant in variants {
            for (factor, original) in zip(variant.bindingFactors, good.bindingFactors) {
                #expect(factor != original)
            }
        }
    }

    @Test(arguments: AccessStructureTests.rules)
    func `a quorum's weighted verification shares make the group key`(rule: String) throws {
        let ceremony = try SmallCeremony(rule)
        let key = try ceremony.transcript().groupKey
        let everybody = ceremony.structure.tree
        let quorum = try #require(everybody.minimalQuorum(within: everybody.parties))
        let signers = quorum.compactMap { everybody.identifier(of: $0) }.sorted()
        let coefficients = try ceremony.structure.coefficients(for: signers)
        var sum = UncheckedElement.identity
        for signer in signers {
            sum = sum.adding(key.verificationShare(of: signer, weighedBy: coefficients))
        }
        #expect(sum == UncheckedElement(key.element))
    }

    private func package(
        _ ceremony: SmallCeremony,
        _ changeHiding: ((UncheckedElement) throws -> UncheckedElement)?,
        _ changeBinding: ((UncheckedElement) throws -> UncheckedElement)?
    ) throws -> SigningPackage {
        let transcript = try ceremony.transcript()
        var list = try [1, 3].map { try SigningRound.nonces(of: $0, transcript, ceremony).commitments }
        list[1] = SigningCommitments(
            participant: 3,
            hiding: try changeHiding?(list[1].hiding) ?? list[1].hiding,
            binding: try changeBinding?(list[1].binding) ?? list[1].binding
        )
        return try SigningPackage(groupKey: transcript.groupKey, message: [7], commitments: list)
    }
}
