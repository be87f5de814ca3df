import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// `jsonl` with `columns`.
@Suite struct ColumnLinesTests {
    @Test(arguments: [
        ("{}", #"{"eventName":null,"readOnly":null,"requestParameters":null,"a_b":null,"migration_percent":null}"#),
        (
            #"{"readOnly":true,"eventName":"x","other":1,"requestParameters":{ "a" : "b\\" }}"#,
            #"{"eventName":"x","readOnly":true,"requestParameters":"{\"a\":\"b\\\\\"}","a_b":null,"migration_percent":null}"#
        ),
        (
            #"{"readOnly":"false","eventName":5,"requestParameters":"HIDDEN","a":{"b":[1,"é\n"]},"migration":{"percent":1.50}}"#,
            #"{"eventName":"5","readOnly":false,"requestParameters":"\"HIDDEN\"","a_b":"[1,\"é\\n\"]","migration_percent":1.50}"#
        ),
        (
            #"{"readOnly":"maybe","eventName":"\u00e9\"","a":{"b":true},"migration":{"percent":"x"}}"#,
            #"{"eventName":"\u00e9\"","readOnly":"maybe","requestParameters":null,"a_b":"true","migration_percent":"x"}"#
        ),
    ])
    func lines(_ record: String, _ expected: String) throws {
        #expect(try written([record]) == expected + "\n")
        // Each is JSON, and each text is what the record says.
        let line = try #require(JSONValue.checked(Array(expected.utf8)))
        #expect(line.members.map(\.key) == ["eventName", "readOnly", "requestParameters", "a_b", "migration_percent"])
    }

    @Test func everyLineIsJSON() throws {
        let text = try written(SampleRecords.nasty + SampleRecords.random(200, seed: 3))
        let lines = text.split(separator: "\n")
        #expect(lines.count == SampleRecords.nasty.count + 200)
        for line in lines { #expect(JSONValue.checked(Array(line.utf8))?.members.count == 5, "\(line)") }
    }

    @Test func columnsThatAreOne() {
        #expect(throws: OptionError.self) {
            var options = JSONLinesSink.Options()
            options.columns = [FieldPath("a", "b"), FieldPath("a_b")].map(ColumnChoice.init)
            _ = try JSONLinesSink(options, PluginContext(stage: "x"))
        }
    }

    private func written(_ records: [String]) throws -> String {
        let folder = try TemporaryDirectory()
        let columns = ["eventName", "readOnly", "requestParameters", "a.b", "migration.percent"]
        let sink = try SinkHarness.make(
            JSONLinesSink.self,
            [("path", .text(folder.path("x.jsonl"))), ("columns", .list(columns))]
        )
        try SinkHarness.run(sink, [[EventBatch(records: records)]])
        return String(decoding: try folder.read("x.jsonl"), as: UTF8.self)
    }
}
