internal import CryptoPrimitives
internal import PauseAgreement
internal import SignedStatements
internal import ThresholdSigning

/// What the nodes of one run find out for each other: the stand-in for real cryptography.
final class CommonFindings: SharedFindings {
    /// An order as it came, and the key that it was held against.
    private struct OrderName: Hashable {
        let order: Order
        let groupKey: Element
    }

    private struct Findings {
        var statements: [StatementID: Verified<Statement>] = [:]
        var points: Set<Bytes32> = []
        var transcripts: [TranscriptName: Transcript] = [:]
        var holding: [Finding: Bool] = [:]
        var packages: [PackageName: SigningPackage] = [:]
        var assembled: [AssembledOrderName: Verified<Order>] = [:]
        var orders: [OrderName: Verified<Order>] = [:]
    }

    private let findings = Shared(Findings())

    /// A statement with this id and text that a party of the run has signed.
    func statement(_ id: StatementID, text: String) -> Verified<Statement>? {
        findings.with { $0.statements[id] }.flatMap { $0.value.text == text ? $0 : nil }
    }

    /// What a party of the run has signed; nonces of its own are multiples of the base point.
    func note(_ statement: Verified<Statement>) {
        findings.with { findings in
            findings.statements[statement.value.id] = statement
            guard case .nonceCommitment(let nonces) = statement.value.body else { return }
            findings.points.formUnion([nonces.hiding, nonces.binding])
        }
    }

    func isPoint(_ encoding: Bytes32) -> Bool {
        if findings.with({ $0.points.contains(encoding) }) { return true }
        guard Element(encoding: encoding) != nil else { return false }
        findings.with { _ = $0.points.insert(encoding) }
        return true
    }

    func transcript(
        _ name: TranscriptName,
        _ make: () throws(ThresholdError) -> Transcript
    ) throws(ThresholdError) -> Transcript {
        if let known = findings.with({ $0.transcripts[name] }) { return known }
        let made = try make()
        findings.with { $0.transcripts[name] = made }
        return made
    }

    func holds(_ name: Finding, _ check: () -> Bool) -> Bool {
        if let known = findings.with({ $0.holding[name] }) { return known }
        let holds = check()
        findings.with { $0.holding[name] = holds }
        return holds
    }

    func package(_ name: PackageName, _ make: () -> SigningPackage?) -> SigningPackage? {
        if let known = findings.with({ $0.packages[name] }) { return known }
        guard let made = make() else { return nil }
        findings.with { $0.packages[name] = made }
        return made
    }

    func assembled(_ name: AssembledOrderName, _ make: () throws -> Verified<Order>) throws -> Verified<Order> {
        if let known = findings.with({ $0.assembled[name] }) { return known }
        let made = try make()
        findings.with { findings in
            findings.assembled[name] = made
            findings.orders[OrderName(order: made.value, groupKey: name.package.groupKey)] = made
        }
        return made
    }

    func verified(_ order: Order, under groupKey: Element) throws(StatementError) -> Verified<Order> {
        let name = OrderName(order: order, groupKey: groupKey)
        if let known = findings.with({ $0.orders[name] }) { return known }
        let made = try order.verified(by: groupKey)
        findings.with { $0.orders[name] = made }
        return made
    }
}
