internal import ArgumentParser
internal import Foundation

/// The command: what a party's officers and operators type.
@main
struct Standstill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "standstill",
        abstract: "Order a pause together: signed only if the charter's quorum agrees, verified by anybody.",
        discussion: """
            A party makes its keys (party), agrees with the others on a charter (charter), runs one node (node), \
            makes the group keys with the others (ceremony), proposes and votes (motion, ballot), looks at how things \
            stand (status) and whether the node is well (doctor), keeps a backup (backup), shows or verifies the result \
            (order), and proves misconduct (evidence). Before all that, anybody can play what could happen under a \
            charter (scenario).
            """,
        version: Release.text,
        subcommands: [
            PartyCommand.self, CharterCommand.self, NodeCommand.self, CeremonyCommand.self, MotionCommand.self,
            BallotCommand.self, StatusCommand.self, OrderCommand.self, EvidenceCommand.self, DoctorCommand.self,
            BackupCommand.self, ScenarioCommand.self, DemoCommand.self,
        ]
    )

    static func main() async {
        Precautions.take()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Ending.exit(after: error)
        }
    }
}
