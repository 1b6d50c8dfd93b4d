internal import Foundation

/// What went wrong with nodes on this machine; the text says where to look.
struct AssemblyFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// This program, run again as a user would run it.
struct LocalProgram: Sendable {
    /// The path of the running executable.
    let executable: URL

    init() {
        executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    }

    /// Runs one command to its end and gives its standard output.
    @discardableResult
    func run(_ arguments: [String], in directory: URL) throws -> String {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = directory
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let said = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw AssemblyFailure("`standstill \(arguments.joined(separator: " "))` failed:\n\(said)")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts a node that goes on running; what it logs is added to `node.log` in its directory.
    func startNode(in directory: URL) throws -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = ["node", "run", "--directory", directory.path()]
        process.currentDirectoryURL = directory
        let log = directory.appending(path: "node.log")
        if !FileManager.default.fileExists(atPath: log.path()) { try Data().write(to: log) }
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }
}
