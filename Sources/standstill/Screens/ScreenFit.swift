/// Makes lines fit a terminal: sentences are wrapped between words, tables cut, and what does not fit below is counted.
struct ScreenFit: Hashable, Sendable {
    /// Characters in a line, and lines; at least 20 and 4, since less shows nothing.
    let columns: Int
    let rows: Int

    init(columns: Int, rows: Int) {
        self.columns = max(columns, 20)
        self.rows = max(rows, 4)
    }

    /// A sentence on as many lines as it takes; those after the first are indented.
    ///
    /// A word that is longer than a line is cut into pieces.
    func wrapped(_ sentence: String) -> [String] {
        guard sentence.count > columns else { return [sentence] }
        let indent = sentence.prefix { $0 == " " }
        var lines: [String] = []
        var line = String(indent)
        var isEmpty = true
        for word in sentence.split(separator: " ").flatMap({ pieces(of: $0, indent.count) }) {
            if !isEmpty, line.count + 1 + word.count > columns {
                lines.append(line)
                (line, isEmpty) = (indent + Self.continuation, true)
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return lines + [line]
    }

    /// A row of a table, as much of it as fits.
    func cut(_ row: String) -> String {
        row.count <= columns ? row : row.prefix(columns - Self.mark.count) + Self.mark
    }

    /// The lines that fit, the first ones before all others; the last says how many there are besides.
    func page(_ lines: [String]) -> [String] {
        guard lines.count > rows else { return lines }
        return lines.prefix(rows - 1) + ["and \(lines.count - rows + 1) more lines: `standstill status`"].map(cut)
    }

    private func pieces(of word: Substring, _ indent: Int) -> [Substring] {
        let limit = max(columns - indent - Self.continuation.count, 1)
        var rest = word
        var pieces: [Substring] = []
        while rest.count > limit {
            pieces.append(rest.prefix(limit))
            rest = rest.dropFirst(limit)
        }
        return pieces + [rest]
    }

    private static let continuation = "    "
    private static let mark = "..."
}
