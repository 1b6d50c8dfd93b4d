internal import CSodium
internal import Synchronization

/// Locked, guarded slots for small secrets, so that a nonce does not cost a memory mapping.
///
/// `sodium_malloc` and `sodium_free` together cost as much as two scalar multiplications. A slab is one such allocation
/// (locked in memory, left out of core dumps, between guard pages) cut into slots. A slot is erased when it is given
/// back, before anybody else can have it. Slabs are kept for the life of the process.
@safe
struct SecretPool: ~Copyable, @unchecked Sendable {
    /// For scalars, keys and digests.
    static let small = SecretPool(slotSize: 64)
    /// For the state of a hash and for short lists of scalars.
    static let medium = SecretPool(slotSize: 256)

    /// The largest secret a slot holds, in bytes.
    let slotSize: Int
    private static let slotsPerSlab = 64

    @safe
    private struct Slot: @unchecked Sendable {
        let start: UnsafeMutablePointer<UInt8>
    }

    private let free = Mutex<[Slot]>([])

    init(slotSize: Int) {
        self.slotSize = slotSize
    }

    /// A zeroed slot of ``slotSize`` bytes.
    func take() -> UnsafeMutablePointer<UInt8> {
        let slot = free.withLock { slots in
            if slots.isEmpty {
                slots = slab()
            }
            return slots.removeLast()
        }
        return unsafe slot.start
    }

    /// Erases the slot and makes it available again.
    func giveBack(_ start: UnsafeMutablePointer<UInt8>) {
        unsafe sodium_memzero(start, slotSize)
        let slot = unsafe Slot(start: start)
        free.withLock { $0.append(slot) }
    }

    private func slab() -> [Slot] {
        let start = unsafe SecretBytes.allocate(slotSize * Self.slotsPerSlab)
        return (0..<Self.slotsPerSlab).map { unsafe Slot(start: start + $0 * slotSize) }
    }
}
