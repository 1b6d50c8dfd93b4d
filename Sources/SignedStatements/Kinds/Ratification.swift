internal import QuorumPolicy

/// A party's consent to be bound by a charter, whose id is in the statement's head.
///
/// Network and title repeat the charter's, so that what is signed is more than an opaque hash (Protocol §3).
public struct Ratification: StatementContent {
    /// 1 to 64 characters of a-z, 0-9 and -.
    public let network: String
    /// The title, 1 to 256 bytes.
    public let title: PlainText

    public init(network: String, title: PlainText) {
        self.network = network
        self.title = title
    }

    static let kind = StatementKind.ratification

    var members: OrderedMap<String, CanonicalJSON> {
        ["network": .string(network), "title": .string(title.text)]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        network = try reader.string("network")
        title = try reader.plainText("title", atMost: StatementLimits.title)
        guard Charter.isNetworkName(network) else {
            throw reader.invalid("network", "is not 1 to 64 characters of a-z, 0-9 and -")
        }
    }
}
