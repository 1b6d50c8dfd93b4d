internal import CryptoPrimitives
internal import QuorumPolicy

/// A compact JWS of the one form that this protocol accepts (RFC 7515 §7.1, EdDSA of RFC 8037).
///
/// Every part is checked for its only spelling, so the text is a function of kind, signer, payload and signature. The
/// signature is not checked here.
public struct CompactJWS: Hashable, Sendable {
    /// The protected header, `{"alg":"EdDSA","kid":...,"typ":...}`.
    public struct Header: Hashable, Sendable {
        /// Who signed: a party's name or the thumbprint of a group key.
        public let kid: String
        /// `standstill-` and the kind.
        public let typ: String

        public init(kid: String, typ: String) {
            self.kid = kid
            self.typ = typ
        }
    }

    /// What a text may measure at most, in bytes.
    public enum Limits {
        /// A ceremony dealing: 1 MiB.
        public static let dealing = 1 << 20
        /// Every other item: 16 KiB.
        public static let item = 16 << 10
        /// The encoded header.
        public static let header = 256
    }

    /// Who signed, and what kind of item this is.
    public let header: Header
    /// The payload bytes, canonical JSON once the item has been read.
    public let payload: [UInt8]
    /// 64 bytes.
    public let signature: [UInt8]
    /// The whole text, ASCII.
    public let text: String

    /// Takes a text apart; `limit` gives the size that a header's `typ` allows.
    public init(
        decoding text: String,
        limit: (String) -> Int = { $0 == "standstill-ceremony-dealing" ? Limits.dealing : Limits.item }
    ) throws(StatementError) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Limits.dealing else { throw .tooLarge(count: bytes.count, limit: Limits.dealing) }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .compact(.parts(parts.count)) }
        header = try Header(decoding: Array(parts[0]))
        let allowed = limit(header.typ)
        guard bytes.count <= allowed else { throw .tooLarge(count: bytes.count, limit: allowed) }
        guard let payload = Base64URL.decode(Array(parts[1])) else { throw .compact(.payloadEncoding) }
        guard let signature = Base64URL.decode(Array(parts[2])), signature.count == Ed25519.signatureCount else {
            throw .compact(.signatureEncoding)
        }
        self.payload = payload
        self.signature = signature
        self.text = text
    }

    /// Puts a text together from a signing input and its 64-byte signature.
    init(header: Header, payload: [UInt8], signature: [UInt8]) {
        precondition(signature.count == Ed25519.signatureCount, "a signature is 64 bytes")
        self.header = header
        self.payload = payload
        self.signature = signature
        let input = Self.signingInput(header: header, payload: payload)
        text = String(decoding: input, as: UTF8.self) + "." + Base64URL.encode(signature)
    }

    /// Characters behind the signing input: a full stop and 64 bytes in base64url.
    static let signatureTail = 87

    /// The ASCII bytes that the signature is over: header, a full stop, payload.
    public var signingInput: [UInt8] { Array(text.utf8.dropLast(Self.signatureTail)) }

    /// SHA-256 of the signing input.
    public var id: StatementID { StatementID(SHA256.hash(signingInput)) }

    /// The ASCII bytes to sign for a header and a payload.
    public static func signingInput(header: Header, payload: [UInt8]) -> [UInt8] {
        Array(Base64URL.encode(header.encoded).utf8) + [UInt8(ascii: ".")] + Base64URL.encode(payload).utf8
    }
}

extension CompactJWS.Header {
    /// The canonical spelling.
    var encoded: [UInt8] {
        CanonicalJSON.object(["alg": .string("EdDSA"), "kid": .string(kid), "typ": .string(typ)]).encoded
    }

    /// Reads the canonical spelling of a header whose values need no escape, without the way over JSON; nil for all else.
    private init?(spelledPlainly bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        func value(after prefix: StaticString, at start: Int) -> (text: String, end: Int)? {
            let expected = prefix.utf8CodeUnitCount
            guard start + expected <= bytes.count, "\(prefix)".utf8.elementsEqual(bytes[start..<start + expected]),
                let end = bytes[(start + expected)...].firstIndex(of: quote)
            else { return nil }
            let content = bytes[start + expected..<end]
            // Printable ASCII without a reverse solidus stands for itself.
            guard content.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "\\") }) else { return nil }
            return (String(decoding: content, as: UTF8.self), end)
        }
        guard
            let kid = value(after: #"{"alg":"EdDSA","kid":""#, at: 0),
            let typ = value(after: #"","typ":""#, at: kid.end),
            bytes[typ.end...].elementsEqual(#""}"#.utf8)
        else { return nil }
        self.init(kid: kid.text, typ: typ.text)
    }

    fileprivate init(decoding part: [UInt8]) throws(StatementError) {
        guard part.count <= CompactJWS.Limits.header else {
            throw .tooLarge(count: part.count, limit: CompactJWS.Limits.header)
        }
        guard let bytes = Base64URL.decode(part) else { throw .compact(.headerEncoding) }
        if let plain = Self(spelledPlainly: bytes) {
            self = plain
            return
        }
        guard case .object(let members) = try CanonicalJSON(decoding: bytes),
            members.keys == ["alg", "kid", "typ"],
            case .string(let algorithm)? = members["alg"],
            case .string(let kid)? = members["kid"],
            case .string(let typ)? = members["typ"]
        else { throw .compact(.headerMembers) }
        guard algorithm == "EdDSA" else { throw .compact(.algorithm(algorithm)) }
        self.init(kid: kid, typ: typ)
    }
}
