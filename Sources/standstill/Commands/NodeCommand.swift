internal import ArgumentParser
internal import NodeService

/// Everything about the running node.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Run the party's node, follow what happens, or let it sign again.",
        subcommands: [NodeRunCommand.self, NodeFollowCommand.self, NodeAcknowledgeCommand.self]
    )
}

/// Prints what happens, as it happens.
struct NodeFollowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Print what happens on the running node, one line for each event, until interrupted."
    )

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        for try await reply in try node.client().replies(to: .follow) {
            guard let event = reply.event else { continue }
            if output.isJSON {
                try Console.json(event)
            } else {
                let motion = event.motion.isEmpty ? "" : " [\(event.motion.prefix(8))]"
                Console.data("\(event.at) \(event.key)\(motion): \(event.text)")
            }
        }
    }
}

/// Lets a node sign again that found another node or an older copy speaking for its party.
struct NodeAcknowledgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge",
        abstract: "Confirm that no other node signs in this party's name, so that this one signs again.",
        discussion: """
            A node signs nothing once it has seen a statement of its own party that it did not make, or whose journal is \
            older than what the party has signed. Stop the other node or finish the restoration first.

            It does not sign again while statements of its party are missing that it is known to have signed; peers that \
            have them send them. Only if every peer has been connected and none had them, write them off: their numbers are \
            never used, the party says nothing on motions proposed before, and if one turns up after all, the node abstains \
            again.
            """
    )

    @Option(help: ArgumentHelp("How many missing statements to write off.", valueName: "count"))
    var writeOff: Int?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Parties that are gone and cannot be asked for them.", valueName: "party")
    )
    var withoutAsking: [String] = []

    @OptionGroup var node: NodeLocation

    func validate() throws {
        if !withoutAsking.isEmpty, writeOff == nil {
            throw ValidationError("--without-asking goes with --write-off only")
        }
        if let writeOff, writeOff < 1 {
            throw ValidationError("--write-off is the number of missing statements, 1 or more")
        }
    }

    func run() async throws {
        let reply = try await node.client().ask(
            .acknowledge(AcknowledgeRequest(writingOff: writeOff, withoutAsking: withoutAsking))
        )
        guard let done = reply.done else { throw NodeClient.otherVersion }
        Console.people(done)
    }
}
