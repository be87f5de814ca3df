import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// `csv` with `excel: true`.
@Suite struct ExcelTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test(arguments: [
        (#""plain""#, #""plain""#), (#""""#, ""), ("null", ""), ("true", "true"), ("-1.50e3", "-1.50e3"),
        (#""012345678901""#, #""=""012345678901""""#), (#""1""#, #""=""1""""#), (#""12E5""#, #""=""12E5""""#),
        (#""+49 30 123""#, #""=""+49 30 123""""#), (#""1/2/2026""#, #""=""1/2/2026""""#),
        (#""10:30""#, #""=""10:30""""#), (#""Jan 5""#, #""=""Jan 5""""#), (#""MARCH1""#, #""=""MARCH1""""#),
        (#""5-sep-2026""#, #""=""5-sep-2026""""#), (#""5 PM""#, #""=""5 PM""""#), (#""$5""#, #""=""$5""""#),
        (#""(5)""#, #""=""(5)""""#), (#""TRUE""#, #""TRUE""#), (#""March""#, #""March""#),
        (#""SEPTEMBERS1""#, #""SEPTEMBERS1""#), (#""m5""#, #""m5""#), (#""T1""#, #""T1""#),
        (#""-""#, #""'-""#), (#""=1+1""#, #""'=1+1""#), (#""@a""#, #""'@a""#), (#""+x""#, #""'+x""#),
        (#""2026-01-31T23:59:59Z""#, #""2026-01-31T23:59:59Z""#), (#""a1""#, #""a1""#),
        (#""192.0.2.1""#, #""=""192.0.2.1""""#),
        ("123456789012345", "123456789012345"), ("1234567890123456", #""=""1234567890123456""""#),
        ("0.1234567890123456", #""=""0.1234567890123456""""#), ("1e20", "1e20"),
        (#""say \"hi\"""#, #""say ""hi""""#), (#"{"a":"b"}"#, #""{""a"":""b""}""#), (#""\u0031""#, #""=""1""""#),
    ])
    func cells(_ value: String, _ cell: String) throws {
        let (text, _) = try written([#"{"x":\#(value),"y":"z"}"#])
        #expect(text == "\u{FEFF}x,y\r\n\(cell),\"z\"\r\n")
    }

    @Test func withoutAHeader() throws {
        #expect(try written([#"{"x":"a"}"#], ["header": "false"]).text == "\u{FEFF}\"a\",\r\n")
    }

    /// 32,767 units of UTF-16, and never half a character.
    @Test(arguments: [
        (String(repeating: "a", count: 32_767), 32_767, 0), (String(repeating: "a", count: 32_768), 32_767, 1),
        (String(repeating: "é", count: 32_767), 32_767, 0), (String(repeating: "é", count: 32_768), 32_767, 1),
        (String(repeating: "😀", count: 16_384), 16_383 * 2, 1), (String(repeating: "日", count: 40_000), 32_767, 1),
        ("=" + String(repeating: "a", count: 32_766), 32_767, 1),
        ("a" + String(repeating: "😀", count: 16_383), 32_767, 0),
    ])
    func longCells(_ value: String, _ units: Int, _ cut: Int) throws {
        let (text, tally) = try written([#"{"x":"\#(value)"}"#])
        let cell = text.split(separator: "\r\n")[1].dropLast(2).dropFirst()
        #expect(cell.utf16.count == units)
        let plain = cell.hasPrefix("'") ? cell.dropFirst() : cell
        #expect(value.hasPrefix(plain))
        #expect(tally == [cut, 1])
    }

    @Test func whatIsSaidAtTheEnd() {
        let encoder = CSVEncoder([], guardsFormulas: true, excel: true)
        #expect(encoder.remarks([0, 5]) == [])
        #expect(encoder.remarks([1, 5]) == ["cut 1 cell to the 32767 characters that Excel takes"])
        #expect(encoder.remarks([2, 1_048_576]).count == 2)
        #expect(CSVEncoder([], guardsFormulas: true).remarks([0, 2_000_000]) == [])
    }

    private func written(_ records: [String], _ more: KeyValuePairs<String, WrittenOption> = [:]) throws -> (
        text: String, tally: [Int]
    ) {
        let options: [(String, WrittenOption)] =
            [("path", .text(folder.path("x.csv"))), ("columns", .list(["x", "y"])), ("excel", "true")]
            + more.map { ($0.key, $0.value) }
        let sink = try SinkHarness.make(CSVSink.self, options)
        try SinkHarness.run(sink, [[EventBatch(records: records)]])
        var encoder = sink.makeEncoder()
        try encoder.encode(EventBatch(records: records), into: OutputBuffer())
        return (String(decoding: try folder.read("x.csv"), as: UTF8.self), Array(encoder.tally.prefix(2)))
    }
}
