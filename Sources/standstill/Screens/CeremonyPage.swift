internal import NodeService
internal import PauseAgreement

/// The key ceremony on one page: party by step, with a code where something failed or waits, and what to do about it.
struct CeremonyPage {
    private let status: NodeStatus

    init(_ status: NodeStatus) {
        self.status = status
    }

    private var ceremony: CeremonyStatus { status.agreement.ceremony }

    var lines: [String] {
        [Self.heading(ceremony, now: status.now), ""] + table + section(Self.remedies(ceremony.failures)) + earlier
            + keys
    }

    private var table: [String] {
        var table = TextTable(["party", "class"] + Self.header)
        for party in status.agreement.parties {
            table.add([party.name, party.partyClass] + Self.cells(of: party, in: ceremony))
        }
        return table.lines
    }

    private var earlier: [String] {
        ceremony.earlier.flatMap { attempt in
            section(["attempt \(attempt.number) was given up"] + attempt.failures.map { "  \($0.sentence)" })
        }
    }

    private var keys: [String] {
        section(ceremony.keys.sorted { $0.key < $1.key }.map { "key of rule \($0.key): \($0.value)" })
    }

    private func section(_ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [""] + lines
    }

    // MARK: Shared with the status screen

    /// One line: how far it has come, and who is missing since when.
    static func heading(_ ceremony: CeremonyStatus, now: String) -> String {
        var line = ceremony.stage == "finished" ? "keys made" : "key ceremony: \(ceremony.stage)"
        if ceremony.attempt > 1 { line += ", attempt \(ceremony.attempt)" }
        if !ceremony.since.isEmpty { line += " \(Clock.since(ceremony.since, at: now))" }
        if !ceremony.missing.isEmpty { line += ", waiting for \(ceremony.missing.joined(separator: ", "))" }
        return line
    }

    private static let steps: [(name: String, title: String)] = [
        ("ratified", "ratified"), ("contributed", "contrib."), ("dealt", "dealt"),
        ("certified", "certified"), ("proved", "proved"), ("recorded", "recorded"),
    ]

    static let header = steps.map(\.title)

    /// yes, a code, or a dash for each step.
    static func cells(of party: PartyStatus, in ceremony: CeremonyStatus) -> [String] {
        steps.map { step in
            let failure = ceremony.failures.first { $0.party == party.name && $0.step == step.name }
            return failure?.code ?? (party.ceremonySteps.contains(step.name) ? "yes" : "-")
        }
    }

    /// One line for each code: whom it concerns, and the remedy.
    static func remedies(_ failures: [CeremonyFailureStatus]) -> [String] {
        var codes: [String] = []
        for failure in failures where !codes.contains(failure.code) { codes.append(failure.code) }
        return codes.flatMap { code in
            let rows = failures.filter { $0.code == code }
            return rows.prefix(1).map { first in
                let parties = rows.map { row in
                    let name = row.party.isEmpty ? "the parties together" : row.party
                    return row.accuser.isEmpty || row.accuser == row.party ? name : "\(name) (says \(row.accuser))"
                }
                return "\(code) \(parties.joined(separator: ", ")): \(first.what); \(first.remedy)"
            }
        }
    }
}
