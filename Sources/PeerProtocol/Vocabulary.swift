package import CryptoPrimitives
internal import QuorumPolicy

/// Milliseconds on a clock that never goes back; the protocol only compares and subtracts them.
package struct MonotonicInstant: Hashable, Comparable, Sendable {
    package let milliseconds: UInt64

    package init(milliseconds: UInt64) {
        self.milliseconds = milliseconds
    }

    package static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    /// This instant that much later.
    package func after(milliseconds: UInt64) -> MonotonicInstant {
        let (sum, overflow) = self.milliseconds.addingReportingOverflow(milliseconds)
        return MonotonicInstant(milliseconds: overflow ? .max : sum)
    }

    /// Milliseconds since an earlier instant; 0 when it is later.
    package func milliseconds(since earlier: MonotonicInstant) -> UInt64 {
        milliseconds > earlier.milliseconds ? milliseconds - earlier.milliseconds : 0
    }
}

/// A node's transport public key, 32 bytes: who a peer is on the network.
package struct PeerKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let bytes: Bytes32

    package init(_ bytes: Bytes32) {
        self.bytes = bytes
    }

    package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

    /// Lower-case hexadecimal, 64 characters.
    package var description: String { bytes.description }

    /// The first 16 digits, enough to tell peers apart in a sentence.
    package var short: String { String(description.prefix(16)) }
}

/// What names a statement between peers: the SHA-256 of its signing input (Protocol §6).
package typealias StatementIdentifier = Bytes32

/// Which transport keys may connect, and what to call their owners.
package struct PeerRoster: Hashable, Sendable {
    private var names: OrderedMap<PeerKey, String>

    /// Of two entries with one key the later one counts.
    package init(_ entries: [(PeerKey, String)]) {
        names = OrderedMap(entries)
    }

    /// The name of a listed peer.
    package func name(of peer: PeerKey) -> String? { names[peer] }

    /// The listed keys, ascending.
    package var peers: [PeerKey] { names.keys }
}

/// Text from elsewhere that is safe to show: printable ASCII, so no control character, escape sequence or direction mark.
package struct PrintableText: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Accepts bytes 0x20...0x7e only, at most `limit` of them.
    package init?(_ bytes: [UInt8], limit: Int) {
        guard bytes.count <= limit, bytes.allSatisfy({ (0x20...0x7e).contains($0) }) else { return nil }
        description = String(decoding: bytes, as: UTF8.self)
    }

    /// Makes any text printable by spelling other characters as `\u{..}` and cutting it at `limit` bytes.
    package init(escaping text: String, limit: Int = Limits.reasonBytes) {
        var safe = ""
        for scalar in text.unicodeScalars {
            let isPrintable = (0x20...0x7e).contains(scalar.value)
            let spelled = isPrintable ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
            guard safe.utf8.count + spelled.utf8.count <= limit else { break }
            safe += spelled
        }
        description = safe
    }

    var bytes: [UInt8] { Array(description.utf8) }
}
