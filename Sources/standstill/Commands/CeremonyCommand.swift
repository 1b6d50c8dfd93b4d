internal import ArgumentParser
internal import NodeService
internal import PauseAgreement

/// Everything about making the group keys.
struct CeremonyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceremony",
        abstract: "Follow the key ceremony, give an attempt up, or take part in the next.",
        subcommands: [CeremonyShowCommand.self, CeremonyRetryCommand.self, CeremonyStopCommand.self]
    )
}

/// Shows who has done what.
struct CeremonyShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show party by step how the key ceremony stands, what failed, and what to do about it."
    )

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let status = try await node.client().status()
        if output.isJSON {
            return try Console.json(Page(ceremony: status.agreement.ceremony, parties: status.agreement.parties))
        }
        Console.data(CeremonyPage(status).lines.joined(separator: "\n"))
    }

    private struct Page: Encodable {
        let ceremony: CeremonyStatus
        let parties: [PartyStatus]
    }
}

/// Takes part in the next attempt.
struct CeremonyRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Take part in the next attempt, after the one before has failed.",
        discussion: """
            An attempt that failed has a culprit and a reason: look at `standstill ceremony show` first. All parties with \
            a share have to take part again. Shares and keys of the failed attempt are of no use to anybody.
            """
    )

    @OptionGroup var node: NodeLocation

    func run() async throws {
        let reply = try await node.client().ask(.retryCeremony)
        guard let done = reply.done else { throw NodeClient.otherVersion }
        Console.people(done)
    }
}

/// Gives the present attempt up.
struct CeremonyStopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Give the present attempt up for all parties, in this party's name.",
        discussion: """
            All parties see who gave up and why, and nobody can take it back. It is refused once this party has proven \
            its shares, since the others may then finish the keys without it.
            """
    )

    @OptionGroup var node: NodeLocation

    @Option(name: .customLong("blame"), help: "The party that does nothing; without it, the reasons are one's own.")
    var culprit: String?

    func run() async throws {
        let reply = try await node.client().ask(.stopCeremony(blame: culprit ?? ""))
        guard let done = reply.done else { throw NodeClient.otherVersion }
        Console.people(done)
    }
}
