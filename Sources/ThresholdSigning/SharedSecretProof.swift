internal import CryptoPrimitives

/// Two Diffie-Hellman values with the proof that one key made both and its own public key: P = dB, S = dE, T = dQ.
///
/// With a nonce k, the challenge is SHA-512, reduced, over "STANDSTILL-COMPLAINT-v1", the transcript's digest, Q, P, E, S, T,
/// kB, kE and kQ; the response is k + challenge * d (Protocol §5).
struct SharedSecretProof {
    /// S, with the dealer's ephemeral key E.
    let ephemeral: Element
    /// T, with the dealer's static key Q.
    let staticSecret: Element
    private let challenge: Scalar
    private let response: Scalar

    private static let challengeTag: [UInt8] = .ascii("STANDSTILL-COMPLAINT-v1")
    private static let nonceTag: [UInt8] = .ascii("STANDSTILL-COMPLAINT-NONCE-v1")

    /// 128 bytes: S, T, challenge, response; `nil` when they are not two elements and two scalars.
    init?(_ bytes: [UInt8]) {
        guard
            bytes.count == Complaint.byteCount,
            let ephemeral = Bytes32(bytes[0..<32]).flatMap({ Element(encoding: $0) }),
            let staticSecret = Bytes32(bytes[32..<64]).flatMap({ Element(encoding: $0) }),
            let challenge = Bytes32(bytes[64..<96]).flatMap({ Scalar(encoding: $0) }),
            let response = Bytes32(bytes[96..<128]).flatMap({ Scalar(encoding: $0) })
        else { return nil }
        self.ephemeral = ephemeral
        self.staticSecret = staticSecret
        self.challenge = challenge
        self.response = response
    }

    /// Proves for the recipient of a ciphertext; the nonce is fresh and hedged with the key.
    init(_ cipher: ShareCipher, key: borrowing CeremonyKey, transcript: [UInt8]) {
        let nonce = Self.nonce(key, transcript: transcript)
        let bases = [cipher.ephemeralKey, UncheckedElement(cipher.dealer)]
        guard
            let ephemeral = key.secret.multiple(of: bases[0]),
            let staticSecret = key.secret.multiple(of: bases[1]),
            let first = nonce.basePointMultiple(),
            let second = nonce.multiple(of: bases[0]),
            let third = nonce.multiple(of: bases[1])
        else { preconditionFailure("a checked transcript holds points of prime order only") }
        self.ephemeral = ephemeral
        self.staticSecret = staticSecret
        challenge = Self.challenge(
            cipher,
            secrets: [ephemeral, staticSecret],
            commitments: [first, second, third].map(UncheckedElement.init),
            transcript: transcript
        )
        var weighted = key.secret.duplicate()
        weighted.multiply(by: challenge)
        weighted.add(nonce)
        response = weighted.reveal()
    }

    var encoding: [UInt8] {
        ephemeral.bytes.array + staticSecret.bytes.array + challenge.bytes.array + response.bytes.array
    }

    /// Recomputes the three commitments as zX - cY and compares the challenge.
    func isValid(_ cipher: ShareCipher, transcript: [UInt8]) -> Bool {
        let base = UncheckedElement(multiplyingBaseBy: response)
        guard
            let onEphemeral = response * cipher.ephemeralKey,
            let onStatic = response * cipher.dealer,
            let first = commitment(base, cipher.recipient),
            let second = commitment(UncheckedElement(onEphemeral), ephemeral),
            let third = commitment(UncheckedElement(onStatic), staticSecret)
        else { return false }
        let expected = Self.challenge(
            cipher,
            secrets: [ephemeral, staticSecret],
            commitments: [first, second, third],
            transcript: transcript
        )
        return expected == challenge
    }

    private func commitment(_ multiple: UncheckedElement, _ secret: Element) -> UncheckedElement? {
        (challenge * secret).flatMap { multiple - UncheckedElement($0) }
    }

    private static func nonce(_ key: borrowing CeremonyKey, transcript: [UInt8]) -> SecretScalar {
        var hasher = SecretHasher()
        hasher.update(nonceTag)
        hasher.update(SecretBytes.random(count: 32))
        hasher.update(key.secret)
        hasher.update(transcript)
        return SecretScalar(reducing: hasher.finish())
    }

    private static func challenge(
        _ cipher: ShareCipher,
        secrets: [Element],
        commitments: [UncheckedElement],
        transcript: [UInt8]
    ) -> Scalar {
        var input = challengeTag + transcript
        input.append(cipher.dealer.bytes)
        input.append(cipher.recipient.bytes)
        input.append(cipher.ephemeralKey.bytes)
        for secret in secrets {
            input.append(secret.bytes)
        }
        for commitment in commitments {
            input.append(commitment.bytes)
        }
        return Scalar(reducing: SHA512.hash(input))
    }
}
