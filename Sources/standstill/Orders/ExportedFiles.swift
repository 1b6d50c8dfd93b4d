internal import NodeService
internal import PauseEvidence
internal import SignedStatements

/// Evidence that a node has stored, on its way into files.
enum ExportedFiles {
    /// The items of a motion and of the charter's keys.
    static func items(of motion: String, from client: NodeClient) async throws -> [Item] {
        guard let texts = try await client.ask(.items(motion: motion)).items else { throw NodeClient.otherVersion }
        return try texts.map { try Item(decoding: $0) }
    }

    /// Writes the files into a directory, none over a file that is there, and prints their paths.
    static func write(
        _ files: [OrderExport.File],
        under charter: Charter,
        to target: String,
        _ output: OutputFormat
    ) throws {
        let paths = files.map { (path: "\(target)/\($0.name.rawValue)", bytes: $0.bytes) }
        for file in paths { try NewFile.checkAbsent(file.path) }
        try NewFile.makeDirectory(target)
        for file in paths { try NewFile.create(file.path, file.bytes) }
        if output.isJSON {
            try Console.json(Exported(charter: charter.id.description, files: paths.map(\.path)))
        } else {
            Console.data(paths.map(\.path).joined(separator: "\n"))
        }
    }

    private struct Exported: Encodable {
        let charter: String
        let files: [String]
    }
}
