internal import CryptoPrimitives
internal import SystemCalls

/// One line of secret text, from a file or from somebody's fingers; it never leaves guarded memory.
enum PassphraseLine {
    /// What a file holds without one line end at its end.
    static func line(of content: borrowing SecretBytes, source: String) throws(SetupError) -> SecretBytes {
        var count = content.count
        if content.span[count - 1] == lineFeed { count -= 1 }
        if count > 0, count < content.count, content.span[count - 1] == carriageReturn { count -= 1 }
        return try checked(content, count: count, source: source)
    }

    /// Shows a prompt and reads what is typed until Return.
    static func ask(_ prompt: String, on terminal: borrowing Terminal) throws(SetupError) -> SecretBytes {
        do throws(SystemError) {
            try terminal.show(prompt)
        } catch {
            throw .inaccessible(error)
        }
        // The Return that ended the line was not echoed; that showing one fails changes nothing.
        defer { try? terminal.show("\n") }
        return try typedLine { () throws(SystemError) in try terminal.nextByte() }
    }

    /// The bytes typed until Return, with the usual keys for taking something back.
    ///
    /// Backspace takes back one character, Control-U the line; Control-C, and Control-D on an empty line, give up.
    static func typedLine(next: () throws(SystemError) -> UInt8?) throws(SetupError) -> SecretBytes {
        var editor = Editor()
        let buffer = SecretBytes(count: PassphraseSource.maximumBytes) { memory in
            do throws(SystemError) {
                while let byte = try next(), editor.take(byte, into: &memory) {}
            } catch {
                editor.failure = error
            }
        }
        if let failure = editor.failure { throw .inaccessible(failure) }
        guard editor.isFinished else { throw .cancelled }
        return try checked(buffer, count: editor.count, source: "the terminal", isTooLong: editor.isTooLong)
    }

    /// What was typed so far, as far as it is no secret.
    private struct Editor {
        var count = 0
        var isFinished = false
        var isTooLong = false
        var failure: SystemError?

        /// Applies one key; false when the line has ended.
        mutating func take(_ byte: UInt8, into memory: inout MutableSpan<UInt8>) -> Bool {
            switch byte {
            case carriageReturn, lineFeed:
                isFinished = true
                return false
            case 0x03: return false
            case 0x04:
                guard count > 0 else { return false }
            case 0x08, 0x7f:
                // A character of several bytes goes as a whole.
                while count > 0, memory[count - 1] & 0xc0 == 0x80 { count -= 1 }
                count = max(0, count - 1)
            case 0x15: count = 0
            default:
                isTooLong = isTooLong || count == memory.count
                guard !isTooLong else { return true }
                memory[count] = byte
                count += 1
            }
            return true
        }
    }

    private static func checked(
        _ content: borrowing SecretBytes,
        count: Int,
        source: String,
        isTooLong: Bool = false
    ) throws(SetupError) -> SecretBytes {
        guard count > 0 else { throw .unusablePassphrase(source: source, detail: "is empty") }
        guard !isTooLong, count <= PassphraseSource.maximumBytes else {
            throw .unusablePassphrase(source: source, detail: "is longer than \(PassphraseSource.maximumBytes) bytes")
        }
        for index in 0..<count where content.span[index] < 0x20 || content.span[index] == 0x7f {
            throw .unusablePassphrase(source: source, detail: "has a line break or another control character in it")
        }
        return content.slice(0..<count)
    }
}

private let lineFeed: UInt8 = 0x0a
private let carriageReturn: UInt8 = 0x0d
