import CryptoPrimitives
import Foundation
import NodeService
import QuorumPolicy
import SystemCalls
import TestSupport
import Testing

@Suite struct KeyFileTests {
    @Test func `the seed comes back under the passphrase`() throws {
        let directory = try TemporaryDirectory()
        let seed = SecretBytes.random(count: 32)
        let path = directory.file("party.key")
        let made = try KeyFile.create(
            at: path,
            party: try PartyName("lab.aster"),
            seed: seed,
            passphrase: secret("correct horse"),
            cost: quick()
        )
        let read = try KeyFile.read(at: path)
        #expect(read == made)
        #expect(read.party.text == "lab.aster")
        #expect(try read.seed(passphrase: secret("correct horse")).isEqual(to: seed) == true)
    }

    @Test func `the file has mode 0600, six lines and no seed in it`() throws {
        let directory = try TemporaryDirectory()
        let seed = SecretBytes(copying: Array(1...32))
        let path = try makeKey(in: directory, seed: seed)
        #expect(try FileFacts(ofPath: path).permissions == 0o600)
        let text = String(decoding: try directory.content(of: "party.key"), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines[..<3] == ["standstill-key v1", "party lab.aster", "cost argon2id 1 8192"])
        #expect(!text.contains(Base64URL.encode(1...32)))
    }

    @Test func `a file is never written over`() throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        let before = try directory.content(of: "party.key")
        #expect(throws: SetupError.exists(path: path)) { try makeKey(in: directory) }
        #expect(try directory.content(of: "party.key") == before)
    }

    @Test func `a wrong passphrase and a changed file are told as either`() throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        let error = try #require(
            setupError { _ = try KeyFile.read(at: path).seed(passphrase: secret("wrong horse")).count }
        )
        #expect(error == .wrongPassphraseOrDamaged(path: path))
        #expect(error.description.contains("wrong, or the file was changed"))
        #expect(error.exitStatus == 77)
    }

    @Test func `a file passed off as another party's does not open`() throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        try rewrite(directory) { $0.replacing("party lab.aster", with: "party lab.cygnus") }
        #expect(throws: SetupError.wrongPassphraseOrDamaged(path: path)) {
            try KeyFile.read(at: path).seed(passphrase: secret("correct horse")).count
        }
    }

    @Test func `every changed byte is refused`() throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        let content = try directory.content(of: "party.key")
        for place in content.indices {
            var changed = content
            changed[place] ^= 1
            try directory.write(changed, to: "party.key")
            #expect(throws: SetupError.self, "byte \(place)") {
                try KeyFile.read(at: path).seed(passphrase: secret("correct horse")).count
            }
        }
    }

    @Test(
        arguments: [
            ("party lab.aster", "party Lab", 2), ("party lab.aster", "part lab.aster", 2),
            ("cost argon2id 1", "cost scrypt 1", 3), ("cost argon2id 1", "cost argon2id x", 3),
            ("salt ", "salt A", 4), ("salt ", "sald ", 4), ("nonce ", "nonce =", 5), ("seed ", "seed AAAA", 6),
            ("seed ", "\nseed ", 7),
        ]
    )
    func `a malformed line is refused with its number`(old: String, new: String, line: Int) throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        try rewrite(directory) { $0.replacing(old, with: new) }
        let error = setupError { _ = try KeyFile.read(at: path) }
        guard case .malformedKey(path, line, _) = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["cost argon2id 01 8192", "cost argon2id 1 +8192"])
    func `a second spelling of the same content is refused`(line: String) throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        try rewrite(directory) { $0.replacing("cost argon2id 1 8192", with: line) }
        #expect(throws: SetupError.self) { try KeyFile.read(at: path) }
    }

    @Test(arguments: ["17 8192", "0 8192", "1 8191", "1 1073741825", "1 9223372036854775807"])
    func `a cost out of bounds is refused before any memory is taken`(cost: String) throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        try rewrite(directory) { $0.replacing("argon2id 1 8192", with: "argon2id \(cost)") }
        #expect(throws: SetupError.costOutOfBounds(path: path)) { try KeyFile.read(at: path) }
    }

    @Test func `another version and another kind of file are refused`() throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        try rewrite(directory) { $0.replacing("standstill-key v1", with: "standstill-key v2\u{1b}[31m") }
        #expect(throws: SetupError.unknownKeyVersion(path: path, found: "standstill-key v2?[31m")) {
            try KeyFile.read(at: path)
        }
        try directory.write([], to: "party.key")
        #expect(throws: SetupError.unknownKeyVersion(path: path, found: "")) { try KeyFile.read(at: path) }
        try directory.write(Array(repeating: 0x61, count: 1025), to: "party.key")
        #expect(throws: SetupError.tooLarge(path: path, maximumBytes: 1024)) { try KeyFile.read(at: path) }
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o601, 0o644])
    func `a file that others may touch is refused with the command that closes it`(mode: Int) throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        try directory.setMode(mode, of: path)
        let error = try #require(setupError { _ = try KeyFile.read(at: path) })
        guard case .exposed(path, _, _) = error else {
            Issue.record("unexpected \(error)")
            return
        }
        #expect(error.description.hasSuffix("hint: run `chmod 600 \(path)`"))
    }

    @Test func `links, directories and missing files are refused`() throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        let link = directory.file("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(throws: SetupError.wrongKind(path: link, expected: "regular file")) { try KeyFile.read(at: link) }
        #expect(throws: SetupError.wrongKind(path: directory.path, expected: "regular file")) {
            try KeyFile.read(at: directory.path)
        }
        let none = directory.file("none")
        #expect(throws: SetupError.missing(path: none, what: "key file")) { try KeyFile.read(at: none) }
    }

    @Test(.enabled(if: CurrentProcess.user == 0, "needs the right to give a file away"))
    func `a file of another user is refused`() throws {
        let directory = try TemporaryDirectory()
        let path = try makeKey(in: directory)
        try FileManager.default.setAttributes([.ownerAccountID: 65_534], ofItemAtPath: path)
        #expect(throws: SetupError.foreign(path: path, owner: 65_534, user: 0)) { try KeyFile.read(at: path) }
    }
}

/// The cheapest cost there is; real keys take a hundred thousand times more.
private func quick() throws -> PassphraseKey.Cost {
    try #require(PassphraseKey.Cost(operations: 1, memoryBytes: 8192))
}

@discardableResult
private func makeKey(in directory: TemporaryDirectory, seed: borrowing SecretBytes) throws -> String {
    try KeyFile.create(
        at: directory.file("party.key"),
        party: try PartyName("lab.aster"),
        seed: seed,
        passphrase: secret("correct horse"),
        cost: quick()
    ).path
}

@discardableResult
private func makeKey(in directory: TemporaryDirectory) throws -> String {
    try makeKey(in: directory, seed: SecretBytes.random(count: 32))
}

private func rewrite(_ directory: TemporaryDirectory, _ change: (String) -> String) throws {
    let text = String(decoding: try directory.content(of: "party.key"), as: UTF8.self)
    try directory.write(change(text).utf8, to: "party.key")
}
