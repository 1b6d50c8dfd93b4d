internal import CryptoPrimitives
internal import Foundation
internal import NodeService
internal import NodeStore
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements
internal import TestSupport

/// Files that a node finds when it starts, and lines that an operator sends.
extension FuzzTarget {
    static let nodeFiles = [keyFile, configuration, highWater, journal, request]

    private static let keyFile = FuzzTarget(name: "key-file", maximumCount: 1024) { bytes in
        guard let file = try? KeyFile.parse(bytes, path: "party.key") else { return }
        try hold(file.text == String(decoding: bytes, as: UTF8.self), "a key file has two spellings")
    }

    private static let configuration = FuzzTarget(name: "configuration", maximumCount: 4096) { bytes in
        do {
            let configuration = try NodeConfiguration.parse(bytes, file: "/etc/standstill/node.yaml")
            try hold(configuration.announce.count <= 8, "\(configuration.announce.count) addresses to announce")
            try hold(configuration.socket.utf8.count <= 107, "a socket whose path no kernel takes")
        } catch let problem as SetupError {
            try hold(problem.description.utf8.count <= 1024, "a problem told in too many words")
        }
    }

    private static let owner: JournalOwner = {
        guard let party = try? PartyName("lab.p1") else { preconditionFailure("lab.p1 is a name") }
        return JournalOwner(party: party, charter: CharterID(SHA256.hash([1])))
    }()

    /// The key under which the seeds of `journal` are linked, 32 bytes.
    package static let journalKey = [UInt8](repeating: 7, count: 32)

    private static let scratch = Result { try TemporaryDirectory() }

    private static let highWater = FuzzTarget(name: "high-water", maximumCount: 512) { bytes in
        let directory = try scratch.get()
        let path = try directory.write(bytes, to: "high-water")
        guard let highWater = try? HighWater(at: path, owner: owner, journalNumber: 0) else {
            try hold(try directory.content(of: "high-water") == bytes, "a damaged file was written over")
            return
        }
        // A larger number than the journal's must never be forgotten.
        let text = String(decoding: bytes, as: UTF8.self)
        let number = text.split(separator: "\n").last.flatMap { Int($0.split(separator: " ").last ?? "") }
        try hold(highWater.number == number, "\(highWater.number) was read from \(text)")
    }

    /// A database whose bytes are not those that were written: refused, or read exactly as it was.
    private static let journal = FuzzTarget(name: "journal", maximumCount: 64 << 10) { bytes in
        let directory = try TemporaryDirectory()
        try directory.write(bytes, to: "journal.sqlite")
        let path = directory.file("journal.sqlite")
        let key = SecretBytes(copying: journalKey)
        guard let journal = try? Journal(at: path, owner: owner, key: key, makesMissing: false) else { return }
        var rows = 0
        do throws(StoreError) {
            try journal.replay { (row) throws(StoreError) in rows = row.position }
        } catch {
            return
        }
        _ = try? journal.ids(after: 0, limit: 16)
        try hold(rows == journal.count, "\(rows) of \(journal.count) rows were read")
    }

    /// What an operator's command, or any process of the same user, writes to the node's socket.
    private static let request = FuzzTarget(name: "request", maximumCount: 4096) { bytes in
        guard let request = try? JSONDecoder().decode(OperatorRequest.self, from: Data(bytes)) else { return }
        let charter = try RecordedRun.stored.get().charter
        let now = try RecordedRun.stored.get().journal.last?.at ?? .earliest
        switch request {
        case .propose(let wish):
            do {
                let proposal = try wish.proposal(under: charter, at: now)
                let motion = Motion(
                    action: proposal.action,
                    rule: charter.recordRule.name,
                    position: ChainPosition(seq: 1, round: 0, previous: nil),
                    terms: proposal.terms,
                    schedule: proposal.schedule
                )
                try hold(motion.summary.text.utf8.count <= 64 << 10, "a summary without an end")
            } catch let error as RequestError {
                try hold(error.description.utf8.count <= 3 * bytes.count + 512, "an answer longer than the question")
            }
        case .cast(let wish):
            do {
                _ = try wish.ballot(under: charter)
            } catch let error as RequestError {
                try hold(error.description.utf8.count <= 3 * bytes.count + 4096, "an answer longer than the question")
            }
        default: break
        }
    }
}
