internal import CryptoPrimitives
internal import PeerProtocol

/// Numbers the items of a run from 1, in the order in which anybody first wrote them.
///
/// Every node is told of every item by every other and must find out whether it has it. With one table for all nodes that is a look
/// into a small part of memory, and a place in a list for each node.
struct ItemNumbers {
    private var identifiers: [StatementIdentifier] = []
    /// A power of two of places, at most half of them taken; 0 is none.
    ///
    /// An item lies at the first free place from where its digest says: in a simulation nobody picks digests that collide.
    private var slots = [UInt32](repeating: 0, count: 1024)

    /// The number of an item; 0 for one that nobody has written.
    func number(of identifier: StatementIdentifier) -> UInt32 { slots[slot(of: identifier)] }

    func identifier(of number: UInt32) -> StatementIdentifier { identifiers[Int(number) - 1] }

    /// Numbers an item, if it has no number yet.
    mutating func add(_ identifier: StatementIdentifier) -> UInt32 {
        let slot = slot(of: identifier)
        guard slots[slot] == 0 else { return slots[slot] }
        identifiers.append(identifier)
        let number = UInt32(identifiers.count)
        slots[slot] = number
        if 2 * identifiers.count > slots.count { grow() }
        return number
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: 2 * slots.count)
        for (index, identifier) in identifiers.enumerated() { slots[slot(of: identifier)] = UInt32(index + 1) }
    }

    /// Where an item is, or the free place where it belongs.
    private func slot(of identifier: StatementIdentifier) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: identifier.leading) & mask
        while slots[slot] != 0, self.identifier(of: slots[slot]) != identifier { slot = (slot + 1) & mask }
        return slot
    }
}

/// The one numbering of a run, which all its journals share.
final class Numbering {
    var items = ItemNumbers()
}
