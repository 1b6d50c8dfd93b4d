/// What is wrong with a scenario file, on which line, and what to do.
struct ScenarioFileError: Error, Hashable {
    let line: Int
    let problem: String
    let hint: String

    init(_ line: Int, _ problem: String, hint: String) {
        self.line = line
        self.problem = problem
        self.hint = hint
    }

    /// The same as the command says it.
    func failure(in file: String) -> CommandFailure {
        CommandFailure("\(file), line \(line): \(problem)", hint: hint, exitStatus: ExitStatus.data)
    }
}
