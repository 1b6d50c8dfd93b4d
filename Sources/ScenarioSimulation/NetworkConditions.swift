/// How lines between parties behave, the same for all of them.
package struct NetworkConditions: Hashable, Sendable {
    /// How long a message travels, in milliseconds of true time.
    package var delayMilliseconds: ClosedRange<Int>
    /// Of a thousand messages, how many are lost with their connection, which is made anew a little later.
    package var brokenPerMille: Int
    /// Of a thousand messages, how many arrive a second time, later.
    package var repeatedPerMille: Int
    /// Whether messages of one line may overtake each other.
    package var overtakes: Bool

    package init(
        delayMilliseconds: ClosedRange<Int> = 5...50,
        brokenPerMille: Int = 0,
        repeatedPerMille: Int = 0,
        overtakes: Bool = false
    ) {
        self.delayMilliseconds = delayMilliseconds
        self.brokenPerMille = brokenPerMille
        self.repeatedPerMille = repeatedPerMille
        self.overtakes = overtakes
    }

    /// How long after it broke a line is made anew, in milliseconds.
    static let reconnection = 200...2000
}

/// The line between two nodes, told apart by the lower number first.
struct Line: Hashable {
    let low: Int
    let high: Int

    init(_ one: Int, _ other: Int) {
        low = min(one, other)
        high = max(one, other)
    }

    /// The line's place in a list of all lines between `count` nodes.
    func place(among count: Int) -> Int { low * count + high }
}

/// What is known of a line.
struct LineState {
    var isUp = false
    /// Counts the connections; what was sent over an earlier one does not arrive.
    var connection = 0
    /// When the last message arrives, from low to high and from high to low, so that none overtakes it.
    private var lastUp: Int64 = 0
    private var lastDown: Int64 = 0
    /// Which directions are cut.
    private var isCutUp = false
    private var isCutDown = false

    var isCutSomewhere: Bool { isCutUp || isCutDown }
    var isCutBothWays: Bool { isCutUp && isCutDown }

    func isCut(from sender: Int, on line: Line) -> Bool { sender == line.low ? isCutUp : isCutDown }

    mutating func setCut(_ isCut: Bool, from sender: Int, on line: Line) {
        if sender == line.low { isCutUp = isCut } else { isCutDown = isCut }
    }

    func lastArrival(from sender: Int, on line: Line) -> Int64 { sender == line.low ? lastUp : lastDown }

    mutating func noteArrival(_ milliseconds: Int64, from sender: Int, on line: Line) {
        if sender == line.low { lastUp = milliseconds } else { lastDown = milliseconds }
    }
}
