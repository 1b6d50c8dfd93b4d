public import CryptoPrimitives
internal import QuorumPolicy

/// A party's share of an order's signature (kind `signature-share`, Protocol §4).
public struct OrderShare: StatementContent {
    /// The `motion` statement that this is about.
    public let motion: StatementID
    /// The `package` statement that it answers.
    public let package: StatementID
    /// The scalar z of RFC 9591, as received.
    public let share: Bytes32

    public init(motion: StatementID, package: StatementID, share: Bytes32) {
        self.motion = motion
        self.package = package
        self.share = share
    }

    static let kind = StatementKind.signatureShare

    var members: OrderedMap<String, CanonicalJSON> {
        ["motion": .digest(motion), "package": .digest(package), "share": .base64(share)]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
        package = try reader.digest("package")
        share = try reader.bytes32("share")
    }
}
