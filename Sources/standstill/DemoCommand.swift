internal import ArgumentParser
internal import Foundation

/// Eleven real nodes on this machine agree on a pause, from their first keys to an order that OpenSSL verifies.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run seven labs and four governments on this machine, and see them order a pause.",
        discussion: """
            Every party is a process of its own with its own key files and database; they talk over TCP on loopback, on \
            ports the system chooses. One government votes in advance and is switched off, and one agreeing lab is killed \
            when it has voted: their sealed ballots are opened without them, and count.
            """
    )

    @Option(help: ArgumentHelp("Keep everything in this new directory.", valueName: "directory"))
    var keep: String?

    @Option(help: ArgumentHelp("The agreeing lab to kill, such as lab.dorado, or nobody.", valueName: "party"))
    var kill = "lab.dorado"

    @Option(help: "When to kill it: certified, opened, offered, packaged, signed or ordered.")
    var at = "certified"

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
        let parties = DemoRoster.everyone.map(\.name)
        let assembly = LocalAssembly(in: directory, parties: parties, charterFile: DemoStory.charterFile)
        let phase = DemoPhase(rawValue: at) ?? .certified
        let victim = kill == "nobody" ? nil : kill
        defer { assembly.end() }
        do {
            try await Interruption.guarding {
                var story = DemoStory(assembly, victim: victim, phase: phase)
                try await story.tell()
            } end: {
                assembly.end()
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(error)", hint: "look into \(directory.path())")
        }
    }

    private func makeDirectory() throws -> URL {
        guard let keep else { return try LocalAssembly.makeTemporaryDirectory("standstill-demo") }
        let directory = URL(
            filePath: keep,
            relativeTo: URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        )
        if let content = try? FileManager.default.contentsOfDirectory(atPath: directory.path()), !content.isEmpty {
            throw ValidationError("\(keep) is not empty; give a new directory")
        }
        try LocalAssembly.make(directory, remedy: "name another directory with --keep")
        return directory.absoluteURL
    }
}
