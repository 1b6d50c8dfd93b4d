internal import Foundation
internal import Logging
internal import NodeService
internal import SignedStatements

/// Writes a node's log to standard error, one line for each event: as text, or as JSON for machines.
struct NodeLog: LogHandler {
    let format: NodeConfiguration.LogFormat
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    /// A logger for a node that is configured so.
    static func logger(_ configuration: NodeConfiguration) -> Logger {
        Logger(label: "standstill") { _ in
            NodeLog(format: configuration.logFormat, logLevel: configuration.logLevel)
        }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        let pairs = all.map { ($0.key, $0.value.description) }.sorted { $0.0 < $1.0 }
        let at = Clock.now.description
        switch format {
        case .text:
            let details = pairs.map { " \($0)=\(Self.word($1))" }.joined()
            Console.people("\(at) \(event.level.rawValue): \(Self.line(event.message.description))\(details)")
        case .json: Console.people(Self.json(event, at: at, pairs))
        }
    }

    private static func json(_ event: LogEvent, at: String, _ pairs: [(String, String)]) -> String {
        var members = pairs
        members += [("at", at), ("level", event.level.rawValue), ("message", event.message.description)]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let object = Dictionary(members) { $1 }
        guard let data = try? encoder.encode(object) else { return #"{"level":"error","message":"not JSON"}"# }
        return String(decoding: data, as: UTF8.self)
    }

    /// A value with blanks stands in quotation marks, so that a line can be taken apart.
    private static func word(_ value: String) -> String {
        let line = line(value)
        return line.contains(" ") || line.isEmpty ? "\"\(line.replacing("\"", with: "'"))\"" : line
    }

    private static func line(_ text: String) -> String { text.replacing("\n", with: " ") }
}
