internal import CSodium
internal import Synchronization

/// Locked, guarded slots for small secrets, so that a nonce does not cost a memory mapping.
///
/// `sodium_malloc` and `sodium_free` together cost as much as two scalar multiplications. A slab is one such allocation
/// (locked in memory, left out of core dumps, between guard pages) cut into 64-byte slots. A slot is erased when it is
/// given back, before anybody else can have it. Slabs are kept for the life of the process.
@safe
struct SecretPool: ~Copyable, @unchecked Sendable {
    static let shared = SecretPool()

    /// The largest secret a slot holds, in bytes.
    static let slotSize = 64
    private static let slotsPerSlab = 64

    private let free = unsafe Mutex<[UnsafeMutablePointer<UInt8>]>([])

    /// A zeroed slot of ``slotSize`` bytes.
    func take() -> UnsafeMutablePointer<UInt8> {
        unsafe free.withLock { slots in
            if unsafe slots.isEmpty {
                unsafe slots = Self.slab()
            }
            return unsafe slots.removeLast()
        }
    }

    /// Erases the slot and makes it available again.
    func giveBack(_ slot: UnsafeMutablePointer<UInt8>) {
        unsafe sodium_memzero(slot, Self.slotSize)
        unsafe free.withLock { unsafe $0.append(slot) }
    }

    private static func slab() -> [UnsafeMutablePointer<UInt8>] {
        let start = unsafe SecretBytes.allocate(slotSize * slotsPerSlab)
        return unsafe (0..<slotsPerSlab).map { unsafe start + $0 * slotSize }
    }
}
