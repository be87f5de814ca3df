import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// Every cell of CSV and SQLite against an independent reading of the same records.
@Suite struct TableSinkTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test(arguments: ["csv", "sqlite"])
    func nastyRecordsInTheDefaultColumns(format: String) throws {
        try check(format, SampleRecords.nasty, OutputColumn.all.map(\.path.text))
    }

    @Test(arguments: ["csv", "sqlite"])
    func nastyRecordsInOtherColumns(format: String) throws {
        try check(format, SampleRecords.nasty, SampleRecords.columns)
    }

    @Test(arguments: ["csv", "sqlite"], [1, 2, 3] as [UInt64])
    func randomRecords(format: String, seed: UInt64) throws {
        try check(format, SampleRecords.random(400, seed: seed), SampleRecords.columns)
    }

    @Test(arguments: ["csv", "sqlite"])
    func addedValues(format: String) throws {
        try check(format, SampleRecords.nasty + SampleRecords.random(200, seed: 4), SampleRecords.columns, adds: true)
    }

    @Test(arguments: ["csv", "sqlite"], ["eventName", "x"])
    func aSingleColumn(format: String, column: String) throws {
        try check(format, SampleRecords.nasty, [column])
    }

    @Test(arguments: ["csv", "sqlite"])
    func noRecords(format: String) throws {
        try check(format, [], SampleRecords.columns)
    }

    @Test func manyMissingColumnsInARow() throws {
        let columns = (0..<700).map { "c\($0)" }
        try check("sqlite", [#"{"c0":1,"c699":2}"#, "{}", #"{"c300":"x"}"#, #"{"c254":1,"c255":2,"c256":3}"#], columns)
    }

    @Test func realData() throws {
        guard let data = Repository.sharedData else { return }
        let truth = data.appending(path: "synthetic-small.truth.jsonl")
        guard let text = try? String(contentsOf: truth, encoding: .utf8) else { return }
        let records = text.split(separator: "\n").prefix(2000).map(String.init)
        for format in ["csv", "sqlite"] { try check(format, records, OutputColumn.all.map(\.path.text)) }
    }

    /// Writes records with two workers and three batches, and compares the table with them.
    private func check(_ format: String, _ records: [String], _ columns: [String], adds: Bool = false) throws {
        let third = max(records.count / 3, 1)
        var added: [[String: String]] = []
        let batches = stride(from: 0, to: records.count, by: third).map { start in
            let batch = EventBatch(records: Array(records[start..<min(start + third, records.count)]))
            if adds { added += Self.add(to: batch) }
            return batch
        }
        #expect(batches.reduce(0) { $0 + $1.count } == records.count)
        let units = batches.map { [$0] }
        let path = folder.path("table.\(format)")
        if format == "csv" {
            try SinkHarness.run(
                SinkHarness.make(CSVSink.self, ["path": .text(path), "columns": .list(columns)]),
                units
            )
        } else {
            try SinkHarness.run(
                SinkHarness.make(SQLiteSink.self, ["path": .text(path), "columns": .list(columns)]),
                units
            )
        }
        let paths = try columns.map { try FieldPath(parsing: $0) }
        try TableReader.compare(
            TableReader.Expectation(
                records: records,
                added: added,
                columns: paths.map(\.keys),
                names: paths.map(\.columnName),
                format: format,
                path: path
            )
        )
        #expect(folder.names.filter { !$0.hasPrefix("table.") } == [], "nothing is left beside the table")
    }

    /// Adds an object and a plain value to some rows; what was added, as JSON.
    private static func add(to batch: EventBatch) -> [[String: String]] {
        let identity = batch.addColumn("identity", members: ["kind", "mfa", "weird"])
        let score = batch.addColumn("score")
        return (0..<batch.rowCount).map { row in
            var added = ["identity": "null", "score": "null"]
            if row % 3 != 0 {
                identity.set(.string("=role, \"x\"\n"), row: row, member: 0)
                identity.set(.bool(row % 2 == 0), row: row, member: 1)
                added["identity"] = #"{"kind":"=role, \"x\"\n","mfa":\#(row % 2 == 0)}"#
            }
            if row % 4 == 1 {
                score.set(.double(Double(row) + 0.5), row: row)
                added["score"] = "\(row).5"
            }
            return added
        }
    }
}
