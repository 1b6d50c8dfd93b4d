import Foundation
import TestSupport

/// One run of a node as a process of its own.
///
/// The node ends with the test process, however that ends: its standard input is a pipe that nobody else holds.
final class NodeProcess {
    private let process = Process()
    private let leash = Pipe()

    /// Starts the command with arguments, below `launcher` if one is given.
    init(
        _ arguments: [String],
        launcher: [String] = [],
        directory: URL,
        log: URL,
        environment: [String: String]
    ) throws {
        let words = launcher + [Self.executable.path()] + arguments
        process.executableURL = URL(filePath: words[0])
        process.arguments = Array(words.dropFirst())
        process.currentDirectoryURL = directory
        process.environment = environment.merging(
            [
                "LD_PRELOAD": Self.faultInjection.path(), "STANDSTILL_LEASH": "1", "SWIFT_BACKTRACE": "enable=no",
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            ]
        ) { given, _ in given }
        if !FileManager.default.fileExists(atPath: log.path()) { try Data().write(to: log) }
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = leash.fileHandleForReading
        try process.run()
        try leash.fileHandleForReading.close()
        try handle.close()
    }

    deinit { kill() }

    /// The built command, beside the running tests.
    static let executable = built("standstill")
    /// The library that is loaded into every node under test.
    static let faultInjection = built("libFaultInjection.so")

    private static func built(_ name: String) -> URL {
        let running = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = running.deletingLastPathComponent().appending(path: name)
        if FileManager.default.fileExists(atPath: beside.path()) { return beside }
        return RepositoryFiles.root.appending(path: ".build/debug").appending(path: name)
    }

    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    /// Whether SIGKILL ended it.
    var wasKilled: Bool { !isRunning && process.terminationReason == .uncaughtSignal && process.terminationStatus == 9 }
    /// The exit status, or the signal that ended it.
    var status: Int32 { process.terminationStatus }

    func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
    }

    /// What happens when the test process is gone: the other end of the node's standard input closes.
    func letGo() { try? leash.fileHandleForWriting.close() }

    func pause() { Foundation.kill(process.processIdentifier, SIGSTOP) }

    func resume() { Foundation.kill(process.processIdentifier, SIGCONT) }

    func terminate() {
        guard process.isRunning else { return }
        process.terminate()
    }
}
