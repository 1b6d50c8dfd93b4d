internal import ArgumentParser

struct CharterNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "new", abstract: "x")
}
