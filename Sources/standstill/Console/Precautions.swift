internal import NodeService

/// The precautions of a process that holds keys, taken before anything is read.
enum Precautions {
    /// Those that this system does not allow, for the log of a node.
    static let shortfalls = ProcessHardening.apply()

    /// Takes them all.
    static func take() {
        _ = shortfalls
    }
}

/// What this program is.
enum Release {
    static let text = NodeVersion.text
}
