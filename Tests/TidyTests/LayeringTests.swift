import Testing

/// Who may import whom, read from the sources (docs/architecture.md).
@Suite struct LayeringTests {
    /// The floor of every target; a target imports only targets of lower floors.
    static let floors: [(target: String, floor: Int)] = [
        ("CSodium", 0), ("CSystemCalls", 0),
        ("CryptoPrimitives", 1), ("QuorumPolicy", 1), ("SeededNumbers", 1), ("SystemCalls", 1),
        ("ThresholdSigning", 2), ("NoiseSession", 2), ("SignedStatements", 2),
        ("BallotSealing", 3), ("PeerProtocol", 3),
        ("PauseAgreement", 4), ("PauseEvidence", 4),
        ("ScenarioSimulation", 5),
        ("NodeStore", 6), ("NodeNetwork", 6),
        ("NodeService", 7),
        ("NodeInterface", 8),
        ("standstill", 9), ("benchmarks", 9),
    ]

    /// Targets that compute and do nothing else: no input, output, clock or randomness of their own.
    static let pure = floors.filter { (1...5).contains($0.floor) && $0.target != "SystemCalls" }.map(\.target)

    /// What a pure target may import besides targets of this package, and why.
    static let standardModules: [(target: String, module: String)] = [
        // A lock around the pool of guarded memory.
        ("CryptoPrimitives", "Synchronization")
    ]

    static func floor(of target: String) -> Int? { floors.first { $0.target == target }?.floor }

    @Test(arguments: Repository.targets)
    func `every target has a floor`(target: String) {
        #expect(Self.floor(of: target) != nil, "add \(target) to the table of floors")
    }

    @Test(arguments: Repository.sources)
    func `a target imports only targets of lower floors`(file: Repository.File) throws {
        let target = file.path.split(separator: "/")[1]
        let own = try #require(Self.floor(of: String(target)))
        for (line, module) in imports(of: file) {
            guard let other = Self.floor(of: module) else { continue }
            #expect(other < own, "\(file.path):\(line) imports \(module)")
        }
    }

    @Test(arguments: pure.flatMap(Repository.sources(of:)))
    func `the core imports nothing that reads clocks, files, sockets or chance`(file: Repository.File) {
        let target = String(file.path.split(separator: "/")[1])
        for (line, module) in imports(of: file) {
            let isOwn = Self.floor(of: module) != nil && module != "SystemCalls"
            let isAllowed = Self.standardModules.contains { $0 == (target, module) }
            #expect(isOwn || isAllowed, "\(file.path):\(line) imports \(module)")
        }
    }

    /// The order of hash tables differs from run to run, and a core that depended on it would too.
    @Test(arguments: Repository.sources(of: "PauseAgreement") + Repository.sources(of: "PauseEvidence"))
    func `the core keeps nothing in hash tables`(file: Repository.File) {
        for (number, line) in file.code where line.contains(":") || line.contains("Set") || line.contains("Dictionary")
        {
            let isHashTable = line.contains(/\bDictionary\b|\bSet\s*[<(]|\[[A-Z]\w*(\.\w+)?\??\s*:\s*[A-Z\[]/)
            guard isHashTable, !Self.isNamedException(file.path, line) else { continue }
            Issue.record("\(file.path):\(number): \(line): use OrderedMap or PartySet")
        }
    }

    /// A snapshot for screens becomes a JSON object, whose encoder sorts the members; nothing is decided by it.
    private static func isNamedException(_ path: String, _ line: Substring) -> Bool {
        ["Sources/PauseAgreement/Status.swift", "Sources/PauseAgreement/Agreement+Status.swift"].contains(path)
            && line.contains("keys: [String: String]")
    }

    private func imports(of file: Repository.File) -> [(line: Int, module: String)] {
        file.code.compactMap { number, line in
            guard line.contains("import ") else { return nil }
            return line.firstMatch(of: /^(?:@\w+ )?(?:public |package |internal |private |fileprivate )?import (\w+)/)
                .map { (number, String($0.1)) }
        }
    }
}
