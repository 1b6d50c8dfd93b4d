internal import ArgumentParser
internal import Foundation

/// Eleven real nodes on this machine agree on a pause, from their first keys to an order that OpenSSL verifies.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run seven labs and four governments on this machine, and see them order a pause.",
        discussion: """
            Every party is a process of its own with its own key files and database; they talk over TCP on loopback, on \
            ports the system chooses. One government is switched off and one agreeing lab is killed in the middle.
            """
    )

    @Option(help: ArgumentHelp("Keep everything in this new directory.", valueName: "directory"))
    var keep: String?

    @Option(help: ArgumentHelp("The agreeing lab to kill, such as lab.dorado, or nobody.", valueName: "party"))
    var kill = "lab.dorado"

    @Option(help: "When to kill it: opened, offered, packaged, signed or ordered.")
    var at = "opened"

    func validate() throws {
        guard kill == "nobody" || DemoRoster.agreeing.contains(kill) else {
            throw ValidationError(
                "--kill takes nobody or an agreeing lab: \(DemoRoster.agreeing.joined(separator: ", "))"
            )
        }
        guard DemoPhase(rawValue: at) != nil else {
            throw ValidationError("--at takes \(DemoPhase.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    func run() async throws {
        let directory = try makeDirectory()
        let phase = DemoPhase(rawValue: at) ?? .opened
        var demo = DemoStory(directory: directory, victim: kill == "nobody" ? nil : kill, phase: phase)
        do {
            try await demo.tell()
        } catch {
            demo.end()
            FileHandle.standardError.write(Data("error: \(error)\nhint: look into \(directory.path())\n".utf8))
            throw ExitCode.failure
        }
        demo.end()
    }

    private func makeDirectory() throws -> URL {
        guard let keep else {
            // Kept short: the path of a socket file has at most 107 bytes.
            let name = "standstill-demo-\(UInt32.random(in: 0 ... .max))"
            let directory = FileManager.default.temporaryDirectory.appending(path: name)
            try Self.make(directory)
            return directory
        }
        let directory = URL(
            filePath: keep,
            relativeTo: URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        )
        if let content = try? FileManager.default.contentsOfDirectory(atPath: directory.path()), !content.isEmpty {
            throw ValidationError("\(keep) is not empty; give a new directory")
        }
        try Self.make(directory)
        return directory.absoluteURL
    }

    private static func make(_ directory: URL) throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(
                "the directory \(directory.path()) cannot be made",
                hint: "check that you may write there and that there is room, or name another directory with --keep",
                exitStatus: ExitStatus.cannotCreate
            )
        }
    }
}
