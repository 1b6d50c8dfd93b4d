internal import Foundation
internal import NodeService
internal import PauseAgreement

/// What the demo shows: one line per event, and on a terminal one live table of party and phase below them.
struct DemoScreen {
    private let isTerminal: Bool
    private let started = ContinuousClock.now
    private var table: [String] = []

    init() {
        isTerminal = isatty(STDOUT_FILENO) == 1
    }

    /// Seconds since the demo began, such as ` 3.4 s`.
    private var clock: String {
        let elapsed = started.duration(to: .now).components
        let tenths = elapsed.seconds * 10 + elapsed.attoseconds / 100_000_000_000_000_000
        let text = "\(tenths / 10).\(tenths % 10) s"
        return String(repeating: " ", count: max(0, 7 - text.count)) + text
    }

    /// Whole seconds since the demo began.
    var seconds: Int { Int(started.duration(to: .now).components.seconds) }

    mutating func heading(_ text: String) {
        write(["", text])
    }

    mutating func line(_ text: String) {
        write(["\(clock)  \(text)"])
    }

    mutating func text(_ lines: [String]) {
        write(lines)
    }

    /// Replaces the live table; on anything but a terminal it is shown by ``settleTable()`` only.
    mutating func update(_ rows: [String]) {
        guard rows != table else { return }
        if isTerminal { erase() }
        table = rows
        if isTerminal { draw() }
    }

    /// Leaves the table standing, and goes on below it.
    mutating func settleTable() {
        if isTerminal { erase() }
        let rows = table
        table = []
        write([""] + rows)
    }

    private mutating func write(_ lines: [String]) {
        if isTerminal { erase() }
        for line in lines { print(line) }
        if isTerminal { draw() }
        fflush(nil)
    }

    private func erase() {
        guard !table.isEmpty else { return }
        print("\u{1b}[\(table.count)A\u{1b}[J", terminator: "")
    }

    /// Draws without wrapping: a row that took two lines of a narrow terminal could not be erased again.
    private func draw() {
        print("\u{1b}[?7l", terminator: "")
        for row in table { print(row) }
        print("\u{1b}[?7h", terminator: "")
        fflush(nil)
    }
}

/// The tables of the demo.
enum DemoTable {
    private static let ceremonySteps = ["ratified", "contributed", "dealt", "certified", "proved", "recorded"]

    /// Party by step of the key ceremony.
    static func ceremony(_ status: NodeStatus) -> [String] {
        let header = row("party", ceremonySteps)
        return [header]
            + status.agreement.parties.map { party in
                row(party.name, ceremonySteps.map { party.ceremonySteps.contains($0) ? "yes" : "-" })
            }
    }

    /// Party by phase of one motion.
    static func motion(_ motion: MotionStatus, dark: [String]) -> [String] {
        let header = row("party", ["sealed", "certified", "closed", "opened", "signed", "published"], last: "ballot")
        return [header]
            + motion.voters.map { voter in
                row(
                    voter.name,
                    [
                        voter.hasCommitted, voter.isCertified, voter.hasClosed, voter.hasOpened, voter.hasSigned,
                        voter.hasPublished,
                    ].map { $0 ? "yes" : "-" },
                    last: short(voter.answer) + (dark.contains(voter.name) ? " (off)" : "")
                )
            }
    }

    /// An answer that fits into its column; the whole condition is in the order's record.
    private static func short(_ answer: String) -> String {
        answer.count <= 48 ? answer : answer.prefix(45) + "..."
    }

    private static func row(_ name: String, _ cells: [String], last: String = "") -> String {
        let line = "  " + padded(name, to: 14) + cells.map { padded($0, to: 12) }.joined() + last
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
