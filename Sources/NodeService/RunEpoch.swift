internal import CryptoPrimitives
internal import Synchronization

/// The number that tells one run of a node from every other, drawn at random (Protocol §9.4).
final class RunEpoch: Sendable {
    private let number = Mutex(RunEpoch.draw())

    var value: UInt64 { number.withLock { $0 } }

    /// Begins another run: whatever went on before may go on elsewhere as well.
    func renew() {
        number.withLock { $0 = Self.draw() }
    }

    private static func draw() -> UInt64 {
        PublicRandom.bytes(count: 8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
