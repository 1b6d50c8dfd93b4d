public import CryptoPrimitives
public import QuorumPolicy

/// A rule compiled for secret sharing: who holds which shares, and with which weights a quorum's shares add up.
///
/// For a flat k-of-n rule this is Shamir's scheme with the identifiers 1...n of RFC 9591 (Protocol §4).
public struct AccessStructure: Hashable, Sendable {
    /// The weight of one leaf's share in a signer set's sum.
    public struct LeafCoefficient: Hashable, Sendable {
        /// Number of the leaf, from 0.
        public let leaf: Int
        /// Number of the participant who holds it, from 1.
        public let participant: Int
        public let value: Scalar
    }

    /// The rule.
    public let tree: ThresholdTree
    /// SHA-512 of "STANDSTILL-POLICY-v1", the length of the canonical text and the text: 64 bytes (Protocol §4.1).
    public let policyHash: [UInt8]
    let rows: [ShareRow]

    public init(_ tree: ThresholdTree) {
        self.tree = tree
        let text = [UInt8].ascii(tree.canonicalText)
        policyHash = SHA512.hash(.ascii("STANDSTILL-POLICY-v1") + .littleEndian64(text.count) + text)
        rows = tree.leaves.map { leaf in
            ShareRow(path: leaf.path.map { (tree.gates[$0.gate].columns, $0.x) })
        }
    }

    /// n, the number of participants.
    public var participantCount: Int { tree.participants.count }

    /// D, the number of points in a dealer's commitment.
    public var columnCount: Int { tree.columnCount }

    /// The D weights with which the dealers' coefficients make a leaf's share (Protocol §4.3).
    public func row(ofLeaf leaf: Int) -> [Scalar] {
        var row = [Scalar](repeating: .zero, count: columnCount)
        for (column, weight) in rows[leaf].entries {
            row[column] = weight
        }
        return row
    }

    /// The numbers of a participant's leaves, ascending.
    public func leaves(of participant: Int) -> [Int] {
        tree.participants[participant - 1].leaves
    }

    /// Checks that the signers meet the rule and gives the weight of every leaf they use, by leaf number (Protocol §4.5).
    ///
    /// At each satisfied gate Lagrange at 0 over all satisfied children, multiplied along the path. Throws for a list that
    /// is not ascending, names a stranger, does not meet the rule or names a signer without a used leaf.
    public func coefficients(for signers: [Int]) throws(ThresholdError) -> [LeafCoefficient] {
        let satisfaction = tree.satisfaction(by: try checkedParties(signers))
        guard satisfaction.isSatisfied else { throw .unqualifiedSigners(signers) }
        for party in satisfaction.idle {
            throw .idleSigner(tree.identifier(of: party) ?? 0)
        }
        let weights = gateWeights(satisfaction)
        return satisfaction.usedLeaves.map { number in
            let leaf = tree.leaves[number]
            let value = leaf.path.reduce(Scalar.one) { $0 * weights[$1.gate][$1.x - 1] }
            return LeafCoefficient(leaf: number, participant: leaf.identifier, value: value)
        }
    }

    private func checkedParties(_ signers: [Int]) throws(ThresholdError) -> PartySet {
        guard !signers.isEmpty, zip(signers, signers.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw .unsortedSigners(signers)
        }
        for signer in signers where !(1...participantCount).contains(signer) {
            throw .unknownParticipant(signer)
        }
        return PartySet(signers.map { tree.participants[$0 - 1].party })
    }

    /// Per gate and child the Lagrange weight; zero where a gate or a child is not satisfied.
    private func gateWeights(_ satisfaction: Satisfaction) -> [[Scalar]] {
        let isUsed = usedGates(satisfaction)
        var interpolation = Interpolation()
        for gate in tree.gates where isUsed[gate.number] {
            interpolation.add(satisfaction.satisfiedPositions[gate.number])
        }
        var remaining = interpolation.weights()[...]
        return tree.gates.map { gate in
            var weights = [Scalar](repeating: .zero, count: gate.children.count)
            if isUsed[gate.number] {
                for position in satisfaction.satisfiedPositions[gate.number] {
                    weights[position - 1] = remaining.removeFirst()
                }
            }
            return weights
        }
    }

    private func usedGates(_ satisfaction: Satisfaction) -> [Bool] {
        var isUsed = [Bool](repeating: false, count: tree.gates.count)
        for leaf in satisfaction.usedLeaves {
            for step in tree.leaves[leaf].path {
                isUsed[step.gate] = true
            }
        }
        return isUsed
    }
}
