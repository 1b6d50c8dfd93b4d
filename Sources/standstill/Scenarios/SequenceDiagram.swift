internal import PauseAgreement
internal import QuorumPolicy
internal import ScenarioSimulation
internal import SignedStatements

/// Lifelines of all parties, and an arrow for what was said, from who said it to whom it was sent, as SVG.
///
/// What several parties said of one thing closely after each other shares a row; rows are in order, and not to scale.
struct SequenceDiagram {
    private let run: ScenarioRun
    private let parties: [PartyName]
    private static let left = 210
    private static let header = 44
    private static let rowHeight = 20
    /// The same said this close after each other shares a row, in milliseconds.
    private static let together: Int64 = 150
    /// How many rows are drawn, and how many of them are one picture, so that several fit a printed page.
    private static let rowLimit = 400
    private static let pageRows = 30

    init(_ run: ScenarioRun) {
        self.run = run
        parties = run.scenario.charter.parties.map(\.name)
    }

    private struct Row {
        let at: Int64
        /// What is said, or what the scenario did.
        let text: String
        var isNote = false
        /// By their places among the parties.
        var speakers: Set<Int> = []
        /// Those to whom the last of the speakers could send it.
        var audience: Set<Int> = []
        /// Whom it is about, if it is for some more than for others.
        var addressees: Set<Int> = []
        /// When the last of the speakers spoke.
        var last: Int64
    }

    private var rows: [Row] {
        var rows: [Row] = []
        let begin = run.begin.milliseconds
        var notes = run.simulation.timeline.compactMap { entry -> (at: Int64, text: String)? in
            if case .note(let text) = entry.event { (entry.at.milliseconds - begin, text) } else { nil }
        }[...]
        func takeNotes(until moment: Int64) {
            while let note = notes.first, note.at <= moment {
                notes.removeFirst()
                rows.append(Row(at: note.at, text: note.text, isNote: true, last: note.at))
            }
        }
        for saying in run.simulation.sayings {
            let at = saying.at.milliseconds - begin
            takeNotes(until: at)
            guard let text = words(saying), let speaker = parties.firstIndex(of: saying.speaker) else { continue }
            let place = place(for: text, at: at, in: rows)
            if place == rows.count { rows.append(Row(at: at, text: text, last: at)) }
            rows[place].speakers.insert(speaker)
            rows[place].audience.formUnion(saying.audience)
            rows[place].addressees = Set(saying.committers.compactMap { parties.firstIndex(of: $0) })
            rows[place].last = at
        }
        takeNotes(until: .max)
        return Array(rows.prefix(Self.rowLimit))
    }

    /// The row of the same text that is close enough and after which nothing was noted; else a new one.
    private func place(for text: String, at moment: Int64, in rows: [Row]) -> Int {
        for (place, row) in rows.enumerated().reversed() {
            guard !row.isNote, moment - row.at < 8 * Self.together else { return rows.count }
            if row.text == text { return moment - row.last < Self.together ? place : rows.count }
        }
        return rows.count
    }

    /// What is said, with the motion's number if there are several.
    private func words(_ saying: Saying) -> String? {
        guard let text = Self.words(saying), run.scenario.votes.count > 1 else { return Self.words(saying) }
        let number = run.scenario.votes.indices.first {
            run.simulation.motion($0 + 1) == saying.motion && saying.motion != nil
        }
        return number.map { "\(text) (\($0 + 1))" } ?? text
    }

    private static func receipt(for committers: [PartyName]) -> String {
        committers.count > 3
            ? "receipt for \(committers.count) ballots"
            : "receipt for \(committers.map(\.text).joined(separator: ", "))"
    }

    private static func words(_ saying: Saying) -> String? {
        guard let kind = saying.kind else { return saying.isOrder ? "order" : "proof of the keys" }
        return switch kind {
        case .standingBallot: "standing ballot"
        case .standingRevocation: "taken back"
        case .standingReceipt: "standing receipt"
        case .motion: "motion"
        case .commitment: "sealed ballot"
        case .receipt: receipt(for: saying.committers)
        case .close: "close"
        case .opening: "opened ballot"
        case .nonceCommitment: "nonces"
        case .package: "package"
        case .signatureShare: "share of the signature"
        case .publicationReceipt: "order seen"
        case .lapse: "lapse"
        case .accusation: "accusation"
        case .ratification: "ratification"
        case .ceremonyContribution: "contribution"
        case .ceremonyDealing: "dealing"
        case .ceremonyCertificate: "certificate"
        case .ceremonyAbort: "abort"
        case .keyNonces: "nonces for the key"
        case .keyShare: "share for the key"
        case .keyRecord: "key record"
        default: nil
        }
    }

    // MARK: Drawing

    private var column: Int { max(64, 760 / max(1, parties.count)) }

    private var width: Int { Self.left + column * parties.count + 16 }

    private func x(_ party: Int) -> Int { Self.left + column * party + column / 2 }

    /// Pictures that a printer may put on different pages.
    var svg: String {
        let rows = rows
        return stride(from: 0, to: max(1, rows.count), by: Self.pageRows)
            .map { picture(Array(rows[$0..<min($0 + Self.pageRows, rows.count)])) }
            .joined(separator: "\n")
    }

    private func picture(_ rows: [Row]) -> String {
        let height = Self.header + rows.count * Self.rowHeight + 6
        var parts = [
            #"<svg viewBox="0 0 \#(width) \#(height)" width="\#(width)" role="img" aria-label="sequence of statements">"#
        ]
        for (place, party) in parties.enumerated() {
            let y = place.isMultiple(of: 2) ? 14 : 30
            parts.append(#"<text x="\#(x(place))" y="\#(y)" text-anchor="middle" font-weight="600">\#(party)</text>"#)
            parts.append(
                ##"<path d="M\##(x(place)) \##(y + 4)V\##(height)" stroke="#c8c8c8" stroke-width="1"/>"##
            )
        }
        for (place, row) in rows.enumerated() {
            parts += draw(row, at: Self.header + place * Self.rowHeight + Self.rowHeight / 2)
        }
        return (parts + ["</svg>"]).joined(separator: "\n")
    }

    private func draw(_ row: Row, at y: Int) -> [String] {
        let time =
            ##"<text x="66" y="\##(y + 4)" text-anchor="end" fill="#555">\##(ScenarioPage.seconds(row.at))</text>"##
        let text = ScenarioReport.escaped(row.text)
        guard !row.isNote else {
            return [
                time,
                ##"<rect x="74" y="\##(y - 8)" width="\##(width - 76)" height="16" rx="3" fill="#fff4d6" stroke="#d9a400"/>"##,
                #"<text x="80" y="\#(y + 4)">\#(text)</text>"#,
            ]
        }
        let colour = Self.colour(of: row)
        var parts = [time, #"<text x="76" y="\#(y + 4)" fill="\#(colour)">\#(text)</text>"#]
        let receivers = row.audience.subtracting(row.speakers)
        let reached = row.speakers.union(receivers).union(row.addressees)
        if let first = reached.min(), let last = reached.max(), first < last {
            parts.append(##"<path d="M\##(x(first)) \##(y)H\##(x(last))" stroke="\##(colour)" stroke-width="1.2"/>"##)
        }
        for party in receivers.sorted() { parts.append(arrow(to: party, from: row.speakers, y, colour)) }
        for party in row.speakers.sorted() {
            parts.append(#"<circle cx="\#(x(party))" cy="\#(y)" r="4" fill="\#(colour)"/>"#)
        }
        for party in row.addressees.sorted() {
            parts.append(
                ##"<circle cx="\##(x(party))" cy="\##(y)" r="6.5" fill="none" stroke="\##(colour)" stroke-width="1.5"/>"##
            )
        }
        return parts
    }

    /// The head of an arrow that comes from the nearest speaker.
    private func arrow(to party: Int, from speakers: Set<Int>, _ y: Int, _ colour: String) -> String {
        let nearest = speakers.min { abs($0 - party) < abs($1 - party) } ?? party
        let tip = x(party)
        let back = nearest < party ? tip - 7 : tip + 7
        return #"<path d="M\#(tip) \#(y)L\#(back) \#(y - 4)V\#(y + 4)Z" fill="\#(colour)"/>"#
    }

    private static func colour(of row: Row) -> String {
        if row.text.hasPrefix("motion") || row.text == "order" { return "#1b5e9c" }
        if row.text == "accusation" || row.text == "lapse" { return "#b3261e" }
        return row.addressees.isEmpty ? "#33475b" : "#8a8f98"
    }
}
