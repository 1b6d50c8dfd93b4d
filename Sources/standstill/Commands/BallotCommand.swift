internal import ArgumentParser
internal import NodeService
internal import PauseAgreement

/// Everything about ballots.
struct BallotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ballot",
        abstract: "Cast the party's ballot, or lodge one for motions to come.",
        subcommands: [
            BallotCastCommand.self, BallotLodgeCommand.self, BallotRevokeCommand.self, BallotStandingCommand.self,
        ]
    )
}

/// Casts the party's ballot on a motion.
struct BallotCastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cast",
        abstract: "Cast the party's sealed ballot on a motion; it cannot be changed.",
        discussion: """
            The ballot stays sealed until the motion is closed. A condition is a rule over parties and classes, such as \
            "gov.arland and 4 of lab": the agreement counts only together with that of others who meet it.
            """
    )

    @Argument(help: "The motion's id, or a unique beginning of at least 6 digits.")
    var motion: String

    @Argument(help: "agree, decline or abstain.")
    var answer: String

    @Option(name: .customLong("if"), help: ArgumentHelp("Agree only on this condition.", valueName: "condition"))
    var condition = ""

    @OptionGroup var node: NodeLocation
    @OptionGroup var output: OutputFormat

    func run() async throws {
        try AnswerWords.check(answer, condition: condition)
        let client = try node.client()
        // What is voted on is said first, and the ballot names it by its whole id.
        let motion = try await client.status().motion(motion)
        Console.people(motion.summary)
        let request = BallotRequest(motion: motion.id, answer: answer, condition: condition)
        guard let done = try await client.ask(.cast(request)).done else { throw NodeClient.otherVersion }
        if output.isJSON {
            try Console.json(Cast(motion: motion.id, answer: answer, condition: condition))
        } else {
            Console.data(motion.id)
        }
        Console.people("\(done); it is opened once the motion is closed")
    }

    private struct Cast: Encodable {
        let motion: String
        let answer: String
        let condition: String
    }
}

/// What of an answer can be seen to be wrong without a node.
enum AnswerWords {
    static func check(_ answer: String, condition: String) throws(CommandFailure) {
        guard ["agree", "decline", "abstain"].contains(answer) else {
            throw CommandFailure(
                "there is no answer \"\(answer)\"",
                hint: "use agree, decline or abstain",
                exitStatus: ExitStatus.usage
            )
        }
        guard condition.isEmpty || answer == "agree" else {
            throw CommandFailure(
                "\"\(answer)\" takes no condition",
                hint: "leave --if out; only agree takes one",
                exitStatus: ExitStatus.usage
            )
        }
    }
}
