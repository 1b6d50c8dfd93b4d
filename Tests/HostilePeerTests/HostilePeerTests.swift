import CryptoPrimitives
import Foundation
import HostilePeer
import NodeService
import PauseAgreement
import PeerProtocol
import Testing

@Suite("A node under attack by a listed party", .timeLimit(.minutes(10)))
struct HostilePeerTests {
    /// What a debug build's node may grow by while it is attacked, in KiB, and the files it may have open.
    static let memoryBound = 64 << 10
    static let fileBound = 64

    @Test func `names of misbehaviours are unique, and there are many`() {
        let names = Misbehaviour.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count >= 100)
    }

    /// STANDSTILL_MISBEHAVIOUR names a single one to try.
    @Test func `whatever a listed party does, the node lives, changes nothing, names it and serves the others`()
        async throws
    {
        let siege = try await Siege.arrange(withKeys: true)
        let victim = try siege.startVictim()
        try await siege.waitForVictim(victim)
        let hostile = try siege.attack(by: Siege.hostile)
        let honest = try siege.attack(by: Siege.honest)
        #expect(await honest.isServed())
        var before = Facts(try #require(try await siege.status()))
        let start = victim.residentKilobytes
        var most = (memory: start, files: 0)
        // What is kept as proof changes what is known, so it comes last.
        let wanted = ProcessInfo.processInfo.environment["STANDSTILL_MISBEHAVIOUR"]
        let slow = Misbehaviour.deadlines.map(\.name)
        let inTurn = Misbehaviour.all.filter { misbehaviour in
            !slow.contains(misbehaviour.name) && misbehaviour.answer != .proof
                && (wanted ?? misbehaviour.name) == misbehaviour.name
        }
        for misbehaviour in inTurn + Misbehaviour.all.filter({ $0.answer == .proof }) {
            let mark = victim.bytes.count
            let outcome = try await misbehaviour.act(hostile)
            await judge(misbehaviour, outcome, victim, after: mark)
            if case .itemRefused(let words) = misbehaviour.answer {
                await expectWarning(words, siege, misbehaviour.name)
            }
            let isServed = await honest.isServed()
            #expect(isServed, "after \(misbehaviour.name) nobody is served")
            let status = try #require(try await siege.status(), "after \(misbehaviour.name) no answer")
            let isPrintable = status.warnings.joined().utf8.allSatisfy { $0 >= 0x20 }
            #expect(isPrintable, "after \(misbehaviour.name) control characters in the status")
            if misbehaviour.answer == .proof {
                #expect(status.agreement.equivocators == [Siege.hostile])
            } else {
                let after = Facts(status)
                let isSame = after.isSame(as: before)
                #expect(isSame, "\(misbehaviour.name) changed \(after.difference(from: before))")
                before = after
            }
            most = (max(most.memory, victim.residentKilobytes), max(most.files, victim.openFiles))
        }
        print("\(inTurn.count + 1) misbehaviours: memory from \(start) to \(most.memory) KiB, \(most.files) open files")
        #expect(most.memory - start <= Self.memoryBound)
        #expect(most.files <= Self.fileBound)
        expectNoSecret(in: victim, siege)
        await victim.stop()
        siege.remove()
    }

    @Test func `whoever is slow is cut at the deadline, however many are`() async throws {
        let siege = try await Siege.arrange(withKeys: false)
        let victim = try siege.startVictim()
        try await siege.waitForVictim(victim)
        // All at once: whoever is slow keeps nobody else waiting.
        let lanes: [(party: String, names: [String], seconds: Int)] = [
            (Siege.hostile, ["frame-that-trickles"], 20), ("gov.b", ["message-that-never-ends"], 20),
            (Siege.honest, ["keys-and-no-hello", "third-message-cut-off"], 5),
            (Siege.hostile, ["connects-and-says-nothing", "one-byte-a-second"], 5),
        ]
        #expect(Set(lanes.flatMap(\.names)) == Set(Misbehaviour.deadlines.map(\.name)))
        try await withThrowingTaskGroup { group in
            for lane in lanes {
                let attack = try siege.attack(by: lane.party)
                group.addTask {
                    for name in lane.names {
                        let misbehaviour = try #require(Misbehaviour.named(name))
                        let mark = victim.bytes.count
                        let began = ContinuousClock.now
                        let outcome = try await misbehaviour.act(attack)
                        let patience = ContinuousClock.now - began
                        await judge(misbehaviour, outcome, victim, after: mark, party: lane.party)
                        print("\(name): cut after \(patience)")
                        #expect(patience > .seconds(lane.seconds) - .milliseconds(100), "\(name): cut too early")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await siege.attack(by: Siege.honest).isConnected())
        await victim.stop()
        siege.remove()
    }

    @Test func `a node that may open few files does not start, and says what to set`() async throws {
        let siege = try await Siege.arrange(withKeys: false)
        let victim = try siege.startVictim(shell: "ulimit -n 64; exec \"$@\"")
        #expect(await victim.wait(seconds: 60))
        #expect(victim.process.terminationStatus == 1)
        #expect(victim.text.contains("only 64 files may be open at once"))
        #expect(victim.text.contains("hint: set LimitNOFILE=4096 for the service"))
        siege.remove()
    }

    @Test func `the program lists what it does, and does it`() async throws {
        let list = try ProgramRun("hostile-peer", ["--list"])
        #expect(await list.wait(seconds: 30))
        #expect(list.text.split(separator: "\n").count == Misbehaviour.all.count)
    }

    // MARK: Judging

    private func judge(
        _ misbehaviour: Misbehaviour,
        _ outcome: Outcome,
        _ victim: ProgramRun,
        after mark: Int,
        party: String = Siege.hostile
    ) async {
        let name = misbehaviour.name
        switch misbehaviour.answer {
        case .silence:
            #expect(outcome.isClosed, "\(name): not cut off")
            #expect(outcome.refusal == nil && outcome.bye == nil, "\(name): got a word")
        case .refusal(let reason):
            #expect(outcome.refusal == reason.rawValue, "\(name): refusal \(String(describing: outcome.refusal))")
        case .bye(let reason, let words):
            #expect(outcome.bye?.code == reason.rawValue, "\(name): \(String(describing: outcome.bye))")
            #expect(outcome.bye?.description.contains(words) == true, "\(name): \(String(describing: outcome.bye))")
            guard reason != .unlisted else { return }
            await expectLine(with: [party, words], victim, after: mark, name)
        case .cut(let words):
            #expect(outcome.isClosed, "\(name): not cut off")
            await expectLine(with: [party, words], victim, after: mark, name)
        case .itemRefused: #expect(!outcome.isClosed, "\(name): hung up")
        case .statementRefused(let words):
            #expect(!outcome.isClosed, "\(name): hung up")
            await expectLine(with: ["an item of \(party) is refused", words], victim, after: mark, name)
        case .proof: await expectLine(with: ["proof of misconduct", party], victim, after: mark, name)
        case .twin: await expectLine(with: ["two nodes", party], victim, after: mark, name)
        case .nothing: #expect(victim.process.isRunning, "\(name)")
        }
        let added = victim.bytes.dropFirst(mark)
        #expect(added.allSatisfy { $0 >= 0x20 || $0 == 0x0a }, "\(name): control characters in the log")
    }

    /// Waits until the status names the hostile party with these words; the log has only the first of each minute.
    private func expectWarning(_ words: String, _ siege: Siege, _ name: String) async {
        var warnings: [String] = []
        for _ in 0..<1_500 {
            warnings = (try? await siege.status())??.warnings ?? []
            let isThere = warnings.contains { $0.contains("\(Siege.hostile) passed on") && $0.contains(words) }
            if isThere { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("\(name): no warning with \(words) in \(warnings)")
    }

    /// Waits for one line of the node's log that has all these words.
    private func expectLine(with words: [String], _ victim: ProgramRun, after mark: Int, _ name: String) async {
        for _ in 0..<1_500 {
            let lines = String(decoding: victim.bytes.dropFirst(mark), as: UTF8.self).split(separator: "\n")
            let isThere = lines.contains { line in words.allSatisfy { $0.isEmpty || line.contains($0) } }
            if isThere { return }
            try? await Task.sleep(for: .milliseconds(20))
        }
        let text = String(decoding: victim.bytes.dropFirst(mark).prefix(2_000), as: UTF8.self)
        Issue.record("\(name): no line with \(words) in\n\(text)")
    }

    private func expectNoSecret(in victim: ProgramRun, _ siege: Siege) {
        let text = victim.text
        for secret in [siege.seed(of: Siege.victim), Siege.passphrase] {
            for spelling in TrapTests.spellings(of: secret) { #expect(!text.contains(spelling)) }
        }
    }
}

/// What a node knows, without clocks and connections.
private struct Facts: Hashable {
    private let lines: [String]
    /// Of the hostile party; nobody else has done anything.
    private let offences: [OffenceStatus]
    private let entries: Int

    /// Nothing else is known and nothing more is stored, unless it proves something of the hostile party.
    func isSame(as other: Facts) -> Bool {
        lines == other.lines && offences.allSatisfy { $0.party == Siege.hostile }
            && (entries == other.entries || offences != other.offences)
    }

    func difference(from other: Facts) -> [String] {
        lines.filter { !other.lines.contains($0) } + ["\(entries) entries, were \(other.entries)", "\(offences)"]
    }

    init(_ status: NodeStatus) {
        let agreement = status.agreement
        var lines = ["\(agreement.isAbstaining) \(agreement.statementNumber)"]
        lines.append("\(agreement.ceremony.stage) \(agreement.ceremony.problems)")
        lines += agreement.parties.filter { $0.name != Siege.hostile }.map { "\($0)" }
        lines += agreement.motions.map { "\($0.id) \($0.phase) \($0.voters)" }
        self.lines = lines
        offences = agreement.misconduct
        entries = status.journalEntries
    }
}
