import CryptoPrimitives
import Foundation
import Logging
import NodeStore
import PauseAgreement
import PauseEvidence
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

@testable import NodeService

@Suite("Nodes in one process, over real sockets and journals")
struct NodeProgramTests {
    @Test(.timeLimit(.minutes(5)))
    func `four nodes make keys, order a pause, restart, and still know it`() async throws {
        let village = try Village()
        defer { village.remove() }
        var running = try village.startAll()
        try await village.wait(for: Village.names) { !$0.agreement.party.isEmpty }
        for name in Village.names { try await village.ask(.ratify, name) }
        try await village.wait(for: Village.names) { $0.agreement.ceremony.stage == "finished" }
        let motion = try #require(
            try await village.ask(
                .propose(
                    MotionRequest(
                        action: "start",
                        scope: [.init(name: "training-runs", value: "above 1e26 operations")],
                        texts: [],
                        commitWithin: "5s",
                        signWithin: "5s",
                        duration: "90d"
                    )
                ),
                "lab.a"
            ).motion
        )
        try await village.wait(for: Village.names) { $0.agreement.motions.contains { $0.id == motion } }
        for name in Village.names {
            try await village.ask(.cast(BallotRequest(motion: motion, answer: "agree", condition: "")), name)
        }
        try await village.wait(for: Village.names) { $0.agreement.orders.count == 1 }

        running.forEach { $0.cancel() }
        for task in running { _ = await task.result }
        running = try village.startAll()
        try await village.wait(for: Village.names) { $0.agreement.orders.count == 1 }
        let status = try #require(try await village.ask(.status, "gov.b").status)
        #expect(status.agreement.motions.first?.phase == "published")
        #expect(status.agreement.isAbstaining == false)
        running.forEach { $0.cancel() }
        for task in running { _ = await task.result }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a node exports a proof of what its journal holds, and accuses once`() async throws {
        let village = try Village()
        defer { village.remove() }
        let forged = try village.twoStatementsWithOneNumber(of: "lab.b")
        let running = try village.startAll(["lab.a": forged])
        try await village.wait(for: ["lab.a"]) { !$0.agreement.misconduct.isEmpty }
        let status = try #require(try await village.ask(.status, "lab.a").status?.agreement)
        #expect(status.misconduct.map(\.offence) == ["two-statements-with-one-number"])
        let charter = try NodeStart.readCharter(at: village.root.appending(path: "charter").path())
        var request = EvidenceRequest(party: "lab.b", offence: "two-statements-with-one-number", isSigned: false)
        let unsigned = try await village.file(.evidence(request), "lab.a")
        let report = ProofVerification.verify(unsigned, pin: charter.id)
        #expect((report.verdict, report.guilty, report.accuser) == (.proven, "lab.b", ""))
        request.isSigned = true
        // The accusation waits until the peers have said what they know of this party.
        var signed: [UInt8] = []
        while signed.isEmpty {
            signed = try await village.file(.evidence(request), "lab.a")
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(ProofVerification.verify(signed, pin: charter.id).accuser == "lab.a")
        #expect(try await village.file(.evidence(request), "lab.a") == signed)
        try await village.wait(for: ["gov.a"]) { $0.agreement.accusations.count == 1 }
        running.forEach { $0.cancel() }
        for task in running { _ = await task.result }
        // What it knew it knows again, from its journal alone: the same proof, and the accusation it has signed.
        let again = try village.start("lab.a")
        try await village.wait(for: ["lab.a"]) { $0.agreement.misconduct == status.misconduct }
        #expect(try await village.ask(.status, "lab.a").status?.agreement.accusations.count == 1)
        #expect(try await village.file(.evidence(request), "lab.a") == signed)
        again.cancel()
        _ = await again.result
    }

    @Test func `an operator's mistakes are answered in a sentence, and change nothing`() async throws {
        let village = try Village()
        defer { village.remove() }
        let task = try village.start("lab.a")
        try await village.wait(for: ["lab.a"]) { !$0.agreement.party.isEmpty }
        let before = try #require(try await village.ask(.status, "lab.a").status?.agreement)
        let wishes: [(OperatorRequest, String)] = [
            (.propose(village.motion(action: "stop")), "use start, renew or lift"),
            (.propose(village.motion(commitWithin: "5")), "length of time"),
            (.propose(village.motion()), "still ratifying"),
            (.cast(BallotRequest(motion: "abcdef", answer: "agree", condition: "")), "no motion begins"),
            (.cast(BallotRequest(motion: "abcdef", answer: "yes", condition: "")), "use agree, decline or abstain"),
            (.cast(BallotRequest(motion: "abcdef", answer: "decline", condition: "lab.a")), "takes no condition"),
            (.cast(BallotRequest(motion: "abcdef", answer: "agree", condition: "lab.z")), "lab.z"),
            (.lodge(village.standing(action: "stop")), "use start, renew or lift"),
            (.lodge(village.standing(longest: "3 months")), "length of time"),
            (.lodge(village.standing(until: "christmas")), "is not an instant"),
            (.lodge(village.standing(condition: "lab.z")), "lab.z"),
            (.lodge(village.standing()), "still ratifying"),
            (.revoke(serial: 1), "signs nothing before its peers have said"),
            (.items(motion: "abc"), "at least 6 digits"),
            (.retryCeremony, "nothing to retry; `standstill ceremony show`"),
            (.stopCeremony(blame: "lab.z"), "not a party of the charter"),
            (.stopCeremony(blame: "Lab Z"), "no party's name"),
            (.evidence(EvidenceRequest(party: "lab.b", offence: "murder")), "there is no offence"),
            (.evidence(EvidenceRequest(party: "lab.b", offence: "two-receipts")), "this node knows no two-receipts"),
        ]
        for (wish, words) in wishes {
            let error = try await village.ask(wish, "lab.a").error ?? ""
            #expect(error.contains(words), "\(error)")
        }
        #expect(try await village.ask(.status, "lab.a").status?.agreement == before)
        task.cancel()
        _ = await task.result
    }
}

/// Four parties with directories of their own below one temporary directory.
struct Village {
    static let names = ["lab.a", "lab.b", "gov.a", "gov.b"]
    static let passphrase = Array("correct horse battery staple".utf8)

    let root: URL
    private let ports: [Int]

    init() throws {
        root = URL(filePath: "/tmp/sv-\(UInt32.random(in: 0 ... .max))")
        ports = (0..<4).map { _ in Int.random(in: 20_000..<60_000) }
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: false)
        var lines: [(name: PartyName, keys: PartyKeys)] = []
        for name in Self.names {
            let directory = NodeDirectory(path: root.appending(path: name).path())
            try directory.create()
            let seed = Self.seed(of: name, in: root)
            let party = try PartyName(name)
            _ = try KeyFile.create(
                at: directory.key,
                party: party,
                seed: seed,
                passphrase: SecretBytes(copying: Self.passphrase),
                cost: .interactive
            )
            lines.append((party, PartySecrets(seed: seed).publicKeys))
        }
        try Self.charter(lines).write(to: root.appending(path: "charter"), atomically: true, encoding: .utf8)
    }

    func remove() {
        try? FileManager.default.removeItem(at: root)
    }

    private static func charter(_ parties: [(name: PartyName, keys: PartyKeys)]) throws -> String {
        let lines = parties.map { party, keys in
            "party \(party) \(party.text.hasPrefix("lab") ? "lab" : "government") \(keys) \"\(party)\"\n"
        }
        return """
            standstill-charter v1
            title "Village"
            network village
            version 1
            previous none
            expires 2099-01-01T00:00:00Z
            class lab "lab"
            class government "government"
            \(lines.joined())group labs all lab.a lab.b
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

    func motion(action: String = "start", commitWithin: String = "5s") -> MotionRequest {
        MotionRequest(action: action, scope: [], texts: [], commitWithin: commitWithin, duration: "1d")
    }

    func standing(
        action: String = "start",
        longest: String = "1d",
        until: String = "2098-01-01T00:00:00Z",
        condition: String = ""
    ) -> StandingRequest {
        StandingRequest(
            action: action,
            scope: [],
            texts: [],
            longest: longest,
            until: until,
            answer: "agree",
            condition: condition
        )
    }

    private static func seed(of name: String, in root: URL) -> SecretBytes {
        SecretBytes(copying: SHA256.hash(Array("seed of \(name) in \(root.path())".utf8)).array)
    }

    /// What a party with two nodes, or a liar, would sign.
    func twoStatementsWithOneNumber(of name: String) throws -> [Item] {
        let charter = try NodeStart.readCharter(at: root.appending(path: "charter").path())
        let secrets = PartySecrets(seed: Self.seed(of: name, in: root))
        return try ([1_900_000_000, 1_900_000_001] as [Int64]).map { seconds in
            let head = StatementHead(
                charter: charter.id,
                party: try PartyName(name),
                number: 1,
                previous: nil,
                at: Instant(seconds: seconds) ?? .earliest
            )
            let body = StatementBody.ratification(Ratification(network: charter.network, title: charter.title))
            return .statement(try StatementDraft(head: head, body: body).signed(by: secrets.identity))
        }
    }

    /// The file that a node sends in pieces; empty if it answers with an error.
    func file(_ request: OperatorRequest, _ name: String) async throws -> [UInt8] {
        var text = ""
        let socket = root.appending(path: name).appending(path: "socket").path()
        for try await reply in OperatorClient.ask(request, at: socket) { text += reply.piece ?? "" }
        return Array(text.utf8)
    }

    func startAll(_ journals: [String: [Item]] = [:]) throws -> [Task<Void, any Error>] {
        try Self.names.map { try start($0, holding: journals[$0] ?? []) }
    }

    /// Starts a node, with items in its journal as if peers had sent them before.
    func start(
        _ name: String,
        holding items: [Item] = [],
        journalPages: Int? = nil
    ) throws -> Task<Void, any Error> {
        let directory = NodeDirectory(path: root.appending(path: name).path())
        var peers = ""
        for (other, port) in zip(Self.names, ports) where other != name { peers += "  \(other): 127.0.0.1:\(port)\n" }
        let own = zip(Self.names, ports).first { $0.0 == name }?.1 ?? 0
        let text = """
            party: \(name)
            charter: \(root.appending(path: "charter").path())
            listen: 127.0.0.1:\(own)
            peers:
            \(peers)
            """
        let configuration = try NodeConfiguration.parse(Array(text.utf8), file: directory.configuration)
        var start = try NodeStart(
            configuration,
            passphrase: SecretBytes(copying: Self.passphrase),
            journalPages: journalPages
        )
        for item in items {
            let record = Participant.Record.item(item)
            _ = try start.journal.append([JournalRecords.entry(for: record, receivedAt: .earliest)])
            try start.participant.restore(record, at: .earliest)
        }
        var logger = Logger(label: name)
        logger.logLevel = .error
        let program = NodeProgram(start, logger: logger)
        return Task { try await program.run() }
    }

    @discardableResult
    func ask(_ request: OperatorRequest, _ name: String) async throws -> OperatorReply {
        for try await reply in OperatorClient.ask(
            request,
            at: root.appending(path: name).appending(path: "socket").path()
        ) {
            return reply
        }
        return OperatorReply(error: "no answer")
    }

    /// Waits until every named node's status satisfies the condition.
    func wait(for names: [String], until isDone: (NodeStatus) -> Bool) async throws {
        for name in names {
            while true {
                if let status = try? await ask(.status, name).status, isDone(status) { break }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }
}
