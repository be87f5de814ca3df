import MHPipeKit
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
        ("2009-02-13T23:31:30Z", 1_234_567_890, 0, "2009-02-13T23:31:30Z"),
        ("2000-02-29T12:00:00+02:00", 951_818_400, 0, "2000-02-29T10:00:00Z"),
        ("1969-12-31T23:59:59.5Z", -1, 500_000_000, "1969-12-31T23:59:59.5Z"),
        ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
        ("0001-01-01T00:00:00Z", -62_135_596_800, 0, "0001-01-01T00:00:00Z"),
        ("2026-01-31 23:59:60.1234567891z", 1_769_904_000, 123_456_789, "2026-02-01T00:00:00.123456789Z"),
        ("2026-01-01T00:00:00-03:30", 1_767_238_200, 0, "2026-01-01T03:30:00Z"),
    ])
    func readsAndWritesTimes(text: String, seconds: Int, nanoseconds: Int, written: String) throws {
        let time = try #require(Timestamp(rfc3339: text))
        #expect(time == Timestamp(seconds: Int64(seconds), nanoseconds: Int32(nanoseconds)))
        #expect(time.description == written)
        #expect(Timestamp(rfc3339: written) == time)
    }

    @Test(arguments: [
        "", "2026-01-31", "2026-01-31T23:59:59", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00Z ", " 2026-01-01T00:00:00Z",
        "26-01-01T00:00:00Z", "2026-1-1T00:00:00Z", "0000-01-01T00:00:00Z", "1767225600",
    ])
    func refusesWhatIsNone(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func everyDayOfFourCenturiesComesBack() throws {
        var time = try #require(Timestamp(year: 1800, month: 1, day: 1))
        for _ in 0..<146_097 {
            #expect(Timestamp(rfc3339: time.description) == time)
            time = time.advanced(by: .seconds(86_400))
        }
        #expect(time == Timestamp(year: 2200, month: 1, day: 1))
    }

    @Test func movesAndMeasures() {
        let time = Timestamp(seconds: 10, nanoseconds: 800_000_000)
        #expect(time.advanced(by: .milliseconds(300)) == Timestamp(seconds: 11, nanoseconds: 100_000_000))
        #expect(time.advanced(by: .milliseconds(-900)) == Timestamp(seconds: 9, nanoseconds: 900_000_000))
        #expect(time.advanced(by: .seconds(-20)) == Timestamp(seconds: -10, nanoseconds: 800_000_000))
        #expect(time.advanced(by: .milliseconds(300)).duration(since: time) == .milliseconds(300))
        #expect(time < time.advanced(by: .nanoseconds(1)) && !(time < time))
        #expect(time.secondsSince1970 == 10.8)
    }

    @Test func anEventKnowsItsTime() {
        let batch = EventBatch(records: [#"{"eventTime":"1970-01-01T00:00:05Z"}"#, #"{"eventTime":5}"#, "{}"])
        #expect(batch.map(\.time) == [Timestamp(seconds: 5), nil, nil])
    }
}
