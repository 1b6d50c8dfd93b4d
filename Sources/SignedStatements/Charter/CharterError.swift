public import QuorumPolicy

/// Why a charter file was refused: which line, what is wrong with it, and what to write instead.
public enum CharterError: Error, Hashable, Sendable {
    /// What is wrong with a line before its words are looked at.
    public enum TextFault: Hashable, Sendable {
        case notUTF8
        case carriageReturn
        case tab
        case controlCharacter
        case leadingBlank
        case trailingBlank
        case openQuotation
        case textAfterQuotation
        /// Nothing but the last line feed is missing.
        case noFinalLineFeed
        /// The file ends in the middle of a line and is no charter with a line feed either.
        case cutShort
    }

    /// More bytes than ``CharterLimits/size``.
    case fileTooLong(count: Int)
    case text(TextFault, line: Int)
    /// A first line other than `standstill-charter v1`.
    case header(found: String)
    case unknownKeyword(String, suggestion: String?, line: Int)
    /// A line that may stand once, or a limit or action given twice.
    case repeatedLine(String, first: Int, line: Int)
    case missingLine(String)
    case missingField(String, line: Int)
    case extraField(String, line: Int)
    case invalidField(String, text: String, reason: String, line: Int)
    /// A word that is none of the fixed ones in its place.
    case unknownWord(String, kind: String, suggestion: String?, known: [String], line: Int)
    case unknownName(String, kind: String, suggestion: String?, line: Int)
    case repeatedName(String, first: Int, line: Int)
    case reservedName(String, line: Int)
    case unusedName(String, advice: String, line: Int)
    /// A key that stands elsewhere in the file.
    case repeatedKey(String, first: Int, line: Int)
    /// A party that counts twice in a group.
    case repeatedMember(String, group: String, line: Int)
    case policy(PolicyError, line: Int)
    /// A file without a fault in its form whose rules are unsafe.
    case refused(CharterRefusal)
}

extension CharterError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fileTooLong(let count): "charter of \(count) bytes: shorten it to \(CharterLimits.size) bytes"
        case .text(let fault, let line): "line \(line): \(fault)"
        case .header(let found): "line 1: found \"\(found)\": the first line must be \"\(CharterLimits.header)\""
        case .unknownKeyword(let word, let suggestion, let line):
            "line \(line): unknown line \"\(word)\""
                + Self.question(suggestion, else: "start the line with a known word")
        case .repeatedLine(let what, let first, let line):
            "line \(line): \(what) stands already in line \(first): delete one of the two"
        case .missingLine(let what): "end of the file: no line \"\(what)\": add one"
        case .missingField(let what, let line): "line \(line): \(what) is missing: add it"
        case .extraField(let text, let line): "line \(line): \"\(text)\" is more than the line needs: delete it"
        case .invalidField(let what, let text, let reason, let line): "line \(line): \(what) \"\(text)\" \(reason)"
        case .unknownWord(let word, let kind, let suggestion, let known, let line):
            "line \(line): unknown \(kind) \"\(word)\""
                + Self.question(suggestion, else: "write one of " + known.joined(separator: ", "))
        case .unknownName(let name, let kind, let suggestion, let line):
            "line \(line): no \(kind) \"\(name)\" in the lines above"
                + Self.question(suggestion, else: "declare it before it is used")
        case .repeatedName(let name, let first, let line):
            "line \(line): \"\(name)\" is declared already in line \(first): choose another name"
        case .reservedName(let name, let line):
            "line \(line): \"\(name)\" is a word of the rule language: choose another name"
        case .unusedName(let name, let advice, let line): "line \(line): \"\(name)\" is never used: \(advice)"
        case .repeatedKey(let kind, let first, let line):
            "line \(line): the \(kind) key stands already in line \(first): every key must be one of its own"
        case .repeatedMember(let name, let group, let line):
            "line \(line): \(name) counts twice in \"\(group)\": leave it out once"
        case .policy(let error, let line): "line \(line): \(error)"
        case .refused(let refusal): "\(refusal)"
        }
    }

    private static func question(_ suggestion: String?, else advice: String) -> String {
        suggestion.map { "; did you mean \"\($0)\"?" } ?? ": \(advice)"
    }
}

extension CharterError.TextFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notUTF8: "bytes that are not UTF-8: save the file as UTF-8"
        case .carriageReturn: "a carriage return: end lines with a line feed only"
        case .tab: "a tab: separate words with blanks"
        case .controlCharacter: "a control character or a mark that reorders text: delete it"
        case .leadingBlank: "a blank at the start of the line: delete it"
        case .trailingBlank: "a blank at the end of the line: delete it"
        case .openQuotation: "a quotation mark without its partner: close the quotation in the same line"
        case .textAfterQuotation: "text directly at a quotation mark: put a blank between them"
        case .noFinalLineFeed: "the file does not end with a line feed: add one and compare the charter's id"
        case .cutShort: "the file ends in mid-line, so it was cut short or changed: get it again and compare its id"
        }
    }
}
