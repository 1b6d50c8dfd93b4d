internal import CryptoPrimitives
package import PauseAgreement
package import QuorumPolicy
package import SignedStatements

/// What every party knows once the group keys are made: a ceremony run once, from which any number of runs begin.
package struct PreparedKeys: Sendable {
    package let charter: Charter
    /// By the party's place in the charter.
    let agreements: [Agreement]
    /// When the ceremony had ended.
    let end: Moment

    /// Runs the ceremony over a network without faults; `signers` gets those who have recovered their shares in it.
    ///
    /// Throws ``SimulationError/noKeys(_:)`` when it does not end within two minutes of the run.
    package init(charter: Charter, seed: UInt64 = 1, signers: SignerPool? = nil) throws(SimulationError) {
        let simulation = Simulation(charter: charter, seed: seed, signers: signers)
        let begin = simulation.now
        for party in charter.parties { simulation.schedule(.ratify(party.name), at: begin + 1000) }
        var second: Int64 = 0
        while !simulation.haveKeys, second < 120 {
            second += 1
            simulation.run(until: begin + 1000 * second)
        }
        if let violation = simulation.violation { throw .noKeys("\(violation)") }
        guard simulation.haveKeys else { throw .noKeys("the ceremony has not ended after two minutes") }
        // What is under way arrives.
        simulation.run(until: simulation.now + 5000)
        self.charter = charter
        agreements = simulation.nodes.compactMap(\.agreement)
        end = simulation.now
        simulation.dismiss()
    }

    /// The same with what one party knows from another ceremony, to try the checks.
    package func mixed(_ party: PartyName, from other: PreparedKeys) -> PreparedKeys {
        var agreements = agreements
        for (place, one) in charter.parties.enumerated() where one.name == party {
            agreements[place] = other.agreements[place]
        }
        return PreparedKeys(charter: charter, agreements: agreements, end: max(end, other.end))
    }

    private init(charter: Charter, agreements: [Agreement], end: Moment) {
        (self.charter, self.agreements, self.end) = (charter, agreements, end)
    }

    /// The secrets of a party in a simulation: they follow from its name, and protect nothing.
    package static func secrets(of party: PartyName) -> PartySecrets {
        PartySecrets(seed: SecretBytes(copying: SHA256.hash(Array("standstill scenario \(party)".utf8)).array))
    }
}

extension Simulation {
    /// Whether every node has finished the ceremony.
    package var haveKeys: Bool { keyed.count == nodes.count }

    /// Whose nodes have finished the ceremony.
    var keyed: PartySet { PartySet(nodes.filter { $0.agreement?.ceremony.stage == .finished }.map(\.party)) }

    /// Says who has no keys although they are owed.
    func unfinishedKeys(_ isOwed: Bool) -> Violation? {
        let behind = isOwed ? nodes.first { $0.agreement?.ceremony.stage != .finished } : nil
        return behind.map { node in
            let stage = node.agreement?.ceremony.stage.rawValue ?? "its node is down"
            return Violation(
                .liveness,
                at: now,
                by: node.party,
                "it has no keys, though all were there in calm: \(stage)"
            )
        }
    }

    /// Nodes that have finished the ceremony have the keys of the same one.
    func compareKeys() {
        var first: OrderedMap<RuleName, Element>?
        for node in nodes {
            guard let agreement = node.agreement, agreement.ceremony.stage == .finished else { continue }
            let keys = agreement.provenKeys
            if let first, first != keys {
                accuse(Violation(.sameKeys, at: now, by: node.party, "it has other group keys than those before it"))
            }
            first = first ?? keys
        }
    }
}

/// Why a simulation cannot be run.
package enum SimulationError: Error, Hashable, Sendable, CustomStringConvertible {
    case noKeys(String)

    package var description: String {
        switch self {
        case .noKeys(let why): "the group keys could not be made: \(why)"
        }
    }
}
