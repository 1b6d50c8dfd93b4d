internal import CryptoPrimitives

/// The encryption of one ballot's content under the value rh, and its one size (Protocol §11.4).
struct BallotCipher {
    /// Bytes of a padded content: a length of 4, the content, zeros.
    static let plaintextCount = 1024
    static let ciphertextCount = plaintextCount + ChaCha20Poly1305.tagCount

    let key: OpeningKey
    let label: BallotLabel
    /// u, which determines rh and so the cipher's key.
    let point: UncheckedElement

    private static let tag: [UInt8] = .ascii("STANDSTILL-SEALED-BALLOT-KEY-v1")

    func seal(_ plaintext: [UInt8], shared: borrowing SecretBytes) -> [UInt8] {
        ChaCha20Poly1305.seal(plaintext, key: cipherKey(shared), counter: 0, associatedData: [])
    }

    /// The content; `nil` when the tag does not verify or the padding is wrong.
    func open(_ ciphertext: [UInt8], shared: borrowing SecretBytes) -> [UInt8]? {
        ChaCha20Poly1305.open(ciphertext, key: cipherKey(shared), counter: 0, associatedData: [])
            .flatMap { Self.content(of: $0) }
    }

    static func padded(_ content: [UInt8]) throws(ThresholdError) -> [UInt8] {
        let limit = SealedBallot.contentCount
        guard content.count <= limit else { throw .oversizedContent(content.count, limit: limit) }
        return .littleEndian32(content.count) + content + [UInt8](repeating: 0, count: limit - content.count)
    }

    /// Every content has one padding, and nothing else is read.
    static func content(of plaintext: [UInt8]) -> [UInt8]? {
        guard plaintext.count == plaintextCount else { return nil }
        let count = plaintext[0..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard count <= SealedBallot.contentCount, plaintext[(4 + count)...].allSatisfy({ $0 == 0 }) else { return nil }
        return Array(plaintext[4..<4 + count])
    }

    /// A key serves one ballot, so the cipher's nonce may be zero.
    private func cipherKey(_ shared: borrowing SecretBytes) -> SecretBytes {
        var hasher = SecretHasher()
        hasher.update(Self.tag)
        hasher.update(shared)
        hasher.update(key.encoding + label.framed)
        hasher.update(point.bytes)
        return hasher.finish().slice(0..<32)
    }
}
