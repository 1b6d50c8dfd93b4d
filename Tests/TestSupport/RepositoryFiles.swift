public import Foundation

/// Files of this repository and of directories that the environment names, for tests that read published vectors.
public enum RepositoryFiles {
    /// The directory that holds `Package.swift`.
    public static let root: URL = {
        // Tests/TestSupport/RepositoryFiles.swift is three steps below it.
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }()

    /// The vectors that belong to the specification.
    public static let vectors = root.appending(path: "Protocol/vectors")

    /// More vectors, which are not part of the repository: the directory `STANDSTILL_VECTORS` names.
    public static let externalVectors: URL? = {
        ProcessInfo.processInfo.environment["STANDSTILL_VECTORS"].map { URL(filePath: $0) }
    }()

    /// A file of ``externalVectors``; says so on the terminal and gives nil when the directory is not there to be read.
    public static func external(_ path: String) -> URL? {
        guard let directory = externalVectors else {
            print("skipped: \(path) (set STANDSTILL_VECTORS to a directory of published vectors)")
            return nil
        }
        let file = directory.appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path()) else {
            print("skipped: \(path) (not in \(directory.path()))")
            return nil
        }
        print("vectors: \(file.path())")
        return file
    }

    /// Every JSON file below a directory, in order of paths.
    public static func jsonFiles(below directory: URL) -> [URL] {
        let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
        return (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "json" }.sorted {
            $0.path() < $1.path()
        }
    }

    /// Decodes a JSON file whose members are written in snake case.
    public static func decode<Value: Decodable>(_ type: Value.Type, from file: URL) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: file))
    }
}
