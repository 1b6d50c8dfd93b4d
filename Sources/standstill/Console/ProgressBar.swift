internal import Foundation

/// How far long work has come, for people: a bar on a terminal, else a line every so often.
struct ProgressBar {
    private let total: Int
    /// What is counted, such as `seeds`.
    private let unit: String
    private let begin = ContinuousClock.now
    private var lastWord = ContinuousClock.now
    private static let width = 24
    private static let pause = (bar: Duration.milliseconds(200), line: Duration.seconds(10))

    init(_ total: Int, _ unit: String) {
        self.total = total
        self.unit = unit
    }

    private var seconds: Double { Double(begin.duration(to: .now) / .seconds(1)) }

    /// So many of the whole are done a second.
    func rate(_ done: Int) -> Double { Double(done) / max(0.001, seconds) }

    /// So much is done; says so if it is time to.
    mutating func advance(to done: Int, _ news: String) {
        let isBar = Console.hasPeople
        guard lastWord.duration(to: .now) >= (isBar ? Self.pause.bar : Self.pause.line) else { return }
        lastWord = .now
        let left = Int((Double(total - done) / max(0.001, rate(done))).rounded(.up))
        let text = "\(done) of \(total) \(unit), \(Self.text(rate(done))) a second, \(Self.time(left)) left; \(news)"
        guard isBar else { return Console.people(text) }
        let full = Self.width * done / max(1, total)
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: Self.width - full)
        Console.progress("[\(bar)] \(text)")
    }

    /// Takes the bar away.
    func end() { if Console.hasPeople { Console.progress("") } }

    private static func text(_ rate: Double) -> String {
        rate < 10 ? "\((rate * 10).rounded() / 10)" : "\(Int(rate.rounded()))"
    }

    private static func time(_ seconds: Int) -> String {
        seconds < 60
            ? "\(seconds) s" : seconds < 3600 ? "\(seconds / 60) min" : "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    }
}
