import SignedStatements
import TestSupport
import Testing

@Suite struct InstantTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-12-31T23:59:59Z", 31_535_999), ("2000-02-29T12:00:00Z", 951_825_600),
            ("2024-02-29T00:00:00Z", 1_709_164_800), ("2027-12-01T00:00:00Z", 1_827_619_200),
            ("2100-03-01T00:00:00Z", 4_107_542_400), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] as [(String, Int64)]
    )
    func `an instant has one spelling`(text: String, seconds: Int64) {
        #expect(Instant(text)?.seconds == seconds)
        #expect(Instant(seconds: seconds)?.description == text)
    }

    @Test(arguments: [
        "", "2027-12-01", "2027-12-01T00:00:00", "2027-12-01t00:00:00Z", "2027-12-01T00:00:00z",
        "2027-12-01T00:00:00.0Z", "2027-12-01T00:00:00+00:00", "2027-12-01 00:00:00Z", "2027-13-01T00:00:00Z",
        "2027-00-01T00:00:00Z", "2027-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2027-04-31T00:00:00Z",
        "2027-12-00T00:00:00Z", "2027-12-32T00:00:00Z", "2027-12-01T24:00:00Z", "2027-12-01T00:60:00Z",
        "2027-12-01T00:00:60Z", "1969-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "２027-12-01T00:00:00",
    ])
    func `every other spelling of an instant is refused`(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `writing and reading an instant gives it back`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: 0...253_402_300_799, using: &random)
            let instant = try #require(Instant(seconds: seconds))
            #expect(Instant(instant.description) == instant)
        }
    }

    @Test func `sums stay within the calendar`() throws {
        let day = try #require(Seconds("1d"))
        let huge = try #require(Seconds((1 << 53) - 1))
        #expect(Instant.latest + day == .latest)
        #expect(Instant.earliest - day == .earliest)
        #expect(Instant.earliest + huge == .latest)
        #expect((Instant.earliest + day).seconds == 86_400)
        #expect((Instant.earliest + day).elapsed(since: .earliest) == day)
        #expect(Instant.earliest.elapsed(since: .latest) == nil)
        #expect(Instant(seconds: -1) == nil)
        #expect(Instant(seconds: 253_402_300_800) == nil)
        #expect(2 * huge == huge)
        #expect(2 * day == Seconds(172_800))
    }

    @Test(arguments: [("90d", 7_776_000), ("2h", 7_200), ("10m", 600), ("30s", 30), ("0s", 0), ("61s", 61)])
    func `a length of time has one spelling`(text: String, count: Int) {
        #expect(Seconds(text)?.count == Int64(count))
        #expect(Seconds(Int64(count))?.description == text)
    }

    @Test(arguments: [
        "", "d", "24h", "60m", "60s", "0d", "090d", "+1d", "-1d", "1.5h", "1 d", "1D", "1w", "90", "99999999999999d",
    ])
    func `every other spelling of a length of time is refused`(text: String) {
        #expect(Seconds(text) == nil)
    }
}
