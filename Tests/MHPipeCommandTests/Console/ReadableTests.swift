import Testing

@testable import MHPipeCommand

@Suite struct ReadableTests {
    @Test(arguments: [
        (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (663_584, "663,584"), (1_234_567, "1,234,567"),
        (-1234, "-1,234"),
    ])
    func counts(number: Int, text: String) {
        #expect(Readable.count(number) == text)
    }

    @Test(arguments: [(0, "0 files"), (1, "1 file"), (2000, "2,000 files")])
    func countsThings(number: Int, text: String) {
        #expect(Readable.count(number, "file") == text)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (14_249, "14.2 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
        (312_400_000, "312.4 MB"), (1_040_000_000, "1.0 GB"), (2_500_000_000_000, "2.5 TB"),
        (7_000_000_000_000_000, "7.0 PB"),
    ])
    func bytes(number: Int, text: String) {
        #expect(Readable.bytes(number) == text)
    }

    @Test(arguments: [
        (0.0, "0.00 s"), (0.044, "0.04 s"), (9.99, "9.99 s"), (9.996, "10.0 s"), (12.34, "12.3 s"),
        (59.96, "1 min 00 s"),
        (125.2, "2 min 05 s"), (3599.6, "1 h 00 min"), (3720, "1 h 02 min"),
    ])
    func durations(seconds: Double, text: String) {
        #expect(Readable.duration(seconds) == text)
    }

    @Test(arguments: [(0.0, "0:00"), (0.2, "0:01"), (7, "0:07"), (750, "12:30"), (3750, "1:02:30")])
    func clocks(seconds: Double, text: String) {
        #expect(Readable.clock(seconds) == text)
    }
}
