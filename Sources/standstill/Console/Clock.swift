internal import Foundation
internal import SignedStatements

/// The time, and how people say it.
enum Clock {
    /// The wall clock's whole second.
    static var now: Instant {
        Instant(seconds: Int64(Date.now.timeIntervalSince1970)) ?? .earliest
    }

    /// How long ago an RFC 3339 instant was, in its two largest units; empty for a text that is none.
    static func age(of text: String, at now: String) -> String {
        guard let then = Instant(text), let now = Instant(now) else { return "" }
        return words(max(0, now.seconds - then.seconds))
    }

    /// `since 2027-03-01T00:00:00Z (2h 5m)`.
    static func since(_ text: String, at now: String) -> String {
        text.isEmpty ? "" : "since \(text) (\(age(of: text, at: now)))"
    }

    private static func words(_ seconds: Int64) -> String {
        let units: [(Int64, String)] = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")]
        var rest = seconds
        var parts: [String] = []
        for (size, letter) in units {
            let count = rest / size
            rest %= size
            if count > 0 { parts.append("\(count)\(letter)") }
        }
        return parts.isEmpty ? "0s" : parts.prefix(2).joined(separator: " ")
    }
}
