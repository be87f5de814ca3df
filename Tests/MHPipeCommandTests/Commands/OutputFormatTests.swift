import MHPipeKit
import Testing

@testable import MHPipeCommand

@Suite struct OutputFormatTests {
    @Test(
        arguments: [
            ("-", .jsonl), ("a.jsonl", .jsonl), ("a.jsonl.gz", .jsonl), ("a.ndjson", .jsonl),
            ("a b/c.NDJSON.GZ", .jsonl),
            ("a.csv", .csv), ("A.CSV", .csv), ("a.csv.gz", .csv), ("a.db", .sqlite), ("a.sqlite", .sqlite),
            ("a.sqlite3", .sqlite),
        ] as [(String, OutputFormat)]
    )
    func isToldByTheName(name: String, format: OutputFormat) throws {
        #expect(try OutputFormat(nameOf: name) == format)
    }

    @Test(arguments: ["a.json", "a.json.gz"])
    func aJSONDocumentIsTakenForAForgottenOutput(name: String) {
        let error = #expect(throws: UsageError.self) { try OutputFormat(nameOf: name) }
        #expect(error?.message == "cannot tell the format of OUTPUT '\(name)' by its name")
        #expect(
            error?.advice.last
                == "the last argument is the output, and JSON lines end in .jsonl: mhpipe convert INPUT... OUTPUT"
        )
    }

    @Test(arguments: ["", "a", "a.txt", "jsonl"])
    func anyOtherNameNeedsTheOption(name: String) {
        let error = #expect(throws: UsageError.self) { try OutputFormat(nameOf: name) }
        #expect(error?.advice.last?.contains("--to csv") == true)
    }

    @Test(arguments: [
        (
            "a.csv.bz2",
            "'a.csv.bz2' would hold plain CSV: only names that end in .gz or .zst are compressed; write 'a.csv.gz'"
        ),
        ("a.db.gz", "'a.db.gz' would hold plain SQLite: this output is never compressed; write 'a.db'"),
        (
            "a.parquet",
            "'a.parquet' would hold JSON lines, and its name says Parquet; a name of JSON lines ends in .jsonl"
        ),
    ])
    func aNameThatPromisesMoreIsRefused(name: String, message: String) {
        let error = #expect(throws: UsageError.self) { try OutputFormat(nameOf: name) }
        #expect(error?.message == message)
    }

    @Test(arguments: [
        ("eventTime", ["eventTime"]),
        ("eventTime,userIdentity.type", ["eventTime", "userIdentity.type"]),
        (#"a."b,c".d,e"#, [#"a."b,c".d"#, "e"]),
        (#"a."b\",c",d"#, [#"a."b\",c""#, "d"]),
    ])
    func columnsAreSplitAtCommasOutsideQuotes(text: String, paths: [String]) throws {
        #expect(try ColumnList(config: ConfigNode(.text(text))).paths == paths)
    }

    @Test(arguments: ["", "a,", ",a", "a,,b"])
    func anEmptyColumnIsRefused(text: String) {
        #expect(throws: OptionError("needs field paths with commas between them, not '\(text)'")) {
            try ColumnList(config: ConfigNode(.text(text)))
        }
    }
}
