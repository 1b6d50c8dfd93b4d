/// Exactly 32 public bytes kept in place, so that hot loops over scalars and points allocate nothing.
///
/// Compares and orders as the byte string does.
public struct Bytes32: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// The number of bytes: 32.
    public static let count = 32

    /// 32 zero bytes.
    public static let zero = Bytes32()

    private init() {
        words = (0, 0, 0, 0)
    }

    /// Takes 32 bytes; `nil` for any other count.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.count else { return nil }
        self.init()
        unsafe withMutablePointer { destination in
            // Most callers have an array: one copy instead of 32 calls through the collection's witnesses.
            let isCopied: Void? = bytes.withContiguousStorageIfAvailable { source in
                for offset in 0..<Self.count {
                    unsafe destination[offset] = source[offset]
                }
            }
            guard isCopied == nil else { return }
            for (offset, byte) in bytes.enumerated() {
                unsafe destination[offset] = byte
            }
        }
    }

    /// The bytes as an array, for hashing and encoding.
    public var array: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: Self.count) { buffer, count in
            unsafe withPointer { source in
                for offset in 0..<Self.count {
                    unsafe buffer[offset] = source[offset]
                }
            }
            count = Self.count
        }
    }

    /// The first eight bytes as a number: enough to place digests in a table, since they are as good as random.
    package var leading: UInt64 { words.0 }

    /// Bytes computed by a C function that returns 0 on success; `nil` when it reports failure.
    @inline(__always)
    init?(computedBy body: (UnsafeMutablePointer<UInt8>) -> Int32) {
        self.init()
        let status = unsafe withMutablePointer { unsafe body($0) }
        guard status == 0 else { return nil }
    }

    /// Bytes written by a C function that cannot fail.
    @inline(__always)
    init(writtenBy body: (UnsafeMutablePointer<UInt8>) -> Void) {
        self.init()
        unsafe withMutablePointer { unsafe body($0) }
    }

    @inline(__always)
    func withPointer<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        unsafe withUnsafeBytes(of: words) { raw in
            // The tuple is 32 contiguous bytes, never empty, so it has a base address.
            guard let base = raw.baseAddress else { preconditionFailure("32 bytes have an address") }
            return unsafe body(base.assumingMemoryBound(to: UInt8.self))
        }
    }

    @inline(__always)
    private mutating func withMutablePointer<Result>(_ body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result {
        unsafe withUnsafeMutableBytes(of: &words) { raw in
            guard let base = raw.baseAddress else { preconditionFailure("32 bytes have an address") }
            return unsafe body(base.assumingMemoryBound(to: UInt8.self))
        }
    }

    public static func == (left: Bytes32, right: Bytes32) -> Bool {
        left.words == right.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension Bytes32: Comparable {
    public static func < (left: Bytes32, right: Bytes32) -> Bool {
        // Every lookup in a map under digests comes through here: no array is made.
        if left.words.0 != right.words.0 { return left.words.0.bigEndian < right.words.0.bigEndian }
        if left.words.1 != right.words.1 { return left.words.1.bigEndian < right.words.1.bigEndian }
        if left.words.2 != right.words.2 { return left.words.2.bigEndian < right.words.2.bigEndian }
        return left.words.3.bigEndian < right.words.3.bigEndian
    }
}

extension Bytes32: CustomStringConvertible {
    /// Lower-case hexadecimal, 64 characters.
    public var description: String { Hex.encode(array) }
}
