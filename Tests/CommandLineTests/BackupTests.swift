import Foundation
import TestSupport
import Testing

@Suite struct BackupTests {
    private func backedUp() async throws -> Founding {
        let founding = try await Founding()
        let made = try await founding.run(["backup", "create", "--directory", "lab.aster", "--to", "backup"])
        guard made.status == 0 else { throw Founding.Failure(result: made) }
        return founding
    }

    private func verify(_ founding: Founding, _ file: String, _ more: [String] = []) async throws -> Command.Result {
        try await founding.run(["backup", "verify", file, "--passphrase-file", "passphrase"] + more)
    }

    @Test func `a backup is private, remembered by the doctor, and opens with its passphrase`() async throws {
        let founding = try await backedUp()
        let attributes = try FileManager.default.attributesOfItem(atPath: founding.directory.file("backup"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let verified = try await verify(founding, "backup")
        #expect(verified.status == 0 && verified.output.hasPrefix("GOOD: this backup opens\nparty       lab.aster\n"))
        #expect(verified.output.contains("\ncharter     \(founding.charter)\n"))
        let shown = try await founding.run([
            "party", "show", "--directory", "lab.aster", "--passphrase-file", "passphrase", "--json",
        ])
        let json = try await verify(founding, "backup", ["--json"])
        #expect(json.output.contains(shown.output.trimmingCharacters(in: .newlines)))
        let doctor = try await founding.run(["doctor", "--directory", "lab.aster"])
        #expect(doctor.output.contains("the last backup was made at "))
    }

    /// What a mistake with backups is, how it ends and what it says.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let status: Int32
        let error: String

        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let mistakes = [
        Mistake(
            arguments: ["backup", "create", "--directory", "lab.aster", "--to", "backup"],
            status: 73,
            error: "backup is there already and is never written over"
        ),
        Mistake(
            arguments: ["backup", "create", "--directory", "nowhere", "--to", "new"],
            status: 78,
            error: "there is no configuration at nowhere/node.yaml"
        ),
        Mistake(
            arguments: ["backup", "create", "--directory", "lab.aster", "--to", "no/where"],
            status: 73,
            error: "cannot create no/where: No such file or directory"
        ),
        Mistake(arguments: ["backup", "verify", "nothing"], status: 66, error: "cannot read nothing"),
        Mistake(
            arguments: ["backup", "verify", "passphrase"],
            status: 65,
            error: "passphrase is not a backup of this program"
        ),
        Mistake(
            arguments: ["backup", "verify", "short"],
            status: 65,
            error: "short does not end with its checksum: it was cut short"
        ),
        Mistake(
            arguments: ["backup", "verify", "damaged"],
            status: 65,
            error: "damaged is damaged: its checksum does not fit"
        ),
        Mistake(
            arguments: ["backup", "verify", "backup", "--passphrase-file", "wrong"],
            status: 77,
            error: "the passphrase is wrong: backup is whole, and its key of lab.aster does not open"
        ),
        Mistake(
            arguments: ["backup", "restore", "backup", "--directory", "lab.borealis"],
            status: 73,
            error: "lab.borealis is there already and is never written over"
        ),
        Mistake(
            arguments: ["backup", "restore", "backup", "--directory", "no/where"],
            status: 73,
            error: "cannot create no/where: No such file or directory"
        ),
        Mistake(
            arguments: ["backup", "restore", "damaged", "--directory", "new"],
            status: 65,
            error: "damaged is damaged: its checksum does not fit"
        ),
    ]

    /// A backup and what the mistakes need besides.
    private static let broken = Task {
        let founding = try await BackupTests().backedUp()
        let bytes = try founding.directory.content(of: "backup")
        try founding.directory.write(bytes.dropLast(), to: "short")
        var damaged = bytes
        damaged[bytes.count / 2] ^= 1
        try founding.directory.write(damaged, to: "damaged")
        try founding.directory.write("another passphrase\n".utf8, to: "wrong")
        return founding
    }

    @Test(arguments: mistakes)
    func `a mistake is told with a hint and changes nothing on disk`(mistake: Mistake) async throws {
        let founding = try await Self.broken.value
        let before = try Self.content(of: founding.directory.path)
        let result = try await founding.run(mistake.arguments)
        #expect(result.status == mistake.status)
        #expect(result.error == mistake.error)
        #expect(result.hint?.isEmpty == false && result.output.isEmpty)
        #expect(try Self.content(of: founding.directory.path) == before)
    }

    private static func content(of path: String) throws -> [String] {
        let names = FileManager.default.enumerator(atPath: path)?.allObjects.compactMap { $0 as? String } ?? []
        return names.sorted().map { name in
            let data = FileManager.default.contents(atPath: path + "/" + name) ?? Data()
            return "\(name) \(data.base64EncodedString())"
        }
    }

    @Test func `a charter with another key for the party is told`() async throws {
        let founding = try await Founding()
        let fresh = Founding.initialise("lab.aster").map { $0 == "lab.aster" ? "lab.aster" : $0 }
        try FileManager.default.moveItem(
            atPath: founding.directory.file("lab.aster"),
            toPath: founding.directory.file("old")
        )
        #expect(try await founding.run(fresh).status == 0)
        #expect(try await founding.run(["backup", "create", "--directory", "lab.aster", "--to", "backup"]).status == 0)
        let result = try await verify(founding, "backup")
        #expect(result.status == 65)
        #expect(
            result.error
                == "the charter \(founding.charter) in backup lists other keys for lab.aster than the backup's seed gives"
        )
    }

    /// The worst case: the backup is from before the party's first statement, so its high-water number knows of none.
    @Test(.timeLimit(.minutes(5)))
    func `a restored node abstains, also after a restart, until its operator acknowledges`() async throws {
        let parties = try await RunningParties()
        defer { parties.stopAll() }
        let early = try await parties.founding.run(["backup", "create", "--directory", "lab.aster", "--to", "early"])
        #expect(early.status == 0)
        try parties.startAll()
        try await parties.makeKeys()
        let signed = try #require(
            RunningParties.number(try await parties.json(["status", "--directory", "lab.aster"]))
        )
        #expect(signed > 0)
        // While the node runs.
        #expect(
            try await parties.founding.run(["backup", "create", "--directory", "lab.aster", "--to", "late"]).status == 0
        )
        #expect(try await verify(parties.founding, "late").output.contains("\nhigh water  \(signed)\n"))
        parties.stop("lab.aster")

        #expect(try await parties.founding.run(["backup", "restore", "early", "--directory", "new"]).status == 0)
        try parties.configure("lab.aster", announce: "127.0.0.1:\(parties.port(of: "lab.aster"))", in: "new")
        for _ in 1...2 {
            try parties.start("new")
            try await parties.wait("new") { RunningParties.number($0) == signed }
            let finding = try await parties.findings("new")["DOC-19"]
            #expect(finding?["severity"] as? String == "failure", "\(String(describing: finding))")
            parties.stop("new")
        }
        try parties.start("new")
        try await parties.wait("new") { RunningParties.number($0) == signed }
        #expect(try await parties.founding.run(["node", "acknowledge", "--directory", "new"]).status == 0)
        #expect(try await parties.findings("new")["DOC-19"]?["severity"] as? String == "ok")
        #expect(!FileManager.default.fileExists(atPath: parties.founding.directory.file("new/restored")))
        #expect(try await parties.findings("gov.arland")["DOC-26"]?["severity"] as? String == "ok")
    }
}
