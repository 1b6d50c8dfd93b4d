package import SignedStatements

/// What the clocks of peers, some of which may lie, say of this node's own (Protocol §7.3).
package enum PeerClocks {
    /// How far the others are ahead of this node, in milliseconds; nil where liars alone could have said it.
    ///
    /// With more than 2 x `fault-bound` peers it is their median, of two the one nearest to zero: it lies between two honest clocks.
    /// With fewer, but more than `fault-bound`, it is known only when all agree with this node within the tolerance, since one of them
    /// is honest.
    package static func offset(of clocks: some Sequence<Int64>, under limits: Charter.Limits) -> Int64? {
        let offsets = clocks.sorted()
        guard offsets.count > limits.faultBound else { return nil }
        guard offsets.count > 2 * limits.faultBound || offsets.allSatisfy(limits.tolerates) else { return nil }
        let middle = [offsets[(offsets.count - 1) / 2], offsets[offsets.count / 2]]
        return middle.min { $0.magnitude < $1.magnitude }
    }
}

extension Charter.Limits {
    /// Whether two honest clocks may be so many milliseconds apart.
    func tolerates(_ offset: Int64) -> Bool { offset.magnitude <= (clockTolerance.count * 1000).magnitude }
}
