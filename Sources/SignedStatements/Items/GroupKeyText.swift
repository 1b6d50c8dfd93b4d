public import CryptoPrimitives
internal import QuorumPolicy

/// The public texts of an Ed25519 key, as other tools read them (Protocol §8).
public struct GroupKeyText: Hashable, Sendable {
    private let key: Element

    public init(_ key: Element) {
        self.key = key
    }

    /// The RFC 7638 thumbprint with SHA-256, 43 characters of base64url; the `kid` of orders and key proofs.
    public var thumbprint: String {
        Base64URL.encode(SHA256.hash(CanonicalJSON.object(requiredMembers).encoded).array)
    }

    /// The JWK of RFC 8037 with its thumbprint as `kid` and without `alg`, which libraries disagree on; no final line feed.
    public var jwk: String {
        var members = requiredMembers
        members["kid"] = .string(thumbprint)
        return String(decoding: CanonicalJSON.object(members).encoded, as: UTF8.self)
    }

    /// The SubjectPublicKeyInfo of RFC 8410 as PEM, three lines.
    public var pem: String {
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        let text = Base64URL.encode(prefix + key.bytes.array).map { character -> Character in
            switch character {
            case "-": "+"
            case "_": "/"
            default: character
            }
        }
        // 44 bytes leave two for the last group of three, so that one padding character is due.
        return "-----BEGIN PUBLIC KEY-----\n" + String(text) + "=\n-----END PUBLIC KEY-----\n"
    }

    private var requiredMembers: OrderedMap<String, CanonicalJSON> {
        ["crv": .string("Ed25519"), "kty": .string("OKP"), "x": .base64(key.bytes)]
    }
}
