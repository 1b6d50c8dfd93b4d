/// A number that analysis found exactly, or enclosed when the search for it would have taken too long.
///
/// Exact for every read-once rule; see `ThresholdTree.Limits.searchEffort` for the others.
public struct Bounds: Hashable, Sendable {
    /// The number is this or more; what a safety check must use for things that have to be large.
    public let atLeast: Int
    /// The number is this or less; some witness reaches it.
    public let atMost: Int

    /// The number itself, if it is known.
    public var exact: Int? { atLeast == atMost ? atLeast : nil }
}

extension Bounds: CustomStringConvertible {
    public var description: String {
        atLeast == atMost ? "\(atLeast)" : "between \(atLeast) and \(atMost)"
    }
}
