import Foundation
import NodeService
import PauseAgreement
import QuorumPolicy
import SignedStatements
import Testing

extension EndToEnd {
    /// Two nodes with one key, or one that was put back into an earlier state (Protocol §10.3).
    @Suite(.serialized) struct TwinTests {
        @Test(.timeLimit(.minutes(30)))
        func `a second node in one directory does not start`() async throws {
            let village = try Village()
            defer { village.remove() }
            try village.start("lab.a")
            try await village.until("the node answers") { await village.status(of: "lab.a") != nil }
            let second = try village.process("lab.a", in: village.home("lab.a"))
            try await village.until("the second node ends") { !second.isRunning }
            #expect(second.status == 75)
            // The lock of the directory says so, before anything in it is opened.
            let log = try String(contentsOf: village.log("lab.a"), encoding: .utf8)
            let first = village.nodes["lab.a"]?.identifier ?? 0
            #expect(log.contains("another node, process \(first), runs in"), "\(log)")
            #expect(await village.status(of: "lab.a") != nil)
        }

        @Test(.timeLimit(.minutes(30)))
        func `a copied directory started beside the first is told of by every peer and signs nothing`() async throws {
            let village = try Village(.six)
            defer { village.remove() }
            try village.startAll()
            try await Journey(village, proposer: "lab.a").finish()
            try await village.kill("lab.c")
            let copy = try village.copy(of: "lab.c", named: "twin")
            try village.start("lab.c")
            try await village.until("everybody is connected") { $0.peers.allSatisfy(\.isConnected) }

            let port = FreePorts.choose(1).first ?? 0
            try village.configure("lab.c", in: copy, listening: "127.0.0.1:\(port)")
            let twin = try village.process("lab.c", in: copy)
            defer { twin.kill() }
            let peers = village.names.filter { $0 != "lab.c" }
            try await village.until("every peer tells of the second node", for: peers) {
                $0.warnings.contains { $0.contains("two nodes use the key of lab.c") }
            }
            try await village.until("the first node tells its own operator", for: ["lab.c"]) { status in
                status.warnings.contains { $0.hasPrefix("two nodes use this party's key, say ") }
            }
            let socket = copy.appending(path: "socket").path()
            try await village.until("the second node abstains") {
                let status = await village.ask(.status, at: socket)?.status
                return status?.agreement.isAbstaining == true
            }
            twin.kill()
            try await village.until("the second node is dead") { !twin.isRunning }
            try await village.stopAll()
            try village.compareWithPeers("lab.c")
            try village.compareWithPeers("lab.c", in: copy)
        }

        @Test(.timeLimit(.minutes(30)))
        func `a journal put back beside its high-water file abstains before anybody says so`() async throws {
            let village = try Village()
            defer { village.remove() }
            try village.startAll()
            try await village.until("everybody has keys") {
                try await Journey(village, proposer: "lab.b").step(proposes: false)
                return await village.status(of: "lab.a")?.agreement.ceremony.stage == "finished"
            }
            try await village.kill("lab.a")
            let copy = try village.copy(of: "lab.a", named: "backup")
            try village.start("lab.a")
            try await Journey(village, proposer: "lab.b").finish()
            try await village.stopAll()
            try village.putBack(from: copy, to: "lab.a") { $0.hasPrefix("journal.sqlite") }
            try village.start("lab.a")
            try await village.until("it answers") { await village.status(of: "lab.a") != nil }
            let found = try #require(await village.status(of: "lab.a"))
            #expect(found.agreement.isAbstaining)
            #expect(found.warnings.contains { $0.contains("`high-water` said") && $0.contains("missing here") })
            #expect(
                await village.ask(.acknowledge(AcknowledgeRequest()), "lab.a")?.error?.contains("not here yet") == true
            )
            try await village.stopAll()
        }

        @Test(.timeLimit(.minutes(30)))
        func `a directory put back into an earlier state abstains until its operator has looked`() async throws {
            let village = try Village()
            defer { village.remove() }
            try village.startAll()
            let journey = Journey(village, proposer: "lab.b")
            try await village.until("everybody has keys") {
                try await journey.step(proposes: false)
                return await village.status(of: "lab.a")?.agreement.ceremony.stage == "finished"
            }
            try await village.kill("lab.a")
            let copy = try village.copy(of: "lab.a", named: "backup")
            try village.start("lab.a")
            try await journey.finish()
            let before = try #require(await village.status(of: "lab.a"))
            let signed = before.agreement.statementNumber
            try await village.stopAll()
            try village.putBack(from: copy, to: "lab.a") { _ in true }

            // Its files agree with each other, and nobody has told it yet that they are old.
            let restored = try village.held("lab.a")
            try village.start("lab.a")
            try await village.until("it answers") { await village.status(of: "lab.a") != nil }
            let refusal = await village.ask(.propose(Journey.motion()), "lab.a")?.error
            #expect(refusal?.contains("signs nothing before its peers have said what they hold of it") == true)
            #expect(try village.held("lab.a") == restored)
            for name in village.names where name != "lab.a" { try village.start(name) }
            try await village.until("the restored node abstains", for: ["lab.a"]) { $0.agreement.isAbstaining }
            // The operator may be too quick: until everything it had signed is back, the node says what is missing.
            try await village.until("the operator's acknowledgement is taken") {
                let status = await village.status(of: "lab.a")
                let answer = await village.ask(.acknowledge(AcknowledgeRequest()), "lab.a")
                guard answer?.done == nil else { return true }
                #expect(status?.agreement.isAbstaining == true)
                return false
            }
            #expect(try village.held("lab.a") >= signed)
            try await village.until("it signs again", for: ["lab.a"]) {
                !$0.agreement.isAbstaining && $0.agreement.orders.count == 1
            }
            try await village.until("nobody accuses it") { $0.agreement.equivocators.isEmpty }
            try await village.stopAll()
            try village.compareWithPeers("lab.a", keepsBallots: false)
        }
    }
}

extension Village {
    /// A copy of a party's directory beside it, while its node is dead.
    func copy(of name: String, named: String) throws -> URL {
        let copy = root.appending(path: named)
        let files = FileManager.default
        try files.createDirectory(at: copy, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        for file in try files.contentsOfDirectory(atPath: home(name).path()) where file != "socket" && file != "lock" {
            try files.copyItem(at: home(name).appending(path: file), to: copy.appending(path: file))
        }
        return copy
    }

    /// Replaces files of a party's directory by those of a copy, while its node is dead.
    func putBack(from copy: URL, to name: String, _ isMeant: (_ file: String) -> Bool) throws {
        let files = FileManager.default
        for file in try files.contentsOfDirectory(atPath: home(name).path()) where isMeant(file) {
            try files.removeItem(at: home(name).appending(path: file))
        }
        for file in try files.contentsOfDirectory(atPath: copy.path()) where isMeant(file) {
            try files.copyItem(at: copy.appending(path: file), to: home(name).appending(path: file))
        }
    }

    /// How many statements of its own a party's journal holds.
    func held(_ name: String) throws -> Int {
        try JournalCopy(of: home(name)).rows.compactMap(\.item).count { item in
            if case .statement(let statement) = item { statement.head.party.text == name } else { false }
        }
    }

    /// Everything that peers hold of a party must be in its journal, said once, in a directory of its own or a copy.
    func compareWithPeers(_ name: String, in directory: URL? = nil, keepsBallots: Bool = true) throws {
        var witness = Witness(of: try PartyName(name))
        for other in names where other != name { try witness.hear(other, in: home(other)) }
        try witness.look(in: directory ?? home(name), "at the end", keepsBallots: keepsBallots)
        if let breach = witness.verdict.first { throw failure(breach) }
    }
}
