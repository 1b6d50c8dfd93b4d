internal import ArgumentParser

/// Everything about a party's own keys.
struct PartyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "party",
        abstract: "Make a party's keys and its node's directory, or show its public keys.",
        subcommands: [PartyInitCommand.self, PartyShowCommand.self]
    )
}
