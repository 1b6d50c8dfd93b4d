internal import SignedStatements

/// The lines of a file that holds one compact JWS a line, with their numbers.
struct EvidenceLines {
    struct Line {
        /// 1-based.
        let number: Int
        let bytes: ArraySlice<UInt8>

        /// Reads the line as a compact JWS; no signature is checked.
        func item(of file: EvidenceFile) throws(EvidenceError) -> Item {
            do {
                return try Item(decoding: ASCIIText.strict(bytes))
            } catch {
                throw .line(file, line: number, error)
            }
        }
    }

    let lines: [Line]

    /// Splits at line feeds; the last line may lack its own.
    init(_ bytes: [UInt8], of file: EvidenceFile, size: Int, lines limit: Int) throws(EvidenceError) {
        guard bytes.count <= size else { throw .tooLarge(file, count: bytes.count, limit: size) }
        let content = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard !content.isEmpty else {
            lines = []
            return
        }
        let parts = content.split(separator: UInt8(ascii: "\n"), maxSplits: limit, omittingEmptySubsequences: false)
        guard parts.count <= limit else { throw .tooManyLines(file, limit: limit) }
        lines = parts.enumerated().map { Line(number: $0.offset + 1, bytes: $0.element) }
    }
}

/// Turns bytes into text without repairing anything.
enum ASCIIText {
    /// The text; a byte that is not ASCII belongs to no compact JWS.
    static func strict(_ bytes: some Collection<UInt8>) throws(StatementError) -> String {
        guard bytes.allSatisfy({ $0 < 0x80 }) else { throw .compact(.parts(0)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
