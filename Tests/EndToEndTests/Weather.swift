/// From whom bytes come and to whom they go, whoever dialled.
struct Way: Hashable, Sendable {
    let sender: String
    let receiver: String
}

/// What the line from one party to another does to bytes.
struct Weather: Hashable, Sendable {
    /// Each piece takes so long, by chance; pieces do not overtake each other on one connection.
    var delayMilliseconds = 0...0
    /// What passes in a second; 8,000 is a line of 64 kbit.
    var bytesPerSecond: Int?
    /// Pieces are cut to lengths within these bounds, by chance.
    var pieces: ClosedRange<Int>?
    /// Of a hundred times eight pieces on one connection, after how many the connection is lost.
    var lossPercent = 0
    /// Of a hundred times eight pieces, after how many the last one comes twice.
    var repeatPercent = 0
    /// Bytes are held back, and nobody is told.
    var isDark = false
    /// Connections are closed, and new ones too.
    var isCut = false

    static let clear = Weather()
    static let dark = Weather(isDark: true)
    static let cut = Weather(isCut: true)
}

/// What carries bytes between the nodes of a village, and can be told to do it badly.
protocol Wires {
    func set(_ weather: Weather, on ways: [Way]) async throws
}
