import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

@Suite struct SealedBallotTests {
    @Test func `an honest ballot passes its check and has one spelling`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        for content in ["", "agree", String(repeating: "x", count: SealedBallot.contentCount)] {
            let sealed = try box.own(content, label).sealed
            #expect(sealed.encoding.count == SealedBallot.byteCount && SealedBallot.byteCount == 1168)
            #expect(try SealedBallot(encoding: sealed.encoding) == sealed)
            #expect(try sealed.openable(as: label, under: box.key).ballot == sealed)
        }
    }

    @Test func `a content of one byte too many is refused`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let limit = SealedBallot.contentCount
        #expect(throws: ThresholdError.oversizedContent(limit + 1, limit: limit)) {
            _ = try box.own(String(repeating: "x", count: limit + 1), label).sealed
        }
    }

    @Test func `the same secret, label, key and content make the same ballot, and nothing is shared otherwise`() throws
    {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let ballot = try box.own("agree", label).sealed
        #expect(try box.own("agree", label).sealed == ballot)
        let other = SecretBytes(copying: [UInt8](repeating: 8, count: 32))
        let others = [
            try box.own("decline", label).sealed, try box.own("agree", BallotBox.label("gov.p2")).sealed,
            try OwnBallot(Array("agree".utf8), label: label, key: box.key, secret: other).sealed,
            try BallotBox(seed: 2).own("agree", label).sealed,
        ]
        for different in others {
            #expect(different.point != ballot.point && different.ciphertext != ballot.ciphertext)
        }
    }

    /// Copying somebody's ballot is relabelling it with the copier's name.
    @Test func `a ballot passes under its own label only`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let sealed = try box.own("agree", label).sealed
        let rule = AccessStructure(try ThresholdTree(canonicalText: "2of(lab.p1,gov.p2)"))
        let otherRule = AccessStructure(try ThresholdTree(canonicalText: "1of(lab.p1,gov.p2)"))
        let zero = Bytes32.zero
        let (charter, party) = (label.charter, label.party)
        guard case .motion(let motion) = label.subject else { preconditionFailure("the box is about a motion") }
        let labels = [
            // The same digest, as that of a pattern of motions.
            BallotLabel(charter: charter, subject: .pattern(motion), party: party, rule: "pause", structure: rule),
            BallotLabel(charter: zero, subject: .motion(motion), party: party, rule: "pause", structure: rule),
            BallotLabel(charter: charter, subject: .motion(zero), party: party, rule: "pause", structure: rule),
            BallotLabel(charter: motion, subject: .motion(charter), party: party, rule: "pause", structure: rule),
            BallotLabel(
                charter: charter,
                subject: .motion(motion),
                party: try PartyName("gov.p2"),
                rule: "pause",
                structure: rule
            ),
            BallotLabel(charter: charter, subject: .motion(motion), party: party, rule: "lift", structure: rule),
            BallotLabel(charter: charter, subject: .motion(motion), party: party, rule: "pause", structure: otherRule),
            // The same bytes, cut between the names in another place.
            BallotLabel(
                charter: charter,
                subject: .motion(motion),
                party: try PartyName("lab.p1p"),
                rule: "ause",
                structure: rule
            ),
        ]
        for other in labels {
            #expect(throws: ThresholdError.invalidBallot) { try sealed.openable(as: other, under: box.key) }
        }
        _ = try sealed.openable(as: label, under: box.key)
    }

    @Test func `a ballot passes under its own key and open rule only`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let sealed = try box.own("agree", label).sealed
        let other = try BallotBox(seed: 2)
        #expect(throws: ThresholdError.invalidBallot) { try sealed.openable(as: label, under: other.key) }
        // The same point under another rule.
        let columns = box.transcript.groupKey.columns
        let structure = AccessStructure(try ThresholdTree(canonicalText: "2of(a,b,d)"))
        let renamed = OpeningKey(try GroupKey(structure: structure, columns: columns))
        #expect(throws: ThresholdError.invalidBallot) { try sealed.openable(as: label, under: renamed) }
    }

    @Test func `every changed bit is noticed`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let encoding = try box.own("agree", label).sealed.encoding
        let everyByteOfTheHead = Array(0..<128) + stride(from: 128, to: encoding.count, by: 97)
        for index in everyByteOfTheHead + [encoding.count - 1] {
            var changed = encoding
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(throws: ThresholdError.self, "byte \(index)") {
                try SealedBallot(encoding: changed).openable(as: label, under: box.key)
            }
        }
    }

    /// What the change of one part would need from the others is computed as far as it can be without r.
    @Test func `parts that are valid by themselves do not fit together`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let sealed = try box.own("agree", label).sealed
        let other = try box.own("decline", label).sealed
        for part in [0..<32, 32..<64, 64..<96, 96..<128, 0..<64, 64..<128, 128..<SealedBallot.byteCount] {
            let mixed = try sealed.replacing(part, by: Array(other.encoding[part]))
            #expect(throws: ThresholdError.invalidBallot) { try mixed.openable(as: label, under: box.key) }
        }
        // Twice u and u', as somebody who wants to make another ballot from a known one would.
        let doubled = try present(sealed.point + sealed.point)
        let secondDoubled = try present(sealed.secondPoint + sealed.secondPoint)
        let mauled = try sealed.replacing(0..<64, by: doubled.bytes.array + secondDoubled.bytes.array)
        #expect(throws: ThresholdError.invalidBallot) { try mauled.openable(as: label, under: box.key) }
    }

    /// Without the second point, a simulator could not open for the proof of security; here it must be checked.
    @Test func `two points of different randomness are refused even with a proof for the first`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let honest = try box.own("agree", label).sealed
        let stranger = try present(Scalar(7) * SecondGenerator.element)
        let nonce = Scalar(11)
        let commitment = UncheckedElement(multiplyingBaseBy: nonce)
        let secondCommitment = try present(nonce * SecondGenerator.element)
        // A proof for B and u = 5B, honest but for u'.
        let randomness = Scalar(5)
        let point = try #require(Element(multiplyingBaseBy: randomness))
        let challenge = SealedBallot.challenge(
            key: box.key,
            label: label,
            ciphertext: honest.ciphertext,
            points: [point, stranger].map(UncheckedElement.init).enumerated().flatMap {
                [$1, $0 == 0 ? commitment : UncheckedElement(secondCommitment)]
            }
        )
        func ballot(_ secondPoint: Element, _ challenge: Scalar) -> SealedBallot {
            SealedBallot(
                point: point,
                secondPoint: secondPoint,
                challenge: challenge,
                response: nonce + challenge * randomness,
                ciphertext: honest.ciphertext
            )
        }
        #expect(throws: ThresholdError.invalidBallot) {
            try ballot(stranger, challenge).openable(as: label, under: box.key)
        }
        let fitting = try present(randomness * SecondGenerator.element)
        let fittingChallenge = SealedBallot.challenge(
            key: box.key,
            label: label,
            ciphertext: honest.ciphertext,
            points: [
                UncheckedElement(point), commitment, UncheckedElement(fitting), UncheckedElement(secondCommitment),
            ]
        )
        _ = try ballot(fitting, fittingChallenge).openable(as: label, under: box.key)
    }

    @Test(arguments: [0, 32], BadPoint.encodings)
    func `what is no point of prime order is refused`(offset: Int, encoding: String) throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let sealed = try box.own("agree", label).sealed
        let point = try bytes(encoding)
        #expect(throws: ThresholdError.self) {
            try sealed.replacing(offset..<offset + 32, by: point).openable(as: label, under: box.key)
        }
    }

    /// A share of such a ballot would tell whether the secret is odd.
    ///
    /// The author looks for an even challenge, with which the equation alone holds.
    @Test func `a point with a component of order 2 is refused although the equation holds`() throws {
        let box = try BallotBox()
        let label = try BallotBox.label()
        let randomness = Scalar(5)
        let point = try BadPoint.mixed(UncheckedElement(multiplyingBaseBy: randomness), order: 2)
        let secondPoint = UncheckedElement(try present(randomness * SecondGenerator.element))
        let ciphertext = [UInt8](repeating: 3, count: BallotCipher.ciphertextCount)
        for attempt in 1...64 {
            let nonce = Scalar(UInt64(attempt))
            let commitment = UncheckedElement(multiplyingBaseBy: nonce)
            let secondCommitment = UncheckedElement(try present(nonce * SecondGenerator.element))
            let challenge = SealedBallot.challenge(
                key: box.key,
                label: label,
                ciphertext: ciphertext,
                points: [point, commitment, secondPoint, secondCommitment]
            )
            guard challenge.bytes.array[0] & 1 == 0 else { continue }
            let response = nonce + challenge * randomness
            let left = UncheckedElement(multiplyingBaseBy: response) - multiple(of: point, by: challenge)
            #expect(left == commitment, "the equation alone would accept it")
            let sealed = try SealedBallot(
                encoding: point.bytes.array + secondPoint.bytes.array + challenge.bytes.array + response.bytes.array
                    + ciphertext
            )
            #expect(throws: ThresholdError.invalidBallot) { try sealed.openable(as: label, under: box.key) }
            return
        }
        Issue.record("no even challenge in 64 attempts")
    }

    @Test(arguments: [64, 96])
    func `a scalar that is not reduced is refused`(offset: Int) throws {
        let sealed = try BallotBox().own("agree", BallotBox.label()).sealed
        let order = try bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        #expect(throws: ThresholdError.malformedBallot) {
            try sealed.replacing(offset..<offset + 32, by: order)
        }
    }

    @Test(arguments: [0, 127, 1167, 1169, 2336])
    func `another count of bytes is refused`(count: Int) throws {
        let encoding = try BallotBox().own("agree", BallotBox.label()).sealed.encoding
        let bytes = Array((encoding + encoding).prefix(count))
        #expect(throws: ThresholdError.malformedBallot) { try SealedBallot(encoding: bytes) }
    }

    @Test func `the second generator follows from its tag`() throws {
        let element = SecondGenerator.element
        #expect(Hex.encode(element.bytes.array) == Self.secondGenerator)
        #expect(SecondGenerator.candidate(0) == element)
        let candidates = (0..<64).map { SecondGenerator.candidate($0) }
        #expect((16...48).contains(candidates.filter { $0 == nil }.count), "half of all digests encode no point")
        #expect(element != Element.base)
    }

    static let secondGenerator = "0eba0d86d83974a34ca015a779a2027efab49e4a66d1132a77aa43a29960e0a0"

    /// Double and add, which looks at no subgroup.
    private func multiple(of point: UncheckedElement, by factor: Scalar) -> UncheckedElement {
        var sum = UncheckedElement.identity
        for byte in factor.bytes.array.reversed() {
            for bit in (0..<8).reversed() {
                sum = sum.adding(sum)
                if byte >> bit & 1 == 1 { sum = sum.adding(point) }
            }
        }
        return sum
    }
}
