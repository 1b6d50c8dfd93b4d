internal import Foundation
internal import NodeNetwork
internal import NodeService
internal import PauseAgreement
internal import Synchronization

/// Real nodes of this program on this machine: for each party a process, a directory, keys, and a port on loopback.
final class LocalAssembly: Sendable {
    /// All parties' directories, and the charter, lie in it.
    let directory: URL
    let parties: [String]
    let program = LocalProgram()
    private let charterFile: String
    private let nodes = Mutex(Nodes())

    private struct Nodes {
        var running: [String: Process] = [:]
        /// No node starts any more.
        var isOver = false
    }

    /// How often, and how many milliseconds apart, a node that starts is asked whether it is there.
    private static let startTries = 300
    private static let startPauseMilliseconds = 50

    /// Nothing is made yet; `charterFile` is the name of the charter's file, which whoever founds the assembly writes.
    init(in directory: URL, parties: [String], charterFile: String) {
        self.directory = directory
        self.parties = parties
        self.charterFile = charterFile
    }

    func home(_ party: String) -> URL { directory.appending(path: party) }

    func socket(_ party: String) -> String { home(party).appending(path: "socket").path() }

    func log(_ party: String) -> URL { home(party).appending(path: "node.log") }

    /// A new directory for an assembly that nobody keeps; the name is short, since a socket's path has at most 107 bytes.
    static func makeTemporaryDirectory(_ name: String) throws(CommandFailure) -> URL {
        let name = "\(name)-\(UInt32.random(in: 0 ... .max))"
        let directory = FileManager.default.temporaryDirectory.appending(path: name)
        try make(directory, remedy: "set TMPDIR to another directory")
        return directory
    }

    /// Makes a directory; `remedy` is what else one can do when that fails.
    static func make(_ directory: URL, remedy: String) throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(
                "the directory \(directory.path()) cannot be made",
                hint: "check that you may write there and that there is room, or \(remedy)",
                exitStatus: ExitStatus.cannotCreate
            )
        }
    }
}

// MARK: - Founding

extension LocalAssembly {
    /// Makes everybody's keys and configuration, and gives each party's public keys as a charter has them.
    func makeParties() async throws -> [String: String] {
        let ports = try await LocalPorts.choose(parties.count)
        let keys = try await withThrowingTaskGroup(of: (String, String).self) { group in
            for (party, port) in zip(parties, ports) {
                group.addTask { (party, try self.initialise(party, port: port)) }
            }
            return try await group.reduce(into: [String: String]()) { $0[$1.0] = $1.1 }
        }
        try writePeers(ports)
        return keys
    }

    private func initialise(_ party: String, port: Int) throws -> String {
        let passphrase = directory.appending(path: "\(party).passphrase")
        let secret = (0..<6).map { _ in String(UInt32.random(in: 0 ... .max), radix: 36) }.joined(separator: "-")
        try secret.write(to: passphrase, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: passphrase.path())
        return try program.run(
            [
                "party", "init", party, "--directory", party, "--charter", "../\(charterFile)",
                "--listen", "127.0.0.1:\(port)", "--announce", "127.0.0.1:\(port)",
                "--passphrase-file", passphrase.path(), "--cost", "interactive",
            ],
            in: directory
        )
    }

    /// Tells every node where the others are at first; later they hear of each other's address statements.
    private func writePeers(_ ports: [Int]) throws {
        for party in parties {
            let file = home(party).appending(path: "node.yaml")
            var text = try String(contentsOf: file, encoding: .utf8) + "\npeers:\n"
            for (other, port) in zip(parties, ports) where other != party { text += "  \(other): 127.0.0.1:\(port)\n" }
            text += "passphrase-file: ../\(party).passphrase\n"
            try text.write(to: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path())
        }
    }

    /// Every party signs the charter.
    func ratify() throws {
        for party in parties {
            try program.run(["charter", "ratify", "--directory", party, "--yes"], in: directory)
        }
    }
}

// MARK: - Running

extension LocalAssembly {
    /// Starts every node, and waits until each answers its operator.
    func startAll() async throws {
        for party in parties { try start(party) }
        for party in parties {
            var tries = 0
            while await !LocalSocketClient.isServed(socket(party)) {
                tries += 1
                guard isRunning(party), tries < Self.startTries else {
                    throw AssemblyFailure("\(party) does not start:\n\(lastWords(of: party))")
                }
                try await Task.sleep(for: .milliseconds(Self.startPauseMilliseconds))
            }
        }
    }

    /// Starts a party's node; does nothing once the assembly has ended.
    func start(_ party: String) throws {
        try nodes.withLock { nodes in
            guard !nodes.isOver else { return }
            nodes.running[party] = try program.startNode(in: home(party))
        }
    }

    func isRunning(_ party: String) -> Bool { nodes.withLock { $0.running[party]?.isRunning ?? false } }

    /// Tells a node to stop, as its operator would.
    func switchOff(_ party: String) { nodes.withLock { $0.running[party]?.terminate() } }

    /// Kills a node as kill -9 does, and waits until it is dead; false when it does not run.
    @discardableResult
    func kill(_ party: String) -> Bool {
        guard let process = nodes.withLock({ $0.running[party] }), process.isRunning else { return false }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return true
    }

    /// Stops every node and waits until all have stopped; none starts again.
    func end() {
        let running = nodes.withLock { nodes in
            nodes.isOver = true
            return Array(nodes.running.values)
        }
        for process in running where process.isRunning { process.terminate() }
        for process in running { process.waitUntilExit() }
    }

    /// The end of what a node has logged.
    func lastWords(of party: String) -> String {
        let text = (try? String(contentsOf: log(party), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(12).joined(separator: "\n")
    }
}

// MARK: - Operators

extension LocalAssembly {
    /// What a party's operator hears, whatever it asks.
    func ask(_ request: OperatorRequest, of party: String) -> AsyncThrowingStream<OperatorReply, any Error> {
        OperatorClient.ask(request, at: socket(party))
    }

    /// The first answer to a request; nil when no node answers.
    func answer(to request: OperatorRequest, of party: String) async -> OperatorReply? {
        do {
            for try await reply in ask(request, of: party) { return reply }
        } catch {
            return nil
        }
        return nil
    }

    func status(of party: String) async -> NodeStatus? { await answer(to: .status, of: party)?.status }

    /// Waits until a party has the group keys and everybody's word on them.
    func awaitKeys(of party: String, onChange: (NodeStatus) throws -> Void = { _ in }) async throws {
        for try await reply in ask(.watch, of: party) {
            guard let status = reply.status else { continue }
            try onChange(status)
            let ceremony = status.agreement.ceremony
            guard ceremony.stage != "aborted" else { throw AssemblyFailure(ceremony.problems.joined(separator: "\n")) }
            if ceremony.stage == "finished" { return }
        }
        throw AssemblyFailure("\(party) stopped before it had its keys:\n\(lastWords(of: party))")
    }
}
