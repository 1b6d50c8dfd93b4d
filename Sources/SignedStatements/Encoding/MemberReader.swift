public import CryptoPrimitives
public import QuorumPolicy

/// Takes an object apart member by member; what is missing, of another type or left over is named by its path.
public struct MemberReader: Sendable {
    /// The members not yet taken.
    private var members: OrderedMap<String, CanonicalJSON>
    private let path: String

    /// Starts on an object; `path` is where it stands, "" for the outermost.
    public init(_ value: CanonicalJSON, at path: String = "") throws(StatementError) {
        guard case .object(let members) = value else {
            throw .invalidMember(path, reason: "is not an object")
        }
        self.members = members
        self.path = path
    }

    /// Ends reading: a member that nobody took is unknown.
    public func finish() throws(StatementError) {
        if let name = members.first?.key { throw .unknownMember(place(of: name)) }
    }

    /// The value of a member, whatever its type.
    public mutating func take(_ name: String) throws(StatementError) -> CanonicalJSON {
        guard let value = members[name] else { throw .missingMember(place(of: name)) }
        members[name] = nil
        return value
    }

    /// Any string.
    public mutating func string(_ name: String) throws(StatementError) -> String {
        guard case .string(let text) = try take(name) else { throw invalid(name, "is not a string") }
        return text
    }

    /// Text for people of at most so many bytes.
    public mutating func plainText(_ name: String, atMost limit: Int) throws(StatementError) -> PlainText {
        let text = try string(name)
        guard text.utf8.count <= limit else { throw invalid(name, "is longer than \(limit) bytes") }
        guard let plain = PlainText(text) else { throw invalid(name, "contains a control character") }
        return plain
    }

    /// A number from a range; the lower bound is 0 or more.
    public mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(StatementError) -> Int {
        guard case .integer(let number) = try take(name) else { throw invalid(name, "is not an integer") }
        guard range.contains(Int(number)) else {
            throw invalid(name, "is not in \(range.lowerBound)...\(range.upperBound)")
        }
        return Int(number)
    }

    /// A number of at least 1 that counts something.
    public mutating func count(_ name: String) throws(StatementError) -> Int {
        try integer(name, in: 1...Int(CanonicalJSON.Limits.integer))
    }

    /// A number of at least 0 that tells repetitions apart.
    public mutating func ordinal(_ name: String) throws(StatementError) -> Int {
        try integer(name, in: 0...Int(CanonicalJSON.Limits.integer))
    }

    /// Seconds since 1970.
    public mutating func instant(_ name: String) throws(StatementError) -> Instant {
        guard case .integer(let seconds) = try take(name) else { throw invalid(name, "is not an integer") }
        guard let instant = Instant(seconds: seconds) else { throw invalid(name, "lies after the year 9999") }
        return instant
    }

    /// A party's name.
    public mutating func partyName(_ name: String) throws(StatementError) -> PartyName {
        let text = try string(name)
        do { return try PartyName(text) } catch { throw invalid(name, "is not a party's name: \(error)") }
    }

    /// A rule's name.
    public mutating func ruleName(_ name: String) throws(StatementError) -> RuleName {
        let text = try string(name)
        do { return try RuleName(text) } catch { throw invalid(name, "is not a rule's name: \(error)") }
    }

    /// A rule's name, nil for the empty string.
    public mutating func ruleNameOrEmpty(_ name: String) throws(StatementError) -> RuleName? {
        guard members[name] == .string("") else { return try ruleName(name) }
        members[name] = nil
        return nil
    }

    /// One of the words of an enumeration.
    public mutating func word<Word>(_ name: String) throws(StatementError) -> Word
    where Word: RawRepresentable<String> & CaseIterable {
        guard let word = Word(rawValue: try string(name)) else {
            throw invalid(name, "is none of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return word
    }

    /// 64 hexadecimal digits.
    public mutating func digest<Name: DigestName>(_ name: String) throws(StatementError) -> Name {
        Name(try digestBytes(name))
    }

    /// 64 hexadecimal digits, or "none".
    public mutating func digestOrNone<Name: DigestName>(_ name: String) throws(StatementError) -> Name? {
        guard members[name] == .string("none") else { return try digest(name) as Name }
        members[name] = nil
        return nil
    }

    /// 64 hexadecimal digits as bytes.
    public mutating func digestBytes(_ name: String) throws(StatementError) -> Bytes32 {
        guard let bytes = Hex.decode(try string(name)).flatMap({ Bytes32($0) }) else {
            throw invalid(name, "is not 64 lower-case hexadecimal digits")
        }
        return bytes
    }

    /// 128 hexadecimal digits.
    public mutating func transcript(_ name: String) throws(StatementError) -> TranscriptDigest {
        guard let digest = TranscriptDigest(try string(name)) else {
            throw invalid(name, "is not 128 lower-case hexadecimal digits")
        }
        return digest
    }

    /// 32 bytes in base64url: a key, point, scalar or salt.
    public mutating func bytes32(_ name: String) throws(StatementError) -> Bytes32 {
        let bytes = try bytes(name, count: Bytes32.count)
        guard let value = Bytes32(bytes) else { throw invalid(name, "is not 32 bytes") }
        return value
    }

    /// So many bytes in base64url.
    public mutating func bytes(_ name: String, count: Int) throws(StatementError) -> [UInt8] {
        let bytes = try bytes(name, atMost: count)
        guard bytes.count == count else { throw invalid(name, "is not \(count) bytes") }
        return bytes
    }

    /// At most so many bytes in base64url.
    public mutating func bytes(_ name: String, atMost limit: Int) throws(StatementError) -> [UInt8] {
        guard let bytes = Base64URL.decode(try string(name)) else { throw invalid(name, "is not unpadded base64url") }
        guard bytes.count <= limit else { throw invalid(name, "is longer than \(limit) bytes") }
        return bytes
    }

    /// A list whose elements are read one after the other by `read`, which gets the element and its path.
    public mutating func list<Element>(
        _ name: String,
        count range: ClosedRange<Int>,
        _ read: (CanonicalJSON, String) throws(StatementError) -> Element
    ) throws(StatementError) -> [Element] {
        guard case .array(let values) = try take(name) else { throw invalid(name, "is not an array") }
        guard range.contains(values.count) else {
            throw invalid(name, "has \(values.count) elements instead of \(range.lowerBound)...\(range.upperBound)")
        }
        var elements: [Element] = []
        for (index, value) in values.enumerated() {
            elements.append(try read(value, "\(place(of: name))[\(index)]"))
        }
        return elements
    }

    /// A list of objects, each read to its end by `read`.
    public mutating func objects<Element>(
        _ name: String,
        count range: ClosedRange<Int>,
        _ read: (inout MemberReader) throws(StatementError) -> Element
    ) throws(StatementError) -> [Element] {
        try list(name, count: range) { (value, path) throws(StatementError) in
            var reader = try MemberReader(value, at: path)
            let element = try read(&reader)
            try reader.finish()
            return element
        }
    }

    /// The member `keys` of the ceremony's statements: one object per rule.
    mutating func keys<Key>(
        _ read: (inout MemberReader) throws(StatementError) -> Key
    ) throws(StatementError) -> [Key] {
        try objects("keys", count: 1...StatementLimits.rules, read)
    }

    /// A list of strings, each turned into a value by `parse`; nil from it means that the string is not `what`.
    public mutating func strings<Element>(
        _ name: String,
        count range: ClosedRange<Int>,
        of what: String,
        _ parse: (String) -> Element?
    ) throws(StatementError) -> [Element] {
        try list(name, count: range) { (value, path) throws(StatementError) in
            guard case .string(let text) = value, let element = parse(text) else {
                throw .invalidMember(path, reason: "is not \(what)")
            }
            return element
        }
    }

    /// A member that is an object, read to its end by `read`.
    public mutating func object<Value>(
        _ name: String,
        _ read: (inout MemberReader) throws(StatementError) -> Value
    ) throws(StatementError) -> Value {
        var reader = try MemberReader(try take(name), at: place(of: name))
        let value = try read(&reader)
        try reader.finish()
        return value
    }

    /// A member that is an object with the names of parties, and for each 64 hexadecimal digits.
    mutating func digestsByParty<Name: DigestName>(
        _ name: String,
        count range: ClosedRange<Int>
    ) throws(StatementError) -> OrderedMap<PartyName, Name> {
        guard case .object(let members) = try take(name) else { throw invalid(name, "is not an object") }
        guard range.contains(members.count) else {
            throw invalid(name, "does not have \(range.lowerBound) to \(range.upperBound) entries")
        }
        var reader = try MemberReader(.object(members), at: place(of: name))
        var digests: OrderedMap<PartyName, Name> = [:]
        for member in members.keys {
            guard let party = try? PartyName(member) else { throw reader.invalid(member, "is not the name of a party") }
            digests[party] = try reader.digest(member)
        }
        return digests
    }

    /// The error for a member whose value is refused; `reason` continues "member x ...".
    public func invalid(_ name: String, _ reason: String) -> StatementError {
        .invalidMember(place(of: name), reason: reason)
    }

    private func place(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
