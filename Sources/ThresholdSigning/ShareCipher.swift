internal import CryptoPrimitives

/// The encryption of one dealer's shares for one recipient: COCKTAIL's H6 and XChaCha20-Poly1305 (Protocol §5).
///
/// Key and nonce come from two Diffie-Hellman values, ephemeral-static and static-static, so that a ciphertext can be made
/// only by somebody who knows the dealer's static key.
struct ShareCipher {
    let dealer: Element
    let recipient: Element
    let ephemeralKey: UncheckedElement
    let context: [UInt8]

    private static let tag: [UInt8] = .ascii("COCKTAIL-DKG-Ed25519-SHA512-H6")

    static func ciphertextCount(leaves: Int) -> Int {
        32 * leaves + XChaCha20Poly1305.tagCount
    }

    func seal(
        _ shares: borrowing SecretScalars,
        ephemeral: borrowing SecretBytes,
        static staticSecret: borrowing SecretBytes
    ) -> [UInt8] {
        let derived = derive(ephemeral, staticSecret)
        return XChaCha20Poly1305.seal(shares.encoding(), key: derived.slice(0..<32), nonce: Self.nonce(in: derived))
    }

    /// `nil` when the tag does not verify or a share is not a canonical scalar.
    func open(
        _ ciphertext: [UInt8],
        ephemeral: borrowing SecretBytes,
        static staticSecret: borrowing SecretBytes
    ) -> SecretScalars? {
        guard let plaintext = decrypt(ciphertext, ephemeral: ephemeral, static: staticSecret) else { return nil }
        return SecretScalars(encoding: plaintext)
    }

    /// `nil` when the tag does not verify.
    func decrypt(
        _ ciphertext: [UInt8],
        ephemeral: borrowing SecretBytes,
        static staticSecret: borrowing SecretBytes
    ) -> SecretBytes? {
        let derived = derive(ephemeral, staticSecret)
        let key = derived.slice(0..<32)
        return XChaCha20Poly1305.open(ciphertext, key: key, nonce: Self.nonce(in: derived))
    }

    /// H6: 32 bytes of key, then 24 of nonce.
    private func derive(_ ephemeral: borrowing SecretBytes, _ staticSecret: borrowing SecretBytes) -> SecretBytes {
        var hasher = SecretHasher()
        hasher.update(Self.tag)
        hasher.update(ephemeral)
        hasher.update(staticSecret)
        hasher.update(ephemeralKey.bytes)
        hasher.update(dealer.bytes)
        hasher.update(recipient.bytes)
        hasher.update(.littleEndian64(context.count) + context)
        return hasher.finish()
    }

    private static func nonce(in derived: borrowing SecretBytes) -> [UInt8] {
        let span = derived.span
        return (32..<56).map { span[$0] }
    }
}
