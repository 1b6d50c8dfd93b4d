import CryptoPrimitives
import Foundation
import FuzzTargets
import NodeService
import NodeStore
import PeerProtocol
import QuorumPolicy
import SignedStatements
import TestSupport
import Testing

/// A few good inputs of every target.
struct SeedInputs {
    private let run: RecordedRun

    init(_ run: RecordedRun) {
        self.run = run
    }

    var all: [(target: String, inputs: [[UInt8]])] {
        get throws {
            [
                ("preamble", [preamble, preamble + [UInt8](repeating: 9, count: 48), Array("STSL".utf8)]),
                (
                    "answer",
                    [[0] + [UInt8](repeating: 9, count: 48), Refusal(.busy, "no room").encoded, [5, 0], [9, 1, 7]]
                ),
                ("frames", try frames), ("message", try messages),
                ("noise-responder", [[UInt8](repeating: 0, count: 112), [UInt8](repeating: 0, count: 40) + [1], [1]]),
                ("noise-initiator", [[UInt8](repeating: 0, count: 48), [UInt8](repeating: 0, count: 47) + [128]]),
                ("session", try sessions), ("dissemination", try disseminations),
                ("json", try payloads.map { Array($0.dropFirst()) }.filter { $0.count < 2048 }),
                ("item", items.map { Array($0.text.utf8) }), ("payload", try payloads),
                ("time", ["2027-12-01T00:00:00Z", "90d", "0s", "9007199254740991s"].map { Array($0.utf8) }),
                ("charter", [run.charter.bytes, Array("standstill-charter v1\n".utf8)]),
                ("rule", Self.rules.map { Array($0.utf8) }), ("tally", Self.tallies.map { Array($0.utf8) }),
                ("evidence", [[0], [0, 0, 0, 1], [0, 1, 0, 3, 0, 7, 2], [1, 2, 0, 1, 65], [2, 3, 0, 1, 0, 0, 9]]),
                ("key-file", [try keyFile]), ("configuration", try configurations.map { Array($0.utf8) }),
                ("high-water", try highWaters), ("journal", [try journal]), ("request", try requests), ("core", cores),
                ("ceremony", ceremonies), ("sealed-ballot", try FuzzBallots.sealedSeeds),
                ("opening-shares", try FuzzBallots.shareSeeds),
            ]
        }
    }

    private var preamble: [UInt8] {
        Preamble(
            network: SHA256.hash(Array("fuzzed network".utf8)),
            expecting: PeerKey(X25519.publicKey(of: SecretBytes(copying: [UInt8](repeating: 1, count: 32)))),
            own: PeerKey(X25519.publicKey(of: SecretBytes(copying: [UInt8](repeating: 2, count: 32))))
        ).encoded
    }

    private var hello: Message {
        get throws {
            .hello(
                try #require(
                    Hello(
                        charter: run.charter.id.bytes,
                        charterVersion: 1,
                        runEpoch: 7,
                        clockSeconds: 1_900_000_000,
                        software: "standstill",
                        features: ["a", "b.c-1"]
                    )
                )
            )
        }
    }

    private var messages: [[UInt8]] {
        get throws {
            let ids = items.prefix(3).map(\.id.bytes)
            return try [
                hello, .subscribe(after: 5), .have(upTo: 9, identifiers: ids), .have(upTo: 9, identifiers: []),
                .want(ids), .item(Array(items[0].text.utf8)), .ping(1), .pong(1), .bye(Bye(.leaving, "good night")),
                .twin,
            ].map(\.encoded)
        }
    }

    private static func chunks(_ parts: [[UInt8]], before head: [UInt8] = []) -> [UInt8] {
        var all: [UInt8] = []
        for part in parts { all += head + chunk(part) }
        return all
    }

    private static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
    }

    private var frames: [[UInt8]] {
        get throws {
            let cut = try messages.map { message in [0] + Self.chunks(Framing.plaintexts(of: message)) }
            let whole = try messages.map { message in [1, 0, 1] + message }
            return cut + whole + [[1, 0, 60, 5, 1, 2, 3]]
        }
    }

    private var sessions: [[UInt8]] {
        get throws {
            let talk = Self.chunks(Array(try messages.dropFirst()), before: [2])
            let zeros = [UInt8](repeating: 0, count: 272)
            let long: [UInt8] = [3, 4, 7, 7, 7, 7, 7, 7, 7, 7, 40, 0]
            let waits: [UInt8] = [3, 5, 60, 5, 60, 6, 0, 6, 1]
            var inputs: [[UInt8]] = [[3] + talk, talk, [3, 3], long, waits]
            inputs.append([3, 1] + Self.chunk([1, 0, 0]))
            inputs.append([0] + Self.chunk([0, 0]))
            inputs.append([0] + Self.chunk([1, 16] + zeros))
            return inputs
        }
    }

    private var disseminations: [[UInt8]] {
        get throws {
            let talk = Self.chunks(Array(try messages.dropFirst()), before: [0, 1, 8])
            let connected: [UInt8] = [0, 0, 0, 1]
            return [
                connected + talk, [0, 0, 5, 1, 0, 0, 0, 0, 1, 0, 0, 7, 4, 0, 255, 0, 0, 0, 4],
                [1, 0, 0, 0, 1, 0, 7, 1, 0, 2, 0, 1, 200, 4, 1, 200, 4, 1, 0, 6, 3], talk,
            ]
        }
    }

    /// One item of every kind that the run has.
    private var items: [Item] {
        var found: [String: Item] = [:]
        for item in run.journal.map(\.item) + run.later where item.text.utf8.count < 8192 {
            found[Self.typ(of: item)] = item
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func typ(of item: Item) -> String {
        switch item {
        case .statement(let statement): statement.kind.typ
        case .order: Order.typ
        case .keyProof: KeyProof.typ
        }
    }

    private var payloads: [[UInt8]] {
        get throws {
            try items.map { item in
                let kind = try #require(Item.typs.firstIndex(of: Self.typ(of: item)))
                return [UInt8(kind)] + (try CompactJWS(decoding: item.text)).payload
            } + extraPayloads
        }
    }

    /// The kinds that a run without trouble does not have.
    private var extraPayloads: [[UInt8]] {
        get throws {
            let statement = try #require(
                run.journal.compactMap { entry -> Statement? in
                    if case .statement(let statement) = entry.item { statement } else { nil }
                }.last
            )
            let bodies: [StatementBody] = [
                .lapse(Lapse(position: ChainPosition(seq: 1, round: 0, previous: nil))),
                .address(AddressList(addresses: ["node.example:7411", "[::1]:1"].compactMap { PeerAddress($0) })),
                .ceremonyAbort(
                    CeremonyAbort(
                        attempt: 1,
                        reason: .wrongShare,
                        culprit: statement.head.party,
                        rule: run.charter.recordRule.name,
                        complaint: [UInt8](repeating: 3, count: 128)
                    )
                ),
            ]
            return try bodies.map { body in
                let draft = try StatementDraft(head: statement.head, body: body)
                let parts = draft.signingInput.split(separator: UInt8(ascii: "."))
                let kind = try #require(Item.typs.firstIndex(of: body.kind.typ))
                return [UInt8(kind)] + (try #require(Base64URL.decode(Array(parts[1]))))
            }
        }
    }

    private static let rules = [
        "2of(a,b,c)", "1of(2of(a,b),3of(b,c,d))", "2of(2of(a,b,c),2of(d,e,f))", "all(a, any(b, c))",
        "2 of (a, b, c) and d",
        "a", "1024of(a,b)",
    ]

    private static let tallies = ["a\nb\nc", "ab\nba\ncd", "a2of(b,c)\nb1of(a,c)\nc\nd-\nea", "a-\naf\nf1of(a,b)\nb"]

    private var configurations: [String] {
        get throws {
            let party = try PartyName("lab.p1")
            return [
                NodeConfiguration.firstText(party: party, charter: "../charter"),
                "party: lab.p1\ncharter: c\nlisten: 127.0.0.1:1\nannounce:\n  - a.example:2\n  - \"[::1]:3\"\n"
                    + "peers:\n  gov.p1: 10.0.0.1:4\nsocket: s\nlog-level: debug\nlog-format: json\npassphrase-file: p\n",
                "party: &a lab.p1\ncharter: *a\n", "party: [a, b]\ncharter: {a: b}\n",
            ]
        }
    }

    private var keyFile: [UInt8] {
        get throws {
            let directory = try TemporaryDirectory()
            let file = try KeyFile.create(
                at: directory.file("party.key"),
                party: PartyName("lab.p1"),
                seed: .random(count: 32),
                passphrase: .random(count: 16),
                cost: .interactive
            )
            return Array(file.text.utf8)
        }
    }

    private var owner: JournalOwner {
        get throws { JournalOwner(party: try PartyName("lab.p1"), charter: CharterID(SHA256.hash([1]))) }
    }

    private var highWaters: [[UInt8]] {
        get throws {
            let head = try "standstill-high-water v1\ncharter \(owner.charter)\nparty \(owner.party)\nnumber "
            return ["0\n", "17\n", "9223372036854775807\n", "017\n"].map { Array((head + $0).utf8) }
        }
    }

    private var journal: [UInt8] {
        get throws {
            let directory = try TemporaryDirectory()
            do {
                let key = SecretBytes(copying: FuzzTarget.journalKey)
                let path = directory.file("journal.sqlite")
                let journal = try Journal(at: path, owner: owner, key: key, makesMissing: true)
                for number in 0..<6 {
                    let entry = JournalEntry(
                        kind: number % 3 == 0 ? .privateRecord : .item,
                        id: SHA256.hash([UInt8(number)]),
                        bytes: [UInt8](repeating: UInt8(number), count: 40 * number),
                        receivedAt: 1_900_000_000
                    )
                    _ = try journal.append([entry])
                }
            }
            return try directory.content(of: "journal.sqlite")
        }
    }

    private var requests: [[UInt8]] {
        get throws {
            let motion = MotionRequest(
                action: "start",
                scope: [.init(name: "runs", value: "above 1e26")],
                texts: [.init(name: "terms", sha256: String(repeating: "0f", count: 32))],
                commitWithin: "10s",
                signWithin: "10s",
                publishWithin: "1m",
                effective: "2040-01-01T00:00:00Z",
                duration: "90d"
            )
            let ballot = BallotRequest(motion: "abcdef", answer: "agree", condition: "2 of lab and gov.p1")
            let requests: [OperatorRequest] = [
                .status, .watch, .follow, .ratify, .propose(motion), .cast(ballot), .items(motion: "abcdef"),
                .acknowledge(AcknowledgeRequest()), .acknowledge(AcknowledgeRequest(writingOff: 2)),
            ]
            return try requests.map { [UInt8](try JSONEncoder().encode($0)) }
        }
    }

    /// Steps of the core: what the others said while this node was away, in order, early, twice, and between restarts.
    private var cores: [[UInt8]] {
        let heard = (0..<min(60, run.later.count)).map { index -> [UInt8] in [7, 0, UInt8(index)] }
        var restarts: [UInt8] = []
        for (index, step) in heard.prefix(40).enumerated() { restarts += index % 8 == 7 ? step + [4, 0] : step }
        let voting: [UInt8] = [7, 0, 0, 2, 0, 0]
        let lying: [UInt8] = [
            3, 12, 8, 8, 8, 0, 255, 2, 0, 0, 10, 0, 1, 0, 0, 0, 0, 0, 10, 1, 1, 0, 0, 0, 0, 1, 255, 4, 0,
        ]
        let crashing: [UInt8] = [6, 0, 7, 0, 0, 6, 1, 7, 0, 1, 5, 8, 0, 9, 9, 0, 3, 0, 5, 0, 1, 10]
        let rest: [UInt8] = Array(heard.dropFirst().prefix(50).joined())
        return [
            Array(heard.joined()), Array(heard.reversed().joined()), restarts, voting + rest + [0, 200, 1, 40], lying,
            crashing,
        ]
    }

    /// Steps of the core while keys are made: the recorded ceremony, a wrong share, two dealings, and attempts after that.
    private var ceremonies: [[UInt8]] {
        func hear(_ range: Range<UInt8>) -> [UInt8] { range.flatMap { [7, 0, $0] } }
        // Party, kind, attempt, whose words, which of them, then what is changed.
        let wrongShare: [UInt8] = [10, 0, 100, 0, 0, 0, 0, 2, 1, 0, 200, 5, 3, 0]
        let contributions = (0..<4).flatMap { party -> [UInt8] in [10, party, 100, 0, 1, 0, 0, 1, 0, 0, 0] }
        let dealings = (0..<4).flatMap { party -> [UInt8] in [10, party, 100, 0, 1, 0, 0, 2, 0, 0] }
        let again = contributions + dealings
        let stop: [UInt8] = [3, 255, 2]
        let accusation: [UInt8] = [10, 1, 16, 0, 0, 1, 1, 0, 0]
        let falseComplaint: [UInt8] = [10, 2, 16, 0, 0, 0, 0, 200, 200, 7, 8, 0]
        let reversed: [UInt8] = (0..<25).reversed().flatMap { [7, 0, $0] }
        let restarts: [UInt8] = (0..<25).flatMap { $0 % 5 == 4 ? [7, 0, $0, 4, 0] : [7, 0, $0] }
        return [
            hear(0..<25), reversed, restarts, hear(0..<5) + hear(6..<8) + wrongShare + [2] + again,
            hear(0..<8) + wrongShare + [2, 4, 0] + again, stop + again, accusation + [2] + contributions + [4, 1],
            hear(0..<12) + falseComplaint + [2], hear(0..<14) + [5, 1] + hear(14..<25),
            stop + stop + stop + [6, 0] + again, accusation + contributions + dealings,
        ]
    }
}
