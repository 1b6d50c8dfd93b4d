import AssemblySupport
import CryptoPrimitives
import PauseAgreement
import QuorumPolicy
import SignedStatements

@testable import PauseEvidence

/// What parties running the real core, with keys from a real ceremony, signed until their order was published.
struct RealEvidence: Sendable {
    let charter: Charter
    let groupKey: Element
    let export: OrderExport
    /// When the motion was proposed.
    let proposed: Instant

    /// Made once; everything that a test changes is a copy.
    static let shared = Result { try RealEvidence() }

    private init() throws {
        let assembly = try Assembly(seed: 7)
        try assembly.makeKeys()
        let motion = try assembly.propose()
        for name in ["lab.p1", "lab.p2", "lab.p3", "gov.p1"] { try assembly.cast(.agree, by: name, on: motion) }
        let condition = try Condition(canonicalText: "lab.p1")
        try assembly.cast(.agreeIf(condition), by: "gov.p2", on: motion)
        try assembly.cast(.decline, by: "lab.p4", on: motion)
        try assembly.cast(.abstain, by: "gov.p3", on: motion)
        try assembly.run(seconds: 3)
        let items = try assembly.node("gov.p3").journal.compactMap { record, _ -> Item? in
            if case .item(let item) = record { item } else { nil }
        }
        let orders = items.compactMap { item -> Order? in if case .order(let order) = item { order } else { nil } }
        let keys = try items.compactMap { item -> Element? in
            guard case .statement(let statement) = item, case .keyRecord(let record) = statement.body else {
                return nil
            }
            return record.groupKey(of: try RuleName("decide"))
        }
        guard let order = orders.first, let key = keys.first else { throw Scene.Missing() }
        charter = assembly.charter
        groupKey = key
        proposed = order.claims.proposed
        export = try OrderExport(order.verified(by: key), groupKey: key, charter: charter, items: items)
    }

    func report(at offset: Int64 = 1_800) throws -> OrderReport {
        guard let seconds = Seconds(offset) else { throw Scene.Missing() }
        return OrderVerification.verify(export.bundle, pin: .charter(charter.id), at: proposed + seconds)
    }
}
