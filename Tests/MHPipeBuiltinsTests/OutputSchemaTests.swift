import Foundation
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// The list of columns in `docs/output-schema.md` is the one in the code.
@Suite struct OutputSchemaTests {
    @Test func theDocumentListsTheDefaultColumns() throws {
        let document = try String(contentsOf: Repository.root.appending(path: "docs/output-schema.md"), encoding: .utf8)
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false)
        let tables = lines.indices.filter { lines[$0].hasPrefix("| field | SQLite type |") }.map { start in
            lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
                line.split(separator: "|").prefix(2).map { $0.trimmingCharacters(in: [" ", "`"]) }
            }
        }
        let columns = [OutputColumn.all, OutputColumn.ofCall].map { columns in
            columns.map { [$0.path.text, Self.sqliteType($0.content)] }
        }
        #expect(tables == columns)
    }

    @Test func theDocumentListsTheViews() throws {
        let document = try String(contentsOf: Repository.root.appending(path: "docs/output-schema.md"), encoding: .utf8)
        let schema = SQLiteSchema(
            table: "events",
            columns: OutputColumn.all + OutputColumn.ofCall,
            indexes: [],
            addedKeys: ["identity", "call", "migration"]
        )
        for (view, _) in schema.createViews { #expect(document.contains("| `\(view)` |")) }
        #expect(schema.createViews.count == 16)
    }

    @Test func theDocumentListsTheColumnsOfTheViews() throws {
        let document = try String(contentsOf: Repository.root.appending(path: "docs/output-schema.md"), encoding: .utf8)
        let folder = try TemporaryDirectory()
        let sink = try SinkHarness.make(
            SQLiteSink.self,
            ["path": .text(folder.path("audit.db")), "columns": .list(["default", "identity.origin"])],
            addedKeys: ["identity", "call", "migration"]
        )
        try SinkHarness.run(sink, [])
        let database = try SQLiteDatabase(path: FilePath(folder.path("audit.db")))
        for view in try database.rows("SELECT name FROM sqlite_schema WHERE type = 'view'").map({ $0[0] }) {
            let columns = try database.rows("SELECT name FROM pragma_table_info('\(view)')").map { "`\($0[0])`" }
            let isListed = document.contains("| `\(view)` | \(columns.joined(separator: ", ")) |")
            #expect(isListed || ["failed_calls", "migration_calls"].contains(view), "\(view): \(columns)")
        }
    }

    @Test func theQueriesOfTheDocumentRun() throws {
        let document = try String(contentsOf: Repository.root.appending(path: "docs/output-schema.md"), encoding: .utf8)
        let start = try #require(document.range(of: "```sql\n"))
        let end = try #require(document.range(of: "\n```", range: start.upperBound..<document.endIndex))
        let folder = try TemporaryDirectory()
        try SinkHarness.run(
            SinkHarness.make(
                SQLiteSink.self,
                ["path": .text(folder.path("audit.db"))],
                addedKeys: ["identity", "call", "migration"]
            ),
            []
        )
        let database = try SQLiteDatabase(path: FilePath(folder.path("audit.db")))
        try database.execute(String(document[start.upperBound..<end.lowerBound]))
    }

    private static func sqliteType(_ content: OutputColumn.Content) -> String {
        switch content {
        case .text, .json: "TEXT"
        case .boolean: "INTEGER"
        case .number: "NUMERIC"
        case .anything: "none"
        }
    }
}
