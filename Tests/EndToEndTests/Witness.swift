import Foundation
import QuorumPolicy
import SignedStatements

/// Compares what a party ever said to anybody with what its journal remembers, and finds every breach of Protocol §10.
struct Witness {
    let party: PartyName
    /// What is wrong, in sentences; empty as long as nothing is.
    private(set) var breaches: [String] = []
    /// Every statement of the party that was ever in its own journal or in another's.
    private(set) var said: [StatementID: Statement] = [:]
    /// How many things that are settled once, by anybody, the party's journal held when it was last looked at.
    ///
    /// What is said again in every attempt to sign is no progress.
    private(set) var settled = 0
    /// The items that were in the party's journal when it was last looked at.
    private var remembered: Set<StatementID> = []
    /// Items by where they stand, so that each is decoded once.
    private var decoded: [StatementID: Item] = [:]
    private var positions: [String: Int] = [:]
    private var heard: Set<StatementID> = []

    init(of party: PartyName) {
        self.party = party
    }

    /// Takes in what a peer holds by now.
    mutating func hear(_ peer: String, in directory: URL) throws {
        let copy = try JournalCopy(of: directory, after: positions[peer] ?? 0)
        for row in copy.rows {
            guard let item = row.item else { continue }
            decoded[item.id] = item
            note(item)
            if case .statement(let statement) = item, statement.head.party == party { heard.insert(statement.id) }
        }
        positions[peer] = copy.rows.last?.position ?? positions[peer]
    }

    /// Looks at the party's own journal while its node is dead, after all peers were heard.
    ///
    /// A journal that was put back into an earlier state has lost its sealed ballots; no other may have.
    mutating func look(in directory: URL, _ moment: String, keepsBallots: Bool = true) throws {
        let copy = try JournalCopy(of: directory)
        if copy.check != "ok" { breaches.append("\(moment): the journal is damaged: \(copy.check)") }
        if copy.rows.map(\.position) != Array(1..<copy.rows.count + 1) {
            breaches.append("\(moment): the journal has gaps")
        }
        var present: Set<StatementID> = []
        var ballots = 0
        for row in copy.rows {
            if row.kind == 2 { ballots += 1 }
            guard let item = row.item else { continue }
            decoded[item.id] = item
            present.insert(item.id)
            note(item)
            if case .statement(let statement) = item, statement.head.party == party, statement.kind == .commitment,
                keepsBallots, ballots == 0
            {
                breaches.append("\(moment): a ballot is committed to and not kept")
            }
        }
        for id in remembered.subtracting(present) {
            breaches.append("\(moment): the journal forgot \(name(id))")
        }
        for id in heard.subtracting(present) {
            breaches.append("\(moment): peers hold \(name(id)), which the journal lacks")
        }
        let number = Self.highWater(in: directory)
        for id in heard {
            guard case .statement(let statement) = decoded[id], statement.head.number > number else { continue }
            breaches.append("\(moment): peers hold \(name(id)), and the high-water file stands at \(number)")
        }
        remembered = present
        settled = present.count { decoded[$0].map(Self.isSettledOnce) ?? false }
    }

    /// The number in the file beside the journal; 0 when there is none.
    private static func highWater(in directory: URL) -> Int {
        let text = (try? String(contentsOf: directory.appending(path: "high-water"), encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("number ") }
        return line.flatMap { Int($0.dropFirst("number ".count)) } ?? 0
    }

    private mutating func note(_ item: Item) {
        guard case .statement(let statement) = item, statement.head.party == party else { return }
        guard said[statement.id] == nil else { return }
        if let other = said.values.first(where: { $0.head.number == statement.head.number }) {
            breaches.append("number \(statement.head.number) is used by \(other.kind) and \(statement.kind)")
        }
        said[statement.id] = statement
    }

    private func name(_ id: StatementID) -> String {
        guard case .statement(let statement) = decoded[id] else { return "item \(id)" }
        return "\(statement.kind) \(statement.head.number) of \(statement.head.party)"
    }
}

// MARK: - The whole story

extension Witness {
    /// What is wrong with everything the party has said, once it has said it all.
    var verdict: [String] { breaches + repetitions + brokenChain + lateReceipts + reusedNonces }

    /// How many statements of a kind it made.
    func count(_ kind: StatementKind) -> Int { said.values.count { $0.kind == kind } }

    private static func isSettledOnce(_ item: Item) -> Bool {
        guard case .statement(let statement) = item else { return true }
        if case .signatureShare = statement.body { return false }
        return !statement.body.mattersSettledOnce.isEmpty
    }

    private var inOrder: [Statement] { said.values.sorted { $0.head.number < $1.head.number } }

    private var repetitions: [String] {
        var first: [String: Int] = [:]
        var found: [String] = []
        for statement in inOrder {
            for matter in statement.body.mattersSettledOnce {
                if let number = first[matter] {
                    found.append("\(matter) is settled twice, by statements \(number) and \(statement.head.number)")
                }
                first[matter] = statement.head.number
            }
        }
        return found
    }

    private var brokenChain: [String] {
        zip(1..., inOrder).compactMap { number, statement in
            guard statement.head.number == number else { return "statement \(number) is missing" }
            let previous = number > 1 ? inOrder[number - 2].id : nil
            return statement.head.previous == previous ? nil : "statement \(number) does not follow \(number - 1)"
        }
    }

    private var lateReceipts: [String] {
        var closed: Set<StatementID> = []
        var found: [String] = []
        for statement in inOrder {
            switch statement.body {
            case .close(let close): closed.insert(close.motion)
            case .receipt(let receipt) where closed.contains(receipt.motion):
                found.append("receipt \(statement.head.number) after the close")
            default: break
            }
        }
        return found
    }

    /// A nonce commitment that answered in two packages gives the key away.
    private var reusedNonces: [String] {
        var used: [StatementID: StatementID] = [:]
        var found: [String] = []
        for statement in inOrder {
            guard case .signatureShare(let share) = statement.body,
                case .statement(let asked) = decoded[share.package], case .package(let package) = asked.body
            else { continue }
            for nonces in package.commitments where said[nonces] != nil {
                if let other = used[nonces], other != share.package { found.append("nonces \(nonces) answered twice") }
                used[nonces] = share.package
            }
        }
        return found
    }
}

extension StatementBody {
    /// What no party may state twice; empty for what may be said again.
    fileprivate var mattersSettledOnce: [String] {
        if case .receipt(let body) = self {
            return body.commitments.keys.map { "the receipt for \($0) on \(body.motion)" }
        }
        return matterSettledOnce.map { [$0] } ?? []
    }

    private var matterSettledOnce: String? {
        switch self {
        case .ratification: "the ratification"
        case .ceremonyContribution(let body): "the contribution to attempt \(body.attempt)"
        case .ceremonyDealing(let body): "the dealing of attempt \(body.attempt)"
        case .ceremonyCertificate(let body): "the certificate of attempt \(body.attempt)"
        case .keyRecord(let body): "the key record of attempt \(body.attempt)"
        case .commitment(let body): "the ballot on \(body.motion)"
        case .close(let body): "the close of \(body.motion)"
        case .opening(let body): "the opening on \(body.motion)"
        case .openingShare(let body): "the opening share on \(body.motion)"
        case .signatureShare(let body): "the share for package \(body.package)"
        case .publicationReceipt(let body): "the publication at \(body.position)"
        case .lapse(let body): "the lapse at \(body.position)"
        case .accusation(let body): "the accusation of \(body.accused) by \(body.proof)"
        case .ceremonyAbort: "the abort of the ceremony"
        case .standingReceipt(let body):
            "the receipt for \(body.statement) on \(body.motion?.description ?? "no motion")"
        case .standingRevocation(let body): "the revocation of \(body.ballot)"
        case .standingBallot(let body): "standing ballot \(body.pattern.serial)"
        case .address, .keyNonces, .keyShare, .motion, .receipt, .nonceCommitment, .package: nil
        }
    }
}
