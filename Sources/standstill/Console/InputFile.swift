internal import Foundation
internal import SignedStatements
internal import SystemCalls

/// Files that a command reads, each with the most it may measure.
enum InputFile {
    /// All bytes of a file; one more than `limit` at most, so that whoever judges them sees that they are too many.
    static func read(_ path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            return [UInt8](try handle.read(upToCount: limit + 1) ?? Data())
        } catch {
            throw CommandFailure(
                "cannot read \(path)",
                hint: "check the path and the file's permissions",
                exitStatus: ExitStatus.noInput
            )
        }
    }

    /// The same; nil when nothing stands at the path.
    static func readIfPresent(_ path: String, limit: Int) throws(CommandFailure) -> [UInt8]? {
        FileManager.default.fileExists(atPath: path) ? try read(path, limit: limit) : nil
    }

    /// Whether a path leads to a directory.
    static func isDirectory(_ path: String) -> Bool {
        // With the dot, what a link leads to is examined.
        (try? FileFacts(ofPath: path + "/.")) != nil
    }

    /// A charter file, well-formed and safe or not.
    static func charter(_ path: String) throws(CommandFailure) -> CharterCheck {
        let bytes = try read(path, limit: CharterLimits.size)
        do {
            return try CharterCheck(bytes)
        } catch {
            throw CommandFailure("\(path): \(error)", exitStatus: ExitStatus.data)
        }
    }
}
