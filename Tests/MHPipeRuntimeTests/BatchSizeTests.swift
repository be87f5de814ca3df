import Testing

@testable import MHPipeRuntime

/// How much text the records of one batch have.
@Suite("Batches of a reader")
struct BatchSizeTests {
    private static let record = #"{"eventVersion":"1.08","text":"\#(String(repeating: "x", count: 1000))"}"#

    // By name, since what a test is given is printed.
    private static let frames = [
        "a document": (before: #"{"Records":["#, between: ",", after: "]}"),
        "lines": (before: "", between: "\n", after: ""),
    ]

    @Test(
        "A window of many records comes in batches that fit small buffers, in order",
        arguments: ["a document", "lines"],
        [false, true]
    )
    func splitsLargeWindows(_ form: String, copies: Bool) throws {
        let frame = try #require(Self.frames[form])
        let records = Array(repeating: Self.record, count: 700)
        let text = frame.before + records.joined(separator: frame.between) + frame.after
        let reader = try Reading.Reader(proof: .usual, copies: copies)
        let reading = try reader.read(Array(text.utf8))
        #expect(reading.records == records)
        #expect(reading.numbers == Array(0..<700))
        #expect(reader.batchBytes.count > 4)
        #expect(reader.batchBytes.allSatisfy { $0 < 130 << 10 })
    }

    @Test("A record that is larger than a batch ends the batch at hand")
    func takesLargeRecords() throws {
        let large = #"{"eventVersion":"1.08","text":"\#(String(repeating: "y", count: 300_000))"}"#
        let records = [Self.record, large, Self.record]
        let reader = try Reading.Reader()
        let reading = try reader.read(Array(#"{"Records":[\#(records.joined(separator: ","))]}"#.utf8))
        #expect(reading.records == records)
        #expect(reading.numbers == [0, 1, 2])
        #expect(reader.batchBytes.count == 2)
    }
}
