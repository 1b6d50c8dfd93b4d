internal import PauseAgreement
internal import QuorumPolicy
internal import ScenarioSimulation
internal import SignedStatements

/// How many parties had taken each step of a motion over time, as SVG, and from when they were a quorum.
struct QuorumMeter {
    private struct Curve {
        let name: String
        let colour: String
        /// When each further party took the step, in milliseconds.
        let moments: [Int64]
        /// When they became a quorum.
        let quorum: Int64?
    }

    private let run: ScenarioRun
    private let number: Int
    private let motion: StatementID?
    private static let size = (width: 900, height: 220, left: 40, bottom: 30)

    init(_ run: ScenarioRun, motion number: Int) {
        self.run = run
        self.number = number
        motion = run.simulation.motion(number)
    }

    private var curves: [Curve] {
        let charter = run.scenario.charter
        let action = run.scenario.votes[number - 1].plan.action
        let deciding = charter.decision(on: action) ?? charter.recordRule.tree
        let steps: [(StatementKind, String, String, ThresholdTree)] = [
            (.commitment, "ballots sealed", "#6a4c93", deciding),
            (.close, "closed", "#8a5a00", charter.recordRule.tree),
            (.opening, "ballots opened", "#1b5e9c", deciding), (.signatureShare, "signed", "#b3261e", deciding),
            (.publicationReceipt, "publication seen", "#1b7f4d", charter.recordRule.tree),
        ]
        return steps.map { kind, name, colour, tree in
            var parties = PartySet()
            var moments: [Int64] = []
            var quorum: Int64?
            for saying in run.simulation.sayings where saying.kind == kind && saying.motion == motion {
                guard !parties.contains(saying.speaker) else { continue }
                parties.insert(saying.speaker)
                let at = saying.at.milliseconds - run.begin.milliseconds
                moments.append(at)
                if quorum == nil, tree.isSatisfied(by: parties) { quorum = at }
            }
            return Curve(name: name, colour: colour, moments: moments, quorum: quorum)
        }
    }

    var svg: String {
        guard motion != nil else { return "<p>Motion \(number) was never proposed.</p>" }
        let size = Self.size
        let curves = curves
        let count = run.scenario.charter.voters.count
        let end = max(1, run.scenario.ceremony + run.scenario.end)
        func x(_ moment: Int64) -> Int { size.left + Int(moment * Int64(size.width - size.left - 24) / end) }
        func y(_ number: Int) -> Int {
            size.height - size.bottom - number * (size.height - size.bottom - 34) / max(1, count)
        }
        var parts = [
            #"<svg viewBox="0 0 \#(size.width) \#(size.height)" width="\#(size.width)" role="img" aria-label="quorum meter of motion \#(number)">"#,
            #"<text x="4" y="12" font-weight="600">motion \#(number)</text>"#,
            ##"<path d="M\##(size.left) 30V\##(y(0))H\##(size.width - 10)" fill="none" stroke="#555"/>"##,
        ]
        for number in 0...count {
            parts.append(#"<text x="\#(size.left - 6)" y="\#(y(number) + 4)" text-anchor="end">\#(number)</text>"#)
        }
        for tick in 0...8 {
            let moment = end * Int64(tick) / 8
            parts.append(
                #"<text x="\#(x(moment))" y="\#(size.height - 10)" text-anchor="middle">\#(moment / 1000) s</text>"#
            )
        }
        for (index, curve) in curves.enumerated() {
            var path = "M\(x(0)) \(y(0))"
            for (number, moment) in curve.moments.enumerated() { path += "H\(x(moment))V\(y(number + 1))" }
            path += "H\(x(end))"
            parts.append(#"<path d="\#(path)" fill="none" stroke="\#(curve.colour)" stroke-width="2"/>"#)
            if let quorum = curve.quorum {
                let number = curve.moments.count { $0 <= quorum }
                parts.append(#"<circle cx="\#(x(quorum))" cy="\#(y(number))" r="5" fill="\#(curve.colour)"/>"#)
            }
            let place = 110 + index * 150
            let state = curve.quorum.map { "quorum \(ScenarioPage.seconds($0))" } ?? "no quorum"
            parts.append(#"<rect x="\#(place - 14)" y="3" width="10" height="10" fill="\#(curve.colour)"/>"#)
            parts.append(
                ##"<text x="\##(place)" y="12">\##(curve.name)</text><text x="\##(place)" y="25" fill="#555">\##(state)</text>"##
            )
        }
        return (parts + ["</svg>"]).joined(separator: "\n")
    }
}
