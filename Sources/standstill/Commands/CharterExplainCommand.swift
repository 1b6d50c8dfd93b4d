internal import ArgumentParser
internal import NodeService
internal import PauseAgreement
internal import QuorumPolicy
internal import SignedStatements

/// Answers who can start and who can stop a pause, and whether some parties are enough.
struct CharterExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say who can start and who can stop a pause, and whether some parties are enough.",
        discussion: """
            Parties may be given by name, by class, by group or by tag, such as jurisdiction=arland, separated by commas. \
            With --without alone everybody else takes part. Those who stay away neither record nor agree; a party that \
            only declines still records. With --connected, those take part whose nodes are connected to the running node \
            of --directory now, and that node's own party. With --with, --without or --connected, ends with 0 if those who take part are enough for \
            every action, 1 if they are not; 64 if a name is unknown, 65 if the file is malformed, 73 if the drawing's \
            file is there already.
            """
    )

    @Argument(help: "The charter's file.")
    var file: String

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp("Parties that take part; may be repeated.", valueName: "names")
    )
    var present: [String] = []

    @Option(
        name: .customLong("without"),
        help: ArgumentHelp("Parties that stay away; may be repeated.", valueName: "names")
    )
    var absent: [String] = []

    @Flag(name: .customLong("connected"), help: "Those take part whose nodes are connected now.")
    var asksNode = false

    @OptionGroup var node: NodeLocation

    @Option(help: ArgumentHelp("About this action only: start, renew or lift.", valueName: "action"))
    var action: String?

    @Option(help: ArgumentHelp("Draw who matters how much into a new SVG file.", valueName: "file"))
    var plot: String?

    @OptionGroup var output: OutputFormat

    func validate() throws {
        if asksNode, !present.isEmpty {
            throw ValidationError("--with and --connected both say who takes part; give one")
        }
    }

    func run() async throws {
        let check = try InputFile.charter(file)
        let charter = check.charter
        let procedures = try procedures(charter)
        if let plot { try NewFile.checkAbsent(plot) }
        let isQuestion = !present.isEmpty || !absent.isEmpty || asksNode
        var answers: [ParticipationAnswer] = []
        if isQuestion {
            let selection = try await selection(charter)
            answers = procedures.map {
                ParticipationAnswer($0, present: selection.present, absent: selection.absent, of: charter)
            }
            try tell(answers, selection, charter)
        } else {
            try explain(procedures, charter)
        }
        if let plot {
            try NewFile.create(plot, Array(PowerPlot.svg(procedures, of: charter).utf8))
            let titles = procedures.map(\.title).joined(separator: "; ")
            Console.people("wrote \(plot): who matters how much \(titles)")
        }
        if !check.refusals.isEmpty {
            Console.people("WARNING: this charter is refused; `standstill charter check \(file)` says why")
        }
        if answers.contains(where: { $0.verdict != .enough }) { throw ExitCode(ExitStatus.refused) }
    }

    /// How the actions that are asked about come about.
    private func procedures(_ charter: Charter) throws(CommandFailure) -> [ActionProcedure] {
        guard let action else { return charter.procedures }
        guard let known = OrderAction(rawValue: action), let procedure = charter.procedure(of: known) else {
            let actions = charter.procedures.flatMap(\.actions).map(\.rawValue)
            throw CommandFailure(
                "--action: the charter has no action \"\(action)\"",
                hint: "its actions are \(ActionProcedure.list(actions, "and"))",
                exitStatus: ExitStatus.usage
            )
        }
        return [procedure]
    }

    private typealias Selection = (present: PartySet, absent: PartySet)

    private func selection(_ charter: Charter) async throws -> Selection {
        let away = try PartySelection(absent, option: "--without", of: charter).parties
        if asksNode { return (try await connected(charter).subtracting(away), away) }
        if present.isEmpty { return (charter.voters.subtracting(away), away) }
        let here = try PartySelection(present, option: "--with", of: charter).parties
        let both = here.intersection(away)
        guard both.isEmpty else {
            throw CommandFailure(
                "\(both) cannot both take part and stay away",
                hint: "name each party under --with or --without, not both",
                exitStatus: ExitStatus.usage
            )
        }
        return (here, away)
    }

    /// The voters whose nodes the running node is connected with, and its own party.
    private func connected(_ charter: Charter) async throws -> PartySet {
        let status = try await node.client().status()
        guard status.agreement.charter == charter.id.description else {
            throw CommandFailure(
                "the running node has charter \(status.agreement.charter), the file is charter \(charter.id)",
                hint: "name the file that the node's node.yaml names"
            )
        }
        let names = status.peers.filter(\.isConnected).map(\.name) + [status.agreement.party]
        return PartySet(names.compactMap { try? PartyName($0) }).intersection(charter.voters)
    }

    private func tell(_ answers: [ParticipationAnswer], _ selection: Selection, _ charter: Charter) throws {
        if output.isJSON {
            try Console.json(
                Answer(
                    charter: charter.id.description,
                    with: selection.present.map(\.text),
                    without: selection.absent.map(\.text),
                    answers: answers
                )
            )
            return
        }
        let undecided = charter.voters.subtracting(selection.present).subtracting(selection.absent)
        let head = [
            "take part: \(CoalitionFigures.list(selection.present.map(\.text)))",
            "stay away: \(CoalitionFigures.list(selection.absent.map(\.text)))",
            "undecided: \(CoalitionFigures.list(undecided.map(\.text)))",
        ]
        let sections = [head] + answers.map { $0.lines(asksAboutPower: !present.isEmpty || asksNode) }
        Console.data(sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
    }

    private func explain(_ procedures: [ActionProcedure], _ charter: Charter) throws {
        let analyses = procedures.map { ActionAnalysis($0, of: charter) }
        if output.isJSON {
            try Console.json(
                Explanation(
                    charter: charter.id.description,
                    prose: charter.prose().split(separator: "\n").map(String.init),
                    procedures: analyses
                )
            )
            return
        }
        let sections =
            [["charter \(charter.id)"], charter.prose().split(separator: "\n").map(String.init)]
            + analyses.flatMap { [$0.whoLines, $0.figures.classLines] }
        Console.data(sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
    }

    private struct Answer: Encodable {
        let charter: String
        let with: [String]
        let without: [String]
        let answers: [ParticipationAnswer]
    }

    private struct Explanation: Encodable {
        let charter: String
        let prose: [String]
        let procedures: [ActionAnalysis]
    }
}
