import CryptoPrimitives

/// Something to measure, next to the libsodium calls it cannot do without.
struct Step {
    let name: String
    /// What the step may cost on a quiet machine, in microseconds.
    let target: Double
    let calls: [(call: RawSodium.Call, count: Int)]
    /// One short run: microseconds per turn.
    let sample: () throws -> Double
}

/// What was measured for a step.
struct Finding {
    /// How far above the bare calls a step may be where the machine is too slow for its target.
    static let ratioLimit = 1.25

    let name: String
    let microseconds: Double
    /// The calls by themselves, in the same run.
    let floor: Double
    let target: Double

    var ratio: Double { microseconds / floor }
    var isGood: Bool { microseconds <= target || ratio <= Finding.ratioLimit }

    var row: String {
        let numbers = [microseconds, floor, ratio, target].map { Finding.text($0) }
        return "| \(name) | " + numbers.joined(separator: " | ") + " | \(isGood ? "yes" : "NO") |"
    }

    var json: String {
        """
        {"step":"\(name)","microseconds":\(Finding.text(microseconds)),"floor":\(Finding.text(floor)),\
        "ratio":\(Finding.text(ratio)),"target":\(Finding.text(target)),"good":\(isGood)}
        """
    }

    /// Two decimals.
    static func text(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
