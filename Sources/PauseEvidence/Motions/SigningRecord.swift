internal import QuorumPolicy
internal import SignedStatements

/// Who did what towards a motion's signature, as its statements show it (Protocol §7.7).
///
/// Counted is only what no honest party could have had a reason to leave unanswered, so that nobody is blamed for a package that
/// its node refuses.
struct SigningRecord {
    private struct Offer {
        let signer: PartyName
        let attempt: Int
    }

    private struct Package {
        let offers: [StatementID]
        let signers: [PartyName]
        /// Whether every signer has to answer it.
        let isAnswerable: Bool
    }

    /// Parties with a share, dated before sign-by, for a package that has their nonces.
    private(set) var signers = PartySet()
    /// Somebody had all shares of a package, or more parties than may lie have seen an order, besides those who owe one a share.
    private(set) var hasOrder = false
    private var offers: OrderedMap<StatementID, Offer> = [:]
    private var packages: OrderedMap<StatementID, Package> = [:]
    /// For which packages each party has given a share.
    private var shared: OrderedMap<PartyName, [StatementID]> = [:]
    /// In how many packages each nonce commitment is.
    private var uses: OrderedMap<StatementID, Int> = [:]
    private let gaveToAnother: PartySet

    init(_ statements: [Statement], of motion: Statement, among agreeing: PartySet, record: MotionRecord) {
        gaveToAnother = record.gaveToAnother
        guard case .motion(let body) = motion.body else { return }
        let own = statements.filter { $0.body.motion == motion.id && $0.head.at < body.schedule.signBy }
        for statement in own {
            guard case .nonceCommitment(let nonces) = statement.body else { continue }
            offers[statement.id] = Offer(signer: statement.head.party, attempt: nonces.attempt)
        }
        let rule = record.decision
        for statement in own {
            guard case .package(let package) = statement.body else { continue }
            let asked = package.commitments.compactMap { offers[$0] }.filter { $0.attempt == package.attempt }
            let signers = asked.map(\.signer)
            let numbers = signers.compactMap { rule.identifier(of: $0) }
            for id in package.commitments { uses[id, default: 0] += 1 }
            packages[statement.id] = Package(
                offers: package.commitments,
                signers: signers,
                isAnswerable: rule.coordinator(of: package.attempt, on: motion.id) == statement.head.party
                    && numbers.count == package.commitments.count
                    && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
                    && rule.isSatisfied(by: PartySet(signers)) && PartySet(signers).isSubset(of: agreeing)
            )
        }
        for statement in own {
            guard case .signatureShare(let share) = statement.body,
                packages[share.package]?.signers.contains(statement.head.party) == true
            else { continue }
            signers.insert(statement.head.party)
            shared[statement.head.party, default: []].append(share.package)
        }
        // The word of those who gave no share clears nobody.
        let publishers = PartySet(record.publications.keys).subtracting(agreeing.subtracting(signers))
        hasOrder =
            publishers.count > record.charter.limits.faultBound
            || packages.contains { id, package in
                package.isAnswerable && package.signers.allSatisfy { shared[$0]?.contains(id) == true }
            }
    }

    /// The share of a party that has agreed; nil when nothing shows that it had to give one.
    func owed(by party: PartyName) -> MotionReport.OwedShare? {
        guard !gaveToAnother.contains(party) else { return nil }
        // Nonces answer the first package that names them, and which was the first nobody can tell.
        let asked = packages.filter { id, package in
            package.isAnswerable && package.signers.contains(party)
                && package.offers.allSatisfy { uses[$0] == 1 }
        }
        return asked.isEmpty ? nil : MotionReport.OwedShare(party: party.text, requests: asked.count)
    }
}
