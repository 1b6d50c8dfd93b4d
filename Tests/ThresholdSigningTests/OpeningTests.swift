import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

@Suite struct OpeningTests {
    @Test(arguments: [
        "2of(a,b,c)", "1of(a,b)", "3of(a,b,c)", "2of(2of(a,b,c),1of(d,e))", "3of(2of(a,b,c),2of(b,c,d),a,1of(d,e))",
    ])
    func `every quorum reads every ballot, and nobody else has weights`(rule: String) throws {
        let box = try BallotBox(rule)
        let contents = ["agree", "", "decline"]
        let ballots = try box.ballots(contents)
        let shares = try box.verifiedShares(for: ballots)
        for subset in 1..<(1 << box.ceremony.participants.count) {
            let participants = box.ceremony.participants.filter { subset >> ($0 - 1) & 1 == 1 }
            let parties = PartySet(participants.map { box.ceremony.party($0) })
            guard let quorum = try? OpeningQuorum(participants, of: box.key) else {
                #expect(!box.ceremony.structure.tree.isMinimal(parties))
                continue
            }
            for (ballot, content) in zip(ballots, contents) {
                #expect(try quorum.open(ballot, with: shares) == .content(Array(content.utf8)))
            }
        }
    }

    @Test(arguments: 1...12)
    func `ballots under any rule open for any smallest quorum`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let box = try BallotBox(Self.rule(&random), seed: seed)
        let ballots = try box.ballots(["agree", "x\(seed)"])
        let shares = try box.verifiedShares(for: ballots)
        let tree = box.ceremony.structure.tree
        let names = tree.participants.map(\.party)
        for _ in 0..<4 {
            let minimal = try #require(
                tree.minimalQuorum(within: tree.parties, inOrder: names.shuffled(using: &random))
            )
            let participants = box.ceremony.participants.filter { minimal.contains(box.ceremony.party($0)) }
            let quorum = try OpeningQuorum(participants, of: box.key)
            #expect(try quorum.open(ballots[1], with: shares.reversed()) == .content(Array("x\(seed)".utf8)))
            let fewer = shares.filter { $0.participant != participants[0] }
            #expect(throws: ThresholdError.missingShare(of: participants[0])) {
                try quorum.open(ballots[1], with: fewer)
            }
        }
    }

    @Test func `too few, idle and unknown parties make no quorum`() throws {
        let box = try BallotBox()
        #expect(throws: ThresholdError.unqualifiedSigners([1])) { try OpeningQuorum([1], of: box.key) }
        #expect(throws: ThresholdError.unknownParticipant(4)) { try OpeningQuorum([1, 4], of: box.key) }
        #expect(throws: ThresholdError.unsortedSigners([2, 1])) { try OpeningQuorum([2, 1], of: box.key) }
    }

    @Test func `the author opens its own, with the same result, and nobody with another scalar`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let ballot = try box.ballot("agree", label)
        let randomness = try box.own("agree", label).reveal()
        #expect(try ballot.open(randomness: randomness) == .content(Array("agree".utf8)))
        for wrong in [randomness + .one, -randomness, .zero, .one] {
            #expect(throws: ThresholdError.wrongRandomness) { try ballot.open(randomness: wrong) }
        }
    }

    /// What is not one of the right paddings, or sealed under a value other than rh, is no content, for author and quorum.
    @Test func `garbage is unreadable for the author as for a quorum`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let padded = try BallotCipher.padded([1, 2, 3])
        var paddedWithOne = padded
        paddedWithOne[1023] = 1
        var longer = padded
        longer[6] = 0
        var tooLong = padded
        tooLong[0] = 0xfd
        tooLong[1] = 0x03
        var huge = padded
        huge[3] = 0xff
        let whole = try BallotCipher.padded([UInt8](repeating: 9, count: SealedBallot.contentCount))
        for (plaintext, content) in [
            (padded, [1, 2, 3]), (paddedWithOne, nil), (longer, [1, 2, 0]), (tooLong, nil), (huge, nil),
            (whole, [UInt8](repeating: 9, count: SealedBallot.contentCount)),
            ([UInt8](repeating: 0xff, count: 1024), nil), ([UInt8](repeating: 0, count: 1024), []),
        ] as [([UInt8], [UInt8]?)] {
            let own = OwnBallot(
                plaintext: plaintext,
                label: label,
                key: box.key,
                randomness: SecretScalar.random(),
                nonce: SecretScalar.random()
            )
            let ballot = try own.sealed.openable(as: label, under: box.key)
            let expected = content.map(OpenedBallot.content) ?? .unreadable
            #expect(try ballot.open(randomness: own.reveal()) == expected)
            let shares = try box.verifiedShares(for: [ballot])
            #expect(try OpeningQuorum([1, 3], of: box.key).open(ballot, with: shares) == expected)
        }
    }

    /// Whoever seals under one key and proves it for another has a ballot that passes, and says nothing.
    @Test func `a ciphertext under another value is certified and unreadable`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let randomness = Scalar(5)
        let nonce = Scalar(11)
        let ciphertext = [UInt8](repeating: 3, count: BallotCipher.ciphertextCount)
        let second = SecondGenerator.element
        let points = try [
            Element(multiplyingBaseBy: randomness), Element(multiplyingBaseBy: nonce), randomness * second,
            nonce * second,
        ].map { try present($0) }
        let challenge = SealedBallot.challenge(
            key: box.key,
            label: label,
            ciphertext: ciphertext,
            points: points.map(UncheckedElement.init)
        )
        let sealed = SealedBallot(
            point: points[0],
            secondPoint: points[2],
            challenge: challenge,
            response: nonce + challenge * randomness,
            ciphertext: ciphertext
        )
        let ballot = try sealed.openable(as: label, under: box.key)
        #expect(try ballot.open(randomness: randomness) == .unreadable)
        let shares = try box.verifiedShares(for: [ballot])
        #expect(try OpeningQuorum([2, 3], of: box.key).open(ballot, with: shares) == .unreadable)
    }

    /// Small rules with parties in several places, two levels deep.
    private static func rule(_ random: inout SeededRandom) -> String {
        var unused = ["a", "b", "c", "d", "e", "f"]
        func gate(_ depth: Int) -> String {
            let count = Int.random(in: 2...3, using: &random)
            let children = (0..<count).map { _ in
                if depth < 2, Int.random(in: 0..<3, using: &random) == 0 { return gate(depth + 1) }
                return unused.isEmpty ? ["a", "b", "c"].randomElement(using: &random) ?? "a" : unused.removeFirst()
            }
            return "\(Int.random(in: 1...count, using: &random))of(\(children.joined(separator: ",")))"
        }
        return "2of(\(gate(1)),\(gate(1)))"
    }
}

extension ThresholdTree {
    /// Whether these meet the rule and nobody can be left out.
    fileprivate func isMinimal(_ parties: PartySet) -> Bool {
        isSatisfied(by: parties)
            && parties.allSatisfy { !isSatisfied(by: parties.subtracting([$0])) }
    }
}
