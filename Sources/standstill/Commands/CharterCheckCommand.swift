internal import ArgumentParser

struct CharterCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "check", abstract: "x")
}
