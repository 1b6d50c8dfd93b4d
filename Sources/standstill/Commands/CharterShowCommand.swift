internal import ArgumentParser

struct CharterShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "x")
}
