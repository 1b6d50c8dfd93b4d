/// A point in time, UTC, in whole seconds since 1970 ("NumericDate" of RFC 7519).
///
/// Reaches to the end of the year 9999, the last that RFC 3339 can write.
public struct Instant: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, 0...253402300799.
    public let seconds: Int64

    /// 1970-01-01T00:00:00Z.
    public static let earliest = Instant(unchecked: 0)
    /// 9999-12-31T23:59:59Z.
    public static let latest = Instant(unchecked: 253_402_300_799)

    /// Takes seconds since 1970; nil outside the range.
    public init?(seconds: Int64) {
        guard (Self.earliest.seconds...Self.latest.seconds).contains(seconds) else { return nil }
        self.seconds = seconds
    }

    /// Reads the one accepted spelling, such as `2027-12-01T00:00:00Z`; nil for any other.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let pattern = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
        guard bytes.count == pattern.count else { return nil }
        var fields: [Int64] = []
        for (index, (byte, wanted)) in zip(bytes, pattern).enumerated() {
            if wanted == UInt8(ascii: "d") {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                if index == 0 || pattern[index - 1] != wanted { fields.append(0) }
                fields[fields.count - 1] = fields[fields.count - 1] * 10 + Int64(byte - UInt8(ascii: "0"))
            } else if byte != wanted {
                return nil
            }
        }
        guard fields[3] < 24, fields[4] < 60, fields[5] < 60,
            let day = CivilDate(year: fields[0], month: fields[1], day: fields[2]).dayNumber
        else { return nil }
        self.init(seconds: day * 86_400 + fields[3] * 3_600 + fields[4] * 60 + fields[5])
    }

    private init(unchecked seconds: Int64) { self.seconds = seconds }

    public static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }

    /// The later instant, or ``latest`` if it would lie beyond.
    public static func + (instant: Instant, duration: Seconds) -> Instant {
        let (sum, overflows) = instant.seconds.addingReportingOverflow(duration.count)
        return overflows ? latest : Instant(seconds: sum) ?? latest
    }

    /// The earlier instant, or ``earliest`` if it would lie before.
    public static func - (instant: Instant, duration: Seconds) -> Instant {
        Instant(seconds: instant.seconds - duration.count) ?? earliest
    }

    /// The time that has passed since an earlier instant; nil if that one is later.
    public func elapsed(since earlier: Instant) -> Seconds? {
        Seconds(seconds - earlier.seconds)
    }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in UTC with `Z`, 20 characters.
    public var description: String {
        let date = CivilDate(dayNumber: seconds / 86_400)
        let second = seconds % 86_400
        let day = "\(padded(date.year, to: 4))-\(padded(date.month, to: 2))-\(padded(date.day, to: 2))"
        let time = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, to: 2) }
        return day + "T" + time.joined(separator: ":") + "Z"
    }

    private func padded(_ number: Int64, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// A date of the Gregorian calendar.
struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// The date a number of days, at least 0, after 1970-01-01.
    ///
    /// Years are counted from March, so that the leap day is the last of its year and every era of 400 years has the
    /// same 146097 days.
    init(dayNumber: Int64) {
        let shifted = dayNumber + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01; nil when the calendar has no such date or it lies before.
    var dayNumber: Int64? {
        guard year >= 1970, (1...12).contains(month), day >= 1 else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let number = era * 146_097 + dayOfEra - 719_468
        let back = CivilDate(dayNumber: number)
        // A day that its month does not have comes back as a day of the next month.
        return back.month == month && back.day == day ? number : nil
    }
}
