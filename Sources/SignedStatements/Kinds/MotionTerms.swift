public import CryptoPrimitives
public import QuorumPolicy

/// What a motion is about: machine-readable scope, and the digests of the authentic texts.
public struct MotionTerms: Hashable, Sendable {
    /// One machine-readable fact about the scope, such as `training-compute-above` and `1e26 FLOP`.
    public struct ScopeEntry: Hashable, Sendable {
        /// The name, unique in its list.
        public let name: PartyName
        /// At most ``StatementLimits/scopeValue`` bytes, without quotation marks, because the summary quotes it.
        public let value: PlainText

        public init(name: PartyName, value: PlainText) {
            self.name = name
            self.value = value
        }
    }

    /// A document that states the terms in full.
    public struct AuthenticText: Hashable, Sendable {
        /// At most ``StatementLimits/title`` bytes, without quotation marks, because the summary quotes it.
        public let name: PlainText
        /// SHA-256 of the document's bytes.
        public let digest: Bytes32

        public init(name: PlainText, digest: Bytes32) {
            self.name = name
            self.digest = digest
        }
    }

    /// Ascending by name, none twice, at most 64.
    public let scope: [ScopeEntry]
    /// Ascending by name, none twice, at most 64.
    public let texts: [AuthenticText]

    /// Sorts both lists.
    public init(scope: [ScopeEntry], texts: [AuthenticText]) {
        self.scope = scope.sorted { $0.name < $1.name }
        self.texts = texts.sorted { $0.name < $1.name }
    }

    /// SHA-256 of the canonical JSON of the terms; what the order carries.
    public var digest: Bytes32 { SHA256.hash(CanonicalJSON.object(members).encoded) }

    var members: OrderedMap<String, CanonicalJSON> {
        [
            "scope": .array(scope.map { .object(["name": .name($0.name), "value": .string($0.value.text)]) }),
            "texts": .array(texts.map { .object(["name": .string($0.name.text), "sha256": .hex($0.digest)]) }),
        ]
    }

    init(from reader: inout MemberReader) throws(StatementError) {
        scope = try reader.objects("scope", count: 0...StatementLimits.terms) { (entry) throws(StatementError) in
            ScopeEntry(
                name: try entry.partyName("name"),
                value: try entry.quotable("value", atMost: StatementLimits.scopeValue)
            )
        }
        texts = try reader.objects("texts", count: 0...StatementLimits.terms) { (text) throws(StatementError) in
            AuthenticText(
                name: try text.quotable("name", atMost: StatementLimits.title),
                digest: try text.digestBytes("sha256")
            )
        }
        guard zip(scope, scope.dropFirst()).allSatisfy({ $0.name < $1.name }) else {
            throw reader.invalid("scope", "is not sorted by name, or has a name twice")
        }
        guard zip(texts, texts.dropFirst()).allSatisfy({ $0.name < $1.name }) else {
            throw reader.invalid("texts", "is not sorted by name, or has a name twice")
        }
    }
}

extension MemberReader {
    /// Text that the summary can put between quotation marks.
    fileprivate mutating func quotable(_ name: String, atMost limit: Int) throws(StatementError) -> PlainText {
        let plain = try plainText(name, atMost: limit)
        guard !plain.text.isEmpty, !plain.text.utf8.contains(UInt8(ascii: "\"")) else {
            throw invalid(name, "is empty or contains a quotation mark")
        }
        return plain
    }
}
