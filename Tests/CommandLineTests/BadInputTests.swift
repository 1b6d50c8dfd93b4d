import Foundation
import TestSupport
import Testing

/// Every mistake ends with its own status, one line that says what is wrong, one that says what to do, and no data.
@Suite struct BadInputTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let status: Int32
        let error: String
        let hint: String

        init(_ arguments: String..., status: Int32, error: String, hint: String) {
            self.arguments = arguments
            self.status = status
            self.error = error
            self.hint = hint
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let mistakes = [
        Mistake(
            "status",
            "--jsn",
            status: 64,
            error: "unknown option '--jsn'. Did you mean '--json'?",
            hint: "see `standstill status --help`"
        ),
        Mistake("vote", status: 64, error: "unexpected argument 'vote'", hint: "see `standstill --help`"),
        Mistake(
            "motion",
            "propose",
            "--action",
            "start",
            status: 64,
            error: "missing expected argument '--for <length>'",
            hint: "see `standstill motion propose --help`"
        ),
        Mistake(
            "party",
            "init",
            "Lab.Aster",
            "--directory",
            "new",
            status: 64,
            error: #""Lab.Aster" cannot be a party's name"#,
            hint: "use 1 to 64 characters of a-z, 0-9 and - . _ /, such as lab.aster"
        ),
        Mistake(
            "party",
            "init",
            "lab.new",
            "--directory",
            "new",
            "--listen",
            "Example.org",
            status: 64,
            error: #""Example.org" is not an address"#,
            hint: "write a host and a port in lower case, such as node.example.org:7411 or [2001:db8::1]:7411"
        ),
        Mistake(
            "party",
            "init",
            "lab.aster",
            "--directory",
            "lab.aster",
            "--passphrase-file",
            "passphrase",
            status: 73,
            error: "lab.aster/party.key is there already and is never written over",
            hint: "choose another path, or move it to a safe place yourself"
        ),
        Mistake(
            "party",
            "init",
            "lab.new",
            "--directory",
            "parties",
            status: 73,
            error: "parties is there already and is never written over",
            hint: "choose another path, or move it to a safe place yourself"
        ),
        Mistake(
            "party",
            "init",
            "lab.new",
            "--directory",
            "parties/lab.new",
            status: 73,
            error: "cannot create parties/lab.new: Not a directory",
            hint: "check that the directory above it is there and that you may write to it, or choose another path"
        ),
        Mistake(
            "party",
            "init",
            "lab.new",
            "--directory",
            "new",
            "--passphrase-file",
            "none.pass",
            status: 77,
            error: "there is no passphrase file at none.pass",
            hint: "check the path, or write the passphrase into a file of mode 0600 there"
        ),
        Mistake(
            "status",
            "--directory",
            "changeable",
            status: 78,
            error: "changeable/node.yaml has mode 0666, so other users may change it",
            hint: "run `chmod go-w changeable/node.yaml`"
        ),
        Mistake(
            "demo",
            "--keep",
            "/proc/nowhere/demo",
            status: 73,
            error: "the directory /proc/nowhere/demo cannot be made",
            hint: "check that you may write there and that there is room, or name another directory with --keep"
        ),
        Mistake(
            "motion",
            "propose",
            "--directory",
            "lab.aster",
            "--action",
            "pause",
            "--for",
            "90d",
            status: 64,
            error: #"--action cannot be "pause""#,
            hint: "it must be start, renew or lift"
        ),
        Mistake(
            "motion",
            "propose",
            "--directory",
            "lab.aster",
            "--action",
            "start",
            "--for",
            "90",
            status: 64,
            error: #"--for cannot be "90""#,
            hint: "it must be a whole number of the largest unit that fits, such as 90d, 12h, 30m or 45s"
        ),
        Mistake(
            "motion",
            "propose",
            "--directory",
            "lab.aster",
            "--action",
            "start",
            "--for",
            "90d",
            status: 64,
            error: "the motion does not say what it is about: it has neither scope nor text",
            hint: #"add --scope name=value, such as --scope "training-runs=above 1e26 operations", or --text-file"#
        ),
        Mistake(
            "ballot",
            "cast",
            "0123456789",
            "maybe",
            "--directory",
            "lab.aster",
            status: 64,
            error: #"there is no answer "maybe""#,
            hint: "use agree, decline or abstain"
        ),
        Mistake(
            "ballot",
            "cast",
            "0123456789",
            "decline",
            "--if",
            "2 of lab",
            "--directory",
            "lab.aster",
            status: 64,
            error: #""decline" takes no condition"#,
            hint: "leave --if out; only agree takes one"
        ),
        Mistake(
            "ballot",
            "lodge",
            "agree",
            "--action",
            "start",
            "--at-most",
            "90d",
            "--until",
            "2027-12-01T00:00:00Z",
            "--directory",
            "lab.aster",
            status: 64,
            error: "the standing ballot does not say what it is about: it has neither scope nor text",
            hint: #"add --scope name=value, such as --scope "training-runs=above 1e26 operations", or --text-file"#
        ),
        Mistake(
            "ballot",
            "lodge",
            "agree",
            "--action",
            "start",
            "--at-most",
            "90d",
            "--until",
            "christmas",
            "--scope",
            "a=b",
            "--directory",
            "lab.aster",
            status: 64,
            error: #"--until cannot be "christmas""#,
            hint: "it must be an instant such as 2027-12-01T00:00:00Z"
        ),
        Mistake(
            "ballot",
            "lodge",
            "agree",
            "--action",
            "start",
            "--at-most",
            "3 months",
            "--until",
            "2027-12-01T00:00:00Z",
            "--scope",
            "a=b",
            "--directory",
            "lab.aster",
            status: 64,
            error: #"--at-most cannot be "3 months""#,
            hint: "it must be a whole number of the largest unit that fits, such as 90d, 12h, 30m or 45s"
        ),
        Mistake(
            "ballot",
            "lodge",
            "agree",
            "--action",
            "stop",
            "--at-most",
            "90d",
            "--until",
            "2027-12-01T00:00:00Z",
            "--scope",
            "a=b",
            "--directory",
            "lab.aster",
            status: 64,
            error: #"--action cannot be "stop""#,
            hint: "it must be start, renew or lift"
        ),
        Mistake(
            "ballot",
            "revoke",
            "1",
            "--directory",
            "lab.aster",
            status: 69,
            error: "no node answers at lab.aster/socket",
            hint: "start it with `standstill node run --directory lab.aster`, or name another --directory"
        ),
        Mistake(
            "party",
            "show",
            "--directory",
            "lab.aster",
            status: 77,
            error: "there is no passphrase for the key",
            hint: "run in a terminal, set `passphrase-file` or --passphrase-file, or give the service a systemd "
                + "credential named standstill-passphrase"
        ),
        Mistake(
            "party",
            "show",
            "--directory",
            "lab.aster",
            "--passphrase-file",
            "wrong",
            status: 77,
            error: "the passphrase does not open lab.aster/party.key: it is wrong, or the file was changed, which "
                + "cannot be told apart",
            hint: "try the passphrase again, then the backup of the file"
        ),
        Mistake(
            "party",
            "show",
            "--directory",
            "lab.aster",
            "--passphrase-file",
            "open",
            status: 78,
            error: "open has mode 0644, so other users may read it",
            hint: "run `chmod 600 open`"
        ),
        Mistake(
            "status",
            "--directory",
            "nowhere",
            status: 78,
            error: "there is no configuration at nowhere/node.yaml",
            hint: "check the path, or make one with `standstill party init`"
        ),
        Mistake(
            "status",
            "--directory",
            "lab.aster",
            status: 69,
            error: "no node answers at lab.aster/socket",
            hint: "start it with `standstill node run --directory lab.aster`, or name another --directory"
        ),
        Mistake(
            "ballot",
            "cast",
            "0123456789",
            "agree",
            "--directory",
            "lab.aster",
            status: 69,
            error: "no node answers at lab.aster/socket",
            hint: "start it with `standstill node run --directory lab.aster`, or name another --directory"
        ),
        Mistake(
            "node",
            "run",
            "--directory",
            "misspelt",
            status: 78,
            error: "misspelt/node.yaml, line 1: unknown key `prty`",
            hint: "did you mean `party`?"
        ),
        Mistake(
            "node",
            "run",
            "--directory",
            "incomplete",
            status: 78,
            error: "incomplete/node.yaml: the key `charter` is missing",
            hint: "add a line `charter: ...`"
        ),
        Mistake(
            "node",
            "run",
            "--directory",
            "stranger",
            "--passphrase-file",
            "passphrase",
            status: 78,
            error: "the charter names no party lab.astr",
            hint: "did you mean lab.aster? the configuration's `party` must be spelled as in the charter"
        ),
        Mistake(
            "node",
            "run",
            "--directory",
            "exposed",
            "--passphrase-file",
            "passphrase",
            status: 78,
            error: "exposed has mode 0755, so other users may read it",
            hint: "run `chmod 700 exposed`"
        ),
        Mistake(
            "charter",
            "ratify",
            "--directory",
            "lab.aster",
            status: 64,
            error: "ratifying asks for the first 8 digits of the charter's id, and there is no terminal to ask at",
            hint: "read `standstill charter show`, then ratify at a terminal or with --yes"
        ),
        Mistake(
            "charter",
            "show",
            "nothing",
            status: 66,
            error: "cannot read nothing",
            hint: "check the path and the file's permissions"
        ),
        Mistake(
            "order",
            "verify",
            "pilot.charter",
            "--pin-charter",
            "abc",
            status: 64,
            error: #"--pin-charter "abc" is not a charter's id"#,
            hint: "it has 64 digits out of 0-9 and a-f; `standstill charter show` prints it"
        ),
        Mistake(
            "order",
            "verify",
            "pilot.charter",
            "--pin-key",
            "abc",
            status: 64,
            error: #""abc" is neither a key nor a file"#,
            hint: "give --pin-key 43 characters of base64url, or a PEM file, from a source you trust"
        ),
        Mistake(
            "motion",
            "propose",
            "--directory",
            "lab.aster",
            "--action",
            "start",
            "--for",
            "90d",
            "--scope",
            "\u{1b}[31mred\u{202e}",
            status: 64,
            error: #"--scope "?[31mred?" has no name or no value"#,
            hint: "write --scope name=value"
        ),
    ]

    /// A founding with what the mistakes need besides.
    private static let founding = Task {
        let founding = try await Founding()
        let directory = founding.directory
        try directory.write("another passphrase\n".utf8, to: "wrong")
        try directory.write("a passphrase for tests\n".utf8, to: "open", mode: 0o644)
        try configure("misspelt", "prty: lab.aster\ncharter: ../pilot.charter\n", in: directory)
        try configure("incomplete", "party: lab.aster\n", in: directory)
        try configure("stranger", "party: lab.astr\ncharter: ../pilot.charter\n", in: directory)
        let own = "party: lab.aster\ncharter: ../pilot.charter\nkey: ../lab.aster/party.key\n"
        try configure("exposed", own, in: directory)
        try directory.setMode(0o755, of: directory.file("exposed"))
        try configure("changeable", own, in: directory)
        try directory.setMode(0o666, of: directory.file("changeable/node.yaml"))
        return founding
    }

    private static func configure(_ name: String, _ text: String, in directory: TemporaryDirectory) throws {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try FileManager.default.createDirectory(
            atPath: directory.file(name),
            withIntermediateDirectories: false,
            attributes: attributes
        )
        try directory.write(text.utf8, to: "\(name)/node.yaml")
    }

    @Test(arguments: mistakes)
    func `a mistake is told in two lines`(mistake: Mistake) async throws {
        let result = try await Self.founding.value.run(mistake.arguments)
        #expect(result.status == mistake.status)
        #expect(result.error == mistake.error)
        #expect(result.hint == mistake.hint)
        #expect(result.output.isEmpty)
        #expect(result.error?.first?.isUppercase != true)
    }
}
