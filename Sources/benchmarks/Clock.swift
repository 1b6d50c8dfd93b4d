#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Processor time of this process.
enum Clock {
    /// Microseconds since some start.
    static var microseconds: Double {
        Double(clock()) * 1_000_000 / Double(CLOCKS_PER_SEC)
    }

    /// Microseconds per turn of one run.
    static func time(turns: Int, _ body: () throws -> Void) rethrows -> Double {
        let start = microseconds
        for _ in 0..<turns {
            try body()
        }
        return (microseconds - start) / Double(turns)
    }
}
