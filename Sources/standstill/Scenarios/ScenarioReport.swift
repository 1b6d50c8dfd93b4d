internal import PauseAgreement
internal import QuorumPolicy
internal import ScenarioSimulation
internal import SignedStatements

/// One self-contained page about a run: no script, nothing loaded, readable in print.
struct ScenarioReport {
    private let run: ScenarioRun
    private let page: ScenarioPage

    init(_ run: ScenarioRun, _ page: ScenarioPage) {
        self.run = run
        self.page = page
    }

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(Self.escaped(page.question))</title>
        <style>\(Self.style)</style></head><body>
        <h1>\(Self.escaped(page.question))</h1>
        \(answer)
        <p>Charter: \(Self.escaped(page.charter)). Fault bound \(run.scenario.charter.limits.faultBound): what follows is \
        promised as long as no more parties lie.</p>
        <h2>What was tried</h2>
        \(attempts)
        <h2>Who said what, when</h2>
        <p>A line for each party, from top to bottom; times are seconds from the beginning, and not to scale. A dot is who says \
        it, an arrow leads to whom it is sent at once: to all that are there and not cut off, who pass it on. Rings are whose ballots a \
        receipt is for.</p>
        \(SequenceDiagram(run).svg)
        <h2>How far each step was</h2>
        <p>How many parties had taken each step; a dot marks the moment from which they were a quorum.</p>
        \(run.scenario.votes.indices.map { QuorumMeter(run, motion: $0 + 1).svg }.joined(separator: "\n"))
        <h2>What each party saw</h2>
        \(phases)
        <h2>What happened</h2>
        \(timeline)
        <h2>How to replay this</h2>
        <pre>standstill scenario run \(Self.escaped(page.file)) --seed \(run.simulation.seed) --cryptography \(spelling)</pre>
        <p>\(Self.escaped(page.cryptography)). The trace, a digest of everything that was said, is <code>\(run.simulation.traceDigest)</code>: \
        whoever replays the run with the same version gets the same.</p>
        </body></html>

        """
    }

    private var spelling: String {
        page.cryptography == Cryptography.real.label ? Cryptography.real.rawValue : Cryptography.standIn.rawValue
    }

    private var answer: String {
        let items = (page.violation.isEmpty ? [] : ["Must never happen: \(page.violation)"]) + page.surprises
        let outcome = page.motions.map { "Motion \($0.motion): \(ScenarioPage.summary($0.phases))." }
        let verdict =
            page.isAsExpected
            ? "<p class=good>It ends as expected.</p>" : "<p class=bad>It does not end as expected.</p>"
        let expected = run.scenario.expectations.map { expectation in
            let isMet = run.ending.surprises([expectation]).isEmpty
            return "Expected: \(words(expectation)). \(isMet ? "So it is." : "It is not so.")"
        }
        return verdict + Self.list(expected + items + outcome)
    }

    private func words(_ expectation: Scenario.Expectation) -> String {
        switch expectation {
        case .outcome(let motion, .order, let viewers):
            "motion \(motion) becomes an order that counts, as \(names(viewers)) see it"
        case .outcome(let motion, .none, let viewers):
            "motion \(motion) does not become an order, as \(names(viewers)) see it"
        case .convicted(let liar, let viewers):
            "\(liar) is found out: \(names(viewers)) hold a proof against it"
        }
    }

    private func names(_ parties: [PartyName]) -> String {
        let all = run.scenario.charter.parties.count
        return parties.count == all ? "all parties" : parties.map(\.text).joined(separator: ", ")
    }

    private var attempts: String {
        var lines: [String] = []
        for (index, vote) in run.scenario.votes.enumerated() {
            let answers = vote.ballots.map { "\($0.party): \(Self.words($0.answer))" }.joined(separator: "; ")
            lines.append(
                "\(ScenarioPage.seconds(run.scenario.ceremony + vote.at)): \(vote.proposer) proposes to \(vote.plan.action.rawValue) a pause "
                    + "(motion \(index + 1)). Ballots: \(answers)."
            )
        }
        return Self.list(lines + run.scenario.faults.compactMap(\.entry).map { "Fault: \($0.dropFirst(2))" })
    }

    private static func words(_ answer: Answer) -> String {
        switch answer {
        case .agree: "agree"
        case .agreeIf(let condition): "agree if \(condition)"
        case .decline: "decline"
        case .abstain: "abstain"
        }
    }

    private var phases: String {
        let names = run.scenario.charter.parties.map(\.name.text)
        let head = page.motions.map { "<th>motion \($0.motion)</th>" }.joined()
        let rows = names.map { name in
            let cells = page.motions.map { motion in
                let phase = motion.phases[name] ?? ""
                return "<td>\(phase.isEmpty ? "not seen" : phase)</td>"
            }
            return "<tr><th>\(name)</th>\(cells.joined())</tr>"
        }
        return "<table><tr><th>party</th>\(head)</tr>\(rows.joined(separator: "\n"))</table>"
    }

    private var timeline: String {
        let rows = page.timeline.map { line in
            let until = line.witnesses.count > 1 ? ScenarioPage.seconds(line.lastMilliseconds) : ""
            let witnesses =
                line.witnesses.count == run.scenario.charter.parties.count
                ? "all, \(line.witnesses[0]) first" : line.witnesses.joined(separator: ", ")
            return "<tr><td>\(ScenarioPage.seconds(line.firstMilliseconds))</td><td>\(until)</td>"
                + "<td>\(Self.escaped(line.text))</td><td>\(witnesses)</td></tr>"
        }
        return
            "<table><tr><th>first</th><th>last</th><th>what</th><th>seen by</th></tr>\(rows.joined(separator: "\n"))</table>"
    }

    private static func list(_ items: [String]) -> String {
        "<ul>" + items.map { "<li>\(escaped($0))</li>" }.joined(separator: "\n") + "</ul>"
    }

    static func escaped(_ text: String) -> String {
        Console.plain(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private static let style = """
        body{font:15px/1.45 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
        h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}h2,h2+p{break-after:avoid}
        table{border-collapse:collapse;width:100%;font-size:13px}td,th{border-bottom:1px solid #ddd;padding:.2rem .5rem;
        text-align:left;vertical-align:top}td:first-child,td:nth-child(2){white-space:nowrap}tr{break-inside:avoid}
        .good{border-left:.4rem solid #1b7f4d;padding-left:.6rem;font-weight:600}
        .bad{border-left:.4rem solid #b3261e;padding-left:.6rem;font-weight:600}
        pre{background:#f4f4f4;padding:.6rem;overflow:auto}svg{max-width:100%;display:block;print-color-adjust:exact;height:auto;font:11px system-ui,sans-serif}
        @media print{body{margin:0;max-width:none}svg{break-inside:avoid}}
        """
}
