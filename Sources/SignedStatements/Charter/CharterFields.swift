internal import CryptoPrimitives
internal import QuorumPolicy

/// Reads the fields of one line from left to right; errors give the line and what stood there.
struct CharterFields {
    let line: Int
    private var rest: ArraySlice<CharterLine.Field>

    init(_ line: CharterLine) {
        self.line = line.number
        self.rest = line.fields[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Ends the line.
    func finish() throws(CharterError) {
        if let field = rest.first { throw .extraField(field.text, line: line) }
    }

    mutating func word(_ what: String) throws(CharterError) -> String {
        switch rest.popFirst() {
        case .word(let text)?: return text
        case .quotation(let text)?: throw invalid(what, text, "must stand without quotation marks")
        case nil: throw .missingField(what, line: line)
        }
    }

    mutating func quotation(_ what: String) throws(CharterError) -> PlainText {
        switch rest.popFirst() {
        case .quotation(let text)?:
            guard let plain = PlainText(text), (1...StatementLimits.title).contains(text.utf8.count) else {
                throw invalid(what, text, "must have 1 to \(StatementLimits.title) bytes")
            }
            return plain
        case .word(let text)?: throw invalid(what, text, "must stand between quotation marks")
        case nil: throw .missingField(what, line: line)
        }
    }

    mutating func name(_ what: String) throws(CharterError) -> PartyName {
        let text = try word(what)
        do { return try PartyName(text) } catch { throw .policy(error, line: line) }
    }

    mutating func ruleName(_ what: String) throws(CharterError) -> RuleName {
        let text = try word(what)
        do { return try RuleName(text) } catch { throw .policy(error, line: line) }
    }

    mutating func number(_ what: String, in range: ClosedRange<Int>) throws(CharterError) -> Int {
        let text = try word(what)
        guard let number = Int(text), String(number) == text, range.contains(number) else {
            throw invalid(what, text, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func duration(_ what: String) throws(CharterError) -> Seconds {
        try duration(what, try word(what))
    }

    /// Two lengths of time around two full stops, the first not above the second.
    mutating func durations(_ what: String) throws(CharterError) -> ClosedRange<Seconds> {
        let text = try word(what)
        guard let dots = text.firstRange(of: "..") else {
            throw invalid(what, text, "must be two lengths of time such as 10m..14d")
        }
        let low = try duration(what, String(text[..<dots.lowerBound]))
        let high = try duration(what, String(text[dots.upperBound...]))
        guard low <= high else { throw invalid(what, text, "must begin with the shorter time") }
        return low...high
    }

    /// `sha256:` and 64 hexadecimal digits.
    mutating func digest(_ what: String) throws(CharterError) -> Bytes32 {
        let text = try word(what)
        guard text.hasPrefix("sha256:"), let digest = Hex.decode(text.dropFirst(7)).flatMap({ Bytes32($0) }) else {
            throw invalid(what, text, "must be sha256: and 64 lower-case hexadecimal digits")
        }
        return digest
    }

    /// A key: its prefix, a colon and 43 characters of base64url.
    mutating func key(_ prefix: String) throws(CharterError) -> Bytes32 {
        let text = try word("the \(prefix) key")
        guard text.hasPrefix(prefix + ":") else {
            throw invalid("key", text, "must be the \(prefix) key, written \(prefix):...")
        }
        guard let key = Base64URL.decode(text.dropFirst(prefix.utf8.count + 1)).flatMap({ Bytes32($0) }) else {
            throw invalid("key", text, "must be \(prefix): and 43 characters of base64url")
        }
        return key
    }

    /// One of a list of words.
    mutating func choice<Word>(_ what: String) throws(CharterError) -> Word
    where Word: RawRepresentable<String> & CaseIterable {
        let text = try word(what)
        let words = Word.allCases.map(\.rawValue)
        guard let choice = Word(rawValue: text) else {
            let nearest = suggestion(for: text, among: words)
            throw .unknownWord(text, kind: what, suggestion: nearest, known: words, line: line)
        }
        return choice
    }

    func invalid(_ what: String, _ text: String, _ reason: String) -> CharterError {
        .invalidField(what, text: text, reason: reason, line: line)
    }

    private func duration(_ what: String, _ text: String) throws(CharterError) -> Seconds {
        guard let seconds = Seconds(anySpelling: text) else {
            throw invalid(what, text, "must be a length of time such as 90d, 2h, 10m or 30s")
        }
        guard seconds.description == text else { throw invalid(what, text, "must be written \(seconds)") }
        return seconds
    }
}
