/// Sets of parties that differ only in who stands for whom: "any 2 of a, b, c together with d".
package struct CoalitionProfile: Hashable, Sendable {
    /// Some parties of one kind, whose members may change places without any rule changing.
    package struct Part: Hashable, Sendable {
        /// How many of them, at least 1.
        package let count: Int
        /// In byte order.
        package let parties: [PartyName]
    }

    /// In the order in which the largest rule is read.
    package let parts: [Part]

    init(_ profile: [Int], _ kinds: Interchangeability) {
        parts = zip(profile, kinds.kinds).filter { $0.0 > 0 }.map { Part(count: $0, parties: $1) }
    }

    /// How many parties each of the sets has.
    package var size: Int { parts.reduce(0) { $0 + $1.count } }

    /// How many sets there are of this profile.
    package var setCount: Natural {
        parts.reduce(.one) { $0 * SizeCounts(subsetsOf: $1.parties.count).counts[$1.count] }
    }

    /// One of them, with the first parties of each kind.
    package var example: PartySet { PartySet(parts.flatMap { $0.parties.prefix($0.count) }) }

    /// One with the last parties of each kind, so that it shares as few as possible with ``example``.
    var lastExample: PartySet { PartySet(parts.flatMap { $0.parties.suffix($0.count) }) }
}
