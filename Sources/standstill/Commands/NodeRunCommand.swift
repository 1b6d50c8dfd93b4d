internal import ArgumentParser
internal import Logging
internal import NodeService
internal import ServiceLifecycle
internal import UnixSignals

/// Runs the party's node until it is told to stop.
struct NodeRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the party's node in the foreground until SIGTERM or SIGINT.",
        discussion: """
            Logs to standard error. The passphrase comes from --passphrase-file, the configuration's passphrase-file, \
            the systemd credential standstill-passphrase, or the terminal.
            """
    )

    @OptionGroup var node: NodeLocation
    @OptionGroup var passphrase: PassphraseOption

    func run() async throws {
        let configuration = try node.configuration()
        let logger = NodeLog.logger(configuration)
        for shortfall in Precautions.shortfalls {
            guard !shortfall.endsNode else {
                throw CommandFailure(parting: shortfall.description, exitStatus: ExitStatus.refused)
            }
            logger.warning("\(shortfall)")
        }
        let secret = try passphrase.read(for: configuration.party, configured: configuration.passphraseFile)
        let start = try NodeStart(configuration, passphrase: secret)
        // What ends the node is told once, at the end.
        var quiet = logger
        quiet.logLevel = .critical
        let services = ServiceGroup(
            services: [NodeProgram(start, shortfalls: Precautions.shortfalls, logger: logger)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet
        )
        try await services.run()
    }
}
