internal import ArgumentParser
internal import NodeService

/// Says whether a node is well, and what to do where it is not.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check files, backup, memory, clock, peers and reachability, and say what to do.",
        discussion: """
            Works with and without a running node, needs no passphrase and changes nothing. Ends with 0 when all is \
            well, 1 with warnings and 2 with failures, as monitors expect.
            """
    )

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let doctor = Doctor(directory: node.directory, shortfalls: Precautions.shortfalls)
        let report = await doctor.report()
        if output.isJSON {
            try Console.json(report)
        } else {
            Console.data(DoctorScreen(report).lines.joined(separator: "\n"))
        }
        guard report.exitStatus == 0 else { throw ExitCode(report.exitStatus) }
    }
}
