internal import QuorumPolicy
internal import SeededNumbers
internal import SignedStatements

/// Draws faults from a seed and adds them to a scenario, each kind of fault or not (Groce and others, "Swarm Testing", ISSTA 2012).
package struct Swarm {
    private let base: Scenario
    private var random: SeededGenerator
    private var scenario: Scenario
    /// Until when faults begin, in milliseconds: what is left of the first vote is calm.
    private let noise: Int64
    /// Of a thousand seeds, how many begin with a ceremony, how long that is disturbed, and how long it takes altogether, in milliseconds.
    private static let ceremoniesPerMille = 40
    private static let ceremonyNoise: Int64 = 40_000
    private static let ceremony = ceremonyNoise + 5_000 + Calm.beforeKeys

    /// A scenario with the faults of a seed.
    package static func scenario(_ base: Scenario, seed: UInt64) -> Scenario {
        var swarm = Swarm(base, seed: seed)
        swarm.draw()
        return swarm.scenario
    }

    private init(_ base: Scenario, seed: UInt64) {
        self.base = base
        random = SeededGenerator(seed: seed ^ 0x5cea_a710)
        scenario = base
        if base.ceremony == 0, random.happens(perMille: Self.ceremoniesPerMille) {
            scenario.ceremony = Self.ceremony
            for index in scenario.faults.indices { scenario.faults[index].at += Self.ceremony }
            noise = Self.ceremonyNoise
            return
        }
        let first = base.votes.first
        noise = max(1000, base.ceremony + (first?.at ?? 0) + (first?.plan.commitSeconds ?? 0) * 1000 - Calm.before)
    }

    private mutating func draw() {
        if scenario.ceremony > base.ceremony { return drawForCeremony() }
        if flips { addConditions() }
        if flips { for _ in 0..<Int.random(in: 1...3, using: &random) { addCrash() } }
        if flips { for _ in 0..<Int.random(in: 1...3, using: &random) { addCut() } }
        if flips { for _ in 0..<Int.random(in: 1...3, using: &random) { addClock() } }
        if random.happens(perMille: 200) { addDark() }
        if flips { addLiars() }
        scenario.faults.sort { $0.at < $1.at }
    }

    /// Everybody takes part in a ceremony, so nobody stays dark, lies, or has a wrong clock.
    private mutating func drawForCeremony() {
        if flips { addConditions() }
        for _ in 0..<Int.random(in: 1...6, using: &random) { addCrash() }
        if flips { for _ in 0..<Int.random(in: 1...3, using: &random) { addCut() } }
        scenario.faults.sort { $0.at < $1.at }
    }

    private var flips: Bool { mutating get { Bool.random(using: &random) } }

    private mutating func party() -> PartyName {
        let parties = base.charter.parties
        return parties[Int.random(in: parties.indices, using: &random)].name
    }

    private mutating func moment() -> Int64 { Int64.random(in: 0..<noise, using: &random) }

    private mutating func add(_ action: ScenarioAction, at moment: Int64) {
        scenario.faults.append(.init(at: moment, action))
    }

    private mutating func addConditions() {
        var conditions = base.conditions
        let slow = [20, 200, 800][Int.random(in: 0..<3, using: &random)]
        if flips { conditions.delayMilliseconds = 1...slow }
        if flips { conditions.brokenPerMille = Int.random(in: 1...30, using: &random) }
        if flips { conditions.repeatedPerMille = Int.random(in: 1...300, using: &random) }
        conditions.overtakes = flips
        let begin = moment()
        add(.conditions(conditions), at: begin)
        add(.conditions(base.conditions), at: noise)
    }

    private mutating func addCrash() {
        let party = party()
        let back = Int64.random(in: 100...3000, using: &random)
        if flips { return add(.crash(party, losesPower: flips, back: back), at: moment()) }
        let point = DeathPoint.allCases[Int.random(in: 0..<DeathPoint.allCases.count, using: &random)]
        add(.crashLater(party, rounds: Int.random(in: 0..<60, using: &random), point, back: back), at: moment())
    }

    private mutating func addCut() {
        let names = base.charter.parties.map(\.name)
        let one = names.filter { _ in random.next().isMultiple(of: 2) }
        let other = names.filter { !one.contains($0) }
        let begin = moment()
        let lasting = Int64.random(in: 100...max(100, noise - begin), using: &random)
        add(.cut(from: one, to: other, lasting: lasting), at: begin)
        if flips { add(.cut(from: other, to: one, lasting: lasting), at: begin) }
    }

    private mutating func addClock() {
        let tolerance = Int64(base.charter.limits.clockTolerance.count) * 1000
        let isWild = random.happens(perMille: 200)
        let range = isWild ? 60 * tolerance : tolerance / 2
        add(.clock(party(), Int64.random(in: -range...range, using: &random)), at: moment())
    }

    private mutating func addDark() {
        add(.crash(party(), losesPower: flips, back: nil), at: moment())
    }

    private mutating func addLiars() {
        let bound = base.charter.limits.faultBound - base.liars.count
        guard bound > 0 else { return }
        for _ in 0..<Int.random(in: 1...bound, using: &random) {
            let strategies = Strategy.lies
            let strategy = strategies[Int.random(in: strategies.indices, using: &random)]
            let liar = party()
            guard !scenario.liars.contains(liar) else { continue }
            // From the beginning: what it said while it was honest would count as honest.
            add(.misbehave(liar, strategy), at: 0)
        }
    }
}
