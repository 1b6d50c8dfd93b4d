import CryptoPrimitives
import Foundation
import NodeStore
import PauseAgreement
import QuorumPolicy
import SignedStatements
import SystemCalls
import TestSupport
import Testing

@testable import NodeService

@Suite struct BackupTests {
    private static let made = Instant(seconds: 1_800_000_000) ?? .earliest

    private func backup(of founder: Founder) throws -> Backup {
        try Backup(of: founder.directory, at: Self.made)
    }

    private func backupError(_ body: () throws -> Void) -> BackupError? {
        do {
            try body()
            return nil
        } catch {
            return error as? BackupError
        }
    }

    /// The bytes with another checksum that fits, as somebody who changes a backup on purpose would leave them.
    private func resealed(_ bytes: [UInt8]) -> [UInt8] {
        let body = Array(bytes.dropLast(72))
        return body + Array("sha256 \(SHA256.hash(body))\n".utf8)
    }

    private func changed(_ backup: Backup, _ old: String, _ new: String) -> [UInt8] {
        resealed(Array(String(decoding: backup.bytes, as: UTF8.self).replacing(old, with: new).utf8))
    }

    @Test func `a backup reads back as it was made, and its seed gives the charter's keys`() throws {
        let founder = try Founder()
        let owner = JournalOwner(party: try PartyName("lab.a"), charter: founder.charter.id)
        try HighWater.restore(42, owner: owner, at: founder.directory.highWater)
        let made = try backup(of: founder)
        let read = try Backup(made.bytes, path: "b")
        #expect(read.party.text == "lab.a" && read.made == Self.made && read.highWater == 42)
        #expect(read.charter == founder.charter && read.digest == made.digest)
        let member = try #require(founder.charter.party(read.party))
        #expect(try read.verify(passphrase: secret(Founder.passphrase), path: "b").belong(to: member))
    }

    @Test func `there is no journal in a backup, and the seed only under the passphrase`() throws {
        let founder = try Founder()
        try founder.root.write("SQLite format 3 and votes".utf8, to: "lab.a/journal.sqlite")
        let text = String(decoding: try backup(of: founder).bytes, as: UTF8.self)
        #expect(!text.contains("SQLite") && text.contains("\nseed "))
        #expect(text.hasPrefix("standstill-backup v1\n# This is a backup of one party of Standstill"))
    }

    @Test func `a party is backed up before there is a charter, too`() throws {
        let founder = try Founder()
        try FileManager.default.removeItem(atPath: founder.directory.charter)
        let made = try backup(of: founder)
        #expect(made.charter == nil && made.highWater == 0)
        let read = try Backup(made.bytes, path: "b")
        _ = try read.verify(passphrase: secret(Founder.passphrase), path: "b")
        let target = NodeDirectory(path: founder.root.file("new"))
        try read.restore(to: target)
        #expect(RestorationMark.stands(in: target))
        #expect(!FileManager.default.fileExists(atPath: target.highWater))
    }

    @Test func `every changed byte is damage, and every shorter file is cut short`() throws {
        let bytes = try backup(of: Founder()).bytes
        let magic = "standstill-backup v1\n".utf8.count
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            let error = backupError { _ = try Backup(changed, path: "b") }
            let isEnd = place >= bytes.count - 72 && place < bytes.count - 65 || place == bytes.count - 1
            let expected: BackupError =
                place < magic ? .notABackup(path: "b") : isEnd ? .cutShort(path: "b") : .damaged(path: "b")
            #expect(error == expected, "byte \(place)")
        }
        for count in bytes.indices {
            let error = backupError { _ = try Backup(Array(bytes.prefix(count)), path: "b") }
            #expect(error == .cutShort(path: "b"), "\(count) bytes")
        }
        #expect(backupError { _ = try Backup(bytes + [10], path: "b") } == .cutShort(path: "b"))
        let tooLong = bytes + Array(repeating: 10, count: Backup.maximumBytes - bytes.count + 1)
        #expect(backupError { _ = try Backup(tooLong, path: "b") } == .notABackup(path: "b"))
    }

    @Test func `a wrong passphrase is told from damage`() throws {
        let made = try backup(of: Founder())
        let error = backupError { _ = try made.verify(passphrase: secret("wrong horse battery"), path: "b") }
        #expect(error == .wrongPassphrase(path: "b", try PartyName("lab.a")))
        #expect(error?.exitStatus == 77)
    }

    @Test func `a charter with other keys for the party is told, and one without the party`() throws {
        let founder = try Founder()
        let other = try Founder.charter(of: SecretBytes.random(count: 32))
        try founder.root.write(other.bytes, to: "lab.a/charter")
        let made = try backup(of: founder)
        let error = backupError { _ = try made.verify(passphrase: secret(Founder.passphrase), path: "b") }
        #expect(error == .otherKeys(path: "b", try PartyName("lab.a"), other.id))
        let renamed = changed(made, "party lab.a", "party lab.x")
        guard case .inconsistent? = backupError({ _ = try Backup(renamed, path: "b") }) else {
            Issue.record("a charter without the party is taken")
            return
        }
    }

    @Test(arguments: [
        ("high-water 0\n", "high-water 00\n"), ("high-water 0\n", "high-water -1\n"), ("high-water 0\n", "\n"),
        ("\nparty lab.a\ncharter ", "\nparty lab.b\ncharter "), ("made 2027", "made 2028 "), ("charter ", "chapter "),
        ("part party.key ", "part party.key 1"), ("part node.yaml", "part node.yml"), ("# This is", "# That is"),
        ("standstill-key v1", "standstill-key v2"), ("listen: ", "listn: "),
        ("title \"Founders\"", "title \"Foundrs\""),
    ])
    func `a changed backup with a checksum that fits is refused`(old: String, new: String) throws {
        let bytes = changed(try backup(of: Founder()), old, new)
        guard case .inconsistent(path: "b", _)? = backupError({ _ = try Backup(bytes, path: "b") }) else {
            Issue.record("\(old) as \(new) is taken")
            return
        }
    }

    @Test func `a restored directory is private, has no journal, and its node abstains until it is acknowledged`()
        throws
    {
        let founder = try Founder(configuration: "announce:\n  - node.example:7411\npeers:\n  gov.a: 10.0.0.1:7411\n")
        let made = try backup(of: founder)
        let target = NodeDirectory(path: founder.root.file("new"))
        try made.restore(to: target)
        #expect(try FileFacts(ofPath: target.path).permissions == 0o700)
        let names = try FileManager.default.contentsOfDirectory(atPath: target.path).sorted()
        #expect(names == ["charter", "high-water", "node.yaml", "party.key", "restored"])
        for name in names { #expect(try FileFacts(ofPath: target.path + "/" + name).permissions == 0o600, "\(name)") }
        let configuration = try NodeConfiguration.read(at: target.configuration)
        #expect(configuration.announce == (try founder.configuration.announce))
        #expect(configuration.peers == (try founder.configuration.peers))
        // High water is 0, as in a backup from before the first statement: the mark alone makes the node abstain.
        for _ in 1...2 {
            let start = try founder.start(target)
            #expect(start.participant.agreement.isAbstaining)
        }
        try RestorationMark.remove(from: target)
        let start = try founder.start(target)
        #expect(!start.participant.agreement.isAbstaining)
    }

    @Test func `nothing is restored over anything, and a refusal changes nothing`() throws {
        let founder = try Founder()
        let made = try backup(of: founder)
        let before = try Founder.content(of: founder.root.path)
        do {
            try made.restore(to: founder.directory)
            Issue.record("restored over a directory")
        } catch {
            #expect(error.description.contains("is there already and is never written over"))
        }
        #expect(throws: NodeFailure.self) { try made.restore(to: NodeDirectory(path: founder.root.file("no/where"))) }
        #expect(try Founder.content(of: founder.root.path) == before)
    }

    @Test func `the record of a backup is read back, and a changed one counts as none`() throws {
        let founder = try Founder()
        let record = BackupRecord(of: try backup(of: founder))
        #expect(BackupRecord.read(from: founder.directory) == nil)
        try record.write(to: founder.directory)
        #expect(BackupRecord.read(from: founder.directory) == record)
        let text = String(decoding: try founder.root.content(of: "lab.a/last-backup"), as: UTF8.self)
        for bad in [text + "x", text.replacing("made ", with: "mad "), String(text.dropLast(20)), ""] {
            try founder.root.write(bad.utf8, to: "lab.a/last-backup")
            #expect(BackupRecord.read(from: founder.directory) == nil)
        }
    }
}
