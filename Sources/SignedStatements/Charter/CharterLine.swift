/// One line of a charter file, cut into fields; comments and empty lines are gone.
struct CharterLine {
    enum Field: Hashable {
        case word(String)
        case quotation(String)

        var text: String {
            switch self {
            case .word(let text), .quotation(let text): text
            }
        }
    }

    /// 1-based.
    let number: Int
    let fields: [Field]

    /// Cuts a file into lines after its first, which must be the header.
    static func lines(of bytes: [UInt8]) throws(CharterError) -> [CharterLine] {
        guard bytes.count <= CharterLimits.size else { throw .fileTooLong(count: bytes.count) }
        var texts = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let rest = texts.popLast() ?? []
        var lines: [CharterLine] = []
        for (index, text) in texts.enumerated() {
            let line = try checkedText(text, number: index + 1)
            if index == 0 {
                guard line == CharterLimits.header else { throw .header(found: String(line.prefix(64))) }
            } else if !line.isEmpty, !line.utf8.starts(with: "#".utf8) {
                lines.append(CharterLine(number: index + 1, fields: try fields(of: line, number: index + 1)))
            }
        }
        guard rest.isEmpty, !texts.isEmpty else { throw .text(.noFinalLineFeed, line: texts.count + 1) }
        return lines
    }

    private static func checkedText(_ bytes: ArraySlice<UInt8>, number: Int) throws(CharterError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .text(.notUTF8, line: number) }
        if bytes.contains(0x0D) { throw .text(.carriageReturn, line: number) }
        if bytes.contains(0x09) { throw .text(.tab, line: number) }
        if PlainText(text) == nil { throw .text(.controlCharacter, line: number) }
        if bytes.first == UInt8(ascii: " ") { throw .text(.leadingBlank, line: number) }
        if bytes.last == UInt8(ascii: " ") { throw .text(.trailingBlank, line: number) }
        return text
    }

    private static func fields(of line: String, number: Int) throws(CharterError) -> [Field] {
        let (blank, mark) = (UInt8(ascii: " "), UInt8(ascii: "\""))
        var fields: [Field] = []
        var rest = Array(line.utf8)[...]
        while let first = rest.first {
            if first == blank {
                rest.removeFirst()
            } else if first == mark {
                let content = rest.dropFirst().prefix { $0 != mark }
                rest = rest.dropFirst(content.count + 1)
                guard rest.popFirst() == mark else { throw .text(.openQuotation, line: number) }
                guard rest.first ?? blank == blank else { throw .text(.textAfterQuotation, line: number) }
                fields.append(.quotation(String(decoding: content, as: UTF8.self)))
            } else {
                let word = rest.prefix { $0 != blank }
                guard !word.contains(mark) else { throw .text(.textAfterQuotation, line: number) }
                rest = rest.dropFirst(word.count)
                fields.append(.word(String(decoding: word, as: UTF8.self)))
            }
        }
        return fields
    }
}
