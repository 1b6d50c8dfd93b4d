public import CryptoPrimitives

/// The public side of a shared key: the rule, the key itself, and what every share can be checked against.
///
/// Comes from a certified ceremony transcript only; nothing in it is ever taken from signers (Protocol §4.8).
public struct GroupKey: Hashable, Sendable {
    /// The rule whose quorums sign under this key.
    public let structure: AccessStructure
    /// The Ed25519 public key, 32 bytes.
    public let element: Element
    /// The D summed commitments, the key first; each of prime order, or the identity (but never the key).
    public let columns: [UncheckedElement]

    /// Checks D points from storage; throws ``ThresholdError/malformedGroupKey``.
    public init(structure: AccessStructure, columns: [UncheckedElement]) throws(ThresholdError) {
        guard
            columns.count == structure.columnCount,
            let element = Element(encoding: columns[0].bytes),
            columns.allSatisfy({ $0 == .identity || Element(encoding: $0.bytes) != nil })
        else { throw .malformedGroupKey }
        self.init(structure: structure, element: element, checkedColumns: columns)
    }

    init(structure: AccessStructure, element: Element, checkedColumns: [UncheckedElement]) {
        self.structure = structure
        self.element = element
        columns = checkedColumns
    }

    /// What a leaf's share times B must be, derived when asked for at up to D - 1 multiplications (Protocol §4.3).
    ///
    /// The identity only if all dealers of the ceremony conspired.
    public func verificationShare(ofLeaf leaf: Int) -> UncheckedElement {
        guard let share = structure.rows[leaf].combine(columns) else {
            preconditionFailure("the columns of a group key are points of the subgroup")
        }
        return share
    }

    /// The point that a participant's weighted shares must make in a signer set; ``AccessStructure/coefficients(for:)``.
    public func verificationShare(
        of participant: Int,
        weighedBy coefficients: [AccessStructure.LeafCoefficient]
    ) -> UncheckedElement {
        var sum = UncheckedElement.identity
        for coefficient in coefficients where coefficient.participant == participant {
            let share = verificationShare(ofLeaf: coefficient.leaf)
            guard share != .identity, let term = coefficient.value * share else { continue }
            sum = sum.adding(UncheckedElement(term))
        }
        return sum
    }
}

extension UncheckedElement {
    /// The sum of two points known to lie on the curve.
    func adding(_ other: UncheckedElement) -> UncheckedElement {
        guard let sum = self + other else { preconditionFailure("points of the curve have a sum") }
        return sum
    }
}
