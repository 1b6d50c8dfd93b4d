/// The part of YAML that a configuration may use, enforced before the YAML reader sees the text.
///
/// The reader walks nested collections by recursion and shares aliased ones, so a few hundred bytes could cost it its
/// stack or its memory. Comments are blanked, so that nothing the check skips reaches the reader.
enum ConfigurationBounds {
    /// The most `[` and `{` that start a collection in a whole file.
    static let flowCollections = 64
    /// The most columns of blanks and of `-`, `?` and `:` before the content of a line.
    static let indentation = 32

    /// The text without comment lines; line numbers stay.
    static func check(_ bytes: [UInt8], file: String) throws(SetupError) -> String {
        guard bytes.count <= NodeConfiguration.maximumBytes else {
            throw .configuration(
                file: file,
                line: nil,
                problem: .tooLarge(maximumBytes: NodeConfiguration.maximumBytes)
            )
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .configuration(file: file, line: nil, problem: .notText)
        }
        var collections = 0
        var lines: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.utf8.first(where: { $0 != blank }) == UInt8(ascii: "#") {
                lines.append("")
                continue
            }
            if let problem = hiddenBreak(in: line) ?? problem(in: Array(line.utf8), collections: &collections) {
                throw .configuration(file: file, line: index + 1, problem: problem)
            }
            lines.append(String(line))
        }
        return lines.joined(separator: "\n")
    }

    /// Finds what YAML takes for a line break and an editor may not show as one, and control characters.
    private static func hiddenBreak(in line: Substring) -> ConfigurationProblem? {
        for scalar in line.unicodeScalars {
            switch scalar.value {
            case 0x09: return .forbiddenCharacter("tab")
            case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0xfeff: return .forbiddenCharacter("control character")
            default: continue
            }
        }
        return nil
    }

    private static func problem(in line: [UInt8], collections: inout Int) -> ConfigurationProblem? {
        var previous = blank
        var isIndented = true
        for (column, byte) in line.enumerated() {
            defer { previous = byte }
            isIndented = isIndented && indenting.contains(byte)
            if isIndented && column >= indentation { return .nestedTooDeep }
            switch byte {
            case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
                if beforeToken.contains(previous) { return .forbiddenCharacter(String(UnicodeScalar(byte))) }
            case UInt8(ascii: "%"):
                if column == 0 { return .forbiddenCharacter("%") }
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                // Inside quotes, as in "[::1]:7411", it starts no collection; after a quote none can start.
                if previous != UInt8(ascii: "\"") && previous != UInt8(ascii: "'") { collections += 1 }
                if collections > flowCollections { return .nestedTooDeep }
            default: break
            }
        }
        return nil
    }

    private static let blank = UInt8(ascii: " ")
    private static let indenting = Array(" -?:".utf8)
    private static let beforeToken = Array(" [{,:".utf8)
}
