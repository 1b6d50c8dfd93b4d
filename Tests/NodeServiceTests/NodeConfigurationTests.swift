import Foundation
import Logging
import NodeService
import QuorumPolicy
import SignedStatements
import SystemCalls
import TestSupport
import Testing

@Suite struct NodeConfigurationTests {
    @Test func `every key is read`() throws {
        let configuration = try parse(
            """
            # A comment with & and * and [ in it
            party: lab.aster
            charter: pilot.charter
            key: /secure/party.key
            data: state
            listen: "[::]:7500"
            announce:
              - node.aster.example:7500
              - "[2001:db8::1]:7500"
            peers:
              lab.cygnus: 10.0.0.3:7411
              gov.arland: node.gov.example:7411
            socket: /run/standstill/socket
            log-level: debug
            log-format: json
            passphrase-file: secret/passphrase
            metrics: 0.0.0.0:9464
            metrics-host: node.aster.example
            """
        )
        #expect(configuration.party.text == "lab.aster")
        #expect(configuration.charter == "/etc/standstill/pilot.charter")
        #expect(configuration.key == "/secure/party.key")
        #expect(configuration.data == "/etc/standstill/state")
        #expect(configuration.listen.description == "[::]:7500")
        #expect(configuration.announce.map(\.description) == ["node.aster.example:7500", "[2001:db8::1]:7500"])
        let peers = configuration.peers.map { "\($0.key)=\($0.value)" }
        #expect(peers == ["gov.arland=node.gov.example:7411", "lab.cygnus=10.0.0.3:7411"])
        #expect(configuration.socket == "/run/standstill/socket")
        #expect(configuration.logLevel == .debug)
        #expect(configuration.logFormat == .json)
        #expect(configuration.passphraseFile == "/etc/standstill/secret/passphrase")
        #expect(configuration.metrics?.description == "0.0.0.0:9464")
        #expect(configuration.metricsHost == "node.aster.example")
    }

    @Test(arguments: ["127.0.0.1:9464", "127.9.9.9:1", "\"[::1]:9464\""])
    func `metrics are for this machine`(address: String) throws {
        #expect(try parse("party: a\ncharter: c\nmetrics: \(address)").metrics != nil)
        #expect(try parse("party: a\ncharter: c").metrics == nil)
    }

    @Test(arguments: ["0.0.0.0:9464", "\"[::]:9464\"", "10.0.0.1:9464", "localhost:9464", "127.0.0.1.example:9464"])
    func `other machines see metrics only under a host that the operator names`(address: String) throws {
        let text = "party: a\ncharter: c\nmetrics: \(address)"
        guard case .wrongValue("metrics", _, let expected)? = problemOf(text)?.problem else {
            Issue.record("taken")
            return
        }
        #expect(expected.hasSuffix("or set `metrics-host`"))
        #expect(try parse(text + "\nmetrics-host: node.example").metrics != nil)
    }

    @Test(arguments: ["node.example:9464", "\":80\"", "\"a:b\""])
    func `a host has no port`(host: String) {
        guard
            case .wrongValue("metrics-host", _, _)? = problemOf("party: a\ncharter: c\nmetrics-host: \(host)")?.problem
        else {
            Issue.record("taken")
            return
        }
    }

    @Test func `two keys are enough and the others have defaults`() throws {
        let configuration = try parse("party: lab.aster\ncharter: c\n")
        #expect(configuration.key == "/etc/standstill/party.key")
        #expect(configuration.data == "/etc/standstill")
        #expect(configuration.listen.description == "0.0.0.0:7411")
        #expect(configuration.announce.isEmpty && configuration.peers.isEmpty)
        #expect(configuration.socket == "/etc/standstill/socket")
        #expect(configuration.logLevel == .info && configuration.logFormat == .text)
        #expect(configuration.passphraseFile == nil)
    }

    @Test func `the socket is in the data directory unless it is named`() throws {
        #expect(try parse("party: a\ncharter: c\ndata: d").socket == "/etc/standstill/d/socket")
    }

    @Test func `a word that YAML takes for something else stays a text`() throws {
        #expect(try parse("party: no\ncharter: 1.0").party.text == "no")
        #expect(try parse("party: no\ncharter: 1.0").charter == "/etc/standstill/1.0")
    }

    @Test(arguments: mistakes)
    func `a mistake is told with its line`(text: String, line: Int?, problem: ConfigurationProblem) {
        #expect(problemOf(text) == Found(line: line, problem: problem))
    }

    @Test(arguments: ["7411", "host:0", "host:65536", "host:07", "Host:1", "[::1]", "host: 1"])
    func `an address that cannot be dialled is refused with its line`(address: String) {
        let found = problemOf("party: a\ncharter: c\nlisten: \"\(address)\"")
        guard case .wrongValue("listen", address, _)? = found?.problem else {
            Issue.record("unexpected \(String(describing: found))")
            return
        }
        #expect(found?.line == 3)
    }

    @Test func `eight addresses are announced and nine are refused`() throws {
        let list = (1...9).map { "  - host:\($0)" }
        let head = "party: a\ncharter: c\nannounce:\n"
        #expect(try parse(head + list.prefix(8).joined(separator: "\n")).announce.count == 8)
        let tooMany = Found(line: 3, problem: .tooMany(key: "announce", maximum: 8))
        #expect(problemOf(head + list.joined(separator: "\n")) == tooMany)
    }

    @Test func `1024 peers are taken and 1025 are refused`() throws {
        let list = (1...1025).map { "  p\($0): host:1" }
        let head = "party: a\ncharter: c\npeers:\n"
        #expect(try parse(head + list.prefix(1024).joined(separator: "\n")).peers.count == 1024)
        let tooMany = Found(line: 3, problem: .tooMany(key: "peers", maximum: 1024))
        #expect(problemOf(head + list.joined(separator: "\n")) == tooMany)
    }

    @Test func `a socket path longer than the system takes is refused`() throws {
        let longest = "/" + String(repeating: "s", count: 106)
        #expect(try parse("party: a\ncharter: c\nsocket: \(longest)").socket == longest)
        guard case .wrongValue("socket", _, _)? = problemOf("party: a\ncharter: c\nsocket: \(longest)s")?.problem else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `a message shows no more of the file than is safe to print`() {
        let found = problemOf("party: a\ncharter: c\n\"evil\\e[31m\\u202e\(String(repeating: "x", count: 99))\": 1")
        guard case .unknownKey(let name, nil)? = found?.problem else {
            Issue.record("unexpected \(String(describing: found))")
            return
        }
        #expect(name.hasPrefix("evil?[31m?xxx") && name.count == 60)
    }

    @Test func `the first text is read back, with and without the optional parts`() throws {
        let plain = NodeConfiguration.firstText(party: try PartyName("lab.aster"), charter: "my \"odd\" \\ charter")
        let read = try parse(plain)
        #expect(read.party.text == "lab.aster")
        #expect(read.charter == "/etc/standstill/my \"odd\" \\ charter")
        #expect(read.listen.port == NodeConfiguration.defaultPort)
        let addresses = ["[2001:db8::1]:7500", "node.example.org:1"].compactMap { PeerAddress($0) }
        let full = try parse(
            NodeConfiguration.firstText(
                party: try PartyName("lab.aster"),
                charter: "c",
                listen: addresses[0],
                announce: addresses
            )
        )
        #expect(full.listen == addresses[0] && full.announce == addresses)
    }

    @Test func `every commented key of the first text is a key, and every key is there`() throws {
        let text = NodeConfiguration.firstText(party: try PartyName("lab.aster"), charter: "c")
        for key in NodeConfiguration.Key.allCases {
            #expect(text.contains("\n\(key.rawValue): ") || text.contains("\n# \(key.rawValue):"), "\(key)")
        }
        var uncommented = text
        for key in NodeConfiguration.Key.allCases {
            uncommented = uncommented.replacing("\n# \(key.rawValue):", with: "\n\(key.rawValue):")
        }
        uncommented = uncommented.replacing("\n#   ", with: "\n  ")
        #expect(try parse(uncommented).passphraseFile == "/etc/standstill/passphrase")
        #expect(try parse(uncommented).peers.count == 1)
    }

    @Test func `a file is read, and one that others may change is refused`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("node.yaml")
        try NodeConfiguration.create(at: path, text: "party: a\ncharter: c\n")
        #expect(try NodeConfiguration.read(at: path).charter == directory.file("c"))
        #expect(throws: SetupError.exists(path: path)) { try NodeConfiguration.create(at: path, text: "") }
        try directory.setMode(0o644, of: path)
        #expect(try NodeConfiguration.read(at: path).party.text == "a")
        try directory.setMode(0o664, of: path)
        #expect(throws: SetupError.changeable(path: path, permissions: "0664")) {
            try NodeConfiguration.read(at: path)
        }
        #expect(throws: SetupError.missing(path: directory.file("none"), what: "configuration")) {
            try NodeConfiguration.read(at: directory.file("none"))
        }
    }
}

@Suite struct ConfigurationBoundsTests {
    @Test func `64 KiB are read and one byte more is refused`() throws {
        let head = "party: a\ncharter: c\n#"
        let filling = String(repeating: "x", count: 65_536 - head.utf8.count)
        #expect(try parse(head + filling).party.text == "a")
        #expect(problemOf(head + filling + "x") == Found(line: nil, problem: .tooLarge(maximumBytes: 65_536)))
    }

    @Test(
        arguments: [
            "party: &a lab\ncharter: *a", "party: !!str a", "peers: {\"a\":&x b}", "%YAML 1.1\n---\nparty: a",
            "party:\ta",
            "party: a\u{85}charter: &x c", "party: a\u{2028}charter: c", "party: a\r\ncharter: c", "\u{feff}party: a",
            "party: a\u{0}b", "announce: [&x a]", "announce: [a,*x]",
        ]
    )
    func `anchors, aliases, tags, directives and hidden line breaks are refused`(text: String) {
        guard case .forbiddenCharacter? = problemOf(text)?.problem else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `an alias bomb is refused at its first line`() {
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...7 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(problemOf(bomb) == Found(line: 1, problem: .forbiddenCharacter("&")))
    }

    @Test(
        arguments: [
            String(repeating: "[", count: 5000), String(repeating: "{a: ", count: 5000),
            String(repeating: "[\n", count: 5000), String(repeating: "- ", count: 5000),
            String(repeating: "? ", count: 5000), String(repeating: " ", count: 33) + "a: b",
            (0..<1000).map { String(repeating: " ", count: $0 % 60) + "a:" }.joined(separator: "\n"),
        ]
    )
    func `deep nesting is refused before the reader sees it`(text: String) {
        #expect(problemOf(text)?.problem == .nestedTooDeep)
    }

    @Test func `what is allowed to nest does not exhaust the stack`() {
        let flow = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        let block = String(repeating: "- ", count: 15)
        let refused = ConfigurationProblem.wrongKind(key: "announce", expected: "a list of texts")
        #expect(problemOf("announce:\n \(block)\(flow)")?.problem == refused)
    }

    @Test func `bytes that are no text are refused`() {
        #expect(throws: SetupError.configuration(file: "f", line: nil, problem: .notText)) {
            try NodeConfiguration.parse([0x61, 0xff, 0x62], file: "f")
        }
        #expect(throws: SetupError.configuration(file: "f", line: nil, problem: .notText)) {
            try NodeConfiguration.parse([0xff, 0xfe, 0x61, 0x00], file: "f")
        }
    }

    @Test func `no changed byte of a good file crashes the reader`() throws {
        var random = SeededRandom(seed: 7)
        let good = Array(NodeConfiguration.firstText(party: try PartyName("lab.aster"), charter: "c").utf8)
        let marks = Array("[]{}&*!%@`'\"|>?:-,# \n\t\u{0}\u{ff}".utf8)
        for _ in 0..<3000 {
            var changed = good
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let mark = marks[Int.random(in: 0..<marks.count, using: &random)]
                changed[Int.random(in: 0..<changed.count, using: &random)] = mark
            }
            _ = try? NodeConfiguration.parse(changed, file: "f")
        }
    }
}

private let mistakes: [(String, Int?, ConfigurationProblem)] = [
    ("party: a\nchartre: c", 2, .unknownKey("chartre", suggestion: "charter")),
    ("party: a\n\n\nloglevel: info", 4, .unknownKey("loglevel", suggestion: "log-level")),
    ("party: a\ncolour: red", 2, .unknownKey("colour", suggestion: nil)),
    ("charter: c", nil, .missingKey("party")),
    ("party: a", nil, .missingKey("charter")),
    ("party: a\nparty: b", 1, .duplicateKey("party")),
    (
        "party: Lab\ncharter: c", 1,
        wrongValue("party", "Lab", "a party's name in lower-case letters, digits and - . _ /")
    ),
    ("party: [a]\ncharter: c", 1, wrongKind("party", "one value on its line")),
    ("party:\ncharter: c", 1, wrongKind("party", "one value on its line")),
    (required + "announce: x:1", 3, wrongKind("announce", "a list of addresses, one `- host:port` a line")),
    (required + "announce:\n  - [a]", 4, wrongKind("announce", "a list of texts")),
    (required + "announce: [\"h:1\", \"h:1\"]", 3, wrongValue("announce", "h:1", "listed only once")),
    (required + "peers:\n  - a", 3, wrongKind("peers", "a list of `party: host:port` lines")),
    (required + "log-format: xml", 3, wrongValue("log-format", "xml", "one of text, json")),
    ("- a\n- b", nil, .notAMapping),
    ("just text", nil, .notAMapping),
    ("", nil, .notAMapping),
]

private let required = "party: a\ncharter: c\n"

private func wrongKind(_ key: String, _ expected: String) -> ConfigurationProblem {
    .wrongKind(key: key, expected: expected)
}

private func wrongValue(_ key: String, _ value: String, _ expected: String) -> ConfigurationProblem {
    .wrongValue(key: key, value: value, expected: expected)
}

private struct Found: Equatable {
    let line: Int?
    let problem: ConfigurationProblem
}

private func parse(_ text: String) throws(SetupError) -> NodeConfiguration {
    try NodeConfiguration.parse(Array(text.utf8), file: "/etc/standstill/node.yaml")
}

private func problemOf(_ text: String) -> Found? {
    guard case .configuration("/etc/standstill/node.yaml", let line, let problem) = setupError({ _ = try parse(text) })
    else { return nil }
    return Found(line: line, problem: problem)
}
