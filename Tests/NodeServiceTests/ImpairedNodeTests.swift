import CryptoPrimitives
import Foundation
import NodeStore
import PauseAgreement
import QuorumPolicy
import SignedStatements
import Testing

@testable import NodeService

@Suite("Nodes whose disk or journal fails, over real sockets and journals")
struct ImpairedNodeTests {
    @Test(.timeLimit(.minutes(2)))
    func `a node whose disk is full signs nothing, refuses wishes, and serves what it has`() async throws {
        let village = try Village()
        defer { village.remove() }
        var running = try await village.withKeys()
        // Not one page more: the journal takes what fits into the last one and then fails.
        await running.stop("lab.a")
        try running.add("lab.a", village.start("lab.a", journalPages: 1))
        let motion = try await village.propose(by: "lab.b")
        for name in ["lab.b", "gov.a", "gov.b"] { try await village.cast(on: motion, name) }
        try await village.wait(for: ["lab.a"]) { $0.warnings.first?.hasPrefix("the journal takes nothing in") == true }
        let status = try #require(try await village.ask(.status, "lab.a").status)
        let sentence = try #require(status.warnings.first)
        #expect(sentence.contains("is full") && sentence.contains("hint: "))
        for wish in [
            .ratify, .acknowledge(AcknowledgeRequest()), .propose(village.motion()),
            .cast(BallotRequest(motion: motion, answer: "agree", condition: "")),
        ] as [OperatorRequest] {
            #expect(try await village.ask(wish, "lab.a").error == sentence)
        }
        #expect(
            try await village.ask(.status, "lab.a").status?.agreement.statementNumber
                == status.agreement.statementNumber
        )
        // What it shows is what is on its disk, and a peer that has nothing gets all of it.
        await running.stopAll()
        let own = try village.items(of: "lab.a")
        let before = try village.items(of: "lab.b")
        try running.add("lab.a", village.start("lab.a", journalPages: 1))
        try await village.fetchAnew("gov.b", own, &running)
        await running.stopAll()
        // No peer has a statement of this party that its own disk does not remember.
        let revealed = try before.filter { try Self.author(of: $0) == "lab.a" }
        #expect(!revealed.isEmpty && Set(revealed).isSubset(of: Set(own)))
    }

    @Test(.timeLimit(.minutes(2)))
    func `a node with a damaged journal starts, tells why, and serves what comes before the damage`() async throws {
        let village = try Village()
        defer { village.remove() }
        var running = try await village.withKeys()
        await running.stopAll()
        let path = village.directory("lab.a").journal
        let whole = try village.items(of: "lab.a")
        var content = [UInt8](try Data(contentsOf: URL(filePath: path)))
        // One bit in the text of the sixth item; SQLite finds nothing wrong with its page.
        let place = try #require(content.firstRange(of: Array(whole[5].utf8))).lowerBound + 40
        content[place] ^= 1
        try Data(content).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try running.add("lab.a", village.start("lab.a"))
        try await village.wait(for: ["lab.a"]) { !$0.agreement.party.isEmpty }
        let status = try #require(try await village.ask(.status, "lab.a").status)
        let sentence = try #require(status.warnings.first)
        #expect(sentence.hasPrefix("the journal takes nothing in") && sentence.contains("is damaged"))
        #expect(status.journalEntries > 0 && status.journalEntries < whole.count)
        #expect(status.agreement.ceremony.stage != "finished")
        #expect(try await village.ask(.ratify, "lab.a").error == sentence)
        try await village.fetchAnew("gov.b", Array(whole.prefix(5)), &running)
        await running.stopAll()
    }

    @Test(.timeLimit(.minutes(2)))
    func `a party whose statements nobody has goes on above them once its operator has written them off`() async throws
    {
        let village = try Village()
        defer { village.remove() }
        var running = try await village.withKeys()
        await running.stop("lab.a")
        let charter = try NodeStart.readCharter(at: village.root.appending(path: "charter").path())
        let owner = JournalOwner(party: try PartyName("lab.a"), charter: charter.id)
        let signed = try #require(try HighWater.stored(at: village.directory("lab.a").highWater, owner: owner)) + 2
        // As after the loss of a disk that held two statements that were never sent.
        try HighWater.restore(signed, owner: owner, at: village.directory("lab.a").highWater)
        func askedEverybody(but excused: [String] = []) async throws -> String {
            while true {
                let request = AcknowledgeRequest(withoutAsking: excused)
                let error = try #require(try await village.ask(.acknowledge(request), "lab.a").error)
                guard error.contains("have not been connected since this node started") else { return error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        await running.stop("gov.b")
        for _ in 1...2 {
            try running.add("lab.a", village.start("lab.a"))
            try await village.wait(for: ["lab.a"]) { status in
                status.agreement.isAbstaining && status.peers.filter(\.isConnected).count == 2
            }
            let early = try await village.ask(.acknowledge(AcknowledgeRequest(writingOff: 2)), "lab.a").error
            #expect(early?.contains("gov.b have not been connected since this node started") == true)
            #expect(try await askedEverybody(but: ["gov.b"]).contains("with --write-off 2"))
            await running.stop("lab.a")
        }
        try running.add("gov.b", village.start("gov.b"))
        for _ in 1...2 {
            try running.add("lab.a", village.start("lab.a"))
            try await village.wait(for: ["lab.a"]) { $0.agreement.isAbstaining }
            #expect(try await askedEverybody().contains("2 statements"))
            for (count, answer) in [(1, "not 1"), (3, "not 3")] as [(Int?, String)] {
                let reply = try await village.ask(.acknowledge(AcknowledgeRequest(writingOff: count)), "lab.a")
                let error = try #require(reply.error)
                #expect(error.contains(answer), "\(error)")
            }
            await running.stop("lab.a")
        }
        try running.add("lab.a", village.start("lab.a"))
        try await village.wait(for: ["lab.a"]) { $0.agreement.isAbstaining }
        #expect(try await askedEverybody().contains("2 statements"))
        let reply = try await village.ask(.acknowledge(AcknowledgeRequest(writingOff: 2)), "lab.a")
        #expect(reply.done == "acknowledged: this party goes on with statement \(signed + 1)")
        let again = try await village.ask(.acknowledge(AcknowledgeRequest(writingOff: 2)), "lab.a")
        #expect(again.error?.hasPrefix("no statement that this party has signed is missing") == true)
        // Its mark says so after a restart, and its peers take what it says.
        await running.stop("lab.a")
        try running.add("lab.a", village.start("lab.a"))
        try await village.wait(for: ["lab.a"]) { !$0.agreement.isAbstaining && $0.agreement.asking.isEmpty }
        let motion = try await village.propose(by: "lab.a")
        try await village.wait(for: ["lab.b", "gov.b"]) { $0.agreement.motions.contains { $0.id == motion } }
        #expect(try await village.ask(.status, "lab.a").status?.agreement.statementNumber == signed + 1)
        #expect(try await village.ask(.status, "gov.b").status?.agreement.equivocators.isEmpty == true)
        await running.stopAll()
    }

    private static func author(of text: String) throws -> String {
        if case .statement(let statement) = try Item(decoding: text) { statement.head.party.text } else { "" }
    }
}

/// The nodes of a village that run.
struct RunningNodes {
    private var tasks: [(name: String, task: Task<Void, any Error>)] = []

    mutating func add(_ name: String, _ task: Task<Void, any Error>) {
        tasks.append((name, task))
    }

    mutating func stop(_ name: String) async {
        for (_, task) in tasks.filter({ $0.name == name }) {
            task.cancel()
            _ = await task.result
        }
        tasks.removeAll { $0.name == name }
    }

    mutating func stopAll() async {
        for name in tasks.map(\.name) { await stop(name) }
    }
}

extension Village {
    func directory(_ name: String) -> NodeDirectory {
        NodeDirectory(path: root.appending(path: name).path())
    }

    /// All four nodes, running, with their keys made.
    func withKeys() async throws -> RunningNodes {
        var running = RunningNodes()
        for name in Self.names { running.add(name, try start(name)) }
        try await wait(for: Self.names) { !$0.agreement.party.isEmpty }
        for name in Self.names { try await ask(.ratify, name) }
        try await wait(for: Self.names) { $0.agreement.ceremony.stage == "finished" }
        return running
    }

    /// Runs a node that has lost its journal until it holds items that only its peers can give it.
    func fetchAnew(_ name: String, _ items: [String], _ running: inout RunningNodes) async throws {
        try FileManager.default.removeItem(atPath: directory(name).journal)
        repeat {
            try running.add(name, start(name))
            try await wait(for: [name]) { $0.journalEntries > 0 }
            try await Task.sleep(for: .milliseconds(200))
            await running.stop(name)
        } while try !Set(self.items(of: name)).isSuperset(of: items)
    }

    func propose(by name: String) async throws -> String {
        let request = MotionRequest(
            action: "start",
            scope: [.init(name: "training-runs", value: "above 1e26 operations")],
            texts: [],
            commitWithin: "20s",
            signWithin: "5s",
            duration: "90d"
        )
        return try #require(try await ask(.propose(request), name).motion)
    }

    func cast(on motion: String, _ name: String) async throws {
        try await wait(for: [name]) { $0.agreement.motions.contains { $0.id == motion } }
        try await ask(.cast(BallotRequest(motion: motion, answer: "agree", condition: "")), name)
    }

    /// The items on a stopped node's disk, in order.
    func items(of name: String) throws -> [String] {
        let directory = directory(name)
        let file = try KeyFile.read(at: directory.key)
        let seed = try file.seed(passphrase: SecretBytes(copying: Self.passphrase))
        let charter = try NodeStart.readCharter(at: root.appending(path: "charter").path())
        let journal = try Journal(
            at: directory.journal,
            owner: JournalOwner(party: file.party, charter: charter.id),
            key: PartySecrets(seed: seed).journal,
            makesMissing: false
        )
        var items: [String] = []
        try journal.replay { row in
            if row.entry.kind == .item { items.append(String(decoding: row.entry.bytes, as: UTF8.self)) }
        }
        return items
    }
}
