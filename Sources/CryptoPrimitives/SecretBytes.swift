internal import CSodium

/// A fixed-size secret in guarded, locked memory that is erased when its one owner goes away.
///
/// The type is noncopyable, so a secret has one owner, and cannot be compared with `==`, interpolated into a log line or
/// encoded by accident: none of those compile.
@safe
public struct SecretBytes: ~Copyable, @unchecked Sendable {
    let start: UnsafeMutablePointer<UInt8>

    /// The number of bytes, at least 1.
    public let count: Int

    /// Allocates `count` bytes, zeroed, for `fill` to overwrite.
    public init(count: Int, filledBy fill: (inout MutableSpan<UInt8>) -> Void) {
        let memory = unsafe Self.take(count)
        var bytes = unsafe MutableSpan(_unsafeStart: memory, count: count)
        fill(&bytes)
        unsafe start = memory
        self.count = count
    }

    /// Copies public or soon to be erased bytes into guarded memory.
    public init(copying bytes: [UInt8]) {
        self.init(count: bytes.count) { copy in
            for (offset, byte) in bytes.enumerated() {
                copy[offset] = byte
            }
        }
    }

    init(zeroed count: Int) {
        unsafe start = Self.take(count)
        self.count = count
    }

    deinit {
        if count <= SecretPool.small.slotSize {
            unsafe SecretPool.small.giveBack(start)
        } else if count <= SecretPool.medium.slotSize {
            unsafe SecretPool.medium.giveBack(start)
        } else {
            unsafe sodium_free(start)
        }
    }

    /// Uniformly random bytes from the operating system.
    public static func random(count: Int) -> SecretBytes {
        let secret = SecretBytes(zeroed: count)
        unsafe randombytes_buf(secret.start, count)
        return secret
    }

    /// Read-only view, valid only while the secret is borrowed.
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            unsafe _overrideLifetime(Span(_unsafeStart: start, count: count), borrowing: self)
        }
    }

    /// A second owner of the same value; spelled out, so that every copy of a secret is visible in the source.
    public borrowing func duplicate() -> SecretBytes {
        slice(0..<count)
    }

    /// A copy of part of the secret.
    public borrowing func slice(_ range: Range<Int>) -> SecretBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range lies within the secret")
        let copy = SecretBytes(zeroed: range.count)
        unsafe copy.start.update(from: start + range.lowerBound, count: range.count)
        return copy
    }

    /// Compares in time that depends only on the length.
    public borrowing func isEqual(to other: borrowing SecretBytes) -> Bool {
        guard count == other.count else { return false }
        return unsafe sodium_memcmp(start, other.start, count) == 0
    }

    /// Whether memory can be locked here; when it cannot, secrets may reach the swap device.
    public static var canBeLocked: Bool {
        Sodium.start
        var probe = [UInt8](repeating: 0, count: 4096)
        return unsafe probe.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress, unsafe sodium_mlock(start, bytes.count) == 0 else { return false }
            return unsafe sodium_munlock(start, bytes.count) == 0
        }
    }

    private static func take(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        precondition(count > 0, "a secret holds at least one byte")
        if count <= SecretPool.small.slotSize { return unsafe SecretPool.small.take() }
        if count <= SecretPool.medium.slotSize { return unsafe SecretPool.medium.take() }
        return unsafe allocate(count)
    }

    static func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        Sodium.start
        guard let memory = unsafe sodium_malloc(count) else {
            preconditionFailure("sodium_malloc failed: the process is out of memory or mappings")
        }
        return unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    }
}
