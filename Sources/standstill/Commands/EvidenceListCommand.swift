internal import ArgumentParser
internal import NodeService
internal import PauseAgreement

/// Lists what the node can prove against anybody.
struct EvidenceListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the offences that the node can prove, and who has accused whom."
    )

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        let agreement = try await node.client().status().agreement
        if output.isJSON {
            return try Console.json(Listed(misconduct: agreement.misconduct, accusations: agreement.accusations))
        }
        for offence in agreement.misconduct { Console.data(Self.line(offence)) }
        if agreement.misconduct.isEmpty { Console.people("this node can prove no misconduct of anybody") }
        for accusation in agreement.accusations {
            Console.people("\(accusation.accuser) accuses \(accusation.accused) of \(accusation.offence)")
        }
    }

    /// Party, code and the newest statement, as `evidence export` takes them, and what was done.
    static func line(_ offence: OffenceStatus) -> String {
        let motion = offence.motion.isEmpty ? "" : ", motion \(offence.motion.prefix(8))"
        let condition = offence.isConditional ? " (conditional: export and verify it)" : ""
        return "\(offence.party)  \(offence.offence)  \(offence.statements.last?.prefix(16) ?? "")  "
            + "\(offence.party) \(offence.sentence)\(motion)\(condition)"
    }

    private struct Listed: Encodable {
        let misconduct: [OffenceStatus]
        let accusations: [AccusationStatus]
    }
}
