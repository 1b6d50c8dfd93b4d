internal import CSodium

/// Random bytes that will be published or are not secret: salts, session contributions, identifiers.
public enum PublicRandom {
    public static func bytes(count: Int) -> [UInt8] {
        Sodium.start
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }

    public static func bytes32() -> Bytes32 {
        Sodium.start
        return unsafe Bytes32(writtenBy: { unsafe randombytes_buf($0, 32) })
    }
}
