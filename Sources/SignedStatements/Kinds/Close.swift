internal import QuorumPolicy

/// A party's promise to issue no more receipts for a motion (Protocol §7.4).
public struct Close: StatementContent {
    /// The `motion` statement that this is about.
    public let motion: StatementID

    public init(motion: StatementID) {
        self.motion = motion
    }

    static let kind = StatementKind.close

    var members: OrderedMap<String, CanonicalJSON> { ["motion": .digest(motion)] }

    init(from reader: inout MemberReader) throws(StatementError) {
        motion = try reader.digest("motion")
    }
}
