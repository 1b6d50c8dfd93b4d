public import CryptoPrimitives

/// How the types of statements are spelled as members.
extension CanonicalJSON {
    /// 64 hexadecimal digits.
    public static func digest(_ name: some DigestName) -> CanonicalJSON { .string(name.description) }

    /// 64 hexadecimal digits, or "none".
    public static func digest(orNone name: (some DigestName)?) -> CanonicalJSON {
        .string(name?.description ?? "none")
    }

    /// 64 hexadecimal digits.
    public static func hex(_ bytes: Bytes32) -> CanonicalJSON { .string(bytes.description) }

    /// 43 characters of base64url.
    public static func base64(_ bytes: Bytes32) -> CanonicalJSON { base64(bytes.array) }

    /// Unpadded base64url.
    public static func base64(_ bytes: [UInt8]) -> CanonicalJSON { .string(Base64URL.encode(bytes)) }

    /// Seconds since 1970.
    public static func instant(_ instant: Instant) -> CanonicalJSON { .integer(instant.seconds) }

    /// An ordinal or a count.
    public static func count(_ number: Int) -> CanonicalJSON { .integer(Int64(number)) }

    /// The text of a name.
    public static func name(_ name: some CustomStringConvertible) -> CanonicalJSON { .string(name.description) }
}
