internal import CSystemCalls

/// What the system says of its clock.
package enum SystemClock {
    /// Whether a time service keeps the clock right (`adjtimex`); nil where the system does not say.
    package static var isSynchronised: Bool? {
        switch standstill_clock_is_synchronised() {
        case 0: false
        case 1: true
        default: nil
        }
    }
}
