import CryptoPrimitives

/// Measures steps and bare calls in turns, so that a busy moment of the machine does not hit only one of them.
struct Session {
    private static let callsPerRun = 20

    let steps: [Step]
    private(set) var calls: [(call: RawSodium.Call, microseconds: Double)] = []
    private(set) var findings: [Finding] = []

    /// Takes the fastest of so many rounds.
    init(_ steps: [Step], rounds: Int = 40) throws {
        self.steps = steps
        let library = RawSodium()
        var callTimes = [Double](repeating: .infinity, count: RawSodium.Call.allCases.count)
        var stepTimes = [Double](repeating: .infinity, count: steps.count)
        for _ in 0..<rounds {
            for (index, call) in RawSodium.Call.allCases.enumerated() {
                callTimes[index] = min(callTimes[index], Self.time(call, library))
            }
            for (index, step) in steps.enumerated() {
                stepTimes[index] = min(stepTimes[index], try step.sample())
            }
        }
        calls = zip(RawSodium.Call.allCases, callTimes).map { ($0, $1) }
        findings = zip(steps, stepTimes).map { step, time in
            Finding(name: step.name, microseconds: time, floor: floor(of: step), target: step.target)
        }
    }

    var table: String {
        let callRows = calls.map { "| \($0.call.rawValue) | \(Finding.text($0.microseconds)) |" }
        return
            (["| call | microseconds |", "|---|---|"] + callRows + [
                "", "| step | microseconds | libsodium calls alone | ratio | target | good |",
                "|---|---|---|---|---|---|",
            ] + findings.map(\.row)).joined(separator: "\n")
    }

    var json: String {
        let costs = calls.map { "\"\($0.call.rawValue)\":\(Finding.text($0.microseconds))" }
        let rows = findings.map(\.json)
        return """
            {"libsodium":"\(Sodium.version)","calls":{\(costs.joined(separator: ","))},\
            "steps":[\(rows.joined(separator: ","))]}
            """
    }

    private func floor(of step: Step) -> Double {
        step.calls.reduce(0) { sum, next in
            sum + Double(next.count) * (calls.first { $0.call == next.call }?.microseconds ?? 0)
        }
    }

    private static func time(_ call: RawSodium.Call, _ library: RawSodium) -> Double {
        // Cheap calls are repeated more often, because the clock counts whole microseconds.
        let count = call.isArithmeticOnPoints ? callsPerRun : callsPerRun * 50
        let start = Clock.microseconds
        precondition(library.make(call, times: count), "libsodium accepts the inputs of the benchmark")
        return (Clock.microseconds - start) / Double(count)
    }
}

extension RawSodium.Call {
    fileprivate var isArithmeticOnPoints: Bool {
        switch self {
        case .baseMultiplication, .multiplication, .addition, .pointCheck, .verification, .scalarInversion: true
        case .scalarMultiplication, .hash, .randomness: false
        }
    }
}
