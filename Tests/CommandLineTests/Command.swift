import Foundation
import TestSupport

/// The built command, run as a process of its own, the way people and scripts run it.
enum Command {
    /// What a run left behind.
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String

        /// The text after `error: `; nil if the run told of none.
        var error: String? { line(after: "error: ") }

        /// The text after `hint: `.
        var hint: String? { line(after: "hint: ") }

        private func line(after mark: String) -> String? {
            errors.split(separator: "\n").first { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
        }
    }

    /// The executable: beside the running tests, or where a build of the package puts it.
    static let executable: URL = {
        let running = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = running.deletingLastPathComponent().appending(path: "standstill")
        if FileManager.default.isExecutableFile(atPath: beside.path()) { return beside }
        return RepositoryFiles.root.appending(path: ".build/debug/standstill")
    }()

    /// Runs the command to its end, without a terminal and with nothing on its standard input.
    @discardableResult
    static func run(_ arguments: [String], in directory: String? = nil) async throws -> Result {
        try await run(program: executable.path(), arguments, in: directory)
    }

    /// The same with another program.
    static func run(program: String, _ arguments: [String], in directory: String? = nil) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Swift.Result { try runAndWait(program, arguments, in: directory) })
            }
        }
    }

    private static func runAndWait(_ program: String, _ arguments: [String], in directory: String?) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ["COLUMNS": "80", "SWIFT_BACKTRACE": "enable=no"]
        if let directory { process.currentDirectoryURL = URL(filePath: directory) }
        let scratch = try TemporaryDirectory()
        // Files, so that neither stream can fill up and stop the process.
        let output = try scratch.write([], to: "output")
        let errors = try scratch.write([], to: "errors")
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: try scratch.content(of: "output"), as: UTF8.self),
            errors: String(decoding: try scratch.content(of: "errors"), as: UTF8.self)
        )
    }
}
