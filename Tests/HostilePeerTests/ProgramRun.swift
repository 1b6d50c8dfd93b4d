import Foundation
import TestSupport
import Testing

/// A built program of this package, run as a process of its own with its output in a file.
final class ProgramRun: @unchecked Sendable {
    let process = Process()
    private let scratch: TemporaryDirectory
    private let output: String

    /// Starts the program; `shell` is a line that prepares the process and then runs `"$@"`.
    init(
        _ name: String,
        _ arguments: [String],
        input: [UInt8] = [],
        environment: [String: String] = [:],
        shell: String? = nil
    ) throws {
        scratch = try TemporaryDirectory()
        output = try scratch.write([], to: "output")
        let program = Self.program(name)
        if let shell {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", shell, "sh", program.path()] + arguments
        } else {
            process.executableURL = program
            process.arguments = arguments
        }
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: scratch.path)
        let file = try FileHandle(forWritingTo: URL(filePath: output))
        try file.seekToEnd()
        process.standardOutput = file
        process.standardError = file
        let inputFile = try scratch.write(input, to: "input")
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: inputFile))
        try process.run()
    }

    var identifier: Int32 { process.processIdentifier }

    /// Everything it has written so far.
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var bytes: [UInt8] { (try? scratch.content(of: "output")) ?? [] }

    /// What its working directory holds besides its own input and output.
    var leftovers: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: scratch.path)) ?? []
        return names.filter { !["input", "output"].contains($0) }
    }

    /// Waits for its end; false, and the end by force, when it takes longer.
    func wait(seconds: Int) async -> Bool {
        for _ in 0..<seconds * 50 where process.isRunning { try? await Task.sleep(for: .milliseconds(20)) }
        guard process.isRunning else { return true }
        kill(identifier, SIGKILL)
        process.waitUntilExit()
        return false
    }

    func stop() async {
        process.terminate()
        _ = await wait(seconds: 10)
    }

    private static func program(_ name: String) -> URL {
        let running = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = running.deletingLastPathComponent().appending(path: name)
        if FileManager.default.isExecutableFile(atPath: beside.path()) { return beside }
        return RepositoryFiles.root.appending(path: ".build/debug/\(name)")
    }

    // MARK: What the system says of it

    /// Resident memory in KiB.
    var residentKilobytes: Int { number(after: "VmRSS:", in: "status") }

    var openFiles: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(identifier)/fd"))?.count ?? 0
    }

    private func number(after word: String, in file: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(identifier)/\(file)", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(word) }
        return line?.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }
}
