import Foundation

/// A program of the system that is run to its end.
enum Tool {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let places = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    static func path(of name: String) -> String? {
        places.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program and gives what it wrote; throws what it complained about when it fails.
    @discardableResult
    static func run(_ words: [String], input: String = "") throws -> String {
        guard let path = path(of: words[0]) else { throw Failure(description: "there is no program \(words[0])") }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = Array(words.dropFirst())
        process.environment = ["PATH": places.joined(separator: ":")]
        let pipes = (input: Pipe(), output: Pipe())
        process.standardInput = pipes.input
        process.standardOutput = pipes.output
        process.standardError = pipes.output
        try process.run()
        // What is written here is shorter than a pipe holds.
        try pipes.input.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try pipes.input.fileHandleForWriting.close()
        let said = String(decoding: try pipes.output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "`\(words.joined(separator: " "))` failed: \(said)")
        }
        return said
    }
}
