import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

@Suite struct ComplaintTests {
    let rule = "2of(2of(a,b,c),1of(a,d))"

    @Test(arguments: [1, 2], [1, 4])
    func `a ciphertext that does not open convicts the dealer`(dealer: Int, victim: Int) throws {
        let ceremony = try SmallCeremony(rule)
        var ciphertexts = ceremony.messages[dealer - 1].ciphertexts
        ciphertexts[victim - 1][3] ^= 1
        try expectConviction(of: dealer, by: victim, ceremony, ciphertexts)
    }

    @Test(arguments: [1, 2], [1, 3])
    func `a well encrypted wrong share convicts the dealer`(dealer: Int, victim: Int) throws {
        let ceremony = try SmallCeremony(rule)
        var shares = ceremony.dealing(dealer).shares(of: victim)
        shares.add(SecretScalars(count: shares.count) { _ in SecretScalar.random() })
        let ciphertexts = try sealed(shares, dealer: dealer, victim: victim, ceremony)
        try expectConviction(of: dealer, by: victim, ceremony, ciphertexts)
    }

    @Test func `a complaint about a right share convicts the complainer`() throws {
        let ceremony = try SmallCeremony(rule)
        let transcript = try ceremony.transcript()
        for dealer in ceremony.participants {
            let complaint = try transcript.complaint(against: dealer, by: ceremony.key(2))
            #expect(try complaint.judge(in: transcript) == .complainer(2))
        }
    }

    @Test func `a complaint that was tampered with convicts the complainer`() throws {
        let ceremony = try SmallCeremony(rule)
        let transcript = try badTranscript(ceremony)
        let complaint = try transcript.complaint(against: 1, by: ceremony.key(2))
        #expect(try complaint.judge(in: transcript) == .dealer(1))
        for index in complaint.bytes.indices {
            var bytes = complaint.bytes
            bytes[index] ^= 0x04
            let changed = Complaint(dealer: 1, complainer: 2, bytes: bytes)
            #expect(try changed.judge(in: transcript) == .complainer(2))
        }
        for count in [0, 127, 129] {
            let bytes = Array((complaint.bytes + [0]).prefix(count))
            #expect(try Complaint(dealer: 1, complainer: 2, bytes: bytes).judge(in: transcript) == .complainer(2))
        }
    }

    @Test func `a complaint counts for its own pair and transcript only`() throws {
        let ceremony = try SmallCeremony(rule)
        let transcript = try badTranscript(ceremony)
        let bytes = try transcript.complaint(against: 1, by: ceremony.key(2)).bytes
        #expect(try Complaint(dealer: 3, complainer: 2, bytes: bytes).judge(in: transcript) == .complainer(2))
        #expect(try Complaint(dealer: 1, complainer: 4, bytes: bytes).judge(in: transcript) == .complainer(4))
        let good = try ceremony.transcript()
        #expect(try Complaint(dealer: 1, complainer: 2, bytes: bytes).judge(in: good) == .complainer(2))
        for (dealer, complainer) in [(0, 2), (5, 2), (1, 0), (1, 5)] {
            let stranger = (1...4).contains(dealer) ? complainer : dealer
            #expect(throws: ThresholdError.unknownParticipant(stranger)) {
                try Complaint(dealer: dealer, complainer: complainer, bytes: bytes).judge(in: transcript)
            }
        }
    }

    private func badTranscript(_ ceremony: SmallCeremony) throws -> Transcript {
        var ciphertexts = ceremony.messages[0].ciphertexts
        ciphertexts[1][0] ^= 1
        return try transcript(ceremony, dealer: 1, ciphertexts)
    }

    private func expectConviction(
        of dealer: Int,
        by victim: Int,
        _ ceremony: SmallCeremony,
        _ ciphertexts: [[UInt8]]
    ) throws {
        let transcript = try transcript(ceremony, dealer: dealer, ciphertexts)
        #expect(throws: ThresholdError.wrongShare(dealer: dealer)) {
            _ = try transcript.recoverShares(with: ceremony.key(victim))
        }
        let complaint = try transcript.complaint(against: dealer, by: ceremony.key(victim))
        #expect(complaint.bytes.count == Complaint.byteCount)
        #expect(try complaint.judge(in: transcript) == .dealer(dealer))
        for other in ceremony.participants where other != victim {
            _ = try transcript.recoverShares(with: ceremony.key(other))
        }
    }

    private func transcript(
        _ ceremony: SmallCeremony,
        dealer: Int,
        _ ciphertexts: [[UInt8]]
    ) throws -> Transcript {
        let honest = ceremony.messages[dealer - 1]
        let message = DealingMessage(
            commitment: honest.commitment,
            proofOfPossession: honest.proofOfPossession,
            ephemeralKey: honest.ephemeralKey,
            ciphertexts: ciphertexts
        )
        return try ceremony.transcript(replacing: dealer, by: message)
    }

    private func sealed(
        _ shares: borrowing SecretScalars,
        dealer: Int,
        victim: Int,
        _ ceremony: SmallCeremony
    ) throws -> [[UInt8]] {
        var ciphertexts = ceremony.messages[dealer - 1].ciphertexts
        let cipher = try ceremony.transcript().cipher(from: dealer, to: victim)
        // The victim's own key gives the same two values as the dealer's keys.
        let key = ceremony.key(victim)
        guard
            let ephemeral = key.secret.diffieHellman(cipher.ephemeralKey),
            let staticSecret = key.secret.diffieHellman(UncheckedElement(cipher.dealer))
        else { throw Malformed.secret }
        ciphertexts[victim - 1] = cipher.seal(shares, ephemeral: ephemeral, static: staticSecret)
        return ciphertexts
    }
}
