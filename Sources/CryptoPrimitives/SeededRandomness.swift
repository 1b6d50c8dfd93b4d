internal import CSodium
internal import Synchronization

/// Randomness that follows from a seed, for a process that simulates and holds nobody's keys: same seed, same run, byte for byte.
///
/// It replaces the source of every random byte of the process, nonces of signatures and keys included, and cannot be taken back. So
/// whatever handles keys that are worth something asks ``isInUse`` first and refuses to run; nothing but a simulation begins it.
package enum SeededRandomness {
    private struct State {
        var seed = [UInt8](repeating: 0, count: 32)
        var drawn: UInt64 = 0
        var isInUse = false
    }

    private static let state = Mutex(State())

    /// Whether the process's randomness can be foretold.
    package static var isInUse: Bool { state.withLock { $0.isInUse } }

    /// Begins the bytes of a seed, 32 bytes, from their start.
    package static func begin(_ seed: Bytes32) {
        state.withLock { state in
            state.seed = seed.array
            state.drawn = 0
            guard !state.isInUse else { return }
            state.isInUse = true
            replaceSource()
        }
        Sodium.start
    }

    private static func replaceSource() {
        let source = UnsafeMutablePointer<randombytes_implementation>.allocate(capacity: 1)
        unsafe source.initialize(
            to: randombytes_implementation(
                implementation_name: {
                    let name: StaticString = "standstill-seeded"
                    return unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
                },
                random: {
                    var bytes: UInt32 = 0
                    unsafe withUnsafeMutableBytes(of: &bytes) { unsafe SeededRandomness.fill($0) }
                    return bytes
                },
                stir: nil,
                uniform: nil,
                buf: { start, count in
                    unsafe SeededRandomness.fill(UnsafeMutableRawBufferPointer(start: start, count: count))
                },
                close: nil
            )
        )
        // For the rest of the process's life.
        _ = unsafe randombytes_set_implementation(source)
    }

    /// Every call has a key of its own: the seed, with the number of the call in its first 8 bytes.
    private static func fill(_ bytes: UnsafeMutableRawBufferPointer) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        let key = state.withLock { state in
            state.drawn += 1
            var key = state.seed
            for index in 0..<8 { key[index] ^= UInt8(truncatingIfNeeded: state.drawn >> (8 * UInt64(index))) }
            return key
        }
        unsafe randombytes_buf_deterministic(start, bytes.count, key)
    }
}
