import Testing

/// Properties of the source text that no compiler flag expresses.
@Suite struct SourceTextTests {
    /// Where the word `unsafe` may stand (docs/decisions/0002-system-calls.md).
    static let unsafeTargets = ["CryptoPrimitives", "SystemCalls"]

    @Test func `the files are found`() {
        #expect(Repository.sources.count > 100)
        #expect(Repository.tests.count > 50)
        #expect(Repository.pages.count > 20)
    }

    @Test(arguments: Repository.sources)
    func `unsafe code lives in two targets`(file: Repository.File) {
        guard !Self.unsafeTargets.contains(where: { file.path.hasPrefix("Sources/\($0)/") }) else { return }
        guard file.text.contains("nsafe") else { return }
        for (number, line) in file.code {
            let mentionsPointers = line.contains(/\bunsafe\b|\bUnsafe(Mutable)?(Raw)?(Buffer)?Pointer\b/)
            #expect(!mentionsPointers, "\(file.path):\(number): \(line)")
        }
    }

    @Test func `only the replay of a node's own journal takes values for verified unchecked`() {
        let callers = Repository.sources.filter { file in
            file.code.contains { $0.text.contains("(uncheckedFromOwnJournal: ") }
        }
        #expect(callers.map(\.path) == ["Sources/PauseAgreement/Participant.swift"])
    }

    @Test func `only scenarios make randomness follow from a seed`() {
        let callers = (Repository.sources + Repository.tests).filter { file in
            file.code.contains { $0.text.contains("SeededRandomness.begin(") }
        }
        .map(\.path).filter { !$0.hasPrefix("Tests/TidyTests/") }
        #expect(
            callers.sorted() == [
                "Sources/standstill/Scenarios/ScenarioRunner.swift", "Tests/TrapProgram/TrapProgram.swift",
            ]
        )
    }

    @Test(arguments: Repository.swift)
    func `nothing is forced`(file: Repository.File) {
        // This test names what it looks for.
        guard !file.path.hasPrefix("Tests/TidyTests/") else { return }
        for words in ["try!", "as!", "fatalError("] where file.text.contains(words) {
            for (number, line) in file.code where line.contains(words) {
                let isForced = line.contains(/\btry!|\bas!|\bfatalError\(/)
                #expect(!isForced, "\(file.path):\(number): \(line)")
            }
        }
    }

    @Test(arguments: Repository.swift + Repository.pages)
    func `nothing is left for later`(file: Repository.File) {
        let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
        for mark in marks where file.text.contains(mark) {
            let isMarked = file.text.split { !$0.isLetter && !$0.isNumber }.contains { $0 == mark }
            #expect(!isMarked, "\(file.path) has a \(mark)")
        }
    }

    @Test(arguments: Repository.swift)
    func `a file has at most 500 lines`(file: Repository.File) {
        #expect(
            file.lines.count <= 501,
            "\(file.path) has \(file.lines.count - 1) lines: give a part of it a file of its own"
        )
    }

    @Test(arguments: Repository.swift + Repository.pages)
    func `a file ends with exactly one line feed`(file: Repository.File) {
        #expect(!file.text.isEmpty, "\(file.path) is empty or not UTF-8")
        #expect(file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n"), "\(file.path)")
        #expect(!file.text.contains("\r"), "\(file.path) has carriage returns")
    }

    /// Paths of the machine on which something was written help nobody elsewhere.
    @Test(arguments: Repository.swift + Repository.pages + [Repository.file("Makefile"), Repository.file(".ci/run")])
    func `no file names the machine it was written on`(file: Repository.File) {
        let paths = ["/wo" + "rk/", "/ro" + "ot/", "/tmp/" + "h/"]
        for path in paths {
            #expect(!file.text.contains(path), "\(file.path) names \(path)")
        }
    }
}
