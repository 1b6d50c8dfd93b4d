internal import Foundation

/// What a command says: data on standard output, everything meant for people on standard error.
enum Console {
    /// Whether standard output is a terminal, so that a screen can be drawn again in its place.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// One or more lines of data.
    static func data(_ text: String) {
        write(Array((plain(text) + "\n").utf8), to: .standardOutput)
    }

    /// A file as it is; its reader has refused control characters.
    static func file(_ bytes: [UInt8]) {
        write(bytes, to: .standardOutput)
    }

    /// One or more lines for the person at the terminal.
    static func people(_ text: String) {
        write(Array((plain(text) + "\n").utf8), to: .standardError)
    }

    /// Whether standard error is a terminal, so that a line can be written again in its place.
    static var hasPeople: Bool { isatty(STDERR_FILENO) == 1 }

    /// A line for the person at the terminal that takes the place of the one before; an empty one takes it away.
    static func progress(_ text: String) {
        write(Array(("\r" + plain(text) + "\u{1b}[K").utf8), to: .standardError)
    }

    /// A value as one line of JSON, members sorted.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        data(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Clears the terminal and draws lines from its top.
    static func screen(_ lines: [String]) {
        let content = lines.map { plain($0) + "\u{1b}[K\n" }.joined()
        write(Array(("\u{1b}[H" + content + "\u{1b}[J").utf8), to: .standardOutput)
    }

    /// Asks a person for a line; nil when nobody can answer.
    static func answer(to question: String) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        write(Array(plain(question).utf8), to: .standardError)
        return readLine()
    }

    /// Text that cannot move the cursor, recolour the screen or reorder what is read: such characters become `?`.
    static func plain(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { !isHarmful($0) }
        if isPlain { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isHarmful($0) ? "?" : $0 }))
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0a: false
        case 0..<0x20, 0x7f..<0xa0, 0x061c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }

    /// A reader that has gone away ends the command, as it does with other programs in a pipe.
    private static func write(_ bytes: [UInt8], to handle: FileHandle) {
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            exit(ExitStatus.inputOutput)
        }
    }
}
