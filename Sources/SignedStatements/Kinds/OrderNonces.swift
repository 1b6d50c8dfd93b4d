public import CryptoPrimitives
internal import QuorumPolicy

/// A party's nonce commitments for signing a motion's order (kind `nonce-commitment`, Protocol §4).
public struct OrderNonces: StatementContent {
    /// The `motion` statement that this is about.
    public let motion: StatementID
    /// Which attempt this belongs to, 0 or more.
    public let attempt: Int
    /// Counts this party's nonce commitments for the motion: 1, 2, 3...
    public let serial: Int
    /// The point D of RFC 9591, as received.
    public let hiding: Bytes32
    /// The point E of RFC 9591, as received.
    public let binding: Bytes32

    public init(motion: StatementID, attempt: Int, serial: Int, hiding: Bytes32, binding: Bytes32) {
        self.motion = motion
        self.attempt = attempt
        self.serial = serial
        self.hiding = hiding
        self.binding = binding
    }

    static let kind = StatementKind.nonceCommitment

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "attempt": .count(attempt),
            "binding": .base64(binding),
            "hiding": .base64(hiding),
            "motion": .digest(motion),
            "serial": .count(serial),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
        attempt = try reader.ordinal("attempt")
        serial = try reader.count("serial")
        hiding = try reader.bytes32("hiding")
        binding = try reader.bytes32("binding")
    }
}
