internal import Foundation
internal import HostilePeer
internal import PeerProtocol
internal import QuorumPolicy
internal import SignedStatements

/// Attacks a node on this machine in the name of a party that its charter lists, and says what became of it.
@main
enum HostilePeerProgram {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--list"] {
            for misbehaviour in Misbehaviour.all { print("\(misbehaviour.name)\t\(misbehaviour.answer)") }
            return
        }
        guard arguments.count >= 5, let port = Int(arguments[0]) else { return explain() }
        let charter = try Charter([UInt8](Data(contentsOf: URL(filePath: arguments[1]))))
        let seed = [UInt8](try Data(contentsOf: URL(filePath: arguments[4])))
        guard seed.count == 32 else { return explain() }
        let attack = Attack(
            port: port,
            charter: charter,
            victim: try PartyName(arguments[2]),
            party: try PartyName(arguments[3]),
            seed: seed
        )
        let names = arguments.dropFirst(5)
        for misbehaviour in Misbehaviour.all where names.isEmpty || names.contains(misbehaviour.name) {
            await run(misbehaviour, attack)
        }
    }

    private static func run(_ misbehaviour: Misbehaviour, _ attack: Attack) async {
        do {
            let outcome = try await misbehaviour.act(attack)
            let word =
                outcome.bye.map { "bye \($0.code): \($0)" } ?? outcome.refusal.map { "refusal \($0)" } ?? "no word"
            print("\(misbehaviour.name)\t\(outcome.isClosed ? "closed" : "open")\t\(word)")
        } catch {
            print("\(misbehaviour.name)\tnot done\t\(error)")
        }
    }

    private static func explain() {
        FileHandle.standardError.write(
            Data(
                """
                usage: hostile-peer --list
                       hostile-peer PORT CHARTER VICTIM PARTY SEED-FILE [NAME...]
                PARTY is the hostile one, SEED-FILE holds its 32 bytes; without names everything is tried.

                """.utf8
            )
        )
    }
}
