internal import PauseAgreement
internal import QuorumPolicy
internal import ScenarioSimulation
internal import SignedStatements

/// Lifelines of all parties, with a mark for each statement, as SVG.
///
/// Statements that follow each other closely share a row; rows are in order, and not to scale.
struct SequenceDiagram {
    private let run: ScenarioRun
    private let parties: [PartyName]
    private static let left = 90
    private static let top = 64
    private static let rowHeight = 24
    /// Statements and events this close share a row, in milliseconds.
    private static let together: Int64 = 400
    private static let rowLimit = 160

    init(_ run: ScenarioRun) {
        self.run = run
        parties = run.scenario.charter.parties.map(\.name)
    }

    private struct Row {
        let at: Int64
        /// By party: the steps it took.
        var steps: [PartyName: [String]] = [:]
        var notes: [String] = []
    }

    private var rows: [Row] {
        var rows: [Row] = []
        func row(at moment: Moment) -> Int {
            let at = moment.milliseconds - run.begin.milliseconds
            if let last = rows.last, at - last.at < Self.together { return rows.count - 1 }
            rows.append(Row(at: at))
            return rows.count - 1
        }
        let sayings = run.simulation.sayings.compactMap { saying in
            Self.word(saying).map { (at: saying.at, party: Optional(saying.speaker), text: $0) }
        }
        let notes = run.simulation.timeline.compactMap { entry -> (at: Moment, party: PartyName?, text: String)? in
            if case .note(let text) = entry.event { (entry.at, nil, text) } else { nil }
        }
        for (at, party, text) in (sayings + notes).sorted(by: { $0.at < $1.at }) {
            let place = row(at: at)
            guard let party else {
                rows[place].notes.append(text)
                continue
            }
            if rows[place].steps[party, default: []].last != text { rows[place].steps[party, default: []].append(text) }
        }
        return Array(rows.prefix(Self.rowLimit))
    }

    private static func word(_ saying: Saying) -> String? {
        guard let kind = saying.kind else { return "order" }
        return switch kind {
        case .motion: "motion"
        case .commitment: "ballot"
        case .receipt: "receipts"
        case .close: "close"
        case .opening: "opening"
        case .nonceCommitment: "nonces"
        case .package: "package"
        case .signatureShare: "share"
        case .publicationReceipt: "published"
        case .lapse: "lapse"
        case .accusation: "accusation"
        default: nil
        }
    }

    var svg: String {
        let rows = rows
        let column = max(70, 900 / max(1, parties.count))
        let width = Self.left + column * parties.count + 10
        var heights: [Int] = []
        var y = Self.top
        for row in rows {
            heights.append(y)
            let count = max(1, row.steps.values.map(\.count).max() ?? 0)
            y += Self.rowHeight * row.notes.count + 12 * count + 12
        }
        var parts = [
            #"<svg viewBox="0 0 \#(width) \#(y + 10)" width="\#(width)" role="img" aria-label="sequence of statements">"#
        ]
        for (index, party) in parties.enumerated() {
            let x = Self.left + column * index + column / 2
            parts.append(
                #"<text x="\#(x)" y="\#(index.isMultiple(of: 2) ? 20 : 36)" text-anchor="middle" font-weight="600">\#(party)</text>"#
            )
            parts.append(##"<line x1="\##(x)" y1="42" x2="\##(x)" y2="\##(y)" stroke="#bbb"/>"##)
        }
        for (row, start) in zip(rows, heights) { parts += draw(row, at: start, column, width) }
        return (parts + ["</svg>"]).joined(separator: "\n")
    }

    private func draw(_ row: Row, at start: Int, _ column: Int, _ width: Int) -> [String] {
        var parts = [##"<text x="4" y="\##(start + 10)" fill="#555">\##(ScenarioPage.seconds(row.at))</text>"##]
        var y = start
        for note in row.notes {
            parts.append(
                ##"<rect x="\##(Self.left)" y="\##(y - 3)" width="\##(width - Self.left - 8)" height="18" fill="#fff4d6" stroke="#d9a400"/>"##
            )
            parts.append(#"<text x="\#(Self.left + 8)" y="\#(y + 10)">\#(ScenarioReport.escaped(note))</text>"#)
            y += Self.rowHeight
        }
        for (index, party) in parties.enumerated() {
            let x = Self.left + column * index + column / 2
            for (place, step) in (row.steps[party] ?? []).enumerated() {
                let isGreat = step == "order" || step == "motion"
                let middle = y + 12 * place
                parts.append(
                    ##"<rect x="\##(x - 31)" y="\##(middle)" width="62" height="12" rx="3" fill="\##(isGreat ? "#1b5e9c" : "#e8eef5")"/>"##
                )
                parts.append(
                    ##"<text x="\##(x)" y="\##(middle + 9)" text-anchor="middle" font-size="10" fill="\##(isGreat ? "#fff" : "#123")">\##(step)</text>"##
                )
            }
        }
        return parts
    }
}
