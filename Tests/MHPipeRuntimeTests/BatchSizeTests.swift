import Testing

@testable import MHPipeRuntime

/// How much text the records of one batch have.
@Suite("Batches of a reader")
struct BatchSizeTests {
    private static let record = #"{"eventVersion":"1.08","text":"\#(String(repeating: "x", count: 1000))"}"#

    private static let texts: [(form: String, text: String)] = [
        ("a document", #"{"Records":[\#(Array(repeating: record, count: 700).joined(separator: ","))]}"#),
        ("lines", Array(repeating: record, count: 700).joined(separator: "\n")),
    ]

    @Test(
        "A window of many records comes in batches that fit small buffers, in order",
        arguments: texts,
        [false, true]
    )
    func splitsLargeWindows(_ input: (form: String, text: String), copies: Bool) throws {
        let reader = try Reading.Reader(proof: .usual, copies: copies)
        let reading = try reader.read(Array(input.text.utf8))
        #expect(reading.records == Array(repeating: Self.record, count: 700))
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
