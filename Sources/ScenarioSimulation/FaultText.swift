internal import QuorumPolicy

extension Scenario.Fault {
    /// The fault as an entry of a scenario file's `faults`; nil for what no file can say.
    package var entry: String? {
        action.entry.map { "- {at: \(at)ms, \($0)}" }
    }
}

extension ScenarioAction {
    fileprivate var entry: String? {
        switch self {
        case .crash(let party, let losesPower, let back):
            guard let back else { return "dark: \(party)" }
            return "\(losesPower ? "power-cut" : "kill"): \(party), for: \(back)ms"
        case .crashLater(let party, let rounds, let point, let back):
            let end = back.map { ", for: \($0)ms" } ?? ""
            return "dies: \(party), after: \(rounds), when: \(point.rawValue)\(end)"
        case .cut(let senders, let receivers, let lasting):
            let end = lasting.map { ", for: \($0)ms" } ?? ""
            return "cut: {from: \(Self.list(senders)), to: \(Self.list(receivers))}\(end)"
        case .clock(let party, let milliseconds):
            return "clock: \(party), \(milliseconds < 0 ? "behind" : "ahead"): \(milliseconds.magnitude)ms"
        case .conditions(let conditions):
            let delay = conditions.delayMilliseconds
            return "network: {delay: \(delay.lowerBound)..\(delay.upperBound), broken: \(conditions.brokenPerMille), "
                + "repeated: \(conditions.repeatedPerMille), overtaking: \(conditions.overtakes ? "yes" : "no")}"
        case .misbehave(let party, let strategy): return "liar: \(party), does: \(strategy.rawValue)"
        case .ratify, .propose, .cast, .stand, .start, .mend, .breakNode: return nil
        }
    }

    private static func list(_ parties: [PartyName]) -> String {
        "[" + parties.map(\.text).joined(separator: ", ") + "]"
    }
}
