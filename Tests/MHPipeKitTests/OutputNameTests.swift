import Testing

@testable import MHPipeKit

@Suite struct OutputNameTests {
    private func check(_ path: String, _ format: FileFormat) -> String? {
        OutputName(path).mistake(for: format, isCompressed: format.isText).map { mistake in
            ([mistake.severity.rawValue + ": " + mistake.message, mistake.label] + mistake.notes)
                .compactMap(\.self).joined(separator: "; ")
        }
    }

    @Test(arguments: [
        "a.jsonl", "a.ndjson", "a.json", "a.jsonl.gz", "A.JSONL.GZ", "a.jsonl.zst", "A.JSONL.ZST", "a.zst", "a.json.gz",
        "a", "a.gz", "a.txt", "a.2026-05",
        "out/.zst", "x.zst/a.jsonl", ".gz", "/dev/null", "-", "a.log", "a.bak",
    ])
    func `names that promise nothing else are fine`(_ path: String) {
        #expect(check(path, .jsonLines) == nil)
    }

    @Test(arguments: [
        ("a.jsonl.zstd", "a.jsonl.zst"), ("a.zstd", "a.jsonl.zst"), ("A.JSONL.ZSTD", "A.JSONL.zst"),
        ("a.jsonl.bz2", "a.jsonl.gz"),
        ("a.jsonl.xz", "a.jsonl.gz"), ("a.zip", "a.jsonl.gz"), ("a.ndjson.gzip", "a.ndjson.gz"),
        ("a.tar.gz", "a.jsonl.gz"),
        ("a.tgz", "a.jsonl.gz"), ("a.jsonl.lz4", "a.jsonl.gz"), ("a.jsonl.br", "a.jsonl.gz"),
        ("a.jsonl.Z", "a.jsonl.gz"),
        ("d.x/a.7z", "d.x/a.jsonl.gz"),
    ])
    func `a compression that is not made is a mistake`(_ path: String, _ meant: String) {
        let mistake = OutputName(path).mistake(for: .jsonLines, isCompressed: true)
        #expect(mistake?.severity == .error)
        #expect(
            mistake?.message
                == "'\(path)' would hold plain JSON lines: only names that end in .gz or .zst are compressed"
        )
        #expect(mistake?.label == "write '\(meant)'")
    }

    @Test func `what is never compressed has no name that says so`() {
        #expect(
            check("a.db.gz", .sqlite)
                == "error: 'a.db.gz' would hold plain SQLite: this output is never compressed; write 'a.db'; "
                + "for gzip, write 'a.db' and pack it when the run is done"
        )
        #expect(
            check("a.zst", .sqlite)
                == "error: 'a.zst' would hold plain SQLite: this output is never compressed; write 'a.db'; "
                + "for zstd, write 'a.db' and pack it when the run is done"
        )
        let quarantine = OutputName("bad.jsonl.gz").mistake(for: .jsonLines, isCompressed: false)
        #expect(quarantine?.label == "write 'bad.jsonl'")
    }

    @Test func `a name of another format is a mistake when nothing could open the file, else a warning`() {
        #expect(
            check("a.parquet", .jsonLines)
                == "error: 'a.parquet' would hold JSON lines, and its name says Parquet; "
                + "a name of JSON lines ends in .jsonl; "
                + "Plugins/Parquet of mhpipe's sources writes Parquet files; its README.md says how"
        )
        #expect(
            check("a.xlsx", .csv)
                == "error: 'a.xlsx' would hold CSV, and its name says a spreadsheet; a name of CSV ends in .csv; "
                + "spreadsheets open CSV"
        )
        #expect(
            check("a.DB", .csv)
                == "warning: 'a.DB' would hold CSV, and its name says SQLite; a name of CSV ends in .csv; "
                + "sink 'sqlite' writes SQLite"
        )
        #expect(check("a.csv", .sqlite)?.hasPrefix("warning: 'a.csv' would hold SQLite, and its name says CSV") == true)
        #expect(check("a.csv.gz", .jsonLines)?.hasPrefix("warning: ") == true)
        #expect(check("a.json", .csv)?.hasPrefix("warning: ") == true)
        #expect(check("a.tsv", .csv)?.hasPrefix("warning: ") == true)
        #expect(check("a.sqlite3", .sqlite) == nil)
        #expect(check("a.csv.gz", .csv) == nil)
    }
}
