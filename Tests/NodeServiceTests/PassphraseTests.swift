import CryptoPrimitives
import Foundation
import SystemCalls
import TestSupport
import Testing

@testable import NodeService

@Suite struct PassphraseFileTests {
    @Test(arguments: ["correct horse", "correct horse\n", "correct horse\r\n"])
    func `one line end is left out`(content: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(content.utf8, to: "passphrase")
        #expect(try text(of: PassphraseSource.file(path).read(prompt: "")) == "correct horse")
    }

    @Test func `blanks at either end are part of the passphrase`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(" häßlich ".utf8, to: "passphrase")
        #expect(try text(of: PassphraseSource.file(path).read(prompt: "")) == " häßlich ")
    }

    @Test(arguments: ["", "\n", "\r\n"])
    func `an empty file is refused`(content: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(content.utf8, to: "passphrase")
        #expect(throws: SetupError.unusablePassphrase(source: path, detail: "is empty")) {
            try PassphraseSource.file(path).read(prompt: "").count
        }
    }

    @Test(arguments: ["one\ntwo\n", "one\n\n", "a\u{0}b", "a\tb"])
    func `line breaks and control characters are refused`(content: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(content.utf8, to: "passphrase")
        let error = setupError { _ = try PassphraseSource.file(path).read(prompt: "").count }
        guard case .unusablePassphrase(path, _) = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
    }

    @Test func `1024 bytes are a passphrase and 1025 are not`() throws {
        let directory = try TemporaryDirectory()
        let longest = String(repeating: "a", count: 1024)
        let path = try directory.write((longest + "\n").utf8, to: "passphrase")
        #expect(try text(of: PassphraseSource.file(path).read(prompt: "")) == longest)
        for tooLong in [longest + "a", longest + "a\n", longest + longest] {
            try directory.write(tooLong.utf8, to: "passphrase")
            #expect(throws: SetupError.self) { try PassphraseSource.file(path).read(prompt: "").count }
        }
    }

    @Test func `a file that others may read is refused, a credential of systemd is not`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("correct horse".utf8, to: PassphraseSource.credentialName, mode: 0o440)
        #expect(throws: SetupError.exposed(path: path, permissions: "0440", remedy: "chmod 600 \(path)")) {
            try PassphraseSource.file(path).read(prompt: "").count
        }
        #expect(try text(of: PassphraseSource.credential(path).read(prompt: "")) == "correct horse")
    }

    @Test func `a passphrase for a new key has at least 12 bytes`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("twelve bytes".utf8, to: "passphrase")
        #expect(try PassphraseSource.file(path).readNew(prompt: "").count == 12)
        try directory.write("eleven byte".utf8, to: "passphrase")
        #expect(throws: SetupError.self) { try PassphraseSource.file(path).readNew(prompt: "").count }
    }
}

@Suite struct PassphraseSourceTests {
    @Test func `a named file comes first, then a credential, then the terminal`() throws {
        let directory = try TemporaryDirectory()
        let none = directory.path
        #expect(try PassphraseSource.find(file: "/x", credentials: none, hasTerminal: true) == .file("/x"))
        #expect(try PassphraseSource.find(file: nil, credentials: none, hasTerminal: true) == .terminal)
        let path = try directory.write("x".utf8, to: PassphraseSource.credentialName)
        #expect(try PassphraseSource.find(file: nil, credentials: none, hasTerminal: true) == .credential(path))
        #expect(try PassphraseSource.find(file: nil, credentials: nil, hasTerminal: true) == .terminal)
    }

    @Test func `without any way the error lists all of them`() throws {
        let error = try #require(
            setupError { _ = try PassphraseSource.find(file: nil, credentials: nil, hasTerminal: false) }
        )
        #expect(error == .noPassphrase)
        for way in ["terminal", "--passphrase-file", "`passphrase-file`", PassphraseSource.credentialName] {
            #expect(error.description.contains(way))
        }
    }
}

@Suite struct PassphraseLineTests {
    @Test(
        arguments: [
            ("abc\r", "abc"), ("abc\n", "abc"), ("abx\u{7f}c\r", "abc"), ("abä\u{8}c\r", "abc"),
            ("\u{7f}\u{7f}abc\r", "abc"), ("xyz\u{15}abc\r", "abc"), ("ab\u{4}c\r", "abc"), ("abc\rdef", "abc"),
        ]
    )
    func `keys that take something back do so`(typed: String, expected: String) throws {
        #expect(try text(of: line(Array(typed.utf8))) == expected)
    }

    @Test(arguments: ["ab\u{3}c\r", "\u{4}", "abc", ""])
    func `giving up and a terminal that goes away are no passphrase`(typed: String) throws {
        #expect(throws: SetupError.cancelled) { try line(Array(typed.utf8)).count }
    }

    @Test(arguments: ["\r", "a\u{7f}\r", "a\tb\r", "\u{1b}[A\r"])
    func `nothing and control characters are refused`(typed: String) throws {
        guard case .unusablePassphrase? = setupError({ _ = try line(Array(typed.utf8)).count }) else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `1024 typed bytes are taken and 1025 are refused`() throws {
        let longest = [UInt8](repeating: 0x61, count: 1024)
        #expect(try line(longest + [0x0d]).count == 1024)
        #expect(throws: SetupError.self) { try line(longest + [0x61, 0x0d]).count }
    }

    private func line(_ typed: [UInt8]) throws(SetupError) -> SecretBytes {
        var rest = typed[...]
        return try PassphraseLine.typedLine { () throws(SystemError) in rest.popFirst() }
    }
}
