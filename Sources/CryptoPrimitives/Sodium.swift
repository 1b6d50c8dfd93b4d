internal import CSodium

/// Starts libsodium; every entry point of this module goes through it.
///
/// `sodium_init` is idempotent and thread-safe. A failure means the machine has no entropy source, and nothing this
/// process could do afterwards would be safe.
public enum Sodium {
    static let start: Void = {
        precondition(sodium_init() >= 0, "libsodium could not be initialised: the machine offers no entropy")
    }()

    /// The library's own version text, for logs and `doctor` pages.
    public static var version: String {
        unsafe String(cString: sodium_version_string())
    }
}
