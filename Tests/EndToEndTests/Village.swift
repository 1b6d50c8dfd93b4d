import CryptoPrimitives
import Foundation
import NodeService
import PauseAgreement
import QuorumPolicy
import SignedStatements

/// What went wrong in a village, with the last words of its nodes.
struct VillageFailure: Error, CustomStringConvertible {
    let description: String
}

/// A few parties on this machine, each with a directory, keys and a node; removed with everything in it at the end.
final class Village {
    /// How many parties of each class there are, and how many of each are needed.
    struct Size {
        let each: Int
        let needed: Int

        /// Two labs and two governments, all needed.
        static let four = Size(each: 2, needed: 2)
        /// Three of each, two of each needed.
        static let six = Size(each: 3, needed: 2)
    }

    let root: URL
    let names: [String]
    let ports: [String: Int]
    /// Where a party dials another; the other's own port unless a relay stands between them.
    var dialled: (_ from: String, _ to: String) -> String
    /// The words before the command that starts a party's node, for network namespaces.
    var launcher: (_ name: String) -> [String] = { _ in [] }
    /// Where a party listens.
    var listen: (_ name: String) -> String
    private(set) var nodes: [String: NodeProcess] = [:]

    static let passphrase = "a passphrase for tests"

    init(_ size: Size = .four) throws {
        let letters = ["a", "b", "c"].prefix(size.each)
        names = letters.map { "lab.\($0)" } + letters.map { "gov.\($0)" }
        let place = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
        root = place.appending(path: "sv-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(
            at: root,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        let free = FreePorts.choose(names.count)
        let ports = Dictionary(uniqueKeysWithValues: zip(names, free))
        self.ports = ports
        dialled = { _, to in "127.0.0.1:\(ports[to] ?? 0)" }
        listen = { name in "127.0.0.1:\(ports[name] ?? 0)" }
        do {
            try found(size)
        } catch {
            remove()
            throw error
        }
    }

    /// Ends every node and removes every file.
    func remove() {
        for node in nodes.values { node.kill() }
        try? FileManager.default.removeItem(at: root)
    }

    func home(_ name: String) -> URL { root.appending(path: name) }
    func log(_ name: String) -> URL { root.appending(path: "\(name).log") }
    func socket(_ name: String) -> String { home(name).appending(path: "socket").path() }

    private func found(_ size: Size) throws {
        try write(Self.passphrase, to: root.appending(path: "passphrase"))
        var lines: [String] = []
        for name in names {
            let directory = NodeDirectory(path: home(name).path())
            try directory.create()
            let seed = SecretBytes.random(count: 32)
            let party = try PartyName(name)
            _ = try KeyFile.create(
                at: directory.key,
                party: party,
                seed: seed,
                passphrase: SecretBytes(copying: Array(Self.passphrase.utf8)),
                cost: .interactive
            )
            let partyClass = name.hasPrefix("lab") ? "lab" : "government"
            lines.append("party \(party) \(partyClass) \(PartySecrets(seed: seed).publicKeys) \"\(party)\"")
        }
        try write(charter(lines, size), to: root.appending(path: "charter"))
    }

    private func charter(_ parties: [String], _ size: Size) -> String {
        let labs = names.filter { $0.hasPrefix("lab") }.joined(separator: " ")
        let governments = names.filter { $0.hasPrefix("gov") }.joined(separator: " ")
        let needed = size.needed == size.each ? "all" : "\(size.needed)"
        return """
            standstill-charter v1
            title "Village"
            network village
            version 1
            previous none
            expires 2099-01-01T00:00:00Z
            class lab "lab"
            class government "government"
            \(parties.joined(separator: "\n"))
            group labs \(needed) \(labs)
            group governments \(needed) \(governments)
            group both all labs governments
            rule decide both
            rule record both
            action start decide at-most 90d
            opening self
            limit fault-bound 1
            limit commit-window 2s..1d
            limit clock-tolerance 1s

            """
    }

    func write(_ text: String, to file: URL) throws {
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path())
    }

    /// Writes a party's configuration into a directory, its own or a copy of it.
    func configure(_ name: String, in directory: URL, listening address: String) throws {
        var text = """
            party: \(name)
            charter: ../charter
            listen: "\(address)"
            passphrase-file: ../passphrase
            peers:

            """
        for other in names where other != name { text += "  \(other): \"\(dialled(name, other))\"\n" }
        try write(text, to: directory.appending(path: "node.yaml"))
    }
}

// MARK: - Nodes

extension Village {
    /// Starts a party's node, in which something may go wrong later.
    func start(_ name: String, _ faults: [Fault] = []) throws {
        try configure(name, in: home(name), listening: listen(name))
        nodes[name] = try process(name, in: home(name), faults)
    }

    func startAll(but dark: [String] = []) throws {
        for name in names where !dark.contains(name) { try start(name) }
    }

    /// A node in any directory; the village does not keep it.
    func process(_ name: String, in directory: URL, _ faults: [Fault] = []) throws -> NodeProcess {
        try NodeProcess(
            ["node", "run", "--directory", directory.path()],
            launcher: launcher(name),
            directory: root,
            log: root.appending(path: "\(directory.lastPathComponent).log"),
            environment: [
                "STANDSTILL_FAULT_DIRECTORY": directory.path(),
                "STANDSTILL_FAULT": faults.map(\.description).joined(separator: ","),
                "STANDSTILL_FAULT_LOG": root.appending(path: "\(name).faults").path(),
                "STANDSTILL_FAULT_COUNTS": root.appending(path: "\(name).counts").path(),
            ]
        )
    }

    var running: [String] { names.filter { nodes[$0]?.isRunning == true } }

    /// The lines the fault injection wrote for a party: what went wrong, in order.
    func faultsCarriedOut(in name: String) -> [String] {
        let text = try? String(contentsOf: root.appending(path: "\(name).faults"), encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    /// How often each class of calls was made since the node's last start.
    func calls(of name: String) -> [Fault.Call: Int] {
        let bytes = (try? Data(contentsOf: root.appending(path: "\(name).counts"))).map { [UInt8]($0) } ?? []
        var counts: [Fault.Call: Int] = [:]
        for (index, call) in Fault.Call.allCases.enumerated() where bytes.count >= 8 * (index + 1) {
            counts[call] = bytes[8 * index..<8 * index + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        return counts
    }

    /// Ends all nodes in an orderly way; every one must say that it did.
    func stopAll() async throws {
        for name in running { nodes[name]?.terminate() }
        try await until("every node ends when it is told to") { running.isEmpty }
        for (name, node) in nodes where node.status != 0 && !node.wasKilled {
            throw failure("\(name) ended with status \(node.status)")
        }
    }

    /// Kills a node and waits until its peers have taken in everything it had sent.
    func kill(_ name: String) async throws {
        nodes[name]?.kill()
        try await until("\(name) is dead") { nodes[name]?.isRunning == false }
        try await awaitNotice(ofDeath: name)
    }

    func awaitNotice(ofDeath name: String) async throws {
        try await until("the peers notice that \(name) is gone") {
            for other in running {
                guard let status = await status(of: other) else { return false }
                if status.peers.first(where: { $0.name == name })?.isConnected == true { return false }
            }
            return true
        }
    }
}

// MARK: - Operators

extension Village {
    /// What a party's operator hears; nil when no node answers.
    @discardableResult
    func ask(_ request: OperatorRequest, _ name: String) async -> OperatorReply? {
        await ask(request, at: socket(name))
    }

    func ask(_ request: OperatorRequest, at socket: String) async -> OperatorReply? {
        do {
            for try await reply in OperatorClient.ask(request, at: socket) { return reply }
        } catch {
            return nil
        }
        return nil
    }

    func status(of name: String) async -> NodeStatus? {
        await ask(.status, name)?.status
    }

    /// Waits for something that must come true, however slow the machine.
    func until(_ what: String, _ isTrue: () async throws -> Bool) async throws {
        let start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(420) {
            if try await isTrue() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw failure("never happened: \(what)")
    }

    /// Waits until every running node's status satisfies a condition.
    func until(_ what: String, for names: [String]? = nil, _ isTrue: (NodeStatus) -> Bool) async throws {
        try await until(what) {
            for name in names ?? running {
                guard let status = await status(of: name), isTrue(status) else { return false }
            }
            return true
        }
    }

    /// An error that ends with the last words of every node.
    func failure(_ what: String) -> VillageFailure {
        var text = what
        let logs = try? FileManager.default.contentsOfDirectory(atPath: root.path()).filter { $0.hasSuffix(".log") }
        for log in (logs ?? []).sorted() {
            let lines = (try? String(contentsOf: root.appending(path: log), encoding: .utf8)) ?? ""
            text += "\n--- \(log)\n" + lines.split(separator: "\n").suffix(12).joined(separator: "\n")
        }
        return VillageFailure(description: text)
    }
}
