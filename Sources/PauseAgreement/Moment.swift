public import SignedStatements

/// The shell's clock as the core sees it: milliseconds since 1970, UTC.
///
/// Statements carry whole seconds (``Instant``); only timers inside one node need finer steps.
public struct Moment: Hashable, Comparable, Sendable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The beginning of a whole second.
    public init(_ instant: Instant) {
        milliseconds = instant.seconds * 1000
    }

    /// The whole second this moment lies in.
    ///
    /// A clock outside 1970...9999 is taken for the nearest instant that can be written down.
    public var instant: Instant {
        Instant(seconds: milliseconds / 1000) ?? (milliseconds < 0 ? .earliest : .latest)
    }

    public static func < (left: Moment, right: Moment) -> Bool {
        left.milliseconds < right.milliseconds
    }

    public static func + (moment: Moment, milliseconds: Int64) -> Moment {
        Moment(milliseconds: moment.milliseconds + milliseconds)
    }
}
