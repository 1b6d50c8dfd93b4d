import Foundation
import Synchronization
import TestSupport

/// The four parties of a founding with their nodes, each a process of its own on loopback.
final class RunningParties: Sendable {
    struct Failure: Error {
        let what: String
    }

    static let names = Founding.labs + Founding.governments

    let founding: Founding
    private let ports: [Int]
    private let metricsPort: Int
    private let pids = Pids()

    /// Configures everybody and starts nobody.
    init() async throws {
        founding = try await Founding()
        let first = Int.random(in: 10_000..<30_000)
        ports = (0..<4).map { first + $0 }
        metricsPort = first + 4
        for name in Self.names {
            try configure(name, announce: "127.0.0.1:\(port(of: name))", metrics: name == "lab.aster")
        }
    }

    deinit {
        for pid in pids.all { kill(pid, SIGKILL) }
    }

    func port(of name: String) -> Int { ports[Self.names.firstIndex(of: name) ?? 0] }

    /// Writes a party's configuration; peers are dialled where they listen.
    func configure(_ name: String, announce: String, metrics: Bool = false, in directory: String? = nil) throws {
        let peers = Self.names.filter { $0 != name }.map { "  \($0): 127.0.0.1:\(port(of: $0))\n" }
        let text = """
            party: \(name)
            charter: ../pilot.charter
            listen: 127.0.0.1:\(port(of: name))
            announce:
              - "\(announce)"
            \(metrics ? "metrics: 127.0.0.1:\(metricsPort)" : "")
            peers:
            \(peers.joined())
            """
        try founding.directory.write(text.utf8, to: "\(directory ?? name)/node.yaml")
    }

    /// Starts a node in the directory of a party, or in another one; says which process it is.
    @discardableResult
    func start(_ directory: String) throws -> Int32 {
        let process = Process()
        process.executableURL = Command.executable
        process.arguments = ["node", "run", "--directory", directory, "--passphrase-file", "passphrase"]
        process.environment = ["SWIFT_BACKTRACE": "enable=no"]
        process.currentDirectoryURL = URL(filePath: founding.directory.path)
        let log = try founding.directory.write([], to: "\(directory).log")
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
        process.standardInput = FileHandle.nullDevice
        try process.run()
        pids.add(process, directory)
        return process.processIdentifier
    }

    func startAll() throws {
        for name in Self.names { try start(name) }
    }

    /// Ends a node and waits until it is gone.
    func stop(_ directory: String) {
        pids.remove(directory)?.waitUntilExit()
    }

    func stopAll() {
        for name in pids.names { stop(name) }
    }

    /// The members of a JSON answer.
    func json(_ arguments: [String]) async throws -> [String: Any] {
        let result = try await founding.run(arguments + ["--json"])
        guard let object = try? JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any] else {
            throw Failure(what: "\(arguments): \(result.output)\(result.errors)")
        }
        return object
    }

    /// A doctor's findings by code.
    func findings(_ directory: String) async throws -> [String: [String: Any]] {
        let list = try await json(["doctor", "--directory", directory])["findings"] as? [[String: Any]] ?? []
        return Dictionary(list.map { ($0["code"] as? String ?? "", $0) }) { first, _ in first }
    }

    /// Waits until a status is as wanted, a minute at most.
    func wait(_ directory: String, until isDone: ([String: Any]) -> Bool) async throws {
        for _ in 0..<300 {
            if let status = try? await json(["status", "--directory", directory]), isDone(status) { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw Failure(what: "\(directory) never got there")
    }

    /// Everybody ratifies, and the keys are made.
    func makeKeys() async throws {
        for name in Self.names {
            try await wait(name) { _ in true }
            let result = try await founding.run(["charter", "ratify", "--directory", name, "--yes"])
            guard result.status == 0 else { throw Failure(what: result.errors) }
        }
        for name in Self.names { try await wait(name) { Self.stage($0) == "finished" } }
    }

    static func stage(_ status: [String: Any]) -> String? {
        let agreement = status["agreement"] as? [String: Any]
        return (agreement?["ceremony"] as? [String: Any])?["stage"] as? String
    }

    static func warnings(_ status: [String: Any]) -> [String] {
        status["warnings"] as? [String] ?? []
    }

    static func number(_ status: [String: Any]) -> Int? {
        (status["agreement"] as? [String: Any])?["statementNumber"] as? Int
    }

    /// A page of lab.aster's node, as a browser or monitor gets it.
    func page(_ path: String) async throws -> String {
        let result = try await Command.run(
            program: "/bin/bash",
            [
                "-c",
                "exec 3<>/dev/tcp/127.0.0.1/\(metricsPort); printf 'GET \(path) HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n' >&3; cat <&3",
            ]
        )
        return result.output
    }

    /// Waits until a page, which shows how things stood at the last tick, says something.
    func waitForPage(_ path: String, until isDone: (String) -> Bool) async throws {
        while try await !isDone(page(path)) { try await Task.sleep(for: .milliseconds(200)) }
    }
}

/// The nodes that were started and not stopped.
private final class Pids: Sendable {
    private let running = Mutex<[String: Process]>([:])

    var all: [Int32] { running.withLock { $0.values.map(\.processIdentifier) } }
    var names: [String] { running.withLock { $0.keys.sorted() } }

    func add(_ process: Process, _ name: String) {
        running.withLock { $0[name] = process }
    }

    /// Tells the node to stop.
    func remove(_ name: String) -> Process? {
        let process = running.withLock { $0.removeValue(forKey: name) }
        process?.terminate()
        return process
    }
}
