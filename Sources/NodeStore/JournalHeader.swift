package import SystemCalls

/// The first bytes of a journal's file, which do not change however it is used ("The Database Header", sqlite.org/fileformat2).
package enum JournalHeader {
    /// The size of the header in bytes.
    package static let bytes = 100
    /// SQLite takes a file shorter than its smallest page, 512 bytes, for an empty database and overwrites it.
    static let smallestFile = 512

    /// Why nothing of a journal can be read, from the beginning of its file; nil when it begins as it must, or is empty.
    package static func fault(atPath path: String) throws(SystemError) -> String? {
        let file = try OpenFile(path, for: .reading)
        return fault(of: try file.read(atMost: bytes), size: try file.facts().size)
    }

    static func fault(of header: [UInt8], size: Int) -> String? {
        if size == 0 { return nil }
        if size < smallestFile { return short(size) }
        return isDatabase(header) ? nil : foreign
    }

    static func short(_ size: Int) -> String { "only \(size) bytes of it are there" }
    static let foreign = "it does not begin as a database does"

    private static func isDatabase(_ header: [UInt8]) -> Bool {
        guard header.count == bytes, header.starts(with: Array("SQLite format 3\0".utf8)) else { return false }
        let pageSize = Int(header[16]) << 8 | Int(header[17])
        let isPageSize = pageSize == 1 || (smallestFile...32_768).contains(pageSize) && pageSize.nonzeroBitCount == 1
        // The fractions of a page that keys and rows may take are fixed.
        return isPageSize && header[21...23].elementsEqual([64, 32, 32])
    }
}
