/// Small files that are written whole: after a crash there is the old content or the new, never a mixture.
package enum AtomicFile {
    /// Writes a new file with mode 0600, durable when this returns; fails when anything stands at the path.
    package static func create(_ path: String, content: [UInt8]) throws(SystemError) {
        let file = try OpenFile(path, for: .creating)
        do {
            try file.write(content)
            try file.synchronize()
        } catch {
            // Half a file would block the next attempt; the first error is the one to tell.
            try? Directories.removeFile(path)
            throw error
        }
        try Directories.synchronize(Directories.parent(of: path))
    }

    /// Writes a file or replaces it, durable when this returns; one writer at a time.
    package static func replace(_ path: String, content: [UInt8]) throws(SystemError) {
        let next = path + ".next"
        try Directories.removeFile(next)
        let file = try OpenFile(next, for: .creating)
        try file.write(content)
        try file.synchronize()
        try Directories.rename(next, to: path)
        try Directories.synchronize(Directories.parent(of: path))
    }
}
