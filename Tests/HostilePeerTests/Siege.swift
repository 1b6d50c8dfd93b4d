import CryptoPrimitives
import Foundation
import HostilePeer
import Logging
import NodeService
import NodeStore
import PauseAgreement
import QuorumPolicy
import SignedStatements
import Testing

/// Four parties below one directory: one node to be attacked, run as a process, and three that make keys with it.
struct Siege {
    static let victim = "lab.a"
    static let hostile = "lab.b"
    static let honest = "gov.a"
    private static let names = [victim, hostile, honest, "gov.b"]
    static let passphrase = Array("correct horse battery staple".utf8)

    private let root: URL
    let port: Int
    private let ports: [Int]
    let charter: Charter
    private(set) var motion = ""
    private var last: Statement?

    /// With keys, the others have made them together with the victim, which knows a motion; then they are switched off.
    static func arrange(withKeys: Bool) async throws -> Siege {
        var siege = try await Siege(ports: FreePorts.take(4))
        if withKeys { try await siege.makeKeys() }
        return siege
    }

    private init(ports: [Int]) throws {
        root = URL(filePath: "/tmp/siege-\(UInt32.random(in: 0 ... .max))")
        self.ports = ports
        port = ports[0]
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: false)
        var lines = ""
        for (index, name) in Self.names.enumerated() {
            let directory = NodeDirectory(path: root.appending(path: name).path())
            try directory.create()
            let seed = SecretBytes(copying: SHA256.hash(Array("siege \(root) \(name)".utf8)).array)
            _ = try KeyFile.create(
                at: directory.key,
                party: PartyName(name),
                seed: seed,
                passphrase: SecretBytes(copying: Self.passphrase),
                cost: .interactive
            )
            let partyClass = name.hasPrefix("lab") ? "lab" : "government"
            lines += "party \(name) \(partyClass) \(PartySecrets(seed: seed).publicKeys) \"\(name)\"\n"
            try Self.configuration(index, ports, root).write(
                toFile: directory.configuration,
                atomically: false,
                encoding: .utf8
            )
        }
        charter = try Charter(Array(Self.charter(lines).utf8))
        try Data(charter.bytes).write(to: root.appending(path: "charter"))
        try Data(Self.passphrase).write(to: root.appending(path: "passphrase"))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600],
            ofItemAtPath: root.appending(path: "passphrase").path()
        )
    }

    func remove() { try? FileManager.default.removeItem(at: root) }

    func seed(of name: String) -> [UInt8] { SHA256.hash(Array("siege \(root) \(name)".utf8)).array }

    /// The attack of a party on the victim; the hostile one knows its own newest statement.
    func attack(by name: String) throws -> Attack {
        var attack = Attack(
            port: port,
            charter: charter,
            victim: try PartyName(Self.victim),
            party: try PartyName(name),
            seed: seed(of: name)
        )
        if let motion = StatementID(motion) { attack.motion = motion }
        attack.last = last?.head
        attack.lastID = last?.id
        return attack
    }

    // MARK: The victim

    /// Runs the victim's node; `shell` prepares its process.
    func startVictim(shell: String? = nil) throws -> ProgramRun {
        try ProgramRun(
            "standstill",
            [
                "node", "run", "--directory", root.appending(path: Self.victim).path(), "--passphrase-file",
                root.appending(path: "passphrase").path(),
            ],
            shell: shell
        )
    }

    func waitForVictim(_ victim: ProgramRun) async throws {
        for _ in 0..<6_000 {
            if try await status() != nil { return }
            guard victim.process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the victim does not start: \(victim.text)")
    }

    func status() async throws -> NodeStatus? { try? await ask(.status, Self.victim).status }

    private func ask(_ request: OperatorRequest, _ name: String) async throws -> OperatorReply {
        let socket = root.appending(path: name).appending(path: "socket").path()
        for try await reply in OperatorClient.ask(request, at: socket) { return reply }
        return OperatorReply(error: "no answer")
    }

    // MARK: Before the siege

    private mutating func makeKeys() async throws {
        let victim = try startVictim()
        let others = try Self.names.dropFirst().map { try start($0) }
        try await wait { !$0.agreement.party.isEmpty }
        for name in Self.names { _ = try await ask(.ratify, name) }
        try await wait { $0.agreement.ceremony.stage == "finished" }
        let wish = MotionRequest(action: "start", scope: [], texts: [], commitWithin: "12h", duration: "1d")
        motion = try #require(try await ask(.propose(wish), "gov.b").motion)
        let wanted = motion
        try await wait { $0.agreement.motions.contains { $0.id == wanted } }
        others.forEach { $0.cancel() }
        for task in others { _ = await task.result }
        await victim.stop()
        last = try newestStatement(of: Self.hostile)
    }

    private func start(_ name: String) throws -> Task<Void, any Error> {
        let directory = NodeDirectory(path: root.appending(path: name).path())
        let configuration = try NodeConfiguration.read(at: directory.configuration)
        let start = try NodeStart(configuration, passphrase: SecretBytes(copying: Self.passphrase))
        var logger = Logger(label: name)
        logger.logLevel = .error
        let program = NodeProgram(start, logger: logger)
        return Task { try await program.run() }
    }

    private func wait(until isDone: (NodeStatus) -> Bool) async throws {
        for name in Self.names {
            var isWaiting = true
            for _ in 0..<6_000 where isWaiting {
                if let status = try? await ask(.status, name).status, isDone(status) { isWaiting = false }
                try await Task.sleep(for: .milliseconds(isWaiting ? 20 : 0))
            }
            try #require(!isWaiting, "\(name) does not get as far")
        }
    }

    private func newestStatement(of name: String) throws -> Statement? {
        let party = try PartyName(name)
        let journal = try Journal(
            at: NodeDirectory(path: root.appending(path: name).path()).journal,
            owner: JournalOwner(party: party, charter: charter.id),
            key: PartySecrets(seed: SecretBytes(copying: seed(of: name))).journal,
            makesMissing: false
        )
        var newest: Statement?
        try journal.replay { row in
            guard row.entry.kind == .item,
                let item = try? Item(decoding: String(decoding: row.entry.bytes, as: UTF8.self)),
                case .statement(let statement) = item, statement.head.party == party
            else { return }
            newest = statement
        }
        return newest
    }

    private static func configuration(_ index: Int, _ ports: [Int], _ root: URL) -> String {
        var peers = ""
        for (other, port) in zip(names, ports) where other != names[index] {
            peers += "  \(other): 127.0.0.1:\(port)\n"
        }
        return """
            party: \(names[index])
            charter: \(root.appending(path: "charter").path())
            listen: 127.0.0.1:\(ports[index])
            peers:
            \(peers)
            """
    }

    private static func charter(_ parties: String) -> String {
        """
        standstill-charter v1
        title "Siege"
        network siege
        version 1
        previous none
        expires 2099-01-01T00:00:00Z
        class lab "lab"
        class government "government"
        \(parties)group labs all lab.a lab.b
        group governments all gov.a gov.b
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
}
