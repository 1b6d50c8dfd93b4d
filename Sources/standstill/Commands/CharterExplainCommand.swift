internal import ArgumentParser
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
            only declines still records. With --with or --without, ends with 0 if those who take part are enough for \
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

    @Option(help: ArgumentHelp("Draw who matters how much into a new SVG file.", valueName: "file"))
    var plot: String?

    @OptionGroup var output: OutputFormat

    func run() async throws {
        let check = try InputFile.charter(file)
        let charter = check.charter
        if let plot { try NewFile.checkAbsent(plot) }
        let isQuestion = !present.isEmpty || !absent.isEmpty
        if isQuestion { try answer(charter) } else { try explain(charter) }
        try draw(charter)
        if !check.refusals.isEmpty {
            Console.people("WARNING: this charter is refused; `standstill charter check \(file)` says why")
        }
        if isQuestion, try answers(charter).contains(where: { $0.verdict != .enough }) {
            throw ExitCode(ExitStatus.refused)
        }
    }

    private func selection(_ charter: Charter) throws(CommandFailure) -> (present: PartySet, absent: PartySet) {
        let away = try PartySelection(absent, option: "--without", of: charter).parties
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

    private func answers(_ charter: Charter) throws(CommandFailure) -> [ParticipationAnswer] {
        let selection = try selection(charter)
        return charter.procedures.map {
            ParticipationAnswer($0, present: selection.present, absent: selection.absent, of: charter)
        }
    }

    private func answer(_ charter: Charter) throws {
        let selection = try selection(charter)
        let answers = try answers(charter)
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
        let sections = [head] + answers.map { $0.lines(asksAboutPower: !present.isEmpty) }
        Console.data(sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
    }

    private func explain(_ charter: Charter) throws {
        let analyses = charter.procedures.map { ActionAnalysis($0, of: charter) }
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

    private func draw(_ charter: Charter) throws {
        guard let plot, let first = charter.procedures.first else { return }
        try NewFile.create(plot, Array(PowerPlot(first, of: charter).svg.utf8))
        Console.people("wrote \(plot): who matters how much \(first.title)")
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
