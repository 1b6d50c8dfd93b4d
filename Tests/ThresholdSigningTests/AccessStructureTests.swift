import CryptoPrimitives
import QuorumPolicy
import TestSupport
import Testing

@testable import ThresholdSigning

@Suite struct AccessStructureTests {
    static let rules = [
        "2of(a,b,c)", "1of(a,b)", "3of(a,b,c)", "2of(a,a,b)",
        "2of(2of(a,b,c),1of(d,e))", "2of(3of(a,b,c,d),2of(c,d,e),1of(a,e))",
        "2of(2of(a,b,c),2of(2of(d,e,f),g,1of(h,i)),j)",
    ]

    /// Every subset of the participants: the rule, the coefficients and linear algebra over the rows agree.
    @Test(arguments: rules)
    func `exactly the quorums have weights, and their rows sum up to the secret`(rule: String) throws {
        let structure = AccessStructure(try ThresholdTree(canonicalText: rule))
        for subset in 1..<(1 << structure.participantCount) {
            let signers = (1...structure.participantCount).filter { subset >> ($0 - 1) & 1 == 1 }
            let parties = PartySet(signers.map { structure.tree.participants[$0 - 1].party })
            let result = Result { () throws(ThresholdError) in try structure.coefficients(for: signers) }
            switch result {
            case .success(let coefficients):
                #expect(structure.tree.isSatisfied(by: parties))
                #expect(Set(coefficients.map(\.participant)) == Set(signers))
                #expect(weightedRows(coefficients, structure) == unit(structure.columnCount))
            case .failure(.unqualifiedSigners(let refused)):
                #expect(refused == signers)
                #expect(!structure.tree.isSatisfied(by: parties))
            case .failure(.idleSigner(let idle)):
                let others = parties.subtracting([structure.tree.participants[idle - 1].party])
                #expect(structure.tree.isSatisfied(by: others))
            case .failure(let other):
                Issue.record(other)
            }
        }
    }

    @Test func `a large flat rule interpolates as a small one does`() throws {
        let names = (1...100).map { "p\($0)" }.joined(separator: ",")
        let structure = AccessStructure(try ThresholdTree(canonicalText: "67of(\(names))"))
        let coefficients = try structure.coefficients(for: Array(20...99))
        #expect(weightedRows(coefficients, structure) == unit(67))
    }

    @Test(arguments: [[], [2, 1], [1, 1], [1, 2, 2]])
    func `a list that is not ascending is refused`(signers: [Int]) throws {
        let structure = AccessStructure(try ThresholdTree(canonicalText: "2of(a,b,c)"))
        #expect(throws: ThresholdError.unsortedSigners(signers)) { try structure.coefficients(for: signers) }
    }

    @Test(arguments: [[0, 1], [1, 4], [-1, 2]])
    func `a stranger is refused`(signers: [Int]) throws {
        let structure = AccessStructure(try ThresholdTree(canonicalText: "2of(a,b,c)"))
        let stranger = try #require(signers.first { !(1...3).contains($0) })
        #expect(throws: ThresholdError.unknownParticipant(stranger)) { try structure.coefficients(for: signers) }
    }

    @Test func `a signer whose group is not met is refused`() throws {
        let structure = AccessStructure(try ThresholdTree(canonicalText: "1of(2of(a,b),2of(c,d))"))
        #expect(throws: ThresholdError.idleSigner(3)) { try structure.coefficients(for: [1, 2, 3]) }
    }

    @Test func `too few signers are refused`() throws {
        let structure = AccessStructure(try ThresholdTree(canonicalText: "2of(2of(a,b,c),1of(d,e))"))
        #expect(throws: ThresholdError.unqualifiedSigners([1, 2, 3])) { try structure.coefficients(for: [1, 2, 3]) }
    }

    @Test func `the policy hash depends on the order of the names`() throws {
        let one = AccessStructure(try ThresholdTree(canonicalText: "2of(a,b)"))
        let other = AccessStructure(try ThresholdTree(canonicalText: "2of(b,a)"))
        #expect(one.policyHash != other.policyHash)
        #expect(one.policyHash.count == 64)
    }

    private func weightedRows(
        _ coefficients: [AccessStructure.LeafCoefficient],
        _ structure: AccessStructure
    ) -> [Scalar] {
        var sum = [Scalar](repeating: .zero, count: structure.columnCount)
        for coefficient in coefficients {
            for (column, weight) in structure.row(ofLeaf: coefficient.leaf).enumerated() {
                sum[column] = sum[column] + coefficient.value * weight
            }
        }
        return sum
    }

    private func unit(_ count: Int) -> [Scalar] {
        [.one] + [Scalar](repeating: .zero, count: count - 1)
    }
}
