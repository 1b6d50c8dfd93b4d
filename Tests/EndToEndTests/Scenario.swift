import Testing

/// A bad network and what must come of it, as data: the same for relays and for network namespaces.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// When something changes; each moment is something that is seen, never a time.
    enum Moment: Sendable {
        /// Before any node starts.
        case start
        /// Every node has its keys.
        case keys
        /// Every node knows the first motion.
        case motion
        /// Everybody that is not cut off knows an order.
        case order
        /// Everybody that is not cut off has given up the first round.
        case lapse
    }

    /// Which ways change.
    enum Ways: Sendable {
        case all
        /// Both ways between these and the others.
        case around([String])
        case from(String, to: String)
    }

    struct Change: Sendable {
        let moment: Moment
        let ways: Ways
        let weather: Weather
    }

    enum Outcome: Sendable {
        /// The first motion becomes an order.
        case order
        /// The first motion fails, its round lapses, and a later round makes the order.
        case orderInLaterRound
    }

    let name: String
    let seed: UInt64
    var size = Village.Size.four
    let changes: [Change]
    var outcome = Outcome.order
    /// The lengths of the motions, one list for each that is proposed; the last one for all further ones.
    var lengths: [Lengths] = [.long]
    /// Whether packet filters can do it as well.
    var isForPackets = true

    /// How long a motion is open for ballots, for signing and for receipts.
    struct Lengths: Sendable {
        let commit: String
        let sign: String
        let publish: String

        static let long = Lengths(commit: "1h", sign: "1h", publish: "1h")
    }

    var testDescription: String { name }

    /// Who is cut off at a moment, by the changes up to it.
    func cutOff(at moment: Moment) -> [String] {
        var dark: [String] = []
        for change in changes {
            guard case .around(let parties) = change.ways, change.moment != moment else { continue }
            dark = change.weather.isDark || change.weather.isCut ? parties : []
        }
        return dark
    }
}

extension Scenario {
    static let all = [
        Scenario(
            name: "a fifth of all pieces takes its connection with it",
            seed: 1,
            changes: [
                Change(moment: .start, ways: .all, weather: Weather(delayMilliseconds: 0...20, lossPercent: 20))
            ]
        ),
        Scenario(
            name: "a minority is away while the motion closes, and learns of the order later",
            seed: 2,
            size: .six,
            changes: [
                Change(moment: .motion, ways: .around(["lab.c", "gov.c"]), weather: .cut),
                Change(moment: .order, ways: .all, weather: .clear),
            ],
            lengths: [
                Lengths(commit: "20s", sign: "2m", publish: "2m"), Lengths(commit: "1m", sign: "10m", publish: "10m"),
            ]
        ),
        Scenario(
            name: "without a quorum the motion fails, the round lapses, and the next one makes the order",
            seed: 3,
            changes: [
                Change(moment: .motion, ways: .around(["gov.b"]), weather: .dark),
                Change(moment: .lapse, ways: .all, weather: .clear),
            ],
            outcome: .orderInLaterRound,
            lengths: [Lengths(commit: "2s", sign: "3s", publish: "1s"), .long]
        ),
        Scenario(
            name: "nothing passes from one party to another, and the others carry it",
            seed: 4,
            size: .six,
            changes: [Change(moment: .start, ways: .from("lab.a", to: "gov.a"), weather: .dark)]
        ),
        Scenario(
            name: "a line that goes dark in one direction and comes back is used again",
            seed: 5,
            changes: [
                Change(moment: .keys, ways: .from("gov.b", to: "lab.a"), weather: .dark),
                Change(moment: .keys, ways: .from("gov.b", to: "lab.b"), weather: .dark),
                Change(moment: .keys, ways: .from("gov.b", to: "gov.a"), weather: .dark),
                Change(moment: .motion, ways: .all, weather: .clear),
            ]
        ),
        Scenario(
            name: "bytes come one by one, or in crumbs, and late",
            seed: 6,
            changes: [
                Change(moment: .start, ways: .all, weather: Weather(delayMilliseconds: 0...3, pieces: 1...40)),
                Change(
                    moment: .start,
                    ways: .around(["lab.a"]),
                    weather: Weather(pieces: 1...1)
                ),
            ],
            isForPackets: false
        ),
        Scenario(
            name: "a tenth of all pieces comes twice",
            seed: 7,
            changes: [Change(moment: .start, ways: .all, weather: Weather(repeatPercent: 10))],
            isForPackets: false
        ),
        Scenario(
            name: "one party sits behind a line of 64 kbit",
            seed: 8,
            changes: [
                Change(
                    moment: .start,
                    ways: .around(["gov.a"]),
                    weather: Weather(delayMilliseconds: 20...60, bytesPerSecond: 8_000)
                )
            ],
            isForPackets: false
        ),
    ]
}
